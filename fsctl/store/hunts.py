"""Hunt groups at run time: whose turn it is, who is reserved for which call, and who has been idle since when.

A member is rung by one call at a time: that call has the claim ``member:101``. It is given only while the group stands
as its call has seen it, and given back in the same transaction that moves the pointer on.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from peewee import EXCLUDED, Case, Value

from fsctl.model.hunting import Standing, Tally
from fsctl.store import claims
from fsctl.store.database import Store, stamp
from fsctl.store.history import note
from fsctl.store.tables import Claim, HuntMember, HuntTurn

#: The group that stands for calls of any kind.
ANY: Final = ""


def key_of(member: str) -> str:
    """The claim of whoever rings a member."""
    return f"member:{member}"


def read_standing(
    store: Store, hunt: str, members: Sequence[str], caller: str = "", *, all_calls: bool = False
) -> Standing:
    """How a group stands for the call ``caller``, whose own reservations are none.

    The turn is read first: what changes behind it makes ``reserve`` refuse.
    """
    keys = {key_of(member): member for member in members}
    turns_of_hunt = HuntTurn.select(HuntTurn.pointer, HuntTurn.turn, HuntTurn.place).where(HuntTurn.hunt == hunt)
    reservations = Claim.select(Claim.key).where(Claim.key.in_(list(keys)), Claim.holder != caller)
    with store.reading():
        turns = list(store.run(turns_of_hunt.tuples()))
        taken = list(store.run(reservations.tuples()))
        rows = list(store.run(HuntMember.select().where(HuntMember.member.in_(list(members)))))
    pointer, turn, place = turns[0] if turns else (None, 0, 0)
    tallies = {member: _tally(hunt, [row for row in rows if row.member == member], all_calls) for member in members}
    return Standing(pointer, turn, place, frozenset(keys[key] for (key,) in taken), tallies)


def reserve(store: Store, hunt: str, member: str, turn: int, holder: str, node: str, now: datetime) -> bool:
    """Whether ``holder`` alone rings this member now. False: another call does, or ``turn`` is over."""
    first = HuntTurn.insert(hunt=hunt, pointer=None, turn=0, place=0).on_conflict_ignore()
    still: Any = HuntTurn.select(Value(key_of(member)), Value(holder), Value(node), Value(stamp(now)))
    still = still.where(HuntTurn.hunt == hunt, HuntTurn.turn == turn)
    if store.postgresql:  # SQLite has one writer anyway
        still = still.for_update("FOR SHARE")
    insert = Claim.insert_from(still, [Claim.key, Claim.holder, Claim.node, Claim.at]).on_conflict(
        conflict_target=[Claim.key], update={Claim.node: EXCLUDED.node}, where=(Claim.holder == EXCLUDED.holder))
    with store.transaction():
        if turn == 0:
            store.run(first)
        return bool(claims.run_keys(store, insert))


def accept(
    store: Store, hunt: str, member: str, holder: str, leg: str, node: str, now: datetime, place: int | None = None
) -> None:
    """A member took a call: the pointer moves to him, and his reservation ends with that.

    A pointer that is beyond ``place`` already stays: calls that ring at once may be taken in any order.
    """
    moves = HuntTurn.place < place if place is not None else Value(True)
    beyond = HuntTurn.place + 1 if place is None else Value(place)
    turned = HuntTurn.insert(hunt=hunt, pointer=member, turn=1, place=place or 1).on_conflict(
        conflict_target=[HuntTurn.hunt],
        update={
            HuntTurn.pointer: Case(None, [(moves, member)], HuntTurn.pointer),
            HuntTurn.place: Case(None, [(moves, beyond)], HuntTurn.place),
            HuntTurn.turn: HuntTurn.turn + 1,
        },
    )
    talks = {"accepted_at": stamp(now), "leg": leg, "node": node}
    counted = HuntMember.insert(hunt=hunt, member=member, calls=1, ended_at=None, **talks).on_conflict(
        conflict_target=[HuntMember.hunt, HuntMember.member], update={HuntMember.calls: HuntMember.calls + 1} | talks)
    with store.transaction():
        store.run(turned)
        store.run(counted)
        store.run(Claim.delete().where(Claim.key == key_of(member), Claim.holder == holder))


def part(store: Store, leg: str, now: datetime) -> None:
    """Whoever talked on this channel does so no more: idle from now on."""
    with store.transaction():
        store.run(HuntMember.update(leg=None, ended_at=stamp(now)).where(HuntMember.leg == leg))


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
    with store.transaction():
        store.run(Claim.delete().where(Claim.key.in_([key_of(each) for each in members]), Claim.holder == holder))


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


def _tally(hunt: str, rows: Sequence[Any], all_calls: bool) -> Tally:
    own = next((row for row in rows if row.hunt == hunt), None)
    counting = rows if all_calls else [own] if own else []
    ends = [end for row in counting for end in (row.ended_at, row.accepted_at) if end]  # a crash may lose the end
    talks = [row.accepted_at for row in rows if row.leg is not None]
    return Tally(
        calls=own.calls if own else 0,
        accepted_at=_moment(max(talks, default=own.accepted_at if own else None)),
        idle_since=_moment(max(ends, default=None)),
        talking=bool(talks),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
