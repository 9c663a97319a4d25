"""A FreeSWITCH with its telephones, in memory: channels that ring, talk, hold, and are connected and sent on.

It goes on by itself, whoever controls it. What it tells of a channel are FreeSWITCH's own variables.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from fsctl.model.actions import Leg
from fsctl.model.destination import Destination
from fsctl.model.outcomes import NoAnswer, Offline, Outcome, Silent, rank
from fsctl.switch.wire import dialstring


@dataclass(eq=False)
class Line:
    """A channel. ``peer`` is whom it talks with, ``rings_for`` whose call it is rung for.

    ``hook``: at its end another channel is sent on, whoever ended it.
    """

    uuid: str
    user: str | None
    number: str
    outbound: bool
    at: datetime
    state: str = "ringing"
    peer: str = ""
    rings_for: str = ""
    dialled: str = ""
    within: bool = False
    rung: bool = False
    hook: tuple[str, str] | None = None
    marks: dict[str, str] = field(default_factory=dict)

    def facts(self) -> dict[str, str]:
        """As FreeSWITCH tells it."""
        stamp = str(int(self.at.timestamp() * 1e6))
        own = {"user_name": self.user} if self.user and not self.outbound else {}
        own |= {"signal_bond": self.peer} if self.peer else {}
        return {f"variable_{name}": value for name, value in (own | self.marks).items()} | {
            "Unique-ID": self.uuid, "Call-Direction": "outbound" if self.outbound else "inbound",
            "Answer-State": "ringing" if self.state == "ringing" else "answered",
            "Channel-Call-State": {"ringing": "RINGING", "talking": "ACTIVE", "held": "HELD"}[self.state],
            "Caller-Caller-ID-Number": self.number, "Caller-Destination-Number": self.dialled,
            "Caller-Context": "fsctl" if self.within else "default", "Other-Leg-Unique-ID": self.rings_for,
            "Caller-Channel-Created-Time": stamp, "Caller-Channel-Answered-Time": stamp,
            "Caller-Channel-Last-Hold": stamp,
        }


@dataclass(frozen=True)
class Phone:
    """Who shall be rung, and what his channel is told."""

    leg: Leg
    user: str | None
    marks: dict[str, str]
    screening: bool = False


@dataclass(eq=False)
class Ringing:
    """Who rings for a caller now, and who else follows in each branch. ``over`` is told when nobody took it."""

    caller: Line
    branches: list[list[Phone]]
    over: Callable[[Outcome], None]
    answered: Callable[[Line, Phone], None]
    now: dict[Line, tuple[Phone, list[Phone]]] = field(default_factory=dict)
    ends: list[Silent] = field(default_factory=list)


class Switch:
    """``arrives`` is told of channels that come to the dialplan, ``leaves`` of those that leave where they were."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self._made = now, 0
        self.arrives: Callable[[Line], None] = lambda line: None
        self.leaves: Callable[[Line], None] = lambda line: None
        self.lines: dict[str, Line] = {}
        self.ringings: list[Ringing] = []
        self.away: set[str] = set()
        self.crossed: list[tuple[Line, Line]] = []

    def make(self, user: str | None, number: str, *, outbound: bool = False) -> Line:
        self._made += 1
        line = Line(f"00000000-0000-4000-8000-{self._made:012}", user, number, outbound, self._now())
        if user is None:
            line.marks["fsctl_external"] = "true"
        self.lines[line.uuid] = line
        return line

    # ---- ringing

    def ring(self, ringing: Ringing) -> None:
        self.ringings.append(ringing)
        ringing.caller.rung = True
        for branch in ringing.branches:
            self._next(ringing, branch)
        self._look(ringing)

    def _next(self, ringing: Ringing, branch: list[Phone]) -> None:
        for index, phone in enumerate(branch):
            if phone.user in self.away:
                ringing.ends += [] if phone.screening else [Offline()]
                continue
            line = self.make(phone.user, phone.user or phone.leg.target.name, outbound=True)
            line.rings_for = ringing.caller.uuid
            line.marks |= {"fsctl_leg": dialstring.mark(phone.leg.target), **phone.marks}
            ringing.now[line] = (phone, branch[index + 1:])
            return

    def _look(self, ringing: Ringing) -> None:
        """It is over when nobody but those of the screening rings."""
        if ringing in self.ringings and all(phone.screening for phone, _ in ringing.now.values()):
            self.stop(ringing)
            ringing.over(min(ringing.ends, key=rank, default=Offline()))

    def stop(self, ringing: Ringing) -> None:
        self.ringings.remove(ringing)
        for line in list(ringing.now):
            del self.lines[line.uuid]
        ringing.now.clear()

    def decline(self, line: Line, how: Silent) -> None:
        if ringing := self._rings(line):
            phone, left = ringing.now.pop(line)
            ringing.ends += [] if phone.screening else [how]
            del self.lines[line.uuid]
            self._next(ringing, left)
            self._look(ringing)

    def ring_out(self, ringing: Ringing) -> None:
        self.stop(ringing)
        ringing.over(NoAnswer())

    def answer(self, line: Line) -> None:
        if ringing := self._rings(line):
            phone, _ = ringing.now.pop(line)
            self.stop(ringing)
            self._busy_with(line)
            self.connect(ringing.caller, line)
            ringing.answered(line, phone)

    def _rings(self, line: Line) -> Ringing | None:
        return next((each for each in self.ringings if line in each.now), None)

    # ---- talking

    def connect(self, caller: Line, phone: Line, instead_of: str = "") -> None:
        """Whoever talked with one of them is alone, which ends his call; ``instead_of`` is who shall be."""
        alone = [self.lines[each] for each in (caller.peer, phone.peer) if each]
        self.crossed += [(caller, phone)] if any(each.uuid != instead_of for each in alone) else []
        for line, other in ((caller, phone), (phone, caller)):
            line.at = self._now() if line.state == "ringing" else line.at
            line.peer, line.state, line.rings_for = other.uuid, "talking", ""
        for line in alone:
            line.peer = ""
            self.end(line)

    def hold(self, line: Line, *, on: bool) -> None:
        if not on:
            self._busy_with(line)
        line.state, line.at = "held" if on else "talking", self._now()

    def _busy_with(self, line: Line) -> None:
        """A telephone holds what it has when it begins something else."""
        for other in self.lines.values():
            if line.user and other.user == line.user and other is not line and other.peer and other.state == "talking":
                self.hold(other, on=True)

    def call(self, user: str | None, number: str, dialled: str) -> Line:
        line = self.make(user, number)
        line.dialled = dialled
        self._busy_with(line)
        self.arrives(line)
        return line

    def transfer(self, line: Line, dialled: str) -> None:
        """Blindly: by whoever is at this end, of whom he talks with."""
        caller = self.lines[line.peer]
        caller.marks |= {"fsctl_transferred_by": line.user or "_undef_", "fsctl_from_leg": line.uuid}
        caller.within = False
        self._send(caller, dialled)

    def send_on(self, uuid: str, where: str) -> None:
        """To an extension of the dialplan where nobody can dial."""
        if line := self.lines.get(uuid):
            line.within = True
            self._send(line, where)

    def _send(self, line: Line, dialled: str) -> None:
        self.leaves(line)
        for ringing in [each for each in self.ringings if each.caller is line]:
            self.stop(ringing)
        other, line.peer = self.lines.get(line.peer), ""
        line.dialled, line.rung = dialled, False
        line.state = "talking" if line.state == "held" else line.state
        if other:
            other.peer = ""
            self.end(other)
        self.arrives(line)

    def end(self, line: Line) -> None:
        """He hangs up, and so does who talks with him."""
        if self._rings(line):
            self.decline(line, NoAnswer())
            return
        if self.lines.pop(line.uuid, None) is None:
            return
        for ringing in [each for each in self.ringings if each.caller is line]:
            self.stop(ringing)
        self.leaves(line)
        if other := self.lines.get(line.peer):
            other.peer = ""
            self.end(other)
        if line.hook:
            self.send_on(*line.hook)


def phone_of(user: str) -> Phone:
    """As the dialplan rings somebody."""
    return Phone(Leg(Destination("user", user), 20), user, {})
