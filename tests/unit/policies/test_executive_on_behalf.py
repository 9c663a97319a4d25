"""Assistants call in an executive's name."""

from dataclasses import replace

import pytest

from fsctl.explain import explain
from fsctl.model.actions import Reroute
from fsctl.model.outcomes import CallerGone, Digits, Performed
from fsctl.model.sections import Site
from fsctl.policies import executive_on_behalf
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import a_call
from tests.unit.drive import drive, ending
from tests.unit.policies.test_executive_rules import ERNST
from tests.unit.policies.test_executive_rules import office as an_executives_office

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
TOLD = [Performed(), CallerGone()]
PARIS = Site(key="paris", name="Paris", timezone="Europe/Paris", language="en", country="FR", emergency=("18",),
             external_prefix="9")


def office(**changes):
    """131 has two executives, 130, who works in Paris, and 13, in Berlin; 132 the first one alone."""
    found = an_executives_office("all")
    first = replace(found.users["130"], site="paris", outside=("national", "mobile", "international"))
    second = replace(ERNST, extension="13", name="Max Moser", numbers=(),
                     executive=replace(first.executive, assistants=("131",)))
    found = replace(found, users=found.users | {"130": first, "13": second}, sites=found.sites | {"paris": PARIS})
    return replace(found, **changes)


def dial(dialled, user="131", outcomes=TOLD, here=None):
    return drive(STAR, a_call("code:on_behalf", user, dialled), here or office(), outcomes)


CALLS = "because Fatma Fuchs calls on behalf of {}"


@pytest.mark.parametrize(("dialled", "to"), [
    ("102", "user:102"), ("300", "hunt:sales"), ("380", "conference:crew"), ("131", "user:131"), ("13", "user:13"),
    ("132#", "user:132"), ("9149305550101", "unknown:9149305550101"), ("900493055501" + "01", "user:101"),
    ("900493055501" + "00", "site:berlin"), ("90145678901", "number:+33145678901"), ("999", "unknown:999"),
    ("0301234567", "unknown:0301234567"),  # outside by the prefix of her own site
])
def test_where_it_goes_is_read_as_the_executive_dials_it(dialled, to):
    assert dial(f"#64130{dialled}") == [
        CALLS.format("Erika Ernst"), f"reroute {to} by 130 on behalf of 130 showing Erika Ernst|130"]


@pytest.mark.parametrize(("dialled", "user", "line"), [
    ("#64130102", "131", "reroute user:102 by 130 on behalf of 130 showing Erika Ernst|130"),
    ("#6413102", "131", "reroute user:102 by 13 on behalf of 13 showing Max Moser|13"),
    ("#6413130", "131", "reroute user:130 by 13 on behalf of 13 showing Max Moser|13"),
    ("#6413013", "131", "reroute user:13 by 130 on behalf of 130 showing Erika Ernst|130"),  # 130 and not 13
    ("#64130102", "132", "reroute user:102 by 130 on behalf of 130 showing Erika Ernst|130"),
])
def test_on_whose_behalf(dialled, user, line):
    assert dial(dialled, user)[1] == line


def test_the_number_is_asked_for():
    lines = dial("#64", outcomes=[Performed(), Digits("130102")])
    assert lines[1:] == ["answer", "ask enter-number de 24 keys 8 s", CALLS.format("Erika Ernst"),
                         "reroute user:102 by 130 on behalf of 130 showing Erika Ernst|130"]


@pytest.mark.parametrize(("dialled", "user", "why", "announcement"), [
    ("#64130102", "101", "Anna Adler is no assistant of 130102", "not-possible"),
    ("#64130102", "130", "Erika Ernst is no assistant of 130102", "not-possible"),
    ("#64130102", None, "the caller is no assistant of 130102", "not-possible"),
    ("#6413102", "132", "Georg Graf is no assistant of 13102", "not-possible"),
    ("#64101102", "131", "Fatma Fuchs is no assistant of 101102", "not-possible"),
    ("#64130", "131", "no number was dialled after the extension of Erika Ernst", "unknown-number"),
    ("#6413##", "131", "no number was dialled after the extension of Max Moser", "unknown-number"),
    ("#64130130", "131", "Erika Ernst cannot be called on his own behalf", "not-possible"),
    ("#641309004930555" + "0130", "131", "Erika Ernst cannot be called on his own behalf", "not-possible"),
    ("#64130*78", "131", "*78 can only be dialled by oneself", "not-possible"),
    ("#64130#6413102", "131", "#6413102 can only be dialled by oneself", "not-possible"),
    ("#64130#31102", "131", "#31102 can only be dialled by oneself", "not-possible"),
    ("#64130**102", "131", "**102 can only be dialled by oneself", "not-possible"),
    ("#64130hunt+sales", "131", "hunt+sales can only be dialled by oneself", "not-possible"),
    ("#64130701", "131", "701 can only be dialled by oneself", "not-possible"),
])
def test_refused(dialled, user, why, announcement):
    language = "en" if user == "130" else "de"
    hangup = "unknown-number" if announcement == "unknown-number" else "rejected"
    assert dial(dialled, user) == [f"because {why}", f"play {announcement} {language}", f"hangup {hangup}", "done"]


@pytest.mark.parametrize(("dialled", "number"), [
    ("18", "18"), ("918", "18"), ("110", "110"), ("0110", "110"),  # at his site, and at hers
])
def test_help_is_called_as_oneself(dialled, number):
    call = a_call("code:on_behalf", "131", f"#64130{dialled}")
    assert drive(STAR, call, office()) == ["because Fatma Fuchs calls help, as oneself", f"reroute emergency:{number}"]
    assert ending(STAR, call, office()) == Reroute(a_call(f"emergency:{number}").to)


def test_nobody_is_transferred_to_it():
    call = replace(a_call("code:on_behalf", None, "#64130102"), transferred_by="131", by="131")
    assert drive(STAR, call, office(), TOLD)[0] == (
        "because Fatma Fuchs transferred the call to #64, which one dials oneself")


@pytest.mark.parametrize(("user", "through"), [("131", "user 131"), ("132", "user 132"), ("130", ""), ("101", "")])
def test_to_whom_it_applies(user, through):
    here = office()
    assert executive_on_behalf.FEATURE.through(here.users[user], here) == through


# ---- the whole way --------------------------------------------------------------------------------------


def way(dialled, here, *outcomes):
    return explain(a_call("code:on_behalf", "131", dialled), here, outcomes)


def test_outside_it_is_the_executives_class_and_his_sites_trunk():
    trunk = replace(office().trunks["provider"], key="seine", sites=("paris",), caller_id="+33140000000")
    here = office(trunks=office().trunks | {"seine": trunk})
    steps = way("#64130900442079460999", here).steps
    assert (str(steps[0].reason), str(steps[-1].reason)) == (
        CALLS.format("Erika Ernst").removeprefix("because "), "outside number, by trunk seine")
    own = replace(a_call("number:+442079460999", "131"), by="131")
    assert explain(own, here).result == "announcement:blocked"
    here = replace(here, users=here.users | {"130": replace(here.users["130"], outside=("national",))})
    assert way("#64130900442079460999", here).result == "announcement:blocked"
