"""What people do with the demo's telephones, and what one sees there."""

from collections.abc import Callable

from fsctl.cli.demo_office import DemoOffice
from fsctl.errors import FsctlError
from fsctl.simulator.telephones.line import Line
from fsctl.words import marked, say

#: Seconds within which what was done shows at some phone, and after which nothing else follows at once.
_SHOWS, _SETTLES = 4.0, 0.3

_HEARS = marked("{phone} hears a recording")
_DOING = {
    "play_and_get_digits": marked("{phone} is asked for a key"), "voicemail": marked("{phone} speaks to a mailbox"),
    "playback": _HEARS, "say": _HEARS,
}
_WAITS = marked("{phone} waits")

#: Why something is impossible: of all phones, and of one that was named.
_NONE_RINGS = marked("no phone rings"), marked("{phone} is no phone that rings")
_NONE_HAS_A_CALL = marked("no phone has a call"), marked("{phone} is no phone that has a call")
_NONE_TALKS = marked("no phone talks"), marked("{phone} is no phone that talks")
_NONE_HAS_CALLED = marked("no phone has called somebody"), marked("{phone} is no phone that has called somebody")
_NONE_HOLDS = marked("no phone holds a call"), marked("{phone} is no phone that holds a call")


class Hands:
    """Each method does one thing at one phone: the one that is named, else the one where it was last possible."""

    def __init__(self, office: DemoOffice) -> None:
        self._office = office
        #: Number of the phone and the call there, oldest first.
        self._lines: list[tuple[str, Line]] = []
        self._told: dict[str, str] = {}

    def call(self, caller: str, dialled: str) -> None:
        """Place a call from an extension or an outside number."""
        if caller not in self._office.office.users and not (caller[0] == "+" and caller[1:].isdigit()):
            known = ", ".join(self._office.office.users)
            raise FsctlError(say(
                "{phone} is no phone: extensions are {known}; an outside one has a + before its number",
                phone=caller, known=known))
        if dialled[0] == "+":
            self._office.phone(dialled)  # somebody is there
        self._lines.append((caller, self._office.phone(caller).call(dialled)))

    def answer(self, at: str = "") -> None:
        """Lift the receiver."""
        self._find(at, _NONE_RINGS, _rings).answer()

    def decline(self, at: str = "") -> None:
        """Reject the call."""
        self._find(at, _NONE_RINGS, _rings).reject(603)

    def hang_up(self, at: str = "") -> None:
        """End the call, or give up."""
        self._find(at, _NONE_HAS_A_CALL, lambda line: not line.ended).hang_up()

    def press(self, keys: str, at: str = "") -> None:
        """Press keys."""
        if not keys or set(keys) - set("0123456789*#"):
            raise FsctlError(say("{keys} are no keys; there are 0-9 * #", keys=keys))
        self._find(at, _NONE_HAS_A_CALL, lambda line: line.answered and not line.ended, first=_asked).press(keys)

    def transfer(self, dialled: str, at: str = "") -> None:
        """Send the other party elsewhere, unseen."""
        self._find(at, _NONE_TALKS, _talks).transfer(dialled)

    def connect(self, at: str = "") -> None:
        """Connect whom one holds with whom one asked meanwhile."""
        asked = self._find(at, _NONE_HAS_CALLED, lambda line: _live(line) and line.channel.direction == "inbound")
        number = next(number for number, line in self._lines if line is asked)
        for other, line in self._lines:
            if other == number and line is not asked and _talks(line):
                line.transfer_to(asked)
                return
        raise FsctlError(say("{phone} has no other call", phone=number))

    def hold(self, at: str = "") -> None:
        """Let the other party hear music."""
        self._find(at, _NONE_TALKS, lambda line: _talks(line) and not line.channel.held).hold()

    def resume(self, at: str = "") -> None:
        """Talk again with whom one holds."""
        self._find(at, _NONE_HOLDS, lambda line: not line.ended and line.channel.held).unhold()

    def changes(self, *, wait: bool) -> list[str]:
        """What has become of the calls at the phones since one last looked; ``wait`` until something has."""
        if wait and self._office.switch.wait(lambda: bool(self._differences()), _SHOWS):
            self._office.switch.wait(lambda: False, _SETTLES)
        differences = self._differences()
        for number, line in self._lines:
            self._told[line.channel.uuid] = self._state(number, line)
        self._lines = [(number, line) for number, line in self._lines if not line.ended]
        return differences

    def _differences(self) -> list[str]:
        for phone in self._office.switch.phones:
            while phone.arrived:
                self._lines.append((phone.number, phone.arrived.pop(0)))
        states = [(line, self._state(number, line)) for number, line in self._lines]
        return [state for line, state in states if self._told.get(line.channel.uuid) != state]

    def _state(self, phone: str, line: Line) -> str:
        if line.ended:
            return say("{phone} is free again ({why})", phone=phone, why=line.wait_ended(0))
        partner = line.channel.partner
        if not line.answered:
            if line.channel.direction == "inbound":
                return say("{phone} calls {dialled}", phone=phone, dialled=line.channel.profile.destination_number)
            return say("{phone} rings: {name} {number}", phone=phone, name=line.shown_name, number=line.shown_number)
        if partner is None:
            return say(_DOING.get(line.doing, _WAITS), phone=phone)
        who = next((number for number, other in self._lines if other.channel is partner), None) or say("somebody")
        if line.channel.held:
            return say("{phone} holds {who}", phone=phone, who=who)
        if partner.held:
            return say("{phone} talks with {who}, who holds", phone=phone, who=who)
        return say("{phone} talks with {who}", phone=phone, who=who)

    def _find(
        self, at: str, none: tuple[str, str], possible: Callable[[Line], bool],
        first: Callable[[Line], bool] | None = None,
    ) -> Line:
        self._differences()
        found = [line for number, line in self._lines if at in ("", number) and possible(line)]
        if not found:
            of_all, of_one = none
            raise FsctlError(say(of_one, phone=at) if at else say(of_all))
        return next(filter(first, found), found[-1]) if first else found[-1]


def _live(line: Line) -> bool:
    return not line.ended


def _rings(line: Line) -> bool:
    return not line.ended and not line.answered and line.channel.direction == "outbound"


def _talks(line: Line) -> bool:
    return not line.ended and line.channel.partner is not None


def _asked(line: Line) -> bool:
    return line.doing == "play_and_get_digits"
