"""Whatever executives, assistants, callers, crashes and restarts do: filtered calls ring whom they should, nobody is
lost or crossed, and it is known who handles which call for whom.

The policies decide, the database keeps, the command line changes; only FreeSWITCH and the telephones are played here.
What people do with a call in a conference has its place among the rules "with a talk".
"""

from collections.abc import Callable, Iterator
from typing import Any

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

from fsctl import clock
from fsctl.cli import options
from fsctl.model.executives import handled_for
from fsctl.model.foreign import unmark
from fsctl.model.outcomes import Busy, NoAnswer, Rejected
from fsctl.officefile import check
from fsctl.store import claims, history
from fsctl.store.database import open_database, stamp
from fsctl.store.migrations import migrate
from fsctl.store.settings import read_settings
from fsctl.store.snapshot import Snapshots
from tests.machine import filters
from tests.machine.filters import DIALLED, EXECUTIVES, FAMILY, PEOPLE, STRANGER, SWITCHES, TO
from tests.machine.handling import NODES, World
from tests.machine.lines import Line
from tests.unit.builders import AT

CALLS = 5  # at once: few, so that they meet
number = st.integers(0, 99)
executives, people = st.sampled_from(EXECUTIVES), st.sampled_from(PEOPLE)
pairs = st.sampled_from([(who, each) for each in EXECUTIVES for who in filters.assistants_of(filters.tree(), each)])
steps = st.sampled_from([9, 9, 9, 0, 1, 3])


class Machine(RuleBasedStateMachine):
    """What happens, in any order."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.switch, self.ledger = self.world.switch, self.world.ledger
        self.slow: set[str] = set()

    @initialize(mode=st.sampled_from(["all", "external", "rules", "off"]),
                called=st.lists(executives, min_size=2, max_size=3),
                rollover=st.sampled_from(["", "101", "130", "132"]),
                alerting=st.sampled_from(["sequential", "simultaneous"]), recall=st.booleans(), opt_out=st.booleans(),
                out=st.lists(pairs, max_size=2))
    def some_talk_with_assistants(self, called: list[str], out: list[tuple[str, str]], **choices: object) -> None:
        """Who has opted out before the office allows it no more is rung again."""
        self.world.apply()
        for node in NODES:
            self.world.start(node)
        for who, executive in out:
            self.somebody_switches("out", (who, executive), "", True, 0)
        self.world.apply(**choices)
        for executive in called:
            self.somebody_calls(None, executive, 9)
            self.is_answered(0)

    # ---- the office

    @rule(gone=st.sampled_from(["", "", "130", "131", "executive"]), opt_out=st.booleans(), may_switch=st.booleans(),
          mode=st.sampled_from(["off", "all", "rules", "internal"]), screening=st.sampled_from(["off", "silent"]),
          recall=st.booleans())
    def another_office_is_applied(self, **choices: object) -> None:
        self.world.apply(**choices)

    @rule(what=st.sampled_from([*SWITCHES]), pair=pairs | st.tuples(people, executives), to=st.sampled_from(TO),
          by_shell=st.booleans(), all_steps=steps)
    def somebody_switches(self, what: str, pair: tuple[str, str], to: str, by_shell: bool, all_steps: int) -> None:
        """By code or shell: the filter, whether an assistant takes part, or where his calls go."""
        who, executive = pair
        code, shell, changes = SWITCHES[what](self.world.tree, who, executive, to, by_shell)
        if by_shell:
            self.world.shell(*shell, changes=changes)
        elif code and who in self.world.tree["users"] and self._room():
            self.world.later()
            self._dial(who, code, all_steps, changes)

    # ---- calls

    @precondition(lambda self: self._room())
    @rule(who=st.sampled_from([None, None, FAMILY, *PEOPLE]), to=st.sampled_from(["130", "130", "140", "131", "101"]),
          all_steps=steps)
    def somebody_calls(self, who: str | None, to: str, all_steps: int) -> None:
        """From outside, or one of the office."""
        if who in PEOPLE:
            if who in self.world.tree["users"]:
                self._dial(who or "", to, all_steps)
        else:
            line = self.switch.call(None, who or STRANGER, f"+49305550{to}")
            self._go_on(line, all_steps)

    @precondition(lambda self: self._room())
    @rule(who=people, executive=executives, to=st.sampled_from([*DIALLED]), all_steps=steps)
    def an_assistant_calls_on_behalf(self, who: str, executive: str, to: str, all_steps: int) -> None:
        if who in self.world.tree["users"]:
            self._dial(who, f"#64{executive}{DIALLED[to]}", all_steps)

    @precondition(lambda self: self.switch.ringings)
    @rule(pick=number)
    def is_answered(self, pick: int) -> None:
        self.world.later()
        if rung := [line for each in self.switch.ringings for line in each.now]:
            self.switch.answer(rung[pick % len(rung)])

    @precondition(lambda self: self.switch.ringings)
    @rule(pick=number, how=st.sampled_from([Busy(), Rejected(), NoAnswer()]), all_of_them=st.booleans(),
          all_steps=steps)
    def is_not_answered(self, pick: int, how: Busy | Rejected | NoAnswer, all_of_them: bool, all_steps: int) -> None:
        ringing = self.switch.ringings[pick % len(self.switch.ringings)]
        self.world.later(15)
        if all_of_them:
            self.switch.ring_out(ringing)
        elif ringing.now:
            self.switch.decline(list(ringing.now)[pick % len(ringing.now)], how)
        self._go_on(ringing.caller, all_steps)

    @precondition(lambda self: self.switch.lines)
    @rule(pick=number)
    def hangs_up(self, pick: int) -> None:
        self.switch.end(self._one(list(self.switch.lines.values()), pick))

    # ---- with a talk; joining it by conference would be another

    @precondition(lambda self: self._talks())
    @rule(pick=number)
    def is_held_or_no_longer(self, pick: int) -> None:
        line = self._one(self._talks(), pick)
        self.world.later()
        self.switch.hold(line, on=line.state != "held")

    @precondition(lambda self: self._talks())
    @rule(pick=number, to=st.sampled_from(["101", "130", "131", "132", "140"]), all_steps=steps)
    def is_transferred(self, pick: int, to: str, all_steps: int) -> None:
        line = self._one(self._talks(), pick)
        caller = self.switch.lines[line.peer]
        self._hear()
        self.switch.transfer(line, to)
        self._go_on(caller, all_steps)

    @precondition(lambda self: self._talks())
    @rule(pick=number, executive=st.sampled_from(["own", "own", "", "130", "140"]), by_transfer=st.booleans(),
          all_steps=steps)
    def is_handed_over(self, pick: int, executive: str, by_transfer: bool, all_steps: int) -> None:
        line = self._one(self._assistants() or self._talks(), pick)
        caller, user = self.switch.lines[line.peer], line.user or ""
        if any(each.hook and each.hook[0] == caller.uuid for each in self.switch.lines.values()):
            return  # for the second in which she hears that it is handed over, she does not hand it over again
        if executive == "own":
            executive = next(iter(filters.executives_of(self.world.tree, user)), "")
        self._hear()
        if by_transfer:
            self.switch.transfer(line, f"#63{executive}")
        elif user in self.world.tree["users"]:
            self.switch.hold(line, on=True)
            self._dial(user, f"#63{executive}", all_steps)
        self._go_on(caller, all_steps)

    @precondition(lambda self: self._handled())
    @rule(pick=number, by_one=st.booleans(), twice=st.booleans(), all_steps=steps)
    def is_taken_over(self, pick: int, by_one: bool, twice: bool, all_steps: int) -> None:
        """By two telephones of the executive in the same moment, too."""
        executive, by = self._one(self._handled(), pick)
        if executive in self.world.tree["users"]:
            for _ in range(1 + twice):
                self._dial(executive, f"*11{by if by_one and by in PEOPLE else ''}", 0)
            dialled = [each.line for each in self.world.acting if each.line.dialled.startswith("*11")]
            for line in dialled * all_steps:
                self._go_on(line, 1)

    # ---- time and machines

    @precondition(lambda self: self.world.acting)
    @rule(pick=number, all_steps=steps)
    def a_controller_goes_on(self, pick: int, all_steps: int) -> None:
        self._go_on(self._one(self.world.acting, pick).line, all_steps)

    @rule(node=st.sampled_from(NODES), who=people, what=st.sampled_from(["slow", "crashes", "starts", "is unplugged"]))
    def something_fails(self, node: str, who: str, what: str) -> None:
        """A link is slow, a controller dies, or a telephone is away; or they are there again."""
        self.world.later()
        if what == "slow":
            self.slow ^= {node}
        elif what == "is unplugged":
            self.switch.away = {who} - self.switch.away
        elif node not in self.world.running:
            self.world.start(node)
            self._kept()
        elif what == "crashes":
            self.world.crash(node)

    def teardown(self) -> None:
        """In the end all calls are over."""
        for node in NODES:
            if node not in self.world.running:
                self.world.start(node)
        self._hear()
        while waiting := [each for each in self.world.acting if not each.talks and not each.begun]:
            self._go_on(waiting[0].line, 1)
            self.nobody_is_lost()
        for line in list(self.switch.lines.values()):
            self.switch.end(line)
        assert not self.switch.lines and not self.world.acting
        for node in NODES:
            self.world.start(node)
        assert claims.list_claims(self.world.store) == []
        self._kept()

    # ---- what always holds

    @invariant()
    def nobody_is_lost(self) -> None:
        """He talks, rings or is rung, or a controller has him."""
        cared_for = {act.line.uuid for act in self.world.acting}
        for ringing in self.switch.ringings:
            cared_for |= {ringing.caller.uuid, *(line.uuid for line in ringing.now)}
        assert {uuid for uuid, line in self.switch.lines.items() if not line.peer} <= cared_for

    @invariant()
    def nobody_is_crossed(self) -> None:
        assert not self.switch.crossed
        assert all(self.switch.lines[line.peer].peer == line.uuid for line in self.switch.lines.values() if line.peer)
        assert set(self.ledger.taken.values()) <= {1}, "one who was taken over twice"

    @invariant()
    def whose_call_it_is_stays(self) -> None:
        for uuid, line in self.switch.lines.items():
            if line.peer or not line.rings_for:
                marked = unmark(line.marks.get("fsctl_for", ""))
                assert (marked.name if marked else None) == self.ledger.whose.get(uuid), line

    @invariant()
    def who_handles_what_is_known(self) -> None:
        self._hear()
        for node, controller in self.world.running.items():
            if node in self.slow:
                continue
            office, live = controller.offices.current(), controller.table.view()
            for executive in EXECUTIVES:
                if user := office.users.get(executive):
                    found = [(each.caller.uuid, each.channel.uuid, each.by) for each in handled_for(user, live)]
                    assert found == self.ledger.handled(self.world.tree, executive, self.switch.lines)
            return

    def _kept(self) -> None:
        """All that was switched is as the last change said, for a process that has just begun, too."""
        said = self.ledger.said
        assert dict(Snapshots(self.world.store).current().settings.values) == said
        assert read_settings(self.world.store) == said
        kept = [(row["path"], row["before"], row["after"], row["who"], row["at"])
                for row in reversed(history.list_changes(self.world.store, 10_000))
                if row["path"].startswith(("filter.", "assistant.", "divert."))]
        assert kept == [(*each[:4], stamp(each[4])) for each in self.ledger.history]

    # ---- how it is done

    @invariant()
    def _hear(self) -> None:
        """Links hear at once, unless they are slow."""
        for node in self.world.running.keys() - self.slow:
            self.world.running[node].hear(self.switch)

    def _room(self) -> bool:
        return len([line for line in self.switch.lines.values() if not line.outbound]) < CALLS

    def _talks(self) -> list[Line]:
        """The ends of talks; those of the office's people come first."""
        found = [line for line in self.switch.lines.values() if line.peer]
        return sorted(found, key=lambda line: (line.user is None, line.uuid))

    def _assistants(self) -> list[Line]:
        return [line for line in self._talks() if filters.executives_of(self.world.tree, line.user or "")]

    def _handled(self) -> list[tuple[str, str]]:
        return [(executive, by) for executive in EXECUTIVES
                for _, _, by in self.ledger.handled(self.world.tree, executive, self.switch.lines)]

    def _dial(self, who: str, dialled: str, all_steps: int, changes: filters.Changes = ()) -> None:  # type: ignore[assignment]
        self._hear()
        line = self.switch.call(who, who, dialled)
        if act := self.world.act_of(line):
            act.changes = list(changes)
        self._go_on(line, all_steps)

    def _go_on(self, line: Line, most: int) -> None:
        for _ in range(most):
            if act := self.world.act_of(line):
                self.world.go_on(act)

    @staticmethod
    def _one(found: list[Any], pick: int) -> Any:
        return found[pick % len(found)]


@pytest.fixture
def begins(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], World]]:
    """A new world in a migrated database, which all examples use; commands are given there, too."""
    store, worlds = open_database(url), []
    migrate(store)
    for name in ("opened", "to_read"):
        monkeypatch.setattr(options, name, lambda database: store)
    monkeypatch.setattr(options, "user_name", lambda: "op")
    monkeypatch.setattr(clock, "now", lambda: worlds[-1].now)

    def begin() -> World:
        worlds[:] = [World(store)]
        return worlds[-1]

    yield begin
    store.close()


@pytest.mark.parametrize("choices", [
    {}, {"gone": "130"}, {"gone": "131"}, {"gone": "executive"}, {"rollover": "101"}, {"rollover": "132"},
])
def test_the_offices_are_well(choices: dict[str, str]) -> None:
    assert not check(filters.tree(**choices), AT)


@pytest.mark.timeout(300)
def test_executives_whatever_happens(begins: Callable[[], World], url: str) -> None:
    few = 3 if url.startswith("postgresql") else 10
    run_state_machine_as_test(
        lambda: Machine(begins()),
        settings=settings(
            max_examples=settings().max_examples * few // 5, stateful_step_count=50, deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]))
