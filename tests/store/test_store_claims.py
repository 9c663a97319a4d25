"""Claims and owners: what each statement does, and that of several processes exactly one wins."""

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import gevent
import pytest
from gevent.event import Event

from fsctl.store import claims, owners
from fsctl.store.database import Store, open_database

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=1)
AT = "2026-03-01T12:00:00.000+00:00"
AT_LATER = "2026-03-01T12:00:01.000+00:00"
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


def test_a_claim_is_passed_on_by_who_has_it(store: Store) -> None:
    claims.take(store, "slot:701", "a", "one", NOW)
    assert not claims.pass_on(store, "slot:701", "b", "c", "two", LATER)
    assert not claims.pass_on(store, "slot:702", "a", "c", "two", LATER)
    assert claims.pass_on(store, "slot:701", "a", "c", "two", LATER)
    assert claims.list_claims(store) == [{"key": "slot:701", "holder": "c", "node": "two", "at": AT_LATER}]
    assert not claims.release(store, "slot:701", "a")


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


def test_a_node_taken_away_leaves_nothing(store: Store) -> None:
    for key, node in (("slot:702", "one"), ("slot:701", "one"), ("slot:703", "two")):
        claims.take(store, key, "a", node, NOW)
    assert claims.release_node(store, "one") == ["slot:701", "slot:702"]
    assert holders(store) == {"slot:703": "a"}


def test_only_the_newest_connection_of_a_channel_owns_it(store: Store) -> None:
    assert [owners.own(store, "a", node, NOW) for node in ("one", "two", "two")] == [1, 2, 3]
    assert owners.own(store, "b", "one", NOW) == 1
    assert [owners.is_owner(store, "a", epoch) for epoch in (2, 3, 4)] == [False, True, False]
    assert (owners.owned_by(store, "one"), owners.owned_by(store, "two")) == ({"b": 1}, {"a": 3})
    owners.forget(store, [*(f"gone{number}" for number in range(70_000)), "a"])
    assert not owners.is_owner(store, "a", 3)
    assert (owners.owned_by(store, "one"), owners.owned_by(store, "two")) == ({"b": 1}, {})


def test_only_the_newest_connection_of_a_channel_takes(store: Store) -> None:
    assert not claims.take(store, "slot:701", "a", "one", NOW, epoch=1)
    old, new = (owners.own(store, "a", "one", NOW) for _ in range(2))
    assert not claims.take(store, "slot:701", "a", "one", NOW, epoch=old)
    assert claims.list_claims(store) == []
    assert claims.take(store, "slot:701", "a", "one", NOW, epoch=new)
    assert claims.list_claims(store) == [{"key": "slot:701", "holder": "a", "node": "one", "at": AT}]
    assert not claims.take(store, "slot:701", "a", "one", NOW, epoch=old)
    assert claims.take(store, "slot:701", "a", "two", LATER, epoch=new)
    owners.own(store, "b", "one", NOW)
    assert not claims.take(store, "slot:701", "b", "one", NOW, epoch=1)
    owners.forget(store, ["a"])
    assert not claims.take(store, "slot:702", "a", "one", NOW, epoch=new)
    assert claims.list_claims(store) == [{"key": "slot:701", "holder": "a", "node": "two", "at": AT}]


def test_who_takes_a_channel_over_answers_for_its_claims(store: Store) -> None:
    owners.own(store, "a", "one", NOW)
    claims.take(store, "slot:701", "a", "one", NOW)
    claims.take(store, "slot:702", "b", "one", NOW)
    owners.own(store, "a", "two", LATER)
    assert claims.release_gone(store, "one", ()) == ["slot:702"]
    assert claims.release_gone(store, "two", ()) == ["slot:701"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)  # SQLite has one writer
@pytest.mark.parametrize("change", ["own", "forget"])
def test_no_older_connection_gets_a_claim_after_another_was_told_that_it_owns_the_channel(
    store: Store, url: str, change: str
) -> None:
    owners.own(store, "a", "one", NOW)
    other, watching, held, let_go = open_database(url), open_database(url), Event(), Event()

    def hold() -> None:
        with suppress(KeyError), other.transaction():
            claims.take(other, "slot:701", "b", "two", NOW)
            held.set()
            let_go.wait()
            raise KeyError  # b never had it

    def waiting() -> int:
        with watching.reading():
            sessions = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            return int(watching.sql(sessions).fetchone()[0])

    def change_owner() -> str | None:
        if change == "own":
            owners.own(store, "a", "two", NOW)
        else:
            owners.forget(store, ["a"])
        return claims.holder_of(store, "slot:701")

    try:
        holding = gevent.spawn(hold)
        assert held.wait(5)
        taking = gevent.spawn(claims.take, store, "slot:701", "a", "one", NOW, epoch=1)
        with gevent.Timeout(5):
            while waiting() < 1:
                gevent.sleep(0.005)
        changing = gevent.spawn(change_owner)
        with gevent.Timeout(5):
            while waiting() < 2 and not changing.ready():
                gevent.sleep(0.005)
        let_go.set()
        holding.get(timeout=5)
        took, seen = taking.get(timeout=5), changing.get(timeout=5)
    finally:
        let_go.set()
        other.close()
        watching.close()
    assert took and seen == "a"


CONTEST = """
claims.take(store, f"here:{own_number}", f"u{own_number}", "one", now)
while not all(claims.holder_of(store, f"here:{number}") for number in range(4)):
    pass  # all of them begin at once
keys = [f"call:{number:03}" for number in range(250)]
turned = keys[own_number * 60:] + keys[:own_number * 60]
print(*(key for key in turned if claims.take(store, key, f"u{own_number}", "one", now)))
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


PASSING = """
ours, won = f"u{own_number}", 0
while claims.holder_of(store, "end") is None and won < 40:
    if claims.pass_on(store, "slot:701", ours, f"u{(own_number + 1 + won) % 3}", "one", now):
        won += 1
claims.take(store, "end", ours, "one", now)
print(won)
"""


def test_a_claim_that_is_passed_on_is_never_lost(store: Store, race: Race) -> None:
    claims.take(store, "slot:701", "u0", "one", NOW)
    assert sum(int(output) for output in race(PASSING, 3)) >= 40
    assert holders(store)["slot:701"] in {"u0", "u1", "u2"}


TAKE_OVER = """
import json
epoch = owners.own(store, "a", f"n{own_number}", now)
seen = [row["key"] for row in claims.list_claims(store)]
results = []
while len(results) < 30 and False not in results[:-5]:
    results.append(claims.take(store, f"{epoch}:{len(results)}", "a", f"n{own_number}", now, epoch=epoch))
print(json.dumps({"epoch": epoch, "seen": seen, "results": results}))
"""


def test_an_older_connection_takes_nothing_once_the_next_one_owns_the_channel(store: Store, race: Race) -> None:
    told = sorted((json.loads(output) for output in race(TAKE_OVER, 4)), key=lambda one: int(one["epoch"]))
    assert [one["epoch"] for one in told] == [1, 2, 3, 4]
    assert told[-1]["results"] == [True] * 30
    taken = Counter(int(key.split(":")[0]) for key in holders(store))
    for one, following in zip(told, told[1:], strict=False):
        won = one["results"].count(True)
        assert one["results"][:won] == [True] * won
        assert taken[one["epoch"]] == won
        assert sum(key.startswith(f"{one['epoch']}:") for key in following["seen"]) == won


HANG_UP = """
uuid = f"u{own_number // 2}"
if own_number % 2:
    while not claims.list_claims(store):
        pass
    owners.forget(store, [uuid])
    claims.release_all(store, uuid)
else:
    count = 0
    while claims.take(store, f"{uuid}:{count}", uuid, "one", now, epoch=1):
        count += 1
"""


def test_a_call_that_hangs_up_while_it_takes_leaves_nothing(store: Store, race: Race) -> None:
    for uuid in ("u0", "u1"):
        owners.own(store, uuid, "one", NOW)
    race(HANG_UP, 4)
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
