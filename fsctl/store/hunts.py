"""Hunt groups at run time: whose turn it is, who is reserved for which call, and who has been idle since when.

A member is rung by one call at a time: that call has the claim ``member:101``. It is given only while the group stands
as its call has seen it, and given back in the same transaction that moves the pointer on.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from peewee import EXCLUDED, Case, Cast, Value

from fsctl.model.hunting import Standing, Tally
from fsctl.store import claims
from fsctl.store.database import Store, stamp
from fsctl.store.history import note
from fsctl.store.statements import Statement, given
from fsctl.store.tables import Claim, HuntMember, HuntTurn

#: The group that stands for calls of any kind.
ANY: Final = ""

_MEMBER: Final = "member:"


def key_of(member: str) -> str:
    """The claim of whoever rings a member."""
    return f"{_MEMBER}{member}"


def member_of(key: str) -> str:
    """The member of such a claim."""
    return key.removeprefix(_MEMBER)


def read_standing(
    store: Store, hunt: str, members: Sequence[str], caller: str = "", *, all_calls: bool = False
) -> Standing:
    """How a group stands for the call ``caller``, whose own reservations are none.

    The turn is read first: what changes behind it makes ``reserve`` refuse.
    """
    reserved, tallied = _of_members(len(members))
    values = {str(place): member for place, member in enumerate(members)}
    keys = {place: key_of(member) for place, member in values.items()}
    with store.reading():
        turns = _TURN.rows(store, hunt=hunt)
        taken = reserved.rows(store, caller=caller, **keys)
        rows = tallied.rows(store, **values)
    pointer, turn, place = turns[0] if turns else (None, 0, 0)
    parts: defaultdict[str, list[_Row]] = defaultdict(list)
    for member, *row in rows:
        parts[member].append(_Row(*row))
    tallies = {member: _tally(hunt, own, all_calls) for member, own in parts.items()}
    return Standing(pointer, turn, place, frozenset(member_of(key) for (key,) in taken), tallies)


class _Row(NamedTuple):
    hunt: str
    calls: int
    accepted_at: str | None
    ended_at: str | None
    leg: str | None


_TURN: Final = Statement(lambda: HuntTurn.select(HuntTurn.pointer, HuntTurn.turn, HuntTurn.place).where(
    HuntTurn.hunt == given("hunt")))


@cache
def _of_members(count: int) -> tuple[Statement, Statement]:
    """Which of so many members are reserved for other calls, and the parts that they have had in groups."""
    each = [given(str(place)) for place in range(count)]
    part = (HuntMember.hunt, HuntMember.calls, HuntMember.accepted_at, HuntMember.ended_at, HuntMember.leg)
    return (
        Statement(lambda: Claim.select(Claim.key).where(Claim.key.in_(each), Claim.holder != given("caller"))),
        Statement(lambda: HuntMember.select(HuntMember.member, *part).where(HuntMember.member.in_(each))),
    )


def reserve(store: Store, hunt: str, member: str, turn: int, holder: str, node: str, now: datetime) -> bool:
    """Whether ``holder`` alone rings this member now. False: another call does, or ``turn`` is over."""
    with store.transaction(durable=False):
        if turn == 0:
            _FIRST.run(store, hunt=hunt)
        reserving = _RESERVE_SHARED if store.postgresql else _RESERVE  # SQLite has one writer anyway
        return bool(reserving.rows(
            store, hunt=hunt, turn=turn, key=key_of(member), holder=holder, node=node, at=stamp(now)))


def accept(
    store: Store, hunt: str, member: str, holder: str, leg: str, node: str, now: datetime, place: int | None = None
) -> None:
    """A member took a call: the pointer moves to him, and his reservation ends with that.

    A pointer that is beyond ``place`` already stays: calls that ring at once may be taken in any order.
    """
    values = {"hunt": hunt, "member": member, "at": stamp(now), "leg": leg, "node": node}
    with store.transaction(durable=False):
        if place is None:
            _TURNED.run(store, hunt=hunt, member=member)
        else:
            _TURNED_TO.run(store, hunt=hunt, member=member, place=place)
        _COUNTED.run(store, **values)
        _FREE.run(store, key=key_of(member), holder=holder)


def _reserving(shared: bool) -> Any:
    still: Any = HuntTurn.select(*(Cast(given(name), "text") for name in ("key", "holder", "node", "at")))
    still = still.where(HuntTurn.hunt == given("hunt"), HuntTurn.turn == given("turn"))
    if shared:
        still = still.for_update("FOR SHARE")
    insert: Any = Claim.insert_from(still, [Claim.key, Claim.holder, Claim.node, Claim.at])
    return insert.on_conflict(
        conflict_target=[Claim.key], update={Claim.node: EXCLUDED.node}, where=(Claim.holder == EXCLUDED.holder),
    ).returning(Claim.key)


def _turned(place: Any) -> Any:
    """The pointer moves on; not where ``place`` is told and it is beyond that already."""
    member: Any = given("member")
    moves = HuntTurn.place < place if place is not None else Value(True)
    return HuntTurn.insert(hunt=given("hunt"), pointer=member, turn=1, place=1 if place is None else place).on_conflict(
        conflict_target=[HuntTurn.hunt],
        update={
            HuntTurn.pointer: Case(None, [(moves, member)], HuntTurn.pointer),
            HuntTurn.place: Case(None, [(moves, HuntTurn.place + 1 if place is None else place)], HuntTurn.place),
            HuntTurn.turn: HuntTurn.turn + 1,
        },
    )


def _counted() -> Any:
    talks = {"accepted_at": given("at"), "leg": given("leg"), "node": given("node")}
    return HuntMember.insert(hunt=given("hunt"), member=given("member"), calls=1, ended_at=None, **talks).on_conflict(
        conflict_target=[HuntMember.hunt, HuntMember.member],
        update={HuntMember.calls: HuntMember.calls + 1, **talks})


_FIRST: Final = Statement(
    lambda: HuntTurn.insert(hunt=given("hunt"), pointer=None, turn=0, place=0).on_conflict_ignore())
_RESERVE: Final = Statement(lambda: _reserving(shared=False))
_RESERVE_SHARED: Final = Statement(lambda: _reserving(shared=True))
_TURNED: Final = Statement(lambda: _turned(None))
_TURNED_TO: Final = Statement(lambda: _turned(given("place")))
_COUNTED: Final = Statement(_counted)
_FREE: Final = Statement(lambda: Claim.delete().where(Claim.key == given("key"), Claim.holder == given("holder")))


def part(store: Store, leg: str, now: datetime) -> None:
    """Whoever talked on this channel does so no more: idle from now on."""
    with store.transaction(durable=False):
        _PARTED.run(store, leg=leg, at=stamp(now))


_PARTED: Final = Statement(
    lambda: HuntMember.update(leg=None, ended_at=given("at")).where(HuntMember.leg == given("leg")))


def part_gone(store: Store, node: str, alive: Collection[str], before: datetime, now: datetime) -> None:
    """The same for channels of ``node`` that are gone, though nobody noticed; not for those newer than ``before``."""
    query = HuntMember.select(HuntMember.leg).where(
        HuntMember.node == node, HuntMember.leg.is_null(False), HuntMember.accepted_at < stamp(before))
    with store.reading():
        legs = {leg for (leg,) in store.run(query.tuples())}
    for leg in sorted(legs - set(alive)):
        part(store, leg, now)


def talked(store: Store, member: str, now: datetime) -> None:
    """A call of any kind has ended at somebody's phone."""
    row = {"ended_at": stamp(now)}
    ended = HuntMember.insert(hunt=ANY, member=member, calls=0, accepted_at=None, leg=None, node="", **row)
    with store.transaction():
        store.run(ended.on_conflict(conflict_target=[HuntMember.hunt, HuntMember.member], update=row))


def free_members(store: Store, members: Iterable[str], holder: str) -> None:
    """A call rings these members no more."""
    with store.transaction(durable=False):
        _FREE.run_each(store, ({"key": key_of(each), "holder": holder} for each in members))


def free_all(store: Store, node: str) -> list[str]:
    """A controller that begins anew rings nobody: what it had reserved before is free; the claims."""
    return claims.run_keys(store, Claim.delete().where(Claim.node == node, Claim.key.startswith(key_of(""))))


def reset(store: Store, hunt: str, who: str, now: datetime) -> bool:
    """Begin at the top, with nobody having taken a call. Talks that go on stay known. Whether that changed anything."""
    with store.transaction():
        found = list(store.run(HuntTurn.select(HuntTurn.pointer).where(HuntTurn.hunt == hunt).tuples()))
        idle = store.run(HuntMember.delete().where(HuntMember.hunt == hunt, HuntMember.leg.is_null()))
        talking = store.run(
            HuntMember.update(calls=0, ended_at=None).where(HuntMember.hunt == hunt, HuntMember.calls > 0))
        pointer = found[0][0] if found else None
        if pointer is None and not idle and not talking:
            return False
        store.run(HuntTurn.update(pointer=None, turn=HuntTurn.turn + 1).where(HuntTurn.hunt == hunt))
        note(store, [(f"hunt.{hunt}", pointer, None)], who, now)
        return True


def _tally(hunt: str, rows: Sequence[_Row], all_calls: bool) -> Tally:
    own = next((row for row in rows if row.hunt == hunt), None)
    counting = rows if all_calls else [own] if own else []
    ends = [end for row in counting for end in (row.ended_at, row.accepted_at) if end]  # a crash may lose the end
    talks = [row.accepted_at or "" for row in rows if row.leg is not None]
    return Tally(
        calls=own.calls if own else 0,
        accepted_at=_moment(max(talks, default=own.accepted_at if own else None)),
        idle_since=_moment(max(ends, default=None)),
        talking=bool(talks),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
