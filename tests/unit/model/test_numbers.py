"""Outside numbers."""

import pytest

from fsctl.model.numbers import international, is_country, is_short, readings


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


def test_short_numbers_and_countries():
    assert is_short("116117", "DE")
    assert not is_short("5550100", "DE")
    assert not is_short("x", "DE")
    assert is_country("DE")
    assert not is_country("XX")
