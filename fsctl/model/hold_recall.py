"""Calls that somebody forgets on hold: which of them ring back now, and which ringing has become pointless.

The phone that holds is rung by a channel of its own, which ``recalls`` the held one. Whoever answers it is connected
with the caller on hold; until then the held call stays as it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fsctl.model.actions import ANONYMOUS, Party
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.presence import engaged


@dataclass(frozen=True, slots=True)
class Held:
    """A call on hold: the channel of the person who holds, and that of who is held."""

    holder: LiveCall
    caller: LiveCall


@dataclass(frozen=True, slots=True)
class Answered:
    """A recall that was answered, and the call that it was for."""

    leg: LiveCall
    held: Held


@dataclass(frozen=True, slots=True)
class Pointless:
    """A recall for a call that is no longer on hold. ``taken``: whoever held it has it again, or sent it elsewhere."""

    leg: LiveCall
    taken: bool


def due(office: Office, live: Live, at: datetime, rung: Mapping[str, datetime]) -> tuple[Held, ...]:
    """The calls that ring back at an aware instant, one a person at most, the one held longest.

    ``rung`` tells of held channels until when they rang back last. Who talks and has no call waiting is not disturbed.
    """
    patience = timedelta(seconds=office.office.hold_recall_seconds)
    if not patience:
        return ()
    found: dict[str, Held] = {}
    for held in sorted(_held(office, live), key=lambda each: (each.holder.since, each.holder.uuid)):
        waited_since = max(held.holder.since, rung.get(held.holder.uuid, held.holder.since))
        user = held.holder.user or ""
        if at - waited_since >= patience and user not in found and not _engaged(user, office, live):
            found[user] = held
    return tuple(found.values())


def next_look(office: Office, live: Live, at: datetime, rung: Mapping[str, datetime]) -> datetime | None:
    """When there may be something to do though nothing happens: ``at`` where a recall is under way or one is due, None
    where nobody is on hold.
    """
    if rung or any(True for _ in _recalls(live)):
        return at
    patience = timedelta(seconds=office.office.hold_recall_seconds)
    since = min((each.holder.since for each in _held(office, live)), default=None) if patience else None
    return None if since is None else max(since + patience, at)


def answered(office: Office, live: Live) -> tuple[Answered, ...]:
    """The recalls that were answered and are not connected yet."""
    taken = [leg for leg in _recalls(live) if leg.state == "talking"]
    held = {each.holder.uuid: each for each in _held(office, live, taken_back=True)} if taken else {}
    return tuple(Answered(leg, held[leg.recalls]) for leg in taken if leg.recalls in held)


def pointless(office: Office, live: Live) -> tuple[Pointless, ...]:
    """The recalls that shall end, ringing or answered: their call is not on hold any more, or none shall ring back."""
    ended = [leg for leg in _recalls(live) if not (office.office.hold_recall_seconds and _on_hold(leg, office, live))]
    return tuple(Pointless(leg, taken=any(call.uuid == leg.recalls for call in live.calls)) for leg in ended)


def _on_hold(recall: LiveCall, office: Office, live: Live) -> bool:
    """Whether there is still what it rings back for."""
    held = _held(office, live, taken_back=recall.state == "talking")
    return any(each.holder.uuid == recall.recalls for each in held)


def shown_of(held: Held, office: Office) -> Party:
    """What the phone shows that rings back: that it is about a call on hold, and whose."""
    caller = held.caller
    if caller.withheld:
        return Party(f"Hold: {ANONYMOUS.name}", "")
    known = office.users.get(caller.user or "")
    number = caller.user or caller.number
    return Party(f"Hold: {known.name if known else caller.name or number}", number)


def _recalls(live: Live) -> Iterator[LiveCall]:
    """Those that are not connected; a connected one has become an ordinary call."""
    return (call for call in live.calls if call.recalls and call.peer is None)


def _held(office: Office, live: Live, *, taken_back: bool = False) -> Iterator[Held]:
    """Calls between two; neither conferences nor parked calls nor emergency calls, which nobody may touch.

    ``taken_back``: those also that the phone which held them has by itself again, as some phones do when a second call
    of theirs ends; who has answered the recall at another phone shall have the call all the same.
    """
    states = ("held", "talking") if taken_back else ("held",)
    holders = [call for call in live.calls if call.state in states and not call.slot and call.user in office.users]
    channels = {call.uuid: call for call in live.calls} if holders else {}
    for holder in holders:
        caller = channels.get(holder.peer or "")
        if caller is None or caller.peer != holder.uuid or caller.slot or caller.state not in ("talking", "held"):
            continue
        if not office.is_emergency(caller.number, office.site_of(holder.user)):
            yield Held(holder, caller)


def _engaged(user: str, office: Office, live: Live) -> bool:
    """Whether a recall rings there already, or the person is on another call and wants no second one to ring."""
    others = [call for call in live.of(user) if call.state != "held"]
    if not office.users[user].call_waiting and engaged(others):
        return True
    return any(call.recalls and call.peer is None for call in others)
