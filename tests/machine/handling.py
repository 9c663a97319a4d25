"""Controllers that filter, hand over and take over calls, each of which can be killed between two steps.

Policies, marks, store and command line are the real ones; of fsctl.switch only what connects them is played here.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from fsctl.cli import cli
from fsctl.cli.office import bring
from fsctl.errors import FsctlError
from fsctl.facts.arriving import read_call
from fsctl.model.actions import Action, Answer, Change, Claim, Hangup, Leg, Play, Push, Reroute, Ring, Survey, TakeOver
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Outcome, Performed, Surveyed, Taken, Won
from fsctl.route import Walk, walk
from fsctl.store import claims
from fsctl.store.database import Store
from fsctl.store.snapshot import Snapshots
from fsctl.store.tables import Claim as ClaimRow
from fsctl.store.tables import History, SettingRow
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.calls.verbs.executive_calls import sending
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import LiveTable
from fsctl.switch.wire import dialstring
from tests.machine import filters
from tests.machine.ledger import Ledger
from tests.machine.lines import Line, Phone, Ringing, Switch, phone_of
from tests.unit.builders import AT

NODES = ("one", "two")


@dataclass(eq=False)
class Acting:
    """A call at its controller: what it wants next, and what has come of it if half of that is done.

    ``tree`` and ``said`` are the office as it was when the call came, ``changes`` what is to be changed yet.
    """

    node: str
    line: Line
    call: Call = field(repr=False)
    office: Office = field(repr=False)
    plan: Walk = field(repr=False)
    tree: filters.Tree = field(repr=False)
    said: dict[str, str]
    to: Destination
    had_a_part: list[str | None]
    whose: str
    changes: filters.Changes = field(default_factory=list)
    wanted: Action | None = None
    policy: str = ""
    begun: bool = False
    outcome: Outcome | None = None
    talks: bool = False
    heard: bool = False
    decided: bool = False
    rung: list[str] = field(default_factory=list)


class Controller:
    """One process: its link, and its view of the office."""

    def __init__(self, world: "World", node: str) -> None:
        self.table, self._looks = LiveTable("switch"), 0.0
        self.state = StoreState(world.store, node, lambda: world.now, HeardHere([self.table]))
        self.offices = Snapshots(world.store, self._clock)
        self.hear(world.switch)
        claims.release_gone(world.store, node, set(world.switch.lines))

    def hear(self, switch: Switch) -> None:
        self.table.replace(line.facts() for line in switch.lines.values())
        self.table.know(True)

    def _clock(self) -> float:
        """It is always time for another look."""
        self._looks += 1
        return self._looks


class World:
    """Two controllers on one database, at one FreeSWITCH, and an office that people change."""

    def __init__(self, store: Store) -> None:
        self.store, self.now, self.ledger = store, AT, Ledger()
        with store.transaction():
            for table in (SettingRow, History, ClaimRow):
                store.run(table.delete())
        self.switch = Switch(lambda: self.now)
        self.switch.arrives, self.switch.leaves = self._arrives, self._forget
        self.acting: list[Acting] = []
        self.tree: filters.Tree = {}
        self.running: dict[str, Controller] = {}

    # ---- the office

    def apply(self, **choices: object) -> None:
        tree = filters.tree(**choices)  # type: ignore[arg-type]
        bring(self.store, tree, Path("office.toml"))
        self.tree = tree
        for path in sorted(self.ledger.said):
            if not filters.is_somebodys(tree, path):
                self.ledger.changed(path, None, "op", self.now)

    def shell(self, *words: str, changes: filters.Changes) -> None:
        """Somebody gives a command, which fails where nothing may be changed."""
        try:
            cli.main(list(words), standalone_mode=False)
        except FsctlError:
            assert not changes, words
            return
        assert changes, words
        for path, value in changes:
            self.ledger.changed(path, value, "op", self.now)

    # ---- controllers

    def start(self, node: str) -> None:
        self.running[node] = Controller(self, node)

    def crash(self, node: str) -> None:
        """What rings rings on, who talks talks on, and all others go where the dialplan sends them."""
        del self.running[node]
        left = [each for each in self.acting if each.node == node]
        self.acting = [each for each in self.acting if each.node != node]
        for act in left:
            if ringing := next((each for each in self.switch.ringings if each.caller is act.line), None):
                ringing.over = lambda outcome, line=act.line: self._left_alone(line)  # type: ignore[misc]
            elif not act.talks:
                self._left_alone(act.line)

    def _left_alone(self, line: Line) -> None:
        """By the dialplan: what was handed over rings the executive, unless it did so, and then who handed it over."""
        if line.uuid not in self.switch.lines:
            return
        if line.dialled.startswith("push+"):
            people = [line.dialled.removeprefix("push+")] * (not line.rung) + [line.marks["fsctl_pusher"]]
        else:
            people = [each for each in filters.PEOPLE if line.dialled in (each, f"+49305550{each}")]
        self._ring_alone(line, people)

    def _ring_alone(self, line: Line, people: list[str]) -> None:
        if not people:
            self.switch.end(line)
            return
        first, *others = people
        self.switch.ring(Ringing(line, [[phone_of(first)]], lambda outcome: self._ring_alone(line, others),
                                 lambda phone, rung: None))

    # ---- calls

    def act_of(self, line: Line) -> Acting | None:
        return next((each for each in self.acting if each.line is line), None)

    def _arrives(self, line: Line) -> None:
        up = [node for node in NODES if node in self.running]
        if not up:
            self._left_alone(line)
            return
        node = up[int(line.uuid[-2:]) % len(up)]
        office = self.running[node].offices.current()
        call = read_call(line.facts(), office, self.now, 0.0)
        plan = walk(call, office, self.running[node].table.view())
        act = Acting(node, line, call, office, plan, self.tree, self.ledger.values(), call.to,
                     [call.by, call.transferred_by], self.ledger.whose.get(line.uuid, ""))
        self.acting.append(act)
        self._send(act, None)

    def _forget(self, line: Line) -> None:
        """The channel is gone, or somebody else's: its policy ends, and what it claimed is free."""
        if act := self.act_of(line):
            self.acting.remove(act)
            act.plan.close()
            self.running[act.node].state.release_all(act.call)

    # ---- what a controller does, half a step at a time: it can be killed in between

    def _send(self, act: Acting, outcome: Outcome | None) -> None:
        """To what takes time next. A policy that ends with somebody in its care has lost him."""
        act.begun, act.outcome, act.wanted = False, None, None
        while act.wanted is None:
            try:
                planned = next(act.plan) if outcome is None else act.plan.send(outcome)
            except StopIteration:
                raise AssertionError(("nobody cares for it", act)) from None
            act.policy, outcome = planned.step.policy if planned.step else act.policy, None
            match planned.action:
                case Reroute(to, by, on_behalf=executive):
                    before, act.to = act.to, act.office.owner_of(to)
                    act.had_a_part[0] = act.had_a_part[0] if by is None else by
                    if executive:
                        act.line.marks |= _told(dialstring.acting_for(executive))
                        self.ledger.acts_for(act.line, executive, act.line.user or "")
                    else:
                        assert act.policy != "executive_assistant" or act.decided or (
                            self._filtered(act, before) and not self._wanted(act, before)), act
                        act.decided = True
                case Answer() | Play() as done:
                    act.heard, outcome = act.heard or isinstance(done, Play), Performed()
                case action:
                    act.wanted = action

    def go_on(self, act: Acting) -> None:
        """Half a step. Who rings somebody, or talks, waits."""
        state = self.running[act.node].state
        if act.outcome is not None:
            self._send(act, act.outcome)
            return
        match act.wanted:
            case Ring() as ring if not act.begun:
                act.begun = True
                self._ring(act, ring)
            case Change(_, path, value) as change:
                assert act.changes and act.changes.pop(0) == (path, value), change
                state.change(change, act.call)
                self.ledger.changed(path, value, f"{act.call.user} by {act.call.dialled}", self.now)
                act.outcome = Performed()
            case Claim(key):
                act.outcome = Won() if state.claim(key, act.call) else Taken()
            case Survey():
                act.outcome = Surveyed(Standing(), Live(), self.now)
            case Push() as push:
                self._push(act, push)
            case TakeOver() as take if not act.talks:
                self._take_over(act, take)
            case Hangup():
                self._check_end(act)
                self.switch.end(act.line)

    def _ring(self, act: Acting, ring: Ring) -> None:
        executive, filtered = act.to.name, act.policy == "executive_assistant"
        if not act.decided and act.to.kind == "user" and filters.terms_of(act.tree, executive):
            rung, wanted = [leg.target.name for leg in ring.legs], self._wanted(act, act.to)
            assert rung == wanted if wanted else not filtered and executive in rung, (rung, wanted, act)
        act.decided = True
        act.rung += [leg.target.name for leg in ring.legs]
        told = dialstring.prepare(ring, act.office, act.call)
        act.line.marks |= {"fsctl_for": found[1] for found in [re.search(r";fsctl_for=([^;]+)", told)] if found}
        if filtered:
            self.ledger.whose[act.line.uuid] = executive
        elif act.policy == "transfer_recall":
            self.ledger.comes_back(act.tree, act.line, act.whose)

        def answered(line: Line, phone: Phone) -> None:
            act.talks = True
            self.ledger.answers(act.tree, act.line, line, phone.leg, executive if filtered else "")

        branches = [[_phone(leg, ring) for leg in branch] for branch in ring.branches]
        branches += [[_phone(leg, ring)] for leg in ring.screening]
        self.switch.ring(Ringing(act.line, branches, lambda outcome: self._send(act, outcome), answered))

    @staticmethod
    def _filtered(act: Acting, to: Destination) -> bool:
        number = act.line.user or act.line.number
        return filters.filtered(act.tree, act.said, to.name, number, *act.had_a_part)

    def _wanted(self, act: Acting, to: Destination) -> list[str]:
        """Whom its filter rings; nobody where it gets through to the executive, or no assistant is there."""
        number = act.line.user or act.line.number
        return filters.rung(act.tree, act.said, to.name, number) if self._filtered(act, to) else []

    def _push(self, act: Acting, push: Push) -> None:
        line = self.switch.lines.get(push.uuid) if push.uuid else act.line
        if act.begun and push.uuid:  # she has heard so
            self.switch.end(act.line)
        elif line is None:
            act.outcome = Failed()
        else:
            act.begun = True
            sent = sending(push)
            line.marks |= sent.variables
            self.ledger.whose[line.uuid] = push.for_user
            if push.uuid:
                act.line.state, act.line.hook = "talking", (line.uuid, sent.where.split()[0])
            else:
                self.switch.send_on(line.uuid, sent.where.split()[0])

    def _take_over(self, act: Acting, take: TakeOver) -> None:
        """That they still talk is asked first. Until it is done only another one who takes over can come between."""
        line, key = self.switch.lines.get(take.uuid), f"call:{take.uuid}"
        by_another = line is not None and line.peer != take.other and self.ledger.taken[take.uuid, take.other]
        if line is None or not (line.peer == take.other or (act.begun and by_another)):
            claims.release(self.store, key, act.line.uuid)
            act.outcome = Taken()
        elif not act.begun:
            act.begun = True
        else:
            self.ledger.taken[take.uuid, take.other] += 1
            self.switch.connect(line, act.line, instead_of=take.other)
            claims.release(self.store, key, act.line.uuid)
            act.talks = True

    def _check_end(self, act: Acting) -> None:
        """Nobody is hung up on who was not rung for, or told why. What was handed over came back."""
        assert not act.changes, act
        assert act.rung or act.heard, act
        pusher = act.line.marks.get("fsctl_pusher")
        if act.to.kind == "push" or act.line.dialled.startswith("push+"):
            assert pusher in act.rung or pusher not in act.tree["users"], act

    def later(self, seconds: int = 1) -> None:
        self.now += timedelta(seconds=seconds)


def _told(words: list[str]) -> dict[str, str]:
    return dict(each.split("=") for each in words)


def _phone(leg: Leg, ring: Ring) -> Phone:
    marks = _told(dialstring.acting_for(ring.executive)) if ring.executive else {}
    if leg.sent_by:
        marks["fsctl_sent_by"] = f"{leg.sent_by.kind}+{leg.sent_by.name}"
    user = leg.target.name if leg.target.kind == "user" else None
    return Phone(leg, user, marks, screening=leg in ring.screening)
