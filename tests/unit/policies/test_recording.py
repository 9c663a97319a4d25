"""Who may record the talk that he is in, and how it ends."""

from dataclasses import replace

import pytest

from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Failed, Performed, Recorded
from fsctl.model.sections import Defaults
from fsctl.policies import recording
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import ANNA, AT, BERND, a_call, an_office
from tests.unit.drive import drive

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
FILE = Recorded("20261123T100000.000Z_own.wav")
OWN = LiveCall("own", "101", "lee", "inbound", "talking", AT, node="a")
LEE = LiveCall("lee", None, "own", "outbound", "talking", AT, node="a")
TALK = (OWN, LEE)
BEGINS, ENDS = "because Anna Adler records the talk", "because Anna Adler records the talk no longer"
NOT_ALLOWED = "because in this office nobody records calls"
NO_TALK = "because {} talks with nobody; it is dialled in the talk that is to be recorded"


def office(record=True):
    return an_office(office=Defaults(record=record))


def dial(calls=TALK, outcomes=(FILE,), user="101", talk="own", record=True, known=True):
    call = replace(a_call("code:record", user, "*44"), talk=talk)
    return drive(STAR, call, office(record), outcomes, Live(calls, known))


@pytest.mark.parametrize(("calls", "record", "lines"), [
    (TALK, True, [BEGINS, "record own", "done"]),
    ((LEE, OWN), True, [BEGINS, "record own", "done"]),
    ((OWN, replace(LEE, recorded="x.wav")), True, [BEGINS, "record own", "done"]),  # he records it himself
    ((replace(OWN, peer=None, room="group-380"),), True, [BEGINS, "record own", "done"]),
    ((replace(OWN, recorded="x.wav"), LEE), True, [ENDS, "record own no longer", "done"]),
    ((replace(OWN, recorded="x.wav"), LEE), False, [ENDS, "record own no longer", "done"]),  # allowed no more by then
])
def test_it_is_recorded_or_no_longer(calls, record, lines):
    assert dial(calls, [FILE if lines[0] == BEGINS else Performed()], record=record) == lines
    assert dial(calls, record=record, known=False) == lines


@pytest.mark.parametrize(("calls", "talk", "record", "why", "language"), [
    (TALK, "own", False, NOT_ALLOWED, "de"),
    ((OWN, replace(LEE, recorded="x.wav")), "own", False, NOT_ALLOWED, "de"),  # another one's is not his to end
    ((), "own", False, NOT_ALLOWED, "de"), (TALK, "", False, NOT_ALLOWED, "de"),
    ((replace(OWN, recorded="x.wav"), LEE), "", False, NOT_ALLOWED, "de"),
    ((), "own", True, NO_TALK.format("Anna Adler"), "de"), ((LEE,), "own", True, NO_TALK.format("Anna Adler"), "de"),
])
def test_who_may_not(calls, talk, record, why, language):
    lines = dial(calls, [Performed()] * 2, talk=talk, record=record)
    assert lines == [why, f"play not-possible {language}", *["hangup rejected"] * (not talk), "done"]


@pytest.mark.parametrize("user", ["101", "102"])
def test_dialled_in_a_call_of_its_own(user):
    """In his language, with the words to say where it belongs."""
    name, language = (ANNA.name, "de") if user == "101" else (BERND.name, "en")
    assert dial(outcomes=[Performed()] * 2, user=user, talk="") == [
        NO_TALK.format(name), f"play not-possible {language}", "hangup rejected", "done"]


@pytest.mark.parametrize(("calls", "first"), [
    (TALK, [BEGINS, "record own", "because it could not be recorded"]),
    ((replace(OWN, recorded="x.wav"), LEE), [ENDS, "record own no longer", "because it could not be ended"]),
])
def test_the_switch_does_not_do_it(calls, first):
    assert dial(calls, [Failed(), Performed()]) == [*first, "play not-available de", "done"]


@pytest.mark.parametrize(("record", "through"), [(True, "office"), (False, "")])
def test_to_whom_it_applies(record, through):
    assert recording.FEATURE.through(ANNA, office(record)) == through
