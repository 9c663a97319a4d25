"""docs/classes.md says of every type of number in every country what the code says."""

import re
from collections import Counter

import phonenumbers
import pytest
from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberType, shortnumberinfo
from phonenumbers.shortnumberinfo import ShortNumberCost

from fsctl.model.call_classes import CLASSES, class_of
from tests.documents import tables

TABLES = tables("classes.md")
TYPES = {row[0]: (row[2], row[3]) for row in TABLES["type"]}
COSTS = {row[0]: row[2] for row in TABLES["cost"]}


def names(constants: type) -> dict[int, str]:
    return {value: name for name, value in vars(constants).items() if name.isupper()}


TYPE_NAMES, COST_NAMES = names(PhoneNumberType), names(ShortNumberCost)
#: Every country of the library, and who shares a country code with it.
COUNTRIES = sorted(phonenumbers.SUPPORTED_REGIONS)
SHARING = {country: phonenumbers.region_codes_for_country_code(phonenumbers.country_code_for_region(country))
           for country in COUNTRIES}


def examples(country: str) -> list[tuple[str, str]]:
    """Numbers of a country, with the type that the library gives each."""
    numbers = [phonenumbers.example_number_for_type(country, kind) for kind in TYPE_NAMES]
    numbers.append(phonenumbers.invalid_example_number(country))
    return [(phonenumbers.format_number(number, PhoneNumberFormat.E164), TYPE_NAMES[phonenumbers.number_type(number)])
            for number in numbers if number is not None]


def abroad(country: str) -> str:
    """A country whose numbers have another country code."""
    return "FR" if phonenumbers.country_code_for_region(country) == 49 else "DE"


def cost(digits: str, country: str) -> str:
    """What the library says that a short number costs."""
    return COST_NAMES[shortnumberinfo.expected_cost_for_region(phonenumbers.parse(digits, country), country)]


def test_every_class_type_and_cost_has_one_line():
    assert all(row[-1] for rows in TABLES.values() for row in rows)
    assert tuple(row[0] for row in TABLES["class"]) == CLASSES
    for heads, known in (("type", TYPE_NAMES), ("cost", COST_NAMES)):
        assert Counter(row[0] for row in TABLES[heads]) == Counter(known.values())


@pytest.mark.parametrize("country", COUNTRIES)
def test_types(country):
    for number, kind in examples(country):
        if kind == "UNKNOWN":
            continue  # at home it may be a number with digits after it
        assert (class_of(number, country), class_of(number, abroad(country))) == TYPES[kind], (number, kind)


@pytest.mark.parametrize("country", COUNTRIES)
def test_what_nobody_has_is_premium_abroad(country):
    unknown = [number for number, kind in examples(country) if kind == "UNKNOWN"]
    assert {class_of(number, abroad(country)) for number in unknown} <= {TYPES["UNKNOWN"][1]}


@pytest.mark.parametrize("country", [country for country, sharing in SHARING.items() if len(sharing) > 1])
def test_who_shares_a_country_code_is_abroad(country):
    for number, kind in examples(country):
        for other in SHARING[country]:
            at_home = phonenumbers.is_valid_number_for_region(phonenumbers.parse(number), other)
            if kind != "UNKNOWN":
                assert class_of(number, other) == TYPES[kind][0 if at_home else 1], (number, kind, other)


@pytest.mark.parametrize("country", COUNTRIES)
def test_short_numbers(country):
    metadata = PhoneMetadata.short_metadata_for_region(country)
    if metadata is None:
        return
    found = (metadata.toll_free, metadata.standard_rate, metadata.premium_rate, metadata.short_code,
             metadata.carrier_specific, metadata.sms_services)
    for digits in filter(None, (each and each.example_number for each in found)):
        number = phonenumbers.parse(digits, country)
        valid = shortnumberinfo.is_valid_short_number_for_region(number, country)
        assert class_of(digits, country) == (COSTS[cost(digits, country)] if valid else "premium"), digits


@pytest.mark.parametrize(("country", "number", "kind"), [row[:3] for row in TABLES["from"]])
def test_where_a_number_belongs(country, number, kind):
    assert class_of(number, country) == kind


def test_codes_of_no_country():
    documented = {int(row[0]): row[2] for row in TABLES["code"]}
    assert documented.keys() == phonenumbers.COUNTRY_CODES_FOR_NON_GEO_REGIONS
    for code, kind in documented.items():
        example = phonenumbers.example_number_for_non_geo_entity(code)
        number = phonenumbers.format_number(example, PhoneNumberFormat.E164) if example else f"+{code}12345678901"
        assert {class_of(number, country) for country in COUNTRIES} == {kind}
        assert class_of(f"+{code}1", "DE") == "premium"


@pytest.mark.parametrize(("country", "digits", "costs"), [
    (country, digits, costs) for costs, such, *_ in TABLES["cost"]
    for part, country in re.findall(r"((?:\d+(?:, | and )?)+) in (?:the )?(\w+)", such)
    for digits in re.findall(r"\d+", part)])
def test_short_numbers_that_are_named(country, digits, costs):
    code = {"Germany": "DE", "Switzerland": "CH", "US": "US", "UK": "GB"}[country]
    assert cost(digits, code) == costs
    assert class_of(digits, code) == COSTS[costs]
