"""The log and the doctor on recordings that FreeSWITCH does not find."""

import json

import pytest

from fsctl.switch.wire import sounds


@pytest.mark.apart
def test_what_is_missing_is_told(lab, controller, tmp_path):
    """The lab has none of the program's recordings. Of those that are played the log says so once."""
    _, printed, _ = controller.run("doctor", "--json")
    found = json.loads(printed)
    (program,) = [each for each in found if each["check"].startswith("recordings") and "the program's" in each["detail"]]
    assert program["warning"] and "de/blocked.wav" in program["detail"] and "scripts/make-prompts" in program["detail"]
    assert sounds.FOLDER not in program["detail"]
    for _ in range(2):
        lab.phone("103").call("000442079460999").wait_ended(15)
    controller.wait_for_call(state="ended", result="announcement:blocked")
    said = [line for line in controller.log if "there is no recording" in line]
    assert len([line for line in said if "/blocked.wav" in line]) == 1 == len([
        line for line in said if "/de/enter-number.wav" in line])
