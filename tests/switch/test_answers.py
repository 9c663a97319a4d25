"""The table of what phones and lines answer, in docs/sip-answers.md, is what fsctl makes of each."""

import re
from pathlib import Path

import pytest

from fsctl.model.answers import REASONS
from fsctl.model.outcomes import word
from fsctl.simulator.core.causes import of_status
from fsctl.switch.calls.outcomes import PhoneEnd, of_phone

PAGE = (Path(__file__).parents[2] / "docs" / "sip-answers.md").read_text("utf-8")
TABLE = {int(row[0]): row[1:] for row in re.findall(r"^\| (\d{3}) \| (\w+) \| ([a-z-]+) \| (.+?) \|$", PAGE, re.M)}
STATUSES = sorted(int(name.removeprefix("answers.")) for name in REASONS if name[-3:].isdigit())

#: FreeSWITCH ends what it stopped itself so; no phone's answer.
STOPPED = 487


def test_every_status_has_its_row():
    assert sorted(TABLE) == [status for status in STATUSES if status != STOPPED]


@pytest.mark.parametrize("status", [status for status in STATUSES if status != STOPPED])
def test_a_row_of_the_table(status):
    cause = of_status(status)
    said = REASONS[f"answers.{status}"].removesuffix(f" (SIP {status})")
    assert TABLE[status] == (cause, word(of_phone(PhoneEnd(cause, status))), said)
