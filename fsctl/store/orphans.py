"""Forgetting what was switched, counted or pointed at for people and groups that the office has no more."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

from fsctl.store.database import Store
from fsctl.store.history import note
from fsctl.store.hunts import ANY
from fsctl.store.settings import change_setting
from fsctl.store.tables import HuntMember, HuntTurn


def pointers(store: Store, hunts: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Who took the last call of each hunt group that is gone, or of which he is no member any more."""
    with store.reading():
        rows = list(store.run(HuntTurn.select(HuntTurn.hunt, HuntTurn.pointer).tuples()))
    return {hunt: pointer for hunt, pointer in rows if pointer is not None and pointer not in hunts.get(hunt, ())}


def clear(store: Store, settings: Iterable[str], hunts: Mapping[str, Collection[str]], who: str, now: datetime) -> None:
    """Leave these ``settings`` to nobody, and forget all hunt groups and members but ``hunts``."""
    with store.transaction():
        for path in settings:
            change_setting(store, path, None, who, now)
        note(store, [(f"hunt.{hunt}", pointer, None) for hunt, pointer in pointers(store, hunts).items()], who, now)
        for (hunt,) in list(store.run(HuntTurn.select(HuntTurn.hunt).tuples())):
            if hunt not in hunts:
                store.run(HuntTurn.delete().where(HuntTurn.hunt == hunt))
        for hunt in pointers(store, hunts):
            moved = {HuntTurn.pointer: None, HuntTurn.turn: HuntTurn.turn + 1}
            store.run(HuntTurn.update(moved).where(HuntTurn.hunt == hunt))
        for hunt, member in list(_strangers(store, hunts)):
            store.run(HuntMember.delete().where(HuntMember.hunt == hunt, HuntMember.member == member))


def _strangers(store: Store, hunts: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """The parts in groups of who is no member there; in calls of any kind, of who is a member nowhere."""
    members = frozenset(member for each in hunts.values() for member in each)
    for hunt, member in store.run(HuntMember.select(HuntMember.hunt, HuntMember.member).tuples()):
        if member not in (members if hunt == ANY else hunts.get(hunt, ())):
            yield hunt, member
