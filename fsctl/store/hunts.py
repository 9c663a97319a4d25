"""Hunt groups at run time: who is reserved for which call, whose turn it was, and since when who has been idle.

A member is rung by one call at a time: that call has the claim ``member:101``. It is given only while the group stands
as its call has seen it, and given back in the same transaction that moves the pointer on. How a group stands is read in
fsctl.store.hunt_standing.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final

from peewee import EXCLUDED, Case, Cast, Select, Value, fn

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


def reserve(store: Store, hunt: str, member: str, turn: int, holder: str, node: str, now: datetime) -> bool:
    """Whether ``holder`` alone rings this member now. False: another call does, or ``turn`` is over."""
    values = {"hunt": hunt, "turn": turn, "key": key_of(member), "holder": holder, "node": node, "at": stamp(now)}
    if not store.postgresql:  # it has one writer at a time
        return bool(_RESERVE.once(store, durable=False, **values))
    with store.transaction(durable=False):
        if turn == 0:
            _FIRST.run(store, hunt=hunt)
        return bool(_RESERVE_SHARED.rows(store, **values))


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
    """A claim, if the group's turn is still the one that was seen; ``shared``: nobody changes that meanwhile."""
    claim = [Cast(given(name), "text") for name in ("key", "holder", "node", "at")]
    turn: Any = HuntTurn.select(HuntTurn.turn).where(HuntTurn.hunt == given("hunt"))
    if shared:
        still: Any = HuntTurn.select(*claim).where(HuntTurn.hunt == given("hunt"), HuntTurn.turn == given("turn"))
        still = still.for_update("FOR SHARE")
    else:
        still = Select(columns=claim).where(fn.COALESCE(turn, 0) == given("turn"))
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
    _PARTED.once(store, durable=False, leg=leg, at=stamp(now))


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
    for each in members:
        _FREE.once(store, durable=False, key=key_of(each), holder=holder)


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
