"""Whatever callers, phones, crashes and restarts do to parked calls: none forgotten, none in two slots, none crossed.

The policies decide, the database keeps and Slots repairs; only FreeSWITCH and the telephones are played here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
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

from fsctl.model.actions import Answer, Because, Claim, Connect, Hangup, Park, Play, Policy, Reroute, Ring, Unpark
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Failed, NoAnswer, Outcome, Parked, Performed, Taken, Won
from fsctl.model.sections import Park as Terms
from fsctl.policies import call_park
from fsctl.store import claims, parked
from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from fsctl.store.parked import Entry
from fsctl.store.tables import Claim as ClaimRow
from fsctl.store.tables import ParkedCall
from fsctl.switch import slots
from fsctl.switch.heard import HeardHere
from fsctl.switch.live import LiveTable
from fsctl.switch.slots import Slots
from tests.machine.telephones import Channel, Switch
from tests.unit.builders import AT, SALES, a_call, an_office

NODES = ("one", "two")
USERS = ("101", "102")
SLOTS = ("701", "702")
CALLS = 4  # at once: few, so that they meet
OFFICE = an_office(groups={"sales": replace(SALES, park=Terms(extensions=SLOTS))})
TO_PARK = ("701", "702", "*68", "*58", "slot+701")
CODES = {"*68": "park", "*58": "group_park", "*88": "retrieve", "slot+701": "slot_key"}
number = st.integers(0, 99)
node_names = st.sampled_from(NODES)


@dataclass
class Acting:
    """A call at its controller: what its policy wants next. ``begun``: half of that is done."""

    node: str
    switch: Switch
    channel: Channel
    policy: Policy
    wanted: object = None
    begun: int = 0
    back_from: str = ""


class Controller:
    """One process: what its links have heard, and its Slots. It is given FreeSWITCHes, and takes their calls."""

    def __init__(self, world: "World", node: str, switches: list[Switch]) -> None:
        self.node, self.switches, self.tables = node, switches, [LiveTable(switch.name) for switch in switches]
        self.heard = HeardHere(self.tables)
        self.slots = Slots(world.store, node, lambda: OFFICE, self.heard, lambda: world.now)
        self._world = world
        for switch, table in zip(switches, self.tables, strict=True):
            switch.told[node] = []
            for uuid in switch.channels:
                self._look(switch, table, uuid)
            table.know(True)

    def hear(self, most: int) -> None:
        for switch, table in zip(self.switches, self.tables, strict=True):
            for event in switch.heard(self.node, most):
                self._look(switch, table, event["Unique-ID"])
                self.slots(event)

    def restarted(self, switch: Switch) -> None:
        table = self.tables[self.switches.index(switch)]
        lost = table.clear()
        self.slots.restarted(lost)
        for uuid in lost:
            claims.release_all(self._world.store, uuid)

    def compare(self) -> None:
        """As the links do every minute, which ask for all channels first."""
        self.hear(1000)
        alive = {uuid for table in self.tables for uuid in table.calls}
        claims.release_gone(self._world.store, self.node, alive, before=self._world.now - timedelta(seconds=5))
        self.slots.round(lambda name: self._world.link(self, name))  # type: ignore[arg-type, return-value]

    def _look(self, switch: Switch, table: LiveTable, uuid: str) -> None:
        call = switch.view(uuid, self._world.now)
        if call is None:
            table.calls.pop(uuid, None)
        else:
            table.calls[uuid] = call
        table.version += 1


class World:
    """Two controllers on one database, at one FreeSWITCH or at one each, and who calls whom there."""

    def __init__(self, store: Store, *, shared: bool) -> None:
        self.store, self.now, self.made = store, AT, 0
        with store.transaction():
            for table in (ParkedCall, ClaimRow):
                store.run(table.delete())
        self.switches = [Switch(name) for name in ("a",) * shared or ("a", "b")]
        self.at = {node: [self.switches[0 if shared else each]] for each, node in enumerate(NODES)}
        self.running: dict[str, Controller] = {}
        for node in NODES:
            self.start(node)
        self.acting: list[Acting] = []
        self.lost: list[str] = []
        self.older = self._rows()

    def put_back(self) -> None:
        """The books as they were the last time, and these for the next time."""
        rows = self._rows()
        with self.store.transaction():
            self.store.run(ParkedCall.delete())
            if self.older:
                self.store.run(ParkedCall.insert_many(self.older))
        self.older = rows

    def _rows(self) -> list[dict[str, str]]:
        with self.store.reading():
            return list(self.store.run(ParkedCall.select().dicts()))

    # ---- controllers

    def start(self, node: str) -> None:
        self.running[node] = Controller(self, node, self.at[node])

    def crash(self, node: str) -> None:
        """Its calls go where the dialplan sends them; who had parked a held one leaves, and that one goes to its slot.
        """
        del self.running[node]
        for switch in self.at[node]:
            switch.told.pop(node)
        for act in [each for each in self.acting if each.node == node]:
            self.acting.remove(act)
            self.left_to_the_switch(act)

    def left_to_the_switch(self, act: Acting) -> None:
        channel = act.channel
        if channel.uuid not in act.switch.channels or channel.doing == "talks":
            return
        if act.back_from:
            act.switch.wait(channel, act.back_from)
        elif channel.user is None:
            act.switch.connect(channel, self.make(act.switch, USERS[0], "controller"))
        else:
            self.end(act.switch, channel)

    def serving(self, switch: Switch) -> str | None:
        return next((node for node in self.running if switch in self.at[node]), None)

    def link(self, controller: Controller, name: str) -> object:
        """What Slots says to FreeSWITCH: that somebody shall come back."""
        switch = next(each for each in controller.switches if each.name == name)

        def bgapi(text: str) -> str:
            command, uuid, to, *_ = text.split()
            assert command == "uuid_transfer" and to.startswith("recall+")
            if caller := switch.channels.get(uuid):
                if phone := switch.channels.get(caller.peer):
                    caller.peer = ""
                    switch.end(phone)
                self.forget_acting(caller)
                self.recall(switch, caller, to.removeprefix("recall+"))
            return "+OK"

        return SimpleNamespace(bgapi=bgapi)

    # ---- calls

    def make(self, switch: Switch, user: str | None, doing: str) -> Channel:
        self.made += 1
        channel = Channel(f"{'caller' if user is None else 'phone'}{self.made}", user, doing)
        switch.channels[channel.uuid] = channel
        switch.changed(channel)
        return channel

    def end(self, switch: Switch, channel: Channel) -> None:
        """A phone that was parking a held call leaves it in its slot, whoever hung up."""
        switch.end(channel)
        for act in [each for each in self.acting if each.channel.uuid not in each.switch.channels]:
            self.acting.remove(act)
            if act.begun == 2 and isinstance(act.wanted, Park) and (held := act.switch.channels.get(act.wanted.uuid)):
                self.forget_acting(held)
                act.switch.wait(held, act.wanted.slot)

    def dial(self, switch: Switch, channel: Channel, dialled: str, by: str, *, transferred: bool = False) -> None:
        """Somebody dials, or transfers the channel there."""
        name = CODES.get(dialled)
        call = replace(
            a_call(f"code:{name}" if name else f"slot:{dialled}", user=channel.user, dialled=dialled),
            uuid=channel.uuid, by=by, transferred_by=by if transferred else None, at=self.now)
        node = self.serving(switch)
        assert node is not None
        live = self.running[node].heard.current()
        if name is None:
            policy = call_park.run(call, OFFICE, live)
        else:
            policy = call_park.CODES[name].run(call, OFFICE, live, "701" if name == "slot_key" else "")
        self.begin(Acting(node, switch, channel, policy))

    def recall(self, switch: Switch, caller: Channel, slot: str) -> None:
        """His time is over. Without a controller the dialplan rings whom it was told, who does not answer here."""
        switch.come_back(caller)
        node = self.serving(switch)
        if node is None:
            switch.wait(caller, slot)
            return
        call = replace(a_call("user:101", user=None), uuid=caller.uuid, to=Destination("recall", slot),
                       parker=caller.parker, by=caller.parker, at=self.now)
        policy = call_park.run(call, OFFICE, self.running[node].heard.current())
        self.begin(Acting(node, switch, caller, policy, back_from=slot))

    def forget_acting(self, channel: Channel) -> None:
        """Another one moves the channel: its policy ends."""
        for act in [each for each in self.acting if each.channel is channel]:
            act.policy.close()
            self.acting.remove(act)

    # ---- what a controller does, half a step at a time: it can be killed in between

    def begin(self, act: Acting) -> None:
        self.acting.append(act)
        self._send(act, None)

    def go_on(self, act: Acting, *, answered: bool = False) -> None:
        match act.wanted:
            case Park():
                self._park(act, act.wanted)
            case Connect():
                self._connect(act, act.wanted)
            case Claim(key):
                won = claims.take(self.store, key, act.channel.uuid, act.node, self.now)
                self._send(act, Won() if won else Taken())
            case Ring(legs) if answered:
                self.acting.remove(act)
                phone = self.make(act.switch, legs[0][0].target.name, "controller")
                act.switch.connect(act.channel, phone)
            case Ring():
                self._send(act, NoAnswer())
            case Unpark():
                act.channel.slot, act.channel.told = "", False
                parked.free(self.store, [act.channel.uuid])
                self._send(act, Performed())

    def _send(self, act: Acting, outcome: Outcome | None) -> None:
        act.begun = 0
        try:
            wanted = next(act.policy) if outcome is None else act.policy.send(outcome)
            while isinstance(wanted, Because):
                wanted = next(act.policy)
            act.wanted = wanted
            if isinstance(wanted, Answer | Play | Hangup):  # nothing depends on how long that takes
                self._send(act, Performed())
        except StopIteration as end:
            if act in self.acting:
                self.acting.remove(act)
            self._over(act, end.value)

    def _over(self, act: Acting, ending: object) -> None:
        """A phone has heard what there was to hear; a caller must be somewhere by now."""
        if act.channel.user is not None:
            self.end(act.switch, act.channel)
        elif isinstance(ending, Reroute):
            act.switch.connect(act.channel, self.make(act.switch, USERS[0], "controller"))
        elif act.channel.doing not in ("talks", "waits"):
            self.lost.append(act.channel.uuid)

    def _park(self, act: Acting, park: Park) -> None:
        uuid = park.uuid or act.channel.uuid
        caller = act.switch.channels.get(uuid)
        if act.begun == 0:
            entry = Entry(park.slot, uuid, park.group, "+4915", park.parker, park.recall_seconds)
            if parked.put(self.store, entry, act.node, self.now):
                act.begun = 1
            else:
                self._send(act, Taken())
        elif caller is None:  # a held one that gave up
            parked.free(self.store, [uuid])
            self._send(act, Failed())
        elif act.begun == 1:
            caller.told, caller.parker = True, park.parker
            if park.uuid:
                act.begun = 2
            else:
                act.switch.wait(caller, park.slot)
                self._send(act, Parked(park.slot))
        else:
            self.end(act.switch, act.channel)

    def _connect(self, act: Acting, connect: Connect) -> None:
        """Takes who still waits there, or just comes back, and nobody out of a talk."""
        caller, key = act.switch.channels.get(connect.uuid), f"call:{connect.uuid}"
        if act.begun == 0:
            if caller is None or caller.doing not in ("waits", "back") or caller.slot != connect.slot:
                claims.release(self.store, key, act.channel.uuid)
                self._send(act, Taken())
                return
            assert claims.holder_of(self.store, key) == act.channel.uuid
            self.forget_acting(caller)
            act.switch.connect(caller, act.channel)
            act.begun = 1
            return
        claims.release(self.store, key, act.channel.uuid)
        parked.free(self.store, [connect.uuid])
        self.acting.remove(act)


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
            max_examples=60 if store.postgresql else 200, stateful_step_count=50, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]))
