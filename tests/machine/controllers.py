"""Controllers that park calls, retrieve them and let them come back, each of which can be killed between two steps.

The policies, the database and Slots are the real ones; of fsctl.switch only what connects them is played here.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from types import SimpleNamespace

from fsctl.model.actions import (
    Answer,
    Because,
    Claim,
    Connect,
    Hangup,
    NotTaken,
    Park,
    Play,
    Policy,
    Reroute,
    Ring,
    Unpark,
)
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Failed, NoAnswer, Outcome, Parked, Performed, Taken, Won
from fsctl.model.sections import GroupPark as Terms
from fsctl.policies import call_park
from fsctl.store import claims, parked
from fsctl.store.database import Store
from fsctl.store.parked import Entry
from fsctl.store.tables import Claim as ClaimRow
from fsctl.store.tables import ParkedCall
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import LiveTable
from fsctl.switch.upkeep.slots import Slots
from tests.machine.telephones import Channel, Switch
from tests.unit.builders import AT, SALES, a_call, an_office

NODES = ("one", "two")
USERS = ("101", "102")
OFFICE = an_office(groups={"sales": replace(SALES, park=Terms(extensions=("701", "702")))})
CODES = {"*68": "park", "*58": "group_park", "*88": "retrieve", "slot+701": "slot_key"}


@dataclass(eq=False)
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
            table.calls.remove(uuid)
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
        self.older = self.rows()

    def put_back(self) -> None:
        """The books as they were the last time, and these for the next time."""
        rows = self.rows()
        with self.store.transaction():
            self.store.run(ParkedCall.delete())
            if self.older:
                self.store.run(ParkedCall.insert_many(self.older))
        self.older = rows

    def rows(self) -> list[dict[str, str]]:
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
            if act in self.acting:
                self._leave_to_the_switch(act)

    def _leave_to_the_switch(self, act: Acting) -> None:
        if act.channel.user is not None and act.channel.doing != "talks":
            self.end(act.switch, act.channel)
            return
        self.acting.remove(act)
        if act.back_from:
            act.switch.wait(act.channel, act.back_from)
        elif act.channel.user is None:
            act.switch.connect(act.channel, self.make(act.switch, USERS[0], "controller"))

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
            policy = call_park.FEATURE.codes[name].run(call, OFFICE, live, "701" if name == "slot_key" else "")
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
        elif isinstance(ending, Reroute | NotTaken):  # it comes back to who transferred it
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
        """Takes who still waits there, or just comes back, and nobody out of a talk.

        fsctl.switch.calls.verbs.parking does not look yet whether he does: see the tests of fetching.
        """
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
