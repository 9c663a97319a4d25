"""The calls that FreeSWITCH has now, as an immutable view."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fsctl.model.destination import Destination

State = Literal["ringing", "talking", "held", "parked"]


@dataclass(frozen=True, slots=True)
class LiveCall:
    """One channel: whose it is, with whom, and in which state since when.

    ``user`` is the office's person at this phone, None for an outside line; ``number`` and ``name`` are who is at this
    end, cleaned. ``peer`` is the channel it is connected with; of a phone that is rung, the caller's; of a caller whom
    nobody has answered yet, None. ``room`` is the conference it is in, where it has no peer. ``direction`` is
    FreeSWITCH's: ``inbound`` is a phone that calls, ``outbound`` one that is called. ``held`` is the phone that holds;
    who is held goes on talking. ``since`` is when the state began. ``alerting`` is whether its phone has said that it
    rings, or more. ``hunt`` tells for which group it rings. ``for_user`` is the executive whose call it is, at all of
    its channels; ``executive`` too, at those that act for him: the phones rung for his filtered calls, and an assistant
    who calls on his behalf. ``recalls`` tells which held channel it rings back for, ``journal`` the UUID under which
    its recall is in the journal, ``withheld`` that others shall not see who is at this end, ``sent_by`` (``user:101``)
    who sent a call on to this outside line, ``slot`` where it is parked and ``parker`` by whom, ``group`` the
    extension of the group call that it calls or rings for, ``node`` which FreeSWITCH has it, as ``host:port`` of its
    event socket, ``recorded`` the file to which the person at this end records what is said.
    """

    uuid: str
    user: str | None
    peer: str | None
    direction: Literal["inbound", "outbound"]
    state: State
    since: datetime
    number: str = ""
    name: str = ""
    for_user: str | None = None
    hunt: str | None = None
    executive: str | None = None
    recalls: str | None = None
    slot: str | None = None
    parker: str | None = None
    node: str = ""
    alerting: bool = False
    journal: str | None = None
    withheld: bool = False
    sent_by: str | None = None
    room: str | None = None
    group: str | None = None
    recorded: str | None = None

    @property
    def who(self) -> Destination | None:
        """The person or the number at this end, as a journal names them; None where neither is known or to be seen."""
        if self.user:
            return Destination("user", self.user)
        return Destination("number", self.number) if self.number and not self.withheld else None


@dataclass(frozen=True, slots=True)
class Live:
    """All channels. ``known`` is False while no FreeSWITCH tells; ``explain`` gets an empty one."""

    calls: tuple[LiveCall, ...] = ()
    known: bool = True

    def call(self, uuid: str) -> LiveCall | None:
        """A channel that there is now."""
        return next((call for call in self.calls if call.uuid == uuid), None)

    def apart(self, uuid: str, node: str) -> bool:
        """Whether a channel is known to be at another FreeSWITCH than ``node``, which cannot connect the two then."""
        own = self.call(uuid)
        return own is not None and own.node != node

    def of(self, user: str) -> tuple[LiveCall, ...]:
        """The channels of one person."""
        return tuple(call for call in self.calls if call.user == user)

    def at(self, number: str) -> tuple[LiveCall, ...]:
        """The channels of a person, by extension, or of an outside number."""
        return tuple(call for call in self.calls if number in (call.user, call.number))

class Looked(Live):
    """A view for the call ``own`` that notes whether its policies looked at it when there were other calls.

    Then it depends on these too where the call goes, and ``explain``, which knows none, may say something else.
    """

    saw_others: bool
    _others: bool
    _view: Live

    def __init__(self, live: Live, own: str) -> None:
        object.__setattr__(self, "_view", live)
        object.__setattr__(self, "_others", any(own not in (each.uuid, each.peer) for each in live.calls))
        object.__setattr__(self, "saw_others", False)

    @property
    def calls(self) -> tuple[LiveCall, ...]:
        """As the view has them."""
        object.__setattr__(self, "saw_others", self._others)
        return self._view.calls

    @property
    def known(self) -> bool:
        """As the view has it."""
        return self._view.known
