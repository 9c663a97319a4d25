"""Whatever answers, transfers, crashes, restarts and recalls do in any order: no caller is lost, and the journal knows
the end of each call that a controller had."""

import os
import time
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fsctl.store.parked import list_parked
from tests.live import offices
from tests.live.test_park import commands as commands
from tests.live.test_park import time_is_over
from tests.wire.peer import eventually

OUTSIDE, INSIDE = "+4915112345678", "101"

#: Neither has a way of his own for calls that he does not take; so what he does not take comes back or ends.
PEOPLE = ("103", "104")

#: An offline colleague, no number, a code, a number that the transferor may not call.
NOWHERE = ("132", "199", "*72120", "000442079460999")
SLOT = "701"

OFFICE = offices.OFFICE.replace("ring_seconds = 20", "ring_seconds = 8")

#: Seconds after which a caller who is nowhere counts as lost: longer than anybody is waited for.
_PATIENCE = 75


class Machine(RuleBasedStateMachine):
    """One caller, whom people take, transfer and decline, while controllers die and come back."""

    def __init__(self, lab, controller, link) -> None:
        super().__init__()
        self.lab, self.controller, self.link = lab, controller, link
        for each in (INSIDE, *PEOPLE):
            lab.phone(each)
        lab.phone("132").unregister()
        self.call = self.line = None
        self.parked = False
        self.may_end = False  # who is rung now has never had the call, or is its transferor
        self.begun = Counter()  # caller and number of the calls that a controller had from their beginning
        self.before = Counter(self.journal())

    # ---- what happens

    @precondition(lambda self: self.call is None)
    @rule(caller=st.sampled_from([OUTSIDE, INSIDE]), to=st.sampled_from(PEOPLE))
    def somebody_calls(self, caller: str, to: str) -> None:
        phone = self.lab.phone(caller) if caller == INSIDE else self.lab.outside(caller)
        self.call, self.may_end = phone.call(to), True
        if self.controller.alive:
            self.begun[caller, to] += 1
        self.find(to)

    @precondition(lambda self: self.rings)
    @rule(pause=st.sampled_from([0, 0.02, 0.3]))
    def it_is_answered(self, pause: float) -> None:
        try:
            self.line.answer()
            self.call.wait_answered()
        except TimeoutError:  # it had rung for too long
            self.find(*PEOPLE)
        time.sleep(pause)

    @precondition(lambda self: self.talks)
    @rule(to=st.sampled_from([*PEOPLE, *NOWHERE, SLOT]))
    def it_is_transferred(self, to: str) -> None:
        self.may_end = False
        self.line.transfer(to)
        self.find(*PEOPLE, *[SLOT] * self.controller.alive)

    @precondition(lambda self: self.talks and self.controller.alive)
    @rule(to=st.sampled_from([*PEOPLE, *NOWHERE, SLOT]), pause=st.sampled_from([0, 0.01, 0.05, 0.2]))
    def it_is_transferred_when_the_controller_dies(self, to: str, pause: float) -> None:
        self.may_end = False
        self.line.transfer(to)
        time.sleep(pause)
        self.controller.kill()
        self.find(*PEOPLE, SLOT)

    @precondition(lambda self: self.rings)
    @rule(status=st.sampled_from([486, 603, 480]))
    def it_is_declined(self, status: int) -> None:
        self.line.reject(status)
        self.find(*PEOPLE, SLOT)

    @precondition(lambda self: self.rings)
    @rule()
    def nobody_answers(self) -> None:
        self.line.wait_ended(_PATIENCE)
        self.find(*PEOPLE, SLOT)

    @precondition(lambda self: self.parked and self.controller.alive)
    @rule(by=st.sampled_from(PEOPLE))
    def it_is_fetched(self, by: str) -> None:
        fetch = self.lab.phone(by).call(SLOT)
        fetch.wait_answered()
        self.line, self.parked = fetch, False

    @precondition(lambda self: self.parked)
    @rule()
    def nobody_fetches_it(self) -> None:
        (uuid,) = (row["uuid"] for row in list_parked(self.controller.store) if row["slot"] == SLOT)
        time_is_over(self.link, {"uuid": uuid})
        self.find(*PEOPLE)

    @precondition(lambda self: self.controller.alive)
    @rule()
    def the_controller_is_killed(self) -> None:
        self.controller.kill()

    @precondition(lambda self: not self.controller.alive)
    @rule()
    def it_runs_again(self) -> None:
        self.controller.be(apart=True)

    @precondition(lambda self: self.call is not None)
    @rule()
    def the_caller_hangs_up(self) -> None:
        self.may_end = True
        self.call.hang_up()
        self.call.wait_ended()

    # ---- what holds

    @invariant()
    def the_caller_is_somewhere(self) -> None:
        if self.call is not None and self.call.ended:
            assert self.may_end, f"the caller is lost: {self.call.wait_ended()}"
            self.call = self.line = None
            self.parked = False

    def teardown(self) -> None:
        """Each call that a controller had has an end, and the switch knows of none that goes on."""
        self.controller.be(apart=True)
        self.lab.hang_up_all()
        eventually(lambda: all(row["state"] == "ended" and row["result"] for row in self.controller.calls(200)),
                   "a call has no end in the journal", 40)
        eventually(lambda: not list_parked(self.controller.store), "the slot is occupied", 10)
        assert not self.begun - (Counter(self.journal()) - self.before), "a call is not in the journal"

    # ---- how one knows

    @property
    def rings(self) -> bool:
        return self.line is not None and not self.line.answered

    @property
    def talks(self) -> bool:
        return self.line is not None and self.line.answered and not self.line.ended

    def journal(self) -> list[tuple[str, str]]:
        return [(row["caller"], row["dialled"]) for row in self.controller.calls(10_000)]

    def find(self, *places: str) -> None:
        """The caller must be somewhere soon: where a phone rings, or in the slot; or he has been told an end."""
        until = time.monotonic() + _PATIENCE
        self.line, self.parked = None, False
        while time.monotonic() < until and not self.call.ended:
            for each in {*places} - {SLOT}:
                with suppress(TimeoutError):
                    self.line = self.lab.phone(each).ringing(0.1)
                    self.may_end |= self.line.shown_name.startswith("Wiederanruf - ")
                    return
            if SLOT in places and list_parked(self.controller.store):
                self.parked = True
                return
        assert self.call.ended, "the caller waits, and nobody's phone rings"


@pytest.mark.apart
@pytest.mark.timeout(900)
def test_nobody_is_lost_in_any_order(lab, controller, commands):
    controller.apply(OFFICE)
    run_state_machine_as_test(lambda: Machine(lab, controller, commands), settings=settings(
        max_examples=int(os.environ.get("EXAMPLES", "5")), stateful_step_count=12, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck)))
