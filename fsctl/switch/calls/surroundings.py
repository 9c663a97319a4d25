"""What whoever performs a call's actions needs from its surroundings."""

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from fsctl.model.actions import Change, Park
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import LiveCall
from fsctl.model.outcomes import Answered
from fsctl.switch.calls.hunt_part import Hunts
from fsctl.switch.link.live import Ended
from fsctl.switch.wire.contacts import Places


class State(Protocol):
    """What calls change and look up outside of themselves. Every method answers within two seconds."""

    @property
    def hunts(self) -> Hunts:
        """What calls to hunt groups change and look up."""

    @property
    def places(self) -> Places:
        """Where phones were found at each switch last."""

    def change(self, change: Change, call: Call) -> None:
        """Do it and note who did; FsctlError if that cannot be now."""

    def claim(self, key: str, call: Call) -> bool:
        """Whether the call has it now; FsctlError if that cannot be known."""

    def release(self, key: str, call: Call) -> None:
        """What the call has claimed is free again."""

    def holder(self, key: str) -> str:
        """The channel that has claimed it; "" for none, or if that cannot be known."""

    def disclaim(self, key: str, holder: str) -> None:
        """That channel, which is gone or does something else, has it no more."""

    def been(self, room: str) -> Collection[str]:
        """Who is, or was, in a conference that goes on, by extension or number."""

    def rung_for(self, extension: str) -> Sequence[LiveCall]:
        """The telephones that ring for a group call, as far as the link knows."""

    def release_all(self, call: Call) -> None:
        """All that the call has claimed is free again."""

    def park(self, park: Park, call: Call) -> bool:
        """Whether the call that shall wait in a slot has it now; FsctlError if that cannot be known."""

    def unpark(self, uuid: str) -> None:
        """The call of this channel waits in no slot any more; if that cannot be noted, its end does it."""

    def call(self, leg: str) -> LiveCall | None:
        """What the link knows now of a leg that there is."""

    def follow(self, legs: Collection[str], told: Callable[[str], None]) -> AbstractContextManager[None]:
        """Within the block ``told``, which may not wait, is called with each of these legs of which the link hears."""

    def ended(self, leg: str, wait_seconds: float = 0) -> Ended | None:
        """How a leg that is no more has ended; None if that is not known, within so many seconds from now."""


class CallProgress(Protocol):
    """Is told while an action goes on."""

    def left_out(self, phones: int) -> None:
        """So many phones do not ring that should: FreeSWITCH cannot ring them all at once."""

    def answered(self, outcome: Answered) -> None:
        """Somebody took the call."""

    def picked_up(self, outcome: Answered) -> None:
        """Somebody took the call from the phones that it rang at."""

    def connected(self, by: Destination | None) -> None:
        """The call talks with another leg than before: it was transferred without asking; None as with ``fetched``."""

    def taken_elsewhere(self, by: Destination | None) -> None:
        """The call, which went on without fsctl, talks with somebody there; None where nobody knows with whom."""

    def parked(self, slot: str) -> None:
        """The call waits in a slot."""

    def joined(self, by: Destination) -> None:
        """Three talk: somebody has joined, or has brought in whom he held (``join:130``, ``barge_in:101``,
        ``three_way:101``).
        """

    def two_left(self, by: Destination | None) -> None:
        """One of three has left the talk, and the call talks with another leg than before."""

    def entered(self, by: Destination) -> None:
        """Somebody is in the conference that the caller is in."""

    def handed_over(self) -> None:
        """The call goes on in another connection."""

    def fetched(self, by: Destination | None) -> None:
        """Somebody has fetched it from there; None where nobody knows who."""
