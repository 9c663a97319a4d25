"""How hunt groups stand: whose turn it is, who is rung for which call, and who has been idle since when.

A turn is read at once with all else, or before it: what changes behind it makes ``reserve`` refuse.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from peewee import SQL

from fsctl.model.hunting import JUST_TAKEN, Standing, Tally
from fsctl.store.database import Store, moment, stamp
from fsctl.store.hunts import key_of, member_of
from fsctl.store.statements import Statement, given
from fsctl.store.tables import Claim, HuntMember, HuntTurn

#: At most so many are rung, or have just taken a call, where those of all groups are read and not one group's alone.
_FEW: Final = 50
_AT_ONCE: Final = 500


def read_turn(store: Store, hunt: str, members: Sequence[str], caller: str, now: datetime) -> Standing:
    """The same for a call to which it is all one since when members are idle, and how many calls they took.

    Of the members' tallies only those who have just taken a call are told.
    """
    values: dict[str, object] = {"hunt": hunt, "caller": caller, "since": stamp(now - JUST_TAKEN)}
    with store.reading():
        rows = [] if store.postgresql else _NOW.rows(store, **values)
        if store.postgresql or len(rows) > _FEW:
            rows = _now_of(len(members)).rows(store, **values, **_named(members))
    pointer, turn, place = None, 0, 0
    reserved: list[str] = []
    taken: dict[str, str] = {}
    for kind, text, at, *numbers in rows:
        match kind:
            case 0:
                pointer, (turn, place) = text, numbers
            case 1 if (member := member_of(text)) in members:
                reserved.append(member)
            case 2 if text in members:
                taken[text] = max(at, taken.get(text, ""))
    tallies = {member: Tally(accepted_at=moment(at), talking=True) for member, at in taken.items()}
    return Standing(pointer, turn, place, frozenset(reserved), tallies)


def read_standing(
    store: Store, hunt: str, members: Sequence[str], caller: str = "", *, all_calls: bool = False
) -> Standing:
    """How a group stands for the call ``caller``, whose own reservations are none."""
    reserved, tallied = _of_members(len(members))
    values = _named(members)
    with store.reading():  # the turn first
        turns = _TURN.rows(store, hunt=hunt)
        taken = reserved.rows(store, caller=caller, **values)
        rows = tallied.rows(store, **values)
    pointer, turn, place = turns[0] if turns else (None, 0, 0)
    parts: defaultdict[str, list[_Row]] = defaultdict(list)
    for member, *row in rows:
        parts[member].append(_Row(*row))
    tallies = {member: _tally(hunt, own, all_calls) for member, own in parts.items()}
    return Standing(pointer, turn, place, frozenset(member_of(key) for (key,) in taken), tallies)


def read_reserved(store: Store, members: Sequence[str]) -> frozenset[str]:
    """Which of these members any call rings."""
    asked = range(0, len(members), _AT_ONCE)
    with store.reading():
        rows = [row for first in asked for row in store.run(Claim.select(Claim.key).where(
            Claim.key.in_([key_of(each) for each in members[first:first + _AT_ONCE]])).tuples())]
    return frozenset(member_of(key) for (key,) in rows)


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
    keys, each = _givens(count)
    part = (HuntMember.hunt, HuntMember.calls, HuntMember.accepted_at, HuntMember.ended_at, HuntMember.leg)
    return (
        Statement(lambda: Claim.select(Claim.key).where(Claim.key.in_(keys), Claim.holder != given("caller"))),
        Statement(lambda: HuntMember.select(HuntMember.member, *part).where(HuntMember.member.in_(each))),
    )


def _standing_now(reserved: Any, taken: Any) -> Any:
    """Rows of (kind, text, instant, number, number): the turn, who is reserved and who has just taken a call."""
    none = SQL("0"), SQL("0")
    turn: Any = HuntTurn.select(SQL("0"), HuntTurn.pointer, SQL("''"), HuntTurn.turn, HuntTurn.place)
    claim: Any = Claim.select(SQL("1"), Claim.key, SQL("''"), *none)
    member: Any = HuntMember.select(SQL("2"), HuntMember.member, HuntMember.accepted_at, *none)
    since = HuntMember.leg.is_null(False), HuntMember.accepted_at >= given("since")
    return turn.where(HuntTurn.hunt == given("hunt")).union_all(
        claim.where(reserved, Claim.holder != given("caller"))).union_all(member.where(taken, *since))


#: Of all members of any group, found by where claims and instants sort; in SQLite, whose text sorts by its characters.
_NOW: Final = Statement(lambda: _standing_now(
    Claim.key.between(key_of(""), key_of(chr(0x10FFFF))), SQL("1")).limit(_FEW + 1))


@cache
def _now_of(count: int) -> Statement:
    """Of so many members alone."""
    keys, members = _givens(count)
    return Statement(lambda: _standing_now(Claim.key.in_(keys), HuntMember.member.in_(members)))


def _givens(count: int) -> tuple[list[Any], list[Any]]:
    """The claims of so many members, and they themselves."""
    places = range(count)
    return [given(f"key {place}") for place in places], [given(f"member {place}") for place in places]


def _named(members: Sequence[str]) -> dict[str, object]:
    """Their values."""
    keys: dict[str, object] = {f"key {place}": key_of(member) for place, member in enumerate(members)}
    return keys | {f"member {place}": member for place, member in enumerate(members)}


def _tally(hunt: str, rows: Sequence[_Row], all_calls: bool) -> Tally:
    own = next((row for row in rows if row.hunt == hunt), None)
    counting = rows if all_calls else [own] if own else []
    ends = [end for row in counting for end in (row.ended_at, row.accepted_at) if end]  # a crash may lose the end
    talks = [row.accepted_at or "" for row in rows if row.leg is not None]
    return Tally(
        calls=own.calls if own else 0,
        accepted_at=moment(max(talks, default=own.accepted_at if own else None)),
        idle_since=moment(max(ends, default=None)),
        talking=bool(talks),
    )
