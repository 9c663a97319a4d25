"""One call's part in hunt groups: whom it has reserved, who took it, and for whom it waits."""

from collections.abc import Collection
from typing import Protocol

from fsctl.model.actions import Reserve, Survey, Wait
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Surveyed, Taken, Won
from fsctl.switch.session.call_session import CallSession


class Hunts(Protocol):
    """What calls to hunt groups change and look up. A database that fails stops no call."""

    def survey(self, survey: Survey, call: Call) -> Surveyed:
        """How a group stands now."""

    def reserve(self, reserve: Reserve, call: Call) -> Won | Taken | Failed:
        """Have a member for this call alone."""

    def accepted(self, hunt: str, member: str, leg: str, place: int | None, call: Call) -> None:
        """A member took the call, by the channel ``leg``: he is reserved no longer. ``place`` as in Reserve."""

    def free(self, members: Collection[str], call: Call) -> None:
        """They are rung no longer."""

    def parted(self, leg: str) -> None:
        """Whoever was at this channel talks there no more."""

    def wait(self, wait: Wait, since: Live, session: CallSession) -> None:
        """Until somebody may have become free after ``since`` was surveyed, or the time is over.

        CallerGone or Disconnected as from any wait.
        """


class HuntedCall:
    """Whatever becomes of the call, nobody stays reserved for it, and whoever took it is idle when he leaves it."""

    def __init__(self, call: Call, office: Office, hunts: Hunts) -> None:
        self._call, self._office, self._hunts = call, office, hunts
        self._reserved: dict[str, int | None] = {}
        self._taken = ""
        self._live = Live(known=False)

    def survey(self, survey: Survey) -> Surveyed:
        """How a group stands now."""
        seen = self._hunts.survey(survey, self._call)
        self._live = seen.live
        return seen

    def reserve(self, reserve: Reserve) -> Won | Taken | Failed:
        """Have a member for this call alone, until he accepts or it has ended to ring him."""
        outcome = self._hunts.reserve(reserve, self._call)
        if isinstance(outcome, Won):
            self._reserved[reserve.member] = reserve.place
        return outcome

    def wait(self, wait: Wait, session: CallSession) -> None:
        """For a member who may have become free since the last survey; what the session's waits raise."""
        self._hunts.wait(wait, self._live, session)

    def accepted(self, hunt: str, by: Destination, leg: str) -> None:
        """The call of the group ``hunt`` was taken at the channel ``leg``: by whom it rang, or who picked it up.

        That is the group's turn only if it was one of its members.
        """
        group = self._office.groups.get(hunt)
        if group is not None and by.name in group.members:
            self._taken = leg
            self._hunts.accepted(hunt, by.name, leg, self._reserved.pop(by.name, None), self._call)
        self._free()

    def parted(self) -> None:
        """Whoever took the call talks to somebody else, or to nobody."""
        leg, self._taken = self._taken, ""
        if leg:
            self._hunts.parted(leg)

    def ended(self) -> None:
        """The call rings nobody any more, and nobody talks."""
        self._free()
        self.parted()

    def _free(self) -> None:
        members, self._reserved = list(self._reserved), {}
        if members:
            self._hunts.free(members, self._call)
