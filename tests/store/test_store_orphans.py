"""Forgetting what belonged to people and groups that are gone, in the transaction that takes them away."""

from datetime import UTC, datetime

import pytest

from fsctl.store.database import Store
from fsctl.store.history import list_changes
from fsctl.store.hunt_standing import read_standing
from fsctl.store.hunts import ANY, accept, talked
from fsctl.store.orphans import clear, pointers
from fsctl.store.settings import change_setting, read_settings
from fsctl.store.tables import HuntMember, HuntTurn

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HUNTS = {"sales": frozenset({"101"}), "support": frozenset({"102"})}


@pytest.fixture
def hunted(store: Store) -> Store:
    """Three groups, each with a call taken; 103 is in none any more, and the third group is gone."""
    for hunt, member in (("sales", "103"), ("support", "102"), ("old", "101")):
        accept(store, hunt, member, "call", f"leg of {member}", "node", NOW)
    talked(store, "101", NOW)
    talked(store, "103", NOW)
    change_setting(store, "dnd.103", "on", "op", NOW)
    return store


def parts(store: Store) -> set[tuple[str, str]]:
    with store.reading():
        return set(store.run(HuntMember.select(HuntMember.hunt, HuntMember.member).tuples()))


def test_what_is_gone_is_forgotten_and_the_rest_stays(hunted: Store) -> None:
    assert pointers(hunted, HUNTS) == {"sales": "103", "old": "101"}
    clear(hunted, ["dnd.103"], HUNTS, "op", NOW)
    assert (pointers(hunted, HUNTS), read_settings(hunted)) == ({}, {})
    assert parts(hunted) == {("support", "102"), (ANY, "101")}
    with hunted.reading():
        assert set(hunted.run(HuntTurn.select(HuntTurn.hunt).tuples())) == {("sales",), ("support",)}
    assert read_standing(hunted, "support", ("102",)).pointer == "102"
    assert read_standing(hunted, "sales", ("101",)).turn == 2  # whoever has read the one before reserves nobody
    noted = {row["path"]: (row["before"], row["after"]) for row in list_changes(hunted, 3)}
    assert noted == {"dnd.103": ("on", None), "hunt.sales": ("103", None), "hunt.old": ("101", None)}


def test_all_of_it_or_nothing(hunted: Store) -> None:
    before = parts(hunted)
    with pytest.raises(RuntimeError), hunted.transaction():
        clear(hunted, ["dnd.103"], HUNTS, "op", NOW)
        raise RuntimeError
    assert (parts(hunted), set(read_settings(hunted))) == (before, {"dnd.103"})
