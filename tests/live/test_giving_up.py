"""Callers give up so and so many milliseconds after they have dialled, at every step of their call's being taken."""

import time

import pytest

from fsctl.store.journal_table import list_calls
from tests.live.controller import Controller
from tests.wire.peer import eventually

STEPS_MS = range(0, 90, 2)


@pytest.mark.apart
@pytest.mark.parametrize("workers", [1, 2])
def test_a_caller_who_gives_up_is_gone_and_never_left_to_the_failsafe(lab, tmp_path, workers):
    controller = Controller(lab, tmp_path, apart=True)
    caller, _ = lab.phones("101", "102")
    controller.start("--workers", str(workers))
    controller.wait_for_log("linked to the switch")
    try:
        for step in STEPS_MS:
            call = caller.call("102")
            time.sleep(step / 1000)
            call.hang_up()
            call.wait_ended()
        eventually(lambda: all(row["state"] == "ended" and row["result"] for row in list_calls(controller.store)),
                   "a call goes on, or nobody has told yet how it ended", 10)
        told = [row["result"] for row in list_calls(controller.store)]
        assert set(told) == {"gone"} and len(told) > len(STEPS_MS) / 2  # of some calls the switch itself never hears
        assert not [line for line in controller.log if "fail-safe" in line]
    finally:
        controller.end()
