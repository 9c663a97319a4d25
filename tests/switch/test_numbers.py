"""The dialplan's reading of numbers is the controller's."""

import random
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType

from fsctl.model.digits import SEPARATORS, plain
from fsctl.model.sections import Numbering
from fsctl.simulator.dialplan.interpreter import Action, Dialplan, Facts
from fsctl.simulator.dialplan.pcre import compiled
from fsctl.switch.generated import callers, shipped
from tests.unit.builders import an_office

SHIPPED = Path(__file__).parents[2] / "freeswitch_conf/dialplan/fsctl"
WRITINGS = [
    "0 112", "+49 (0)170 1234567", "0 0049 (0)30 12", "(0)30 12", "112;phone-context=+49@x", "1 2 3 4 5 6 7 8 9 0 1 2",
    "slot+701", "night+berlin-mitte", "alice", "", ";", "104#", "*72 030-1", "\u200e+49\u00a0(0)30", "a;b", "1,2 3",
]


@pytest.mark.parametrize("file", shipped.PIECES)
def test_the_files_are_what_is_made(file):
    assert (SHIPPED / file).read_text(encoding="utf-8") == shipped.text(file), (
        "write them anew: python -m fsctl.switch.generated.shipped freeswitch_conf/dialplan/fsctl")


def test_the_stamp_is_that_of_the_dialplan():
    """By it `fsctl doctor` knows an older one, whichever of its files it is."""
    assert shipped.stamp() == shipped.made(SHIPPED), (
        "write it anew: python -m fsctl.switch.generated.shipped freeswitch_conf/dialplan/fsctl")


def through(xml: str, field: str, profile: dict[str, str]) -> str:
    """What the field is after all extensions."""
    def tell(action: Action) -> None:
        name, _, value = action.data.partition("=")
        profile[name] = value

    def expanded(text: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda name: profile.get(name[1], ""), text)

    plan = Dialplan(f"<x><context name='c'>{xml.replace('<include>', '').replace('</include>', '')}</context></x>")
    for action in plan.hunt("c", Facts(lambda name: profile.get(name, ""), expanded, tell)):
        tell(action)
    return profile[field]


def dialled(text: str) -> str:
    return through(shipped.text("dialled-number.xml"), "destination_number", {"destination_number": text})


def random_writings():
    chance = random.Random(12)
    between = [chr(point) for span in SEPARATORS for point in span] + [*"   ---()//..", " (0) "]
    begins, ends = ["+49", "0049", "0", "", "*72", "9", "00 44 "], ["", "", "#", ";x=1", " "]
    for _ in range(300):
        digits = chance.choice(begins) + str(chance.randrange(10 ** chance.randrange(1, 13)))
        text = "".join(chance.choice(between) + digit if chance.random() < 0.4 else digit for digit in digits)
        yield text + chance.choice(ends)


@pytest.mark.parametrize("text", [*WRITINGS, *random_writings()])
def test_dialled_numbers(text):
    assert dialled(text) == plain(text) if plain(text) else not plain(dialled(text))


@pytest.mark.parametrize("country", ["DE", "AT", "CH", "GB", "US", "FR", "IT", "ES", "RU", "BR", "NL", "AU"])
def test_callers_that_the_dialplan_reads_are_who_the_controller_takes_them_for(country):
    office, read = an_office(numbering=Numbering(country=country)), 0
    for shown in shown_by_trunks(country):
        became = next((f"+{code}{found[1]}" for pattern, code in callers.forms(country)
                       if (found := compiled(pattern).search(shown))), shown)
        number = office.caller_number(shown, None)
        if number.startswith("+"):  # else it is no complete number, and stays whatever it is
            assert office.caller_number(became, None) == number, shown
            read += became != shown
    assert read > 30 or not list(callers.forms(country))


def shown_by_trunks(country):
    """Numbers of this country and of others, in the ways in which they may be written."""
    chance = random.Random(country)
    for region in (country, "DE", "GB", "US", "IT", "FR"):
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE):
            example = phonenumbers.example_number_for_type(region, kind)
            for _ in range(20):
                number = f"{example.country_code}{example.national_number // 10000}{chance.randrange(10000):04}"
                national = number.removeprefix(str(example.country_code))
                yield from (f"+{number}", number, f"00{number}", f"011{number}", f"0{national}", national)


def test_a_caller_is_shown_by_the_number_that_he_has_to_the_controller():
    root = ET.Element("include")
    callers.add_to(root, an_office())
    xml = "".join(ET.tostring(each, encoding="unicode") for each in root)

    def shown(number, name):
        profile = {"destination_number": "caller", "fsctl_external": "true", "caller_id_number": number,
                   "ani": number, "caller_id_name": name}
        through(shipped.text("caller-number.xml"), "ani", profile)
        through(xml, "ani", profile)
        return profile["caller_id_name"], profile["caller_id_number"], profile["ani"]

    assert shown("015112345678", "Otto") == ("Otto", "+4915112345678", "+4915112345678")
    for written in ("015112345678", "0151/123-45678", "0049 (0)151 12345678"):
        assert set(shown(written, written)) == {"+4915112345678"}
