"""When calls on hold rang back last, and that of several controllers one rings."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fsctl.store import claims, held
from fsctl.store.database import Store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
Race = Callable[[str, int], list[str]]


def at(seconds: int) -> datetime:
    return NOW + timedelta(seconds=seconds)


def rings(store: Store, node: str, now: int) -> bool:
    """It rings for 20 s, 60 s after it was held or rang last."""
    return held.ring_back(store, "a", node, at(now + 20), at(now - 60))


def test_it_rings_again_when_the_caller_has_waited_again(store: Store) -> None:
    assert rings(store, "one", 0)
    assert not rings(store, "one", 79)
    assert not rings(store, "two", 79)
    assert rings(store, "two", 80)
    assert claims.list_claims(store) == [
        {"key": "hold:a", "holder": "a", "node": "two", "at": "2026-03-01T12:01:40.000+00:00"}]


def test_a_ringing_that_ended_early_counts_from_its_end(store: Store) -> None:
    assert rings(store, "one", 0)
    held.rang(store, "a", "two", at(-90))  # who did not ring has nothing to say
    held.rang(store, "b", "one", at(-90))
    assert not rings(store, "one", 1)
    held.rang(store, "a", "one", at(3))
    assert not rings(store, "one", 62)
    assert rings(store, "one", 63)


def test_who_rang_and_until_when(store: Store) -> None:
    assert held.rung_until(store, "a", "one", NOW) is None
    assert not held.rung_by(store, "a", "one")
    assert rings(store, "one", 0)
    assert (held.rung_by(store, "a", "one"), held.rung_by(store, "a", "two")) == (True, False)
    assert held.rung_until(store, "a", "two", at(5)) == at(20)


def test_what_a_killed_process_began_is_over(store: Store) -> None:
    assert rings(store, "one", 0)
    assert held.rung_until(store, "a", "one", at(5)) == at(5)
    assert held.rung_until(store, "a", "one", at(9)) == at(5)
    assert rings(store, "one", 65)


def test_forgotten_by_who_rang(store: Store) -> None:
    assert rings(store, "one", 0)
    held.forget(store, "a", "two")
    assert held.rung_by(store, "a", "one")
    held.forget(store, "a", "one")
    assert claims.list_claims(store) == []
    assert rings(store, "two", 1)


def test_of_several_controllers_one_rings(store: Store, race: Race) -> None:
    code = """
from datetime import timedelta
from fsctl.store import held
for number in range(50):
    for turn in range(2):
        later = now + timedelta(seconds=80 * turn)
        before, until = later - timedelta(seconds=60), later + timedelta(seconds=20)
        if held.ring_back(store, f"call {number}", f"node {own_number}", until, before):
            print(f"{number}.{turn}")
"""
    won = [line for output in race(code, 4) for line in output.split()]
    assert len(won) == len(set(won))
    assert {line.partition(".")[0] for line in won} == {str(number) for number in range(50)}
