"""Assistants opt out of an executive's calls and in again, and have them go elsewhere."""

from dataclasses import replace

import pytest

from fsctl.model.outcomes import CallerGone, Digits, Failed, Performed
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import BERLIN, a_call, nowhere, settings
from tests.unit.drive import drive
from tests.unit.policies.test_executive_rules import ERNST, office

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
OK = [Performed(), Performed(), Performed(), CallerGone()]
NO = ["play not-possible de", "hangup rejected", "done"]


def dial(dialled, code, user="131", outcomes=OK, opt_out=True, **changes):
    """131 has two executives, 132 one of them; of these the second one, 13, forbids to opt out without ``opt_out``."""
    here = replace(office("rules"), **changes)
    second = replace(ERNST, extension="13", name="Second", numbers=(), executive=replace(
        here.users["130"].executive, assistants=("131",), opt_out=opt_out))
    here = replace(here, users=here.users | {"13": second})
    return drive(STAR, a_call(f"code:{code}", user=user, dialled=dialled), here, outcomes)


@pytest.mark.parametrize(("dialled", "code", "user", "changes"), [
    ("#66130", "opt_out", "131", ["assistant.130.131 = out"]),
    ("#65130", "opt_in", "131", ["assistant.130.131 = None"]),
    ("#6613", "opt_out", "131", ["assistant.13.131 = out"]),
    ("#66", "opt_out", "131", ["assistant.130.131 = out", "assistant.13.131 = out"]),
    ("#65", "opt_in", "131", ["assistant.130.131 = None", "assistant.13.131 = None"]),
    ("#66", "opt_out", "132", ["assistant.130.132 = out"]),
])
def test_in_and_out(dialled, code, user, changes):
    lines = dial(dialled, code, user, [Performed()] * len(changes) + OK[1:])
    assert [line for line in lines if line.startswith("change")] == [f"change code:{code}: {each}" for each in changes]
    said = f"play {code.replace('_', '-')} de {dialled[3:]}".rstrip()
    assert lines[-4:] == ["answer", said, "hangup normal", "done"]


def test_nobody_is_kept_from_taking_part():
    """Who left before it was forbidden can put that right, so that it does not come back when it is allowed again."""
    lines = dial("#65", "opt_in", "131", [Performed()] * 2 + OK[1:], opt_out=False)
    assert [line for line in lines if line.startswith("change")] == [
        "change code:opt_in: assistant.130.131 = None", "change code:opt_in: assistant.13.131 = None"]


def test_why():
    assert dial("#66130", "opt_out")[0] == "because Fatma Fuchs takes no calls of Erika Ernst"
    assert dial("#65130", "opt_in")[0] == "because Fatma Fuchs takes calls of Erika Ernst again"


@pytest.mark.parametrize(("dialled", "code", "user", "why"), [
    ("#66130", "opt_out", "101", "Anna Adler is no assistant of 130"),
    ("#6613", "opt_out", "132", "Georg Graf is no assistant of 13"),
    ("#66101", "opt_out", "131", "Fatma Fuchs is no assistant of 101"),
    ("#66", "opt_out", "101", "Anna Adler is nobody's assistant"),
    ("#65", "opt_in", None, "the caller is nobody's assistant"),
    ("#6613", "opt_out", "131", "assistants of Second may not opt out"),
])
def test_refused(dialled, code, user, why):
    assert dial(dialled, code, user, [Performed(), CallerGone()], opt_out=False) == [f"because {why}", *NO]


def test_where_no_pool_may_be_left_all_are_named():
    here = office("rules")
    forbids = replace(here.users["130"], executive=replace(here.users["130"].executive, opt_out=False))
    people = here.users | {"130": forbids}
    lines = dial("#66", "opt_out", outcomes=[Performed(), CallerGone()], opt_out=False, users=people)
    assert lines == ["because assistants of Erika Ernst, Second may not opt out", *NO]


def test_alone_leaves_those_whose_pool_may_be_left():
    lines = dial("#66", "opt_out", outcomes=OK, opt_out=False)
    assert [line for line in lines if line.startswith("change")] == ["change code:opt_out: assistant.130.131 = out"]


@pytest.mark.parametrize("outcomes", [[Performed(), Failed()], [Failed(), Performed()]])
def test_a_database_that_fails_is_told(outcomes):
    lines = dial("#66", "opt_out", outcomes=[*outcomes, Performed(), CallerGone()])
    assert lines[-3:] == ["play not-available de", "hangup rejected", "done"]


@pytest.mark.parametrize(("values", "change"), [
    ({}, "code:opt_out: assistant.130.131 = out"),
    ({"assistant.130.131": "out"}, "code:opt_in: assistant.130.131 = None"),
    ({"assistant.130.132": "out", "assistant.13.131": "out"}, "code:opt_out: assistant.130.131 = out"),
])
def test_the_key_toggles(values, change):
    lines = dial("assistant+130", "assistant_key", settings=settings(**values))
    assert [line for line in lines if line.startswith("change")] == [f"change {change}"]


@pytest.mark.parametrize(("key", "user", "why"), [
    ("130", "101", "Anna Adler is no assistant of 130"), ("199", "131", "Fatma Fuchs is no assistant of 199"),
    ("13", "131", "assistants of Second may not opt out"),
])
def test_keys_that_do_nothing(key, user, why):
    lines = dial(f"assistant+{key}", "assistant_key", user, [Performed(), CallerGone()], opt_out=False,
                 settings=settings(**{"assistant.13.131": "out"}))
    assert lines == [f"because {why}", *NO]


# ---- diversion ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dialled", "path", "to", "said"), [
    ("#67130102", "divert.130.131", "user:102", "102"), ("#6713102", "divert.13.131", "user:102", "102"),
    ("#6713000305550101", "divert.130.131", "user:101", "00305550101"),  # 130 and not 13
    ("#67130001709876543", "divert.130.131", "number:+491709876543", "001709876543"),
])
def test_divert(dialled, path, to, said):
    lines = dial(dialled, "divert")
    assert lines[1:4] == [f"change code:divert: {path} = {to}", "answer", f"play divert-on de {said}"]
    executive = "Erika Ernst" if "130" in path else "Second"
    assert lines[0] == f"because Fatma Fuchs sends calls of {executive} to {to}"


def test_as_it_is_dialled_at_the_assistants_site():
    sites = {"berlin": replace(BERLIN, external_prefix="9")}
    assert "change code:divert: divert.130.131 = number:+491709876543" in dial(
        "#6713090" + "1709876543", "divert", sites=sites)


@pytest.mark.parametrize("dialled", ["#67130", "#67130102"])
def test_a_diversion_that_cannot_be_kept_is_told(dialled):
    lines = dial(dialled, "divert", outcomes=[Failed(), Performed(), CallerGone()])
    assert lines[-3:] == ["play not-available de", "hangup rejected", "done"]


def test_no_longer():
    assert dial("#67130", "divert") == [
        "because Fatma Fuchs takes calls of Erika Ernst at the phone again",
        "change code:divert: divert.130.131 = None", "answer", "play divert-off de 130", "hangup normal", "done"]


def test_which_executive_is_asked_for():
    lines = dial("#67", "divert", outcomes=[Performed(), Digits("130102"), *OK])
    assert lines[1:3] == ["answer", "ask enter-number de 24 keys 8 s"]
    assert "change code:divert: divert.130.131 = user:102" in lines


@pytest.mark.parametrize(("dialled", "user", "why", "announcement"), [
    ("#67130102", "101", "Anna Adler is no assistant of 130102", "not-possible"),
    ("#67102", "131", "Fatma Fuchs is no assistant of 102", "not-possible"),
    ("#67130102", None, "the caller is no assistant of 130102", "not-possible"),
    ("#67130131", "131", "131 cannot send calls to himself", "not-possible"),
    ("#67130130", "131", "calls of Erika Ernst cannot go back to Erika Ernst", "not-possible"),
    ("#6713000305550130", "131", "calls of Erika Ernst cannot go back to Erika Ernst", "not-possible"),
    ("#67130300", "131", "calls of Erika Ernst can go to a person or a number outside, not to hunt:sales",
     "not-possible"),
    ("#6713000305550100", "131",
     "calls of Erika Ernst can go to a person or a number outside, not to number:+49305550100", "blocked"),
    ("#67130110", "131", "calls cannot be sent to the emergency number 110", "not-possible"),
    ("#67130555", "131", nowhere("555"), "not-possible"),
    ("#67130000442079460999", "131", "Fatma Fuchs may not make international calls", "blocked"),
])
def test_diversions_that_are_refused(dialled, user, why, announcement):
    lines = dial(dialled, "divert", user, [Performed(), CallerGone()])
    assert lines == [f"because {why}", f"play {announcement} de", "hangup rejected", "done"]
