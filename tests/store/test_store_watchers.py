"""Who watches a lamp of his own, over a restart."""

from datetime import UTC, datetime, timedelta

from fsctl.store.database import Store
from fsctl.store.watchers import Watcher, unwatch, watch, watchers

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_a_subscription_is_kept_until_it_ends_or_runs_out(store: Store) -> None:
    anna, bernd = Watcher("a", "hunt+sales", "101", NOW + HOUR), Watcher("b", "hunt+sales", "102", NOW + HOUR / 2)
    for each in (anna, bernd):
        watch(store, each, "one:8021", NOW)
    watch(store, Watcher("c", "hunt+sales", "103", NOW + HOUR), "two:8021", NOW)
    assert watchers(store, "one:8021", NOW) == [anna, bernd]
    assert watchers(store, "one:8021", NOW + HOUR * 0.6) == [anna]
    renewed = Watcher("b", "hunt+sales", "102", NOW + 2 * HOUR)
    watch(store, renewed, "one:8021", NOW + HOUR * 1.5)
    assert watchers(store, "one:8021", NOW) == [renewed], "what has run out is forgotten"
    unwatch(store, "b")
    assert watchers(store, "one:8021", NOW) == []
