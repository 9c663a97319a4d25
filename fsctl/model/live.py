"""The calls that FreeSWITCH has now, as an immutable view in which nothing is searched for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter
from typing import Final, Literal, TypeAlias

from immutables import Map

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


_Key = tuple[str, str]
_Calls: TypeAlias = Map[str, tuple[int, LiveCall]]
_By: TypeAlias = Map[_Key, Map[str, None]]
_NO_UUIDS: Final[Map[str, None]] = Map()
_NO_CALLS: Final[_Calls] = Map()
_NO_KEYS: Final[_By] = Map()


class Channels:
    """Some channels, found by UUID, by who is there and by what else is asked for. One that changes leaves this one as
    it is, and shares all else with it.
    """

    __slots__ = ("_by", "_calls", "_next")

    def __init__(self, calls: _Calls = _NO_CALLS, by: _By = _NO_KEYS, following: int = 0) -> None:
        self._calls, self._by, self._next = calls, by, following

    @classmethod
    def of(cls, calls: Iterable[LiveCall]) -> "Channels":
        """All of these."""
        found = cls()
        for call in calls:
            found = found.having(call)
        return found

    def __len__(self) -> int:
        return len(self._calls)

    def having(self, call: LiveCall) -> "Channels":
        """With this channel, new or changed."""
        place, before = self._calls.get(call.uuid) or (self._next, None)
        by = self._by
        if before is None or _found_by(before) != _found_by(call):
            by = _added(_removed(by, before.uuid, _keys(before)) if before else by, call.uuid, _keys(call))
        return Channels(self._calls.set(call.uuid, (place, call)), by, max(self._next, place + 1))

    def without(self, uuid: str) -> "Channels":
        """Without this channel."""
        if (found := self._calls.get(uuid)) is None:
            return self
        return Channels(self._calls.delete(uuid), _removed(self._by, uuid, _keys(found[1])), self._next)

    def call(self, uuid: str) -> LiveCall | None:
        """A channel that is among them."""
        found = self._calls.get(uuid)
        return found[1] if found else None

    def all(self) -> tuple[LiveCall, ...]:
        """As they came."""
        return tuple(call for _, call in sorted(self._calls.values(), key=_place))

    def found(self, kind: str, value: str) -> tuple[LiveCall, ...]:
        """Those for which an index of ``_keys`` has that, as they came."""
        uuids = self._by.get((kind, value))
        if not uuids:
            return ()
        return tuple(call for _, call in sorted((self._calls[uuid] for uuid in uuids), key=_place))


_found_by = attrgetter("user", "number", "peer", "room", "slot", "sent_by")


def _keys(call: LiveCall) -> tuple[_Key, ...]:
    found = zip(("at", "at", "peer", "room", "slot", "sent_by"), _found_by(call), strict=True)
    return tuple((kind, value) for kind, value in dict.fromkeys(found) if value is not None)


def _added(by: _By, uuid: str, keys: Iterable[_Key]) -> _By:
    for key in keys:
        by = by.set(key, by.get(key, _NO_UUIDS).set(uuid, None))
    return by


def _removed(by: _By, uuid: str, keys: Iterable[_Key]) -> _By:
    for key in keys:
        left = by[key].delete(uuid)
        by = by.set(key, left) if left else by.delete(key)
    return by


def _place(each: tuple[int, LiveCall]) -> int:
    return each[0]


@dataclass(frozen=True, eq=False)
class Live:
    """All channels. ``known`` is False while no FreeSWITCH tells; ``explain`` gets an empty one."""

    calls: tuple[LiveCall, ...] = ()
    known: bool = True

    @cached_property
    def parts(self) -> tuple[Channels, ...]:
        """The channels of each FreeSWITCH, or of all."""
        return (Channels.of(self.calls),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Live) and (self.calls, self.known) == (other.calls, other.known)

    def __hash__(self) -> int:
        return hash((self.calls, self.known))

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __bool__(self) -> bool:
        return True

    def call(self, uuid: str) -> LiveCall | None:
        """A channel that there is now."""
        return next((call for part in self.parts if (call := part.call(uuid))), None)

    def apart(self, uuid: str, node: str) -> bool:
        """Whether a channel is known to be at another FreeSWITCH than ``node``, which cannot connect the two then."""
        own = self.call(uuid)
        return own is not None and own.node != node

    def of(self, user: str) -> tuple[LiveCall, ...]:
        """The channels of one person."""
        return tuple(call for call in self.at(user) if call.user == user)

    def at(self, number: str) -> tuple[LiveCall, ...]:
        """The channels of a person, by extension, or of an outside number."""
        return self._found("at", number)

    def within(self, room: str) -> tuple[LiveCall, ...]:
        """The channels in a conference."""
        return self._found("room", room)

    def waiting_in(self, slot: str) -> tuple[LiveCall, ...]:
        """The channels that belong to a slot."""
        return self._found("slot", slot)

    def sent_by(self, by: str) -> tuple[LiveCall, ...]:
        """The outside lines to which somebody sent calls on."""
        return self._found("sent_by", by)

    def has_others(self, own: str) -> bool:
        """Whether there are other channels than one and those connected with it."""
        return len(self) > len({own: 0} if self.call(own) else ()) + sum(
            call.uuid != own for call in self._found("peer", own))

    def _found(self, kind: str, value: str) -> tuple[LiveCall, ...]:
        first, *others = self.parts or (_EMPTY,)
        found = first.found(kind, value)
        for part in others:
            found += part.found(kind, value)
        return found


_EMPTY: Final = Channels()


class View(Live):
    """Of the channels of several FreeSWITCHes, listed when somebody wants all of them."""

    def __init__(self, parts: tuple[Channels, ...], known: bool) -> None:
        self.__dict__.update(parts=parts, known=known)

    @property
    def calls(self) -> tuple[LiveCall, ...]:
        """As they came, one FreeSWITCH after the other."""
        listed: tuple[LiveCall, ...] | None = self.__dict__.get("listed")
        if listed is None:
            listed = self.__dict__["listed"] = tuple(call for part in self.parts for call in part.all())
        return listed


class Looked(Live):
    """A view for the call ``own`` that notes whether its policies looked at it when there were other calls.

    Then it depends on these too where the call goes, and ``explain``, which knows none, may say something else.
    """

    saw_others: bool
    _others: bool
    _view: Live

    def __init__(self, live: Live, own: str) -> None:
        self.__dict__.update(_view=live, _others=live.has_others(own), saw_others=False)

    @property
    def calls(self) -> tuple[LiveCall, ...]:
        """As the view has them."""
        self.__dict__["saw_others"] = self._others
        return self._view.calls

    @property
    def parts(self) -> tuple[Channels, ...]:
        """As the view has them."""
        self.__dict__["saw_others"] = self._others
        return self._view.parts

    @property
    def known(self) -> bool:
        """As the view has it."""
        return self._view.known
