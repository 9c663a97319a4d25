"""Switching an executive's filter by star code: who may, and what is kept."""

from dataclasses import replace

import pytest

from fsctl.model.outcomes import CallerGone, Failed, Performed
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import a_call
from tests.unit.drive import drive
from tests.unit.policies.test_executive_rules import office

STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
OK = [Performed(), Performed(), Performed(), CallerGone()]


def dial(dialled, code, user, outcomes=OK, **changes):
    here = office("rules")
    executive = replace(here.users["130"], executive=replace(here.users["130"].executive, **changes))
    here = replace(here, users=here.users | {"130": executive})
    return drive(STAR, a_call(f"code:{code}", user=user, dialled=dialled), here, outcomes)


@pytest.mark.parametrize(("dialled", "user", "who", "said"), [
    ("#61", "130", "Erika Ernst", ""), ("#61130", "130", "Erika Ernst", " 130"),
    ("#61130", "132", "Georg Graf", " 130"),
])
def test_on(dialled, user, who, said):
    assert dial(dialled, "filter_on", user) == [
        f"because {who} switches the filter of Erika Ernst on", "change code:filter_on: filter.130 = on",
        "answer", f"play filter-on de{said}", "hangup normal", "done"]


def test_off():
    assert dial("#62130", "filter_off", "131")[:4] == [
        "because Fatma Fuchs switches the filter of Erika Ernst off", "change code:filter_off: filter.130 = off",
        "answer", "play filter-off de 130"]


@pytest.mark.parametrize(("dialled", "user", "changes", "why"), [
    ("#61130", "101", {}, "101 is no assistant of Erika Ernst"),
    ("#61130", "131", {"assistants_may_switch": False}, "the assistants of Erika Ernst may not switch the filter"),
    ("#61130", "101", {"assistants_may_switch": False}, "101 is no assistant of Erika Ernst"),
    ("#61", "131", {}, "Fatma Fuchs is no executive"), ("#61101", "131", {}, "101 is no executive"),
    ("#61199", "130", {}, "199 is no executive"), ("#61", None, {}, "the caller is no executive"),
])
def test_refused(dialled, user, changes, why):
    lines = dial(dialled, "filter_on", user, [Performed(), CallerGone()], **changes)
    assert lines == [f"because {why}", "play not-possible de", "hangup rejected", "done"]


def test_the_executive_may_whatever_assistants_may():
    lines = dial("#62", "filter_off", "130", assistants_may_switch=False)
    assert lines[1] == "change code:filter_off: filter.130 = off"


def test_a_database_that_fails_is_told():
    assert dial("#61", "filter_on", "130", [Failed(), Performed(), CallerGone()])[-3:] == [
        "play not-available de", "hangup rejected", "done"]
