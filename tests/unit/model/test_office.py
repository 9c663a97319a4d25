"""Where dialled digits lead."""

from dataclasses import replace

import pytest
from phonenumbers import parse, region_code_for_number

from fsctl.model.destination import Destination
from fsctl.model.digits import plain
from fsctl.model.sections import Numbering
from tests.unit.builders import BERLIN, BERND, CREW, IN_TURN, PROVIDER, SALES, THAMES, an_office


@pytest.mark.parametrize(
    ("dialled", "to"),
    [
        ("101", "user:101"), ("300", "hunt:sales"), ("380", "conference:crew"), ("701", "slot:701"),
        ("112", "emergency:112"), ("0112", "emergency:112"), ("999", "unknown:999"),
        ("0030555010", "number:+4930555010"), ("000442079460100", "number:+442079460100"),
        ("+4930123456", "number:+4930123456"), ("0116117", "number:116117"),
        ("00305550101", "user:101"), ("00305550100", "site:berlin"), ("+49305550300", "hunt:sales"),
        ("0305550101", "unknown:0305550101"), ("9", "unknown:9"), ("", "unknown:"), ("0", "unknown:0"),
        ("*98", "code:pickup"), ("**101", "code:pickup_lamp"), ("0*98", "unknown:0*98"),
        ("conference+crew", "conference:crew"), ("conference+gone", "unknown:conference+gone"),
        ("conference+sales", "unknown:conference+sales"), ("hunt+sales", "code:hunt_key"),
    ],
)
def test_from_inside(dialled, to):
    assert str(an_office().find(dialled, user="101", external=False)) == to


@pytest.mark.parametrize(
    ("dialled", "to"),
    [
        ("+49305550101", "user:101"), ("49305550101", "user:101"), ("0049305550101", "user:101"),
        ("0305550100", "site:berlin"), ("101", "user:101"), ("300", "hunt:sales"), ("380", "conference:crew"),
        ("701", "unknown:701"), ("112", "unknown:112"), ("+491701234567", "unknown:+491701234567"),
        ("*98", "unknown:*98"), ("conference+crew", "unknown:conference+crew"),
    ],
)
def test_from_outside(dialled, to):
    assert str(an_office().find(dialled, user=None, external=True)) == to


def test_without_a_prefix_outside_numbers_are_dialled_as_they_are():
    office = an_office(numbering=Numbering())
    assert str(office.find("030123456", user="101", external=False)) == "number:+4930123456"
    assert str(office.find("101", user="102", external=False)) == "user:101"


def test_a_plus_needs_no_prefix():
    office = an_office(numbering=Numbering(external_prefix="9"))
    assert str(office.find("+4930123456", user="101", external=False)) == "number:+4930123456"
    assert str(office.find("9030123456", user="101", external=False)) == "number:+4930123456"
    assert str(office.find("030123456", user="101", external=False)) == "unknown:030123456"
    assert str(office.find("9+4930123456", user="101", external=False)) == "number:+4930123456"
    plus = an_office(numbering=Numbering(external_prefix="+"))
    assert str(plus.find("+4930123456", user="101", external=False)) == "number:+4930123456"


def test_a_trunk_may_leave_out_the_code_of_the_country_whatever_else_the_digits_could_mean():
    codes = [code for code in range(200, 1000) if region_code_for_number(parse(f"+1{code}5550100")) == "US"]
    assert len(codes) > 300
    for code in codes:
        site = replace(BERLIN, numbers=(f"+1{code}5550100",))
        office = an_office(numbering=Numbering(country="US"), sites={"berlin": site})
        for shown in (f"{code}5550100", f"1{code}5550100", f"+1{code}5550100", f"1-{code}-555-0100"):
            assert str(office.called_from_outside(plain(shown))) == "site:berlin", shown
        assert office.caller_number(f"{code}5550199", None) == f"+1{code}5550199"


@pytest.mark.parametrize(("country", "number", "called"), [
    ("DE", "+49305550100", "030 5550100"), ("GB", "+442079460100", "020 7946 0100"),
    ("IT", "+390255550100", "02 5555 0100"),
    ("SG", "+6561234567", "61234567"), ("SG", "+6561234567", "6561234567"), ("DK", "+4532123456", "32123456"),
    ("DK", "+4532123456", "4532123456"), ("ES", "+34912345678", "912345678"), ("ES", "+34912345678", "34912345678"),
    ("RU", "+74951234567", "8 495 1234567"), ("RU", "+74951234567", "74951234567"),
    ("FR", "+33155550100", "0155550100"),
])
def test_in_other_countries(country, number, called):
    office = an_office(numbering=Numbering(country=country), sites={"berlin": replace(BERLIN, numbers=(number,))})
    assert str(office.called_from_outside(plain(called))) == "site:berlin"


def test_a_site_has_its_own_emergency_numbers():
    assert str(an_office().find("0999", user="120", external=False)) == "emergency:999"
    assert str(an_office().find("112", user="120", external=False)) == "unknown:112"
    assert an_office().numbering_of(None).emergency == ("110", "112")
    assert an_office().numbering_of(BERLIN).emergency == ("110", "112")


def test_the_site_of_a_user():
    assert an_office().site_of("101") == BERLIN
    assert an_office().site_of(None) is None
    assert an_office().site_of("555") is None


@pytest.mark.parametrize(
    ("to", "site"),
    [
        ("site:london", "london"), ("site:paris", None), ("user:120", "london"), ("user:999", None),
        ("mailbox:120", "london"), ("hunt:thames", "london"), ("conference:thames", "london"), ("hunt:gone", None),
        ("attendant:night", None), ("number:+442079460999", None), ("slot:701", None),
    ],
)
def test_the_site_that_a_destination_belongs_to(to, site):
    office = an_office(groups={"sales": SALES, "thames": replace(SALES, key="thames", site="london")})
    found = office.site_for(Destination(*to.split(":")))
    assert (found.key if found else None) == site


@pytest.mark.parametrize(
    ("to", "there"),
    [
        ("user:101", True), ("user:999", False), ("mailbox:101", True), ("mailbox:999", False), ("hunt:sales", True),
        ("hunt:crew", False), ("hunt:gone", False), ("conference:crew", True), ("conference:sales", False),
        ("attendant:gone", False), ("number:+491701234567", True), ("announcement:blocked", True),
    ],
)
def test_what_there_is(to, there):
    assert an_office().has(Destination(*to.split(":"))) is there


@pytest.mark.parametrize(("to", "extension"), [
    ("user:101", "101"), ("user:999", ""), ("hunt:sales", "300"), ("hunt:crew", ""), ("conference:crew", "380"),
    ("conference:sales", ""), ("hunt:gone", ""), ("mailbox:101", ""), ("number:101", ""), ("site:berlin", ""),
])
def test_by_which_extension_a_place_is_reached(to, extension):
    assert an_office().extension_of(Destination(*to.split(":"))) == extension


def test_the_groups_of_a_user():
    team = replace(SALES, key="team", members=("102", "102"))
    office = an_office(groups={"team": team, "crew": CREW, "sales": SALES})
    assert [[group.key for group in office.groups_of(user)] for user in ("101", "102", "120")] == [
        ["sales"], ["team", "sales"], []]


def test_whose_ringing_calls_somebody_else_may_take():
    office = an_office(
        users=an_office().users | {"102": replace(BERND, monitors=("102", "120"))},
        groups={"alone": replace(SALES, members=("101",), pickup=True), "crew": CREW, "sales": SALES},
    )
    assert office.picked_up == {"120"}
    team = replace(SALES, key="team", members=("101", "102", "+491701234567"), pickup=True)
    assert replace(office, groups={"team": team}).picked_up == {"101", "102", "120"}


@pytest.mark.parametrize(("trunks", "site", "keys"), [
    ({"provider": PROVIDER, "thames": THAMES}, "london", ["thames"]),
    ({"provider": PROVIDER, "thames": THAMES}, "berlin", ["provider"]),
    ({"provider": PROVIDER, "thames": THAMES}, None, ["provider"]),
    (IN_TURN, "london", ["thames", "provider"]),
    (IN_TURN, "berlin", ["provider"]),
    (IN_TURN, None, []),
    ({"thames": THAMES}, "berlin", []),
])
def test_trunks_that_name_a_site_serve_it_else_those_that_name_none(trunks, site, keys):
    office = an_office(trunks=trunks)
    assert [trunk.key for trunk in office.trunks_of(office.sites.get(site))] == keys
