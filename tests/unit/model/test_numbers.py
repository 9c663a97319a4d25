"""Outside numbers."""

import pytest

from fsctl.model.numbers import class_of, includes, international, is_country, is_short, readings


@pytest.mark.parametrize(
    ("dialled", "country", "number"),
    [
        ("030123456", "DE", "+4930123456"), ("0044207946010", "DE", "+44207946010"),
        ("+4930123456", "DE", "+4930123456"),
        ("30123456", "DE", None), ("02", "DE", None), ("", "DE", None), ("+", "DE", None), ("03012a456", "DE", None),
        ("030 123456", "DE", None), ("٠٣٠١٢٣٤٥٦", "DE", None), ("0" * 40, "DE", None), ("++4930123456", "DE", None),
        ("2125550100", "US", "+12125550100"), ("01149301234567", "US", "+49301234567"),
        ("0649123456", "IT", "+390649123456"),
        ("442079460100", "DE", None),
    ],
)
def test_what_people_dial(dialled, country, number):
    assert international(dialled, country) == number


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("+49305550101", "+49305550101"), ("49305550101", "+49305550101"), ("0049305550101", "+49305550101"),
        ("0305550101", "+49305550101"), ("anonymous", None), ("", None), ("12", None),
    ],
)
def test_what_trunks_show(shown, number):
    assert next(iter(readings(shown, ("DE",))), None) == number


@pytest.mark.parametrize(
    ("number", "country", "name"),
    [
        ("+49301234567", "DE", "national"), ("+491701234567", "DE", "mobile"), ("+499001123456", "DE", "premium"),
        ("+4990012345", "DE", "premium"), ("+49180512345", "DE", "premium"), ("+442079460100", "DE", "international"),
        ("+442079460100", "GB", "national"), ("+4980012345678", "DE", "national"), ("116117", "DE", "national"),
        ("?", "DE", "international"),
    ],
)
def test_classes(number, country, name):
    assert class_of(number, country) == name


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("+4990012", "national"), ("+49900123", "premium"), ("+49900112345", "premium"), ("+499001123456", "premium"),
        ("+4990011234567", "premium"), ("+499001123456789", "premium"), ("+4990011234567890", "national"),
    ],
)
def test_an_expensive_number_stays_one_with_four_digits_too_few_and_three_too_many(number, name):
    assert class_of(number, "DE") == name


@pytest.mark.parametrize(("outside", "number", "country", "has"), [
    ("national", "+49301234567", "DE", True), ("national", "+491701234567", "DE", False),
    ("", "+49301234567", "DE", False), ("mobile national", "+49301234567", "DE", True),
    ("premium", "+499001123456", "DE", True),
    ("country:CH", "+41446681800", "DE", True), ("country:CH", "+41791234567", "DE", True),
    ("country:CH", "+43144668180", "DE", False), ("country:AT country:CH", "+43144668180", "DE", True),
    ("country:CH", "+41900123456", "DE", False), ("international", "+41900123456", "DE", True),
    ("country:DE", "+49301234567", "DE", True), ("country:DE", "+491701234567", "DE", True),
    ("country:DE", "+499001123456", "DE", False), ("country:DE", "116117", "DE", True),
    ("country:GB", "+442079460100", "DE", True), ("country:GB", "+441534123456", "DE", False),  # Jersey
    ("country:US", "+12125550100", "DE", True), ("country:US", "+14165550100", "DE", False),  # Toronto
    ("country:US", "+19995550100", "DE", False), ("country:CH", "?", "DE", False),
    ("+4144*", "+41446681800", "DE", True), ("+4144*", "+41436681800", "DE", False),
    ("+4144", "+41446681800", "DE", False), ("+41446681800", "+41446681800", "DE", True),
    ("+41446681800", "+414466818001", "DE", False), ("+49900*", "+499001123456", "DE", True),
])
def test_what_a_list_of_outside_calls_has(outside, number, country, has):
    assert includes(outside.split(), number, country) == has


def test_short_numbers_and_countries():
    assert is_short("116117", "DE")
    assert not is_short("5550100", "DE")
    assert not is_short("x", "DE")
    assert is_country("DE")
    assert not is_country("XX")
