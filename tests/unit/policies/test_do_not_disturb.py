"""Do not disturb."""

from dataclasses import replace

import pytest

from fsctl.model.outcomes import Busy, CallerGone, Failed, Performed
from fsctl.policies import do_not_disturb
from fsctl.policies.stages import CODES
from tests.unit.builders import a_call, an_office, settings
from tests.unit.drive import drive


@pytest.mark.parametrize(("to", "value", "ending"), [
    ("user:101", "on", "pass Busy: Anna Adler does not want to be disturbed"),
    ("user:101", "off", "pass"),
    ("user:102", "on", "pass"),
    ("hunt:sales", "on", "pass"),
])
def test_who_is_busy_for_everybody(to, value, ending):
    office = an_office(settings=settings(**{"dnd.101": value}))
    assert drive(do_not_disturb.run, a_call(to), office) == [ending]


def test_what_became_of_an_earlier_ring_stands():
    office = an_office(settings=settings(**{"dnd.101": "on"}))
    assert drive(do_not_disturb.run, replace(a_call("user:101"), outcome=Busy()), office) == ["pass"]


@pytest.mark.parametrize(("code", "why", "value"), [
    ("dnd_on", "does not want to be disturbed", "on"), ("dnd_off", "can be disturbed again", "None"),
])
def test_by_code(code, why, value):
    run = CODES[code].run
    lines = drive(lambda *about: run(*about, ""), a_call(f"code:{code}", user="101"), an_office(),
                  [Performed(), Performed(), Performed(), CallerGone()])
    assert lines == [f"because Anna Adler {why}", f"change code:{code}: dnd.101 = {value}", "answer",
                     f"play {code.replace('_', '-')} de", "hangup normal", "done"]


@pytest.mark.parametrize(("user", "outcomes", "lines"), [
    (None, [Performed(), CallerGone()],
     ["because only a user of the office can do that", "play not-possible de", "hangup rejected", "done"]),
    ("102", [Failed(), Performed(), CallerGone()],
     ["because Bernd Brandt does not want to be disturbed", "change code:dnd_on: dnd.102 = on",
      "because it could not be changed now", "play not-available en", "hangup rejected", "done"]),
])
def test_what_was_not_done_is_said(user, outcomes, lines):
    run = CODES["dnd_on"].run
    assert drive(lambda *about: run(*about, ""), a_call("code:dnd_on", user=user), an_office(), outcomes) == lines
