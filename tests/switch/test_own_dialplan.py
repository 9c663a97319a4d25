"""What is generated for a FreeSWITCH with an own dialplan: the ways into the office, and those out of it."""

import random
from dataclasses import replace

import pytest

from fsctl.switch.generated.dialplan import failsafe_xml
from fsctl.switch.generated.own_dialplan import office_texts
from tests import countries
from tests.switch.test_dialplan import run
from tests.unit.builders import an_office

OFFICE = an_office()
BESIDE = replace(OFFICE, office=replace(OFFICE.office, own_context="phones"))
FAILSAFE = failsafe_xml(BESIDE)
MANY = countries.office()
WAYS_IN = "".join(office_texts(MANY))


def out(dialled, xml=FAILSAFE, **variables):
    """What the fail-safe does last."""
    return next(reversed(run(xml, {"destination_number": dialled, "fsctl_site": "berlin", **variables})), "")


@pytest.mark.parametrize(("dialled", "last"), [
    ("own+1000", "transfer 1000 XML phones"),
    ("own+*98", "transfer *98 XML phones"),
    ("own+operator", "transfer operator XML phones"),
    ("own+1000 XML default", ""),
    ("own+-both", ""),
    ("own+1000\n", ""),
    ("own+${x}", ""),
    ("ring_1000", "execute_extension own+1000 XML fsctl"),
    ("ring_1000#", "execute_extension own+1000 XML fsctl"),
    ("ring_101", "hangup ${fsctl_ended}"),
    ("ring_*72", "hangup NORMAL_TEMPORARY_FAILURE"),
])
def test_what_the_office_does_not_know_goes_on_there(dialled, last):
    assert out(dialled) == last


@pytest.mark.parametrize(("external", "leg", "transferor", "goes_on"), [
    ("", "", "", True), ("true", "", "", False),
    ("", "leg", "101", True), ("true", "leg", "101", True),
    ("", "leg", "", False), ("", "leg", "_undef_", False), ("true", "leg", "_undef_", False),
])
def test_only_for_who_dials_himself_or_is_transferred_by_somebody_of_the_office(external, leg, transferor, goes_on):
    last = out("ring_1000", fsctl_external=external, fsctl_from_leg=leg, fsctl_transferred_by=transferor)
    assert bool(last) == goes_on


@pytest.mark.parametrize("dialled", ["ring_1000", "own+1000"])
def test_without_an_own_context_it_goes_nowhere(dialled):
    assert out(dialled, failsafe_xml(OFFICE)) in ("", "unset fsctl_phones")


def test_what_leads_into_the_office_is_what_an_outside_caller_may_reach():
    """Extensions, and numbers in each form in which trunks write them; no slot, no code, nobody else."""
    chance, numbers = random.Random(3), list(MANY.numbers)
    dialled = [*MANY.extensions, *numbers, *(each.removeprefix("+") for each in numbers),
               *("00" + each.removeprefix("+") for each in numbers),
               *("".join(chance.choices("0123456789*#", k=chance.randint(1, 12))) for _ in range(2000))]
    ways = [run(WAYS_IN, {"destination_number": each}) for each in dialled]
    for each, way in zip(dialled, ways, strict=True):
        there = MANY.called_from_outside(each).kind != "unknown" and not each.endswith("#")
        assert bool(way) == there, each
        assert not way or way == ["unset last_bridge_to", f"transfer {each} XML fsctl_public"]
    assert sum(map(bool, ways)) > 3 * len(numbers)
