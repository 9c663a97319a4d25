"""Whatever callers, phones, crashes and restarts do to parked calls: none forgotten, none in two slots, none crossed.

The policies decide, the database keeps and Slots repairs; only FreeSWITCH and the telephones are played here.
"""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fsctl.store import claims, parked
from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from fsctl.switch.upkeep import slots
from tests.machine.controllers import NODES, USERS, World
from tests.machine.telephones import Channel, Switch

CALLS = 4  # at once: few, so that they meet
TO_PARK = ("701", "702", "*68", "*58", "slot+701")
number = st.integers(0, 99)
node_names = st.sampled_from(NODES)


class Machine(RuleBasedStateMachine):
    """What happens, in any order."""

    def __init__(self, store: Store, shared: bool) -> None:
        super().__init__()
        self.world = World(store, shared=shared)
        self.slow: set[str] = set()

    # ---- people

    @initialize(calls=st.lists(st.tuples(st.sampled_from(USERS), st.booleans()), min_size=2, max_size=CALLS))
    def some_talk_and_some_wait(self, calls: list[tuple[str, bool]]) -> None:
        for where, (user, waits) in enumerate(calls):
            self.somebody_calls(where, user)
            if waits:
                self.is_transferred(0, "*58")
                self._all_go_on()
        self.world.older = self.world.rows()

    @precondition(lambda self: len(self._callers()) < CALLS)
    @rule(where=number, user=st.sampled_from(USERS))
    def somebody_calls(self, where: int, user: str) -> None:
        switch = self.world.switches[where % len(self.world.switches)]
        caller = self.world.make(switch, None, "controller")
        switch.connect(caller, self.world.make(switch, user, "controller"))

    @precondition(lambda self: self._callers("talks"))
    @rule(pick=number, to=st.sampled_from(TO_PARK))
    def is_transferred(self, pick: int, to: str) -> None:
        switch, caller = self._one(pick, "talks")
        if self.world.serving(switch):
            phone = switch.channels[caller.peer]
            caller.doing, caller.peer, caller.slot, caller.told = "controller", "", "", False
            self.world.end(switch, phone)
            switch.changed(caller)
            self.world.dial(switch, caller, to, phone.user or "", transferred=True)

    @precondition(lambda self: self._callers("talks"))
    @rule(pick=number, to=st.sampled_from(TO_PARK))
    def is_held_by_who_dials(self, pick: int, to: str) -> None:
        switch, caller = self._one(pick, "talks")
        if self.world.serving(switch):
            phone = switch.channels[caller.peer]
            phone.held = True
            switch.changed(phone)
            self._hear()
            self.world.dial(switch, self.world.make(switch, phone.user, "controller"), to, phone.user or "")

    @precondition(lambda self: self._callers("waits", "back"))
    @rule(pick=number, users=st.lists(st.sampled_from(USERS), min_size=1, max_size=2), by_code=st.booleans())
    def is_asked_for(self, pick: int, users: list[str], by_code: bool) -> None:
        """By two in the same moment, too."""
        switch, caller = self._one(pick, "waits", "back")
        for user in users if self.world.serving(switch) else ():
            dialled = caller.slot if not by_code else "slot+701" if caller.slot == "701" else "*88"
            self.world.dial(switch, self.world.make(switch, user, "controller"), dialled, user)

    @rule(pick=number, a_phone=st.booleans())
    def hangs_up(self, pick: int, a_phone: bool) -> None:
        found = [(switch, each) for switch in self.world.switches for each in switch.channels.values()
                 if (each.user is not None) == a_phone]
        if found:
            self.world.end(*found[pick % len(found)])

    # ---- time and machines

    @precondition(lambda self: self.world.acting)
    @rule(pick=number, steps=st.sampled_from([1, 1, 2, 4]), answered=st.booleans())
    def a_controller_goes_on(self, pick: int, steps: int, answered: bool) -> None:
        act = self.world.acting[pick % len(self.world.acting)]
        for _ in range(steps):
            if act in self.world.acting:
                self.world.go_on(act, answered=answered)

    @precondition(lambda self: self._callers("waits"))
    @rule(pick=number)
    def its_time_is_over(self, pick: int) -> None:
        switch, caller = self._one(pick, "waits")
        self.world.recall(switch, caller, caller.slot)

    @rule(what=st.sampled_from(["slow", "hears", "compares", "crashes", "starts", "minutes"]), node=node_names,
          seconds=st.integers(1, 20))
    def time_goes_by(self, what: str, node: str, seconds: int) -> None:
        """And a controller or its link is slow, does what it does now and then, dies, or is there again."""
        self.world.now += timedelta(seconds=seconds)
        running = self.world.running.get(node)
        if what == "slow":
            self.slow ^= {node}
        elif what == "starts":
            self._all_run()
        elif what == "minutes":
            self._all_is_put_right()
        elif running and what == "hears":
            running.hear(seconds)
        elif running and what == "compares":
            running.compare()
        elif running and what == "crashes":
            self.world.crash(node)

    @precondition(lambda self: self._callers("waits"))
    @rule(pick=number, switch_too=st.booleans())
    def something_is_replaced(self, pick: int, switch_too: bool) -> None:
        """Somebody puts an older database back, or starts FreeSWITCH again."""
        if not switch_too:
            self.world.put_back()
            return
        switch, _ = self._one(pick, "waits")
        self.world.acting = [act for act in self.world.acting if act.switch is not switch]
        switch.restart()
        for controller in self.world.running.values():
            if switch in controller.switches:
                controller.restarted(switch)

    def _all_is_put_right(self) -> None:
        """By the second comparison after everybody has done what he was about to do, and it stays so."""
        self._all_run()
        for comparison in range(3):
            self._all_go_on()
            self.world.now += timedelta(seconds=60)
            for controller in self.world.running.values():
                controller.hear(1000)
                controller.compare()
            if comparison:
                self._check()
        self._all_go_on()
        for controller in self.world.running.values():
            controller.hear(1000)
        self._check()

    def teardown(self) -> None:
        self._all_is_put_right()

    # ---- what always holds

    @invariant()
    def nobody_is_forgotten(self) -> None:
        assert not self.world.lost
        acting = {act.channel.uuid for act in self.world.acting}
        for switch in self.world.switches:
            for caller in switch.callers("controller", "back"):
                assert caller.uuid in acting, caller

    @invariant()
    def nobody_is_crossed(self) -> None:
        for switch in self.world.switches:
            for caller in switch.callers():
                assert bool(caller.peer) == (caller.doing == "talks"), caller
                if caller.peer:
                    phone = switch.channels[caller.peer]
                    assert phone.user is not None and phone.peer == caller.uuid, (caller, phone)

    def _check(self) -> None:
        """What the books say is so, and they say everything."""
        waits = [caller for switch in self.world.switches for caller in switch.callers("waits")]
        back = {caller.uuid for switch in self.world.switches for caller in switch.callers("back")}
        rows = {row["slot"]: row["uuid"] for row in parked.list_parked(self.world.store)}
        assert len({caller.slot for caller in waits}) == len(waits), ("two in a slot", waits)
        here = {caller.slot: caller.uuid for caller in waits}
        assert here == {slot: uuid for slot, uuid in rows.items() if uuid not in back}
        channels = {uuid for switch in self.world.switches for uuid in switch.channels}
        assert {row["holder"] for row in claims.list_claims(self.world.store)} <= channels

    # ---- how it is done

    @invariant()
    def _hear(self) -> None:
        """Links hear at once, unless they are slow."""
        for node in self.world.running.keys() - self.slow:
            self.world.running[node].hear(1000)

    def _callers(self, *doing: str) -> list[tuple[Switch, Channel]]:
        return [(switch, caller) for switch in self.world.switches for caller in switch.callers(*doing)]

    def _one(self, pick: int, *doing: str) -> tuple[Switch, Channel]:
        found = self._callers(*doing)
        return found[pick % len(found)]

    def _all_run(self) -> None:
        for node in NODES:
            if node not in self.world.running:
                self.world.start(node)

    def _all_go_on(self) -> None:
        while self.world.acting:
            self.world.go_on(self.world.acting[0])
        self.nobody_is_forgotten()


@pytest.fixture
def store(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A migrated database, used by all examples. What Slots would do at the next opportunity, it does at once."""
    monkeypatch.setattr(slots, "gevent", SimpleNamespace(spawn=lambda run, *arguments: run(*arguments)))
    store = open_database(url)
    migrate(store)
    yield store
    store.close()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("shared", [False, True], ids=["a switch each", "one switch"])
def test_parked_calls_whatever_happens(store: Store, shared: bool) -> None:
    run_state_machine_as_test(
        lambda: Machine(store, shared),
        settings=settings(
            max_examples=settings().max_examples * (3 if store.postgresql else 10) // 5, stateful_step_count=50,
            deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]))
