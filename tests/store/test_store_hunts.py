"""Hunt groups in the database: whose turn it is, who is reserved, who has been idle since when."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from fsctl.model.hunting import Standing, Tally
from fsctl.store import claims, hunt_standing, hunts
from fsctl.store.database import Store
from fsctl.store.history import list_changes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MEMBERS = ("101", "102", "103")


def standing(store, caller="", **options):
    return hunt_standing.read_standing(store, "sales", MEMBERS, caller, **options)


def reserve(store, member, turn=0, holder="a", now=NOW):
    return hunts.reserve(store, "sales", member, turn, holder, "n", now)


def accept(store, member, holder="a", leg="leg", after=0, hunt="sales"):
    hunts.accept(store, hunt, member, holder, leg, "n", NOW + timedelta(minutes=after))


def part(store, leg="leg", after=0):
    hunts.part(store, leg, NOW + timedelta(minutes=after))


def test_one_call_at_a_time_rings_a_member(store: Store):
    assert reserve(store, "101")
    assert reserve(store, "101"), "who has him already has him again"
    assert not reserve(store, "101", holder="b")
    assert reserve(store, "102", holder="b")
    assert standing(store, "a").reserved == {"102"}
    assert standing(store).reserved == {"101", "102"}


def test_a_member_of_two_groups_is_rung_by_one_call(store: Store):
    assert reserve(store, "101")
    assert not hunts.reserve(store, "service", "101", 0, "b", "n", NOW)


def test_who_was_rung_in_vain_is_free_again(store: Store):
    reserve(store, "101")
    hunts.free_members(store, ["101"], "b")
    assert standing(store).reserved == {"101"}, "another call frees nobody"
    hunts.free_members(store, ["101"], "a")
    assert standing(store).reserved == frozenset()
    assert standing(store).pointer is None


def test_accepting_moves_the_pointer_and_ends_the_reservation(store: Store):
    reserve(store, "102")
    before = standing(store)
    accept(store, "102")
    after = standing(store)
    assert (after.pointer, after.turn, after.reserved) == ("102", before.turn + 1, frozenset())
    assert after.tally("102").calls == 1 and after.tally("102").talking


def test_what_was_seen_before_somebody_accepted_counts_no_more(store: Store):
    seen = standing(store)
    reserve(store, "101", holder="b")
    accept(store, "101", holder="b")
    assert not reserve(store, "101", seen.turn)
    assert not reserve(store, "102", seen.turn)
    assert reserve(store, "102", seen.turn + 1)


@pytest.mark.parametrize(("places", "pointer", "place"), [
    ([("101", 1), ("102", 2)], "102", 2), ([("102", 2), ("101", 1)], "102", 2), ([("103", 3), ("101", 4)], "101", 4),
    ([("102", 2), ("101", None)], "101", 3), ([("101", None), ("102", 2)], "102", 2),
    ([("102", 2), ("103", 2)], "102", 2),
])
def test_calls_that_ring_at_once_may_be_taken_in_any_order(store: Store, places, pointer, place):
    for member, each in places:
        hunts.accept(store, "sales", member, "a", "leg", "n", NOW, each)
    found = standing(store)
    assert (found.pointer, found.place, found.turn) == (pointer, place, len(places))


@pytest.mark.parametrize("others", [0, 60])
def test_how_a_group_stands_for_a_call_that_asks_not_who_is_idle(store: Store, others):
    """Few reservations, or too many to read those of all groups: it is the same."""
    for number in range(others):
        assert hunts.reserve(store, "service", f"9{number}", 0, "c", "n", NOW)
    assert reserve(store, "102", holder="b")
    assert reserve(store, "103")
    hunts.reserve(store, "service", "8", 0, "b", "n", NOW)
    accept(store, "101")
    hunts.accept(store, "service", "7", "z", "elsewhere", "n", NOW)

    def seen(seconds):
        return hunt_standing.read_turn(store, "sales", MEMBERS, "a", NOW + timedelta(seconds=seconds))

    just, later = seen(1), seen(3)
    assert (just.pointer, just.turn, just.place, just.reserved) == ("101", 1, 1, {"102"})
    assert dict(just.tallies) == {"101": Tally(accepted_at=NOW, talking=True)} and later == replace(just, tallies={})
    part(store)
    assert not seen(1).tallies
    assert hunt_standing.read_reserved(store, MEMBERS) == {"102", "103"}


def test_a_group_that_was_never_called(store: Store):
    assert hunt_standing.read_turn(store, "sales", MEMBERS, "a", NOW) == Standing()


def test_groups_have_pointers_of_their_own(store: Store):
    accept(store, "101")
    assert hunt_standing.read_standing(store, "service", MEMBERS).pointer is None
    assert hunt_standing.read_standing(store, "service", MEMBERS).tally("101").talking, "but who talks, talks"


def test_idle_since_the_end_of_the_last_call(store: Store):
    accept(store, "101", leg="first")
    part(store, "other", after=1)
    assert standing(store).tally("101").talking
    part(store, "first", after=2)
    tally = standing(store).tally("101")
    assert (tally.talking, tally.idle_since) == (False, NOW + timedelta(minutes=2))
    part(store, "first", after=9)
    assert standing(store).tally("101").idle_since == NOW + timedelta(minutes=2)


def test_a_call_whose_end_nobody_noticed_counts_from_its_beginning(store: Store):
    accept(store, "101", leg="one")
    part(store, "one", after=1)
    accept(store, "101", leg="two", after=5)
    assert standing(store).tally("101").idle_since == NOW + timedelta(minutes=5)


def test_calls_of_any_kind(store: Store):
    accept(store, "101", leg="one")
    part(store, "one", after=1)
    accept(store, "102", leg="two", hunt="service")
    part(store, "two", after=2)
    hunts.talked(store, "101", NOW + timedelta(minutes=3))
    hunts.talked(store, "103", NOW + timedelta(minutes=4))
    hunts.talked(store, "103", NOW + timedelta(minutes=5))

    def minutes(found):
        idle = [found.tally(member).idle_since for member in MEMBERS]
        return [since and int((since - NOW).total_seconds() / 60) for since in idle]

    assert minutes(standing(store)) == [1, None, None]
    assert minutes(standing(store, all_calls=True)) == [3, 2, 5]
    assert [standing(store, all_calls=True).tally(member).calls for member in MEMBERS] == [1, 0, 0]


def test_channels_that_are_gone(store: Store):
    for member, leg, after in (("101", "gone", 0), ("102", "alive", 0), ("103", "new", 5)):
        accept(store, member, leg=leg, after=after)
    hunts.part_gone(store, "m", (), NOW + timedelta(minutes=9), NOW)
    assert all(standing(store).tally(member).talking for member in MEMBERS), "another controller's"
    hunts.part_gone(store, "n", {"alive"}, NOW + timedelta(minutes=5), NOW + timedelta(minutes=6))
    assert [standing(store).tally(member).talking for member in MEMBERS] == [False, True, True]
    assert standing(store).tally("101").idle_since == NOW + timedelta(minutes=6)


def test_a_controller_that_begins_anew_rings_nobody(store: Store):
    reserve(store, "101")
    hunts.reserve(store, "sales", "102", 0, "b", "other", NOW)
    claims.take(store, "slot:701", "a", "n", NOW)
    assert hunts.free_all(store, "n") == ["member:101"]
    assert [claim["key"] for claim in claims.list_claims(store)] == ["member:102", "slot:701"]


def test_reset(store: Store):
    accept(store, "101", leg="one")
    part(store, "one")
    accept(store, "102", leg="two")
    seen = standing(store)
    assert hunts.reset(store, "sales", "op", NOW)
    after = standing(store)
    assert (after.pointer, after.tally("101")) == (None, type(after.tally("101"))())
    assert (after.tally("102").calls, after.tally("102").talking) == (0, True)
    assert not reserve(store, "103", seen.turn), "whoever looked before looks again"
    assert (list_changes(store)[0]["path"], list_changes(store)[0]["before"]) == ("hunt.sales", "102")


def test_a_reset_that_changes_nothing(store: Store):
    assert not hunts.reset(store, "sales", "op", NOW)
    accept(store, "101")
    part(store)
    assert hunts.reset(store, "sales", "op", NOW)
    assert not hunts.reset(store, "sales", "op", NOW)
    assert len(list_changes(store)) == 1


# ---- races --------------------------------------------------------------------------------------------

#: Each process hunts in turn: looks, reserves whom the circle names, and accepts for him, or not. 1,000 calls in all.
HUNT = """
from fsctl.model.sections import Hunt
from fsctl.policies.hunt_order import order
from fsctl.store import hunt_standing, hunts
members, hunt = tuple("abcde"), Hunt(extension="300", policy="circular")
for call in range(250):
    holder = f"{own_number}-{call}"
    while True:
        seen = hunt_standing.read_standing(store, "sales", members, holder)
        ordered = order(hunt, members, seen, 0.0)
        free = [each for each in ordered if each not in seen.reserved]
        if free and hunts.reserve(store, "sales", free[0], seen.turn, holder, "n", now):
            break
    place = seen.place + ordered.index(free[0]) + 1
    if call % 10 == 9:
        hunts.free_members(store, free[:1], holder)
    else:
        hunts.accept(store, "sales", free[0], holder, holder, "n", now, place)
        hunts.part(store, holder, now)
    print(seen.turn, seen.pointer, seen.place, free[0], place, call % 10 != 9)
"""


@pytest.mark.timeout(300)
def test_a_thousand_calls_at_once_go_round_the_circle(store: Store, race):
    calls = [line.split() for output in race(HUNT, 4) for line in output.splitlines()]
    assert len(calls) == 1000
    found = hunt_standing.read_standing(store, "sales", tuple("abcde"))
    taken = Counter(member for *_, member, _, accepted in calls if accepted == "True")
    assert {member: found.tally(member).calls for member in "abcde"} == taken
    assert found.turn == taken.total() == 900
    assert found.reserved == frozenset() and not claims.list_claims(store)
    # At each turn all saw the same, the pointer never went back, and it ended where the furthest call was taken.
    seen = {int(turn): (pointer, int(place)) for turn, pointer, place, *_ in calls}
    assert len({(turn, pointer, place) for turn, pointer, place, *_ in calls}) == len(seen)
    places = [seen[turn][1] for turn in sorted(seen)]
    assert places == sorted(places)
    furthest = max((int(place), member) for *_, member, place, accepted in calls if accepted == "True")
    assert (found.place, found.pointer) == furthest


#: All want the same member, who accepts nobody.
RESERVE = """
from fsctl.store import hunt_standing, hunts
won = []
for call in range(1000):
    holder = f"{own_number}-{call}"
    won.append(hunts.reserve(store, "sales", f"m{call}", 0, holder, "n", now))
print("".join("01"[each] for each in won))
"""


@pytest.mark.timeout(300)
def test_a_thousand_races_have_one_winner_each(store: Store, race):
    outputs = [output.strip() for output in race(RESERVE, 3)]
    assert [sum(map(int, column)) for column in zip(*outputs, strict=True)] == [1] * 1000


#: One accepts for each member that it has; the others want him as they have seen the group before that.
TURN = """
from fsctl.store import hunt_standing, hunts
wins = 0
for number in range(200):
    group, member = f"g{number}", f"m{number}"
    if own_number == 0:
        hunts.accept(store, group, member, "caller", "leg", "n", now)
        continue
    while True:
        wins += hunts.reserve(store, group, member, 0, f"x{own_number}", "n", now)
        if hunt_standing.read_standing(store, group, (member,)).turn:
            break
print(wins)
"""


@pytest.mark.timeout(300)
def test_nobody_gets_a_member_between_the_reservation_and_the_turn(store: Store, race):
    for number in range(200):
        assert hunts.reserve(store, f"g{number}", f"m{number}", 0, "caller", "n", NOW)
    assert [output.strip() for output in race(TURN, 3)] == ["0"] * 3
