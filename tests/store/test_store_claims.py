"""Claims: what each statement does, and that of several processes exactly one wins."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from fsctl.store import claims
from fsctl.store.database import Store

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
AT = "2026-03-01T12:00:00.000+00:00"
Race = Callable[[str, int], list[str]]


def holders(store: Store) -> dict[str, str]:
    return {row["key"]: row["holder"] for row in claims.list_claims(store)}


def test_the_first_has_it_until_it_is_released(store: Store) -> None:
    assert claims.take(store, "slot:701", "a", "one", NOW)
    assert claims.take(store, "slot:701", "a", "two", LATER)
    assert not claims.take(store, "slot:701", "b", "one", LATER)
    assert claims.list_claims(store) == [{"key": "slot:701", "holder": "a", "node": "two", "at": AT}]
    assert not claims.release(store, "slot:701", "b")
    assert not claims.release(store, "slot:702", "a")
    assert claims.holder_of(store, "slot:701") == "a"
    assert claims.release(store, "slot:701", "a")
    assert claims.holder_of(store, "slot:701") is None
    assert claims.take(store, "slot:701", "b", "one", LATER)


def test_a_channel_gives_up_all_it_has_and_nothing_else(store: Store) -> None:
    for key, holder in (("slot:702", "a"), ("call:x", "a"), ("slot:701", "b")):
        claims.take(store, key, holder, "one", NOW)
    assert claims.release_all(store, "a") == ["call:x", "slot:702"]
    assert claims.release_all(store, "a") == []
    assert holders(store) == {"slot:701": "b"}


def test_what_gone_channels_of_this_node_had_is_free_again(store: Store) -> None:
    for number in range(1200):
        claims.take(store, f"slot:{number:04}", f"u{number % 600:03}", "one", NOW)
    claims.take(store, "slot:other", "u000", "two", NOW)
    claims.take(store, "slot:young", "young", "one", LATER)
    alive = {"u007", "u599", "never-heard-of"} | {f"x{number}" for number in range(40_000)}
    freed = claims.release_gone(store, "one", alive, before=LATER)
    kept = {"slot:0007", "slot:0599", "slot:0607", "slot:1199"}
    assert freed == sorted({f"slot:{number:04}" for number in range(1200)} - kept)
    assert set(holders(store)) == kept | {"slot:other", "slot:young"}
    assert claims.release_gone(store, "one", ()) == sorted(kept | {"slot:young"})
    assert holders(store) == {"slot:other": "u000"}


CONTEST = """
import time
claims.take(store, f"here:{own_number}", f"u{own_number}", "one", now)
while not all(claims.holder_of(store, f"here:{number}") for number in range(4)):
    pass  # all of them begin at once
keys = [f"call:{number:03}" for number in range(250)]
turned = keys[own_number * 60:] + keys[:own_number * 60]
for key in turned:
    if claims.take(store, key, f"u{own_number}", "one", now):
        print(key)
    time.sleep(0.001)  # SQLite gives no turn to whoever waits while another one writes on and on
"""


def test_of_several_processes_exactly_one_wins_each_key(store: Store, race: Race) -> None:
    won = [output.split() for output in race(CONTEST, 4)]
    assert sorted(key for keys in won for key in keys) == [f"call:{number:03}" for number in range(250)]
    held = {key: holder for key, holder in holders(store).items() if key.startswith("call:")}
    assert held == {key: f"u{number}" for number, keys in enumerate(won) for key in keys}
    assert sum(bool(keys) for keys in won) > 1, "one process was done before the others began"


PING_PONG = """
won = 0
while won < 20:
    if not claims.take(store, "slot:701", f"u{own_number}", "one", now):
        continue
    with store.transaction():
        store.sql("INSERT INTO inside (holder) VALUES (1)")  # two at once would break its key
    assert claims.holder_of(store, "slot:701") == f"u{own_number}"
    with store.transaction():
        store.sql("DELETE FROM inside")
    assert claims.release(store, "slot:701", f"u{own_number}")
    won += 1
"""


def test_a_key_that_goes_to_and_fro_never_has_two_holders(store: Store, race: Race) -> None:
    with store.transaction():
        store.sql("CREATE TABLE inside (holder INTEGER PRIMARY KEY)")
    race(PING_PONG, 3)
    assert claims.list_claims(store) == []


PICKUPS = """
claims.take(store, f"here:{own_number}", f"u{own_number}", "one", now)
while not all(claims.holder_of(store, f"here:{number}") for number in range(4)):
    pass
for number in range(250):  # all pick the same calls up in the same order, and let the claim go again
    key = f"call:{number:03}"
    if claims.take(store, key, f"u{own_number}", "one", now):
        with store.reading():
            taken = store.sql(f"SELECT 1 FROM taken WHERE key = '{key}'").fetchone()
        if not taken:  # two who hold it at once could both come here
            print(key)
            with store.transaction():
                store.sql(f"INSERT INTO taken (key) VALUES ('{key}')")
        assert claims.release(store, key, f"u{own_number}")
"""


def test_a_thousand_pickups_of_which_each_call_sees_four(store: Store, race: Race) -> None:
    """Who holds the claim looks whether the call still rings; nobody else does so at the same time."""
    with store.transaction():
        store.sql("CREATE TABLE taken (key VARCHAR(16))")
    won = [key for output in race(PICKUPS, 4) for key in output.split()]
    assert sorted(won) == [f"call:{number:03}" for number in range(250)]
    assert not any(key.startswith("call:") for key in holders(store))
