"""Whatever calls, members, hang-ups and crashes do: who is rung is rung by one call, and the circle goes round.

The policies decide and the database keeps; only the telephones are played here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from fsctl.model.actions import Because, Hangup, Policy, Reserve, Ring, Survey, Wait
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, CallerGone, NoAnswer, Offline, Outcome, Performed, Rejected
from fsctl.policies import hunt_group
from fsctl.store import claims, hunt_standing, hunts
from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from fsctl.store.tables import Claim, HuntMember, HuntTurn
from fsctl.switch.calls.hunt_part import HuntedCall
from fsctl.switch.calls.hunt_store import StoreHunts
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import LiveTable
from tests.unit.builders import ANNA, AT, SALES, a_call, an_office

NODES = ("one", "two")
MEMBERS = ("101", "102", "103", "104")
number = st.integers(0, 99)


def office(policy):
    group = replace(SALES, members=MEMBERS, hunt=replace(SALES.hunt, policy=policy, busy=None, unreachable=None))
    return an_office(groups={"sales": group}, users={user: replace(ANNA, extension=user) for user in MEMBERS})


@dataclass
class Hunted:
    """A call: its policy, and whom it rings, or with whom it talks."""

    node: str
    policy: Policy
    part: HuntedCall
    rings: str = ""
    talks: str = ""


class World:
    """Two controllers on one database, the telephones, and the calls that come."""

    def __init__(self, store: Store, policy: str) -> None:
        self.store, self.office = store, office(policy)
        with store.transaction():
            for table in (Claim, HuntTurn, HuntMember):
                store.run(table.delete())
        self.now, self.arrived = AT, 0
        self.table = LiveTable("switch")
        self.table.know(True)
        heard = HeardHere([self.table])
        self.hunts = {node: StoreHunts(store, node, self._now, heard) for node in NODES}
        self.calls: dict[str, Hunted] = {}
        self.took: Counter[str] = Counter()
        self.lost: dict[str, str] = {}  # what killed controllers had reserved: the call, by member

    def _now(self) -> datetime:
        return self.now

    def arrive(self, node: str) -> str:
        self.arrived += 1
        uuid = f"u{self.arrived}"
        call = replace(a_call("hunt:sales", user=None), uuid=uuid, at=self.now)
        part = HuntedCall(call, self.office, self.hunts[node])
        self.calls[uuid] = Hunted(node, hunt_group.run(call, self.office, Live()), part)
        self.go_on(uuid, None)
        return uuid

    def go_on(self, uuid: str, outcome: Outcome | None) -> None:
        """Drive a call until it rings somebody, waits, or leaves the group."""
        call = self.calls[uuid]
        call.rings = ""
        try:
            wanted = next(call.policy) if outcome is None else call.policy.send(outcome)
            while not isinstance(wanted, Ring | Wait):
                match wanted:
                    case Survey():
                        wanted = call.policy.send(call.part.survey(wanted))
                    case Reserve():
                        wanted = call.policy.send(call.part.reserve(wanted))
                    case Because():
                        wanted = next(call.policy)
                    case Hangup():
                        wanted = call.policy.send(CallerGone())
            if isinstance(wanted, Ring):
                (leg,) = wanted.legs
                call.rings = leg.target.name
        except StopIteration:
            del self.calls[uuid]

    def not_answered(self, uuid: str, outcome: Outcome) -> None:
        self.calls[uuid].part.ended()
        self.go_on(uuid, outcome)

    def answered(self, uuid: str, *, crash: bool = False) -> None:
        """With ``crash`` the controller is killed between the answer and writing it down."""
        call, self.now = self.calls[uuid], self.now + timedelta(milliseconds=1)
        call.talks, call.rings = call.rings, ""
        self.took[call.talks] += 1
        if crash:
            self.lost[call.talks] = uuid
            del self.calls[uuid]
            return
        call.part.accepted("sales", Destination("user", call.talks), f"leg-{uuid}")
        self.table.calls[f"leg-{uuid}"] = LiveCall(
            f"leg-{uuid}", call.talks, uuid, "outbound", "talking", self.now)
        self.table.version += 1

    def parted(self, uuid: str) -> None:
        call = self.calls.pop(uuid)
        call.part.ended()
        with pytest.raises(StopIteration):
            call.policy.send(Answered(Destination("user", call.talks)))
        del self.table.calls[f"leg-{uuid}"]
        self.table.version += 1

    def begin_anew(self, node: str) -> None:
        """A killed controller runs again, and the calls that it had are gone."""
        freed = hunts.free_all(self.store, node)
        self.lost = {member: uuid for member, uuid in self.lost.items() if hunts.key_of(member) not in freed}

    def standing(self):
        return hunt_standing.read_standing(self.store, "sales", MEMBERS)


class Machine(RuleBasedStateMachine):
    """What happens, in any order."""

    def __init__(self, store: Store, policy: str) -> None:
        super().__init__()
        self.world = World(store, policy)
        self.place = self.turn = 0

    @precondition(lambda self: len(self.world.calls) < 6)
    @rule(node=st.sampled_from(NODES))
    def arrives(self, node: str) -> None:
        self.world.arrive(node)

    @rule(pick=number)
    def is_answered(self, pick: int) -> None:
        if uuid := self._one(pick, "rings"):
            self.world.answered(uuid)

    @rule(pick=number, outcome=st.sampled_from([Rejected(), NoAnswer(), Offline()]))
    def is_not_answered(self, pick: int, outcome: Outcome) -> None:
        if uuid := self._one(pick, "rings"):
            self.world.now += timedelta(seconds=15 * isinstance(outcome, NoAnswer))
            self.world.not_answered(uuid, outcome)

    @rule(pick=number)
    def the_caller_gives_up(self, pick: int) -> None:
        if uuid := self._one(pick, "rings") or self._waiting(pick):
            call = self.world.calls.pop(uuid)
            call.policy.close()
            call.part.ended()

    @rule(pick=number)
    def the_talk_ends(self, pick: int) -> None:
        if uuid := self._one(pick, "talks"):
            self.world.parted(uuid)

    @rule(pick=number, seconds=st.integers(0, 5))
    def who_waits_looks_again(self, pick: int, seconds: int) -> None:
        if uuid := self._waiting(pick):
            self.world.now += timedelta(seconds=seconds)
            self.world.go_on(uuid, Performed())

    @rule(node=st.sampled_from(NODES))
    def a_controller_is_killed_and_begins_anew(self, node: str) -> None:
        for uuid, call in list(self.world.calls.items()):
            if call.node == node:
                self.world.table.calls.remove(f"leg-{uuid}")
                del self.world.calls[uuid]
        self.world.table.version += 1
        self.world.begin_anew(node)

    @invariant()
    def nobody_is_rung_by_two_calls(self) -> None:
        rung = [call.rings for call in self.world.calls.values() if call.rings]
        assert len(rung) == len(set(rung))
        reserved = {row["key"]: row["holder"] for row in claims.list_claims(self.world.store)}
        assert reserved == {hunts.key_of(call.rings): uuid for uuid, call in self.world.calls.items() if call.rings}

    @invariant()
    def nobody_who_talks_is_rung(self) -> None:
        talking = [call.talks for call in self.world.calls.values() if call.talks]
        assert len(talking) == len(set(talking))
        assert not set(talking) & {call.rings for call in self.world.calls.values()}

    @invariant()
    def the_pointer_names_a_member_and_never_goes_back(self) -> None:
        found = self.world.standing()
        assert found.turn == self.world.took.total() and found.place >= self.place
        assert found.pointer in MEMBERS if found.turn else found.pointer is None
        assert {member: found.tally(member).calls for member in MEMBERS} == dict.fromkeys(MEMBERS, 0) | self.world.took
        self.place = found.place

    def _one(self, pick: int, doing: str) -> str:
        found = [uuid for uuid, call in self.world.calls.items() if getattr(call, doing)]
        return found[pick % len(found)] if found else ""

    def _waiting(self, pick: int) -> str:
        found = [uuid for uuid, call in self.world.calls.items() if not call.rings and not call.talks]
        return found[pick % len(found)] if found else ""


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A migrated database, used by all examples."""
    store = open_database(url)
    migrate(store)
    yield store
    store.close()


PATIENT = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much,
                                          HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("policy", ["linear", "circular", "longest-idle"])
def test_hunts_whatever_happens(store: Store, policy: str) -> None:
    run_state_machine_as_test(
        lambda: Machine(store, policy), settings=settings(PATIENT, max_examples=25, stateful_step_count=30))


@given(laps=st.integers(1, 4), crashes=st.lists(st.integers(0, 15), max_size=3, unique=True))
@settings(PATIENT, max_examples=40)
def test_one_after_the_other_each_gets_as_many(store: Store, laps: int, crashes: list[int]) -> None:
    """k calls a member; one more or less for each controller that is killed before it has written down who took one."""
    world = World(store, "circular")
    crashed = 0
    for each in range(laps * len(MEMBERS)):
        uuid = world.arrive(NODES[each % 2])
        world.answered(uuid, crash=each in crashes)
        if each in crashes:
            crashed += 1
            world.begin_anew(NODES[each % 2])
        else:
            world.parted(uuid)
    assert all(abs(world.took[member] - laps) <= crashed for member in MEMBERS), world.took


@given(waves=st.lists(st.permutations(range(3)), min_size=4, max_size=12), at_once=st.integers(1, 3))
@settings(PATIENT, max_examples=40)
def test_calls_at_once_are_spread_whatever_the_order_they_are_taken_in(
    store: Store, waves: list[list[int]], at_once: int
) -> None:
    """k calls a member, more or less as many as there were at once."""
    world = World(store, "circular")
    for wave in waves:
        uuids = [world.arrive(NODES[each % 2]) for each in range(at_once)]
        for position in (each for each in wave if each < at_once):
            world.answered(uuids[position])
        for uuid in uuids:
            world.parted(uuid)
    k = len(waves) * at_once / len(MEMBERS)
    assert all(abs(world.took[member] - k) <= at_once for member in MEMBERS), world.took
    assert max(world.took.values()) - min(world.took[member] for member in MEMBERS) <= 1, world.took
