"""Where calls may be sent: the office file, ``*72``, ``fsctl forward set`` and a phone's 302 say the same."""

import copy
import tomllib
from dataclasses import replace

import pytest

from fsctl import officefile, sample
from fsctl.cli.forward import target_of
from fsctl.model.destination import DIALLED_KINDS, FILE_KINDS, Destination
from fsctl.model.digits import dialable
from fsctl.model.outcomes import CallerGone, Performed, Redirected
from fsctl.policies import destinations, extension, forwarding
from fsctl.policies.stages import CODES
from fsctl.schema import structure
from tests.unit.builders import AT, a_call, nowhere
from tests.unit.drive import drive

TREE = tomllib.loads(sample.text())
OFFICE = structure(TREE)

#: Who sends calls, where to as the office file and the shell write it, what he dials for that (None: nothing), and why
#: not ("": he may).
TABLE = [
    ("101", "number:112", "112", "calls cannot be sent to the emergency number 112"),
    ("101", "number:1 1 2", "0 112", "calls cannot be sent to the emergency number 112"),
    ("101", "number:112", "#31#112", "calls cannot be sent to the emergency number 112"),
    ("101", "number:110", "0110", "calls cannot be sent to the emergency number 110"),
    ("120", "number:999", "999", "calls cannot be sent to the emergency number 999"),
    ("120", "number:112", "9112", "calls cannot be sent to the emergency number 112"),
    ("101", "number:999", None, "calls cannot be sent to the emergency number 999"),
    ("101", None, "999", nowhere("999")),
    ("101", "number:030 1234567", None, '"0301234567" is not a complete number; write it as +4930…'),
    ("101", None, "030 1234567", nowhere("0301234567")),
    ("120", "number:020 7946 0999", None, '"02079460999" is not a complete number; write it as +4930…'),
    ("101", "number:49301234567", None, '"49301234567" is not a complete number; write it as +4930…'),
    ("101", "number:+49 30 1234567", "+49 30 1234567", ""),
    ("101", "number:+49 (0)30 1234567", "0 030 1234567", ""),
    ("120", "number:+44 20 7946 0999", "9 020 7946 0999", ""),
    ("101", "number:116117", "0 116117", ""),
    ("101", "number:11880", "0 11880", "Anna Adler may not make premium calls"),
    ("103", "number:+442079460999", "000 44 20 7946 0999", "Clara Conrad may not make international calls"),
    ("101", "number:+49305550130", "0 030 5550130", ""),
    ("101", "number:+49305550100", "0 030 5550100", ""),
    ("101", "number:+49305550300", "+49305550300", ""),
    ("101", "user:102", "102", ""),
    ("101", "user:102", "102#", ""),
    ("101", "user:199", None, "there is no user 199"),
    ("101", None, "199", nowhere("199")),
    ("102", "mailbox:101", None, ""),
    ("101", "mailbox:103", None, "user 103 has no mailbox; write mailbox = true there"),
    ("101", "mailbox:199", None, "there is no user 199"),
    ("101", "hunt:sales", "300", ""),
    ("101", "hunt:crew", None, "group crew has no hunt"),
    ("101", "hunt:gone", None, "there is no group gone"),
    ("101", "conference:crew", "380", ""),
    ("101", "conference:sales", None, "group sales has no conference"),
    ("101", "attendant:after-hours", None, ""),
    ("101", "attendant:gone", None, "there is no attendant gone"),
    ("101", "announcement:closed", None, ""),
    ("101", "announcement:number-changed", None, ""),
    ("101", "announcement:gone", None, "there is no announcement gone"),
    ("101", "hangup:busy", None, ""),
    ("101", "hangup:tired", None, '"tired" is no reason to hang up; known are busy, no-answer, offline, rejected, '
     "unknown-number, number-changed, normal"),
    ("101", None, "701", "calls cannot be sent to 701, where calls are parked"),
    ("101", None, "*86", "calls cannot be sent to the star code *86"),
    ("101", None, "*72102", "calls cannot be sent to the star code *72"),
    ("101", None, "7", nowhere("7")),
]
WRITTEN, DIALLED = [row for row in TABLE if row[1]], [row for row in TABLE if row[2]]


def asked_at_use(why: str) -> bool:
    """A phone may name what its people may not call: who does so is refused when it happens."""
    return " may not make " in why


@pytest.mark.parametrize(("user", "written", "dialled", "why"), WRITTEN)
def test_the_office_file(user, written, dialled, why):
    tree = copy.deepcopy(TREE)
    tree["users"][user]["forward"] = {"always": written}
    said = [problem.message for problem in officefile.check(tree, AT) if not problem.warning]
    assert said == ([why] if why else [])


@pytest.mark.parametrize(("user", "written", "dialled", "why"), TABLE)
def test_the_shell(user, written, dialled, why):
    for text in filter(None, (written, dialled)):
        assert str(forwarding.refusal(user, target_of(text, user, OFFICE), OFFICE)) == why, text


@pytest.mark.parametrize(("user", "written", "dialled", "why"), DIALLED)
def test_the_star_code(user, written, dialled, why):
    def run(*about):
        return CODES["forward_always"].run(*about, dialable(dialled))

    call, outcomes = a_call("code:forward_always", user=user), [Performed(), Performed(), Performed(), CallerGone()]
    said = drive(run, call, OFFICE, outcomes)
    assert said[0].removeprefix("because ") == why if why else said[1].startswith("change "), said


@pytest.mark.parametrize(("user", "written", "dialled", "why"), DIALLED)
def test_a_phone_that_sends_its_calls_on(user, written, dialled, why):
    name = OFFICE.users[user].name
    *_, last = drive(extension.run, a_call(f"user:{user}", user="130"), OFFICE, [Redirected(dialable(dialled))])
    if why and not asked_at_use(why):
        assert last == f"pass Rejected: the phone of {name} sends its calls on, but {why}"
    else:
        assert last.startswith("reroute ")


def test_where_no_calls_are_sent_at_all():
    kinds = [*FILE_KINDS, *DIALLED_KINDS]
    others = ("", *(f"destinations.{each}" for each in (
        "no_user", "no_group", "no_attendant", "no_announcement", "no_cause", "incomplete")))
    refused = [kind for kind in kinds if destinations.refusal(Destination(kind, "x"), OFFICE, None).name not in others]
    assert refused == ["slot", "code", "emergency", "unknown", "recall", "push"]


def test_whose_decision_it_is_counts():
    abroad = Destination("number", "+442079460999")
    clara = replace(OFFICE.users["103"], outside=("international",))
    assert not destinations.refusal(abroad, OFFICE, None)
    assert not destinations.refusal(abroad, OFFICE, None, by=clara)
    assert destinations.refusal(abroad, OFFICE, None, by=OFFICE.users["103"])
