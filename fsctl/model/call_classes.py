"""Classes of outside calls: telling cheap from expensive. The whole table, with reasons, is docs/classes.md.

Two shapes of number go in: a complete one (``+4930…``), and the digits of a short one (``116117``), which is always
one of the caller's country. A country is two letters (``DE``).
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, shortnumberinfo
from phonenumbers.shortnumberinfo import ShortNumberCost

from fsctl.model.numbers import is_short

#: Classes of outside calls, as in ``users.*.outside``, where ``country:CH`` and numbers may stand too.
CLASSES = ("national", "mobile", "international", "premium")

#: What a country begins with there.
COUNTRY = "country:"

_CALL, _MOBILE, _PREMIUM = ("national", "international"), ("mobile", "international"), ("premium", "premium")
#: The class of each type of number: in the caller's country, and abroad.
_TYPES: Final[Mapping[int, tuple[str, str]]] = {
    PhoneNumberType.FIXED_LINE: _CALL,
    PhoneNumberType.FIXED_LINE_OR_MOBILE: _CALL,
    PhoneNumberType.TOLL_FREE: _CALL,
    PhoneNumberType.VOIP: _CALL,
    PhoneNumberType.UAN: _CALL,
    PhoneNumberType.MOBILE: _MOBILE,
    PhoneNumberType.PAGER: _MOBILE,
    PhoneNumberType.VOICEMAIL: _MOBILE,
    PhoneNumberType.PREMIUM_RATE: _PREMIUM,
    PhoneNumberType.SHARED_COST: _PREMIUM,
    PhoneNumberType.PERSONAL_NUMBER: _PREMIUM,
    PhoneNumberType.UNKNOWN: _PREMIUM,
}
#: The class of each cost of a short number.
_COSTS: Final[Mapping[int, str]] = {
    ShortNumberCost.TOLL_FREE: "national",
    ShortNumberCost.STANDARD_RATE: "national",
    ShortNumberCost.PREMIUM_RATE: "premium",
    ShortNumberCost.UNKNOWN_COST: "premium",
}
_FIXED = (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
_EXPENSIVE = tuple(kind for kind, classes in _TYPES.items() if classes == _PREMIUM and kind != PhoneNumberType.UNKNOWN)

#: The "region" of country codes that belong to no country: satellites, networks, services.
_GLOBAL = "001"

#: So many digits more or less than a number has do not make it another one.
_MORE, _FEWER = 4, 4


@lru_cache(maxsize=4096)
def class_of(number: str, country: str) -> str:
    """The class of an outside number for a caller in ``country``: one of CLASSES; ``premium`` where nobody knows."""
    if not number.startswith("+"):
        return _class_of_short(number, country)
    kind = _type_of(number)
    if _region_of(number) == _GLOBAL:
        return "international" if kind == PhoneNumberType.TOLL_FREE else "premium"
    if kind == PhoneNumberType.UNKNOWN:
        return "national" if _has_direct_dialling(number, country) else "premium"
    at_home, abroad = _TYPES[kind]
    return at_home if belongs(number, country) else abroad


@lru_cache(maxsize=4096)
def belongs(number: str, country: str) -> bool:
    """Whether a complete number is one of ``country``. A country code that countries share does not make it one.

    Some numbers belong to several: +1 800… is one of the US, of Canada and of Jamaica.
    """
    parsed = _parse(number)
    return parsed is not None and (
        phonenumbers.is_valid_number_for_region(parsed, country)
        or phonenumbers.region_code_for_number(parsed) == country
    )


def includes(outside: Iterable[str], number: str, country: str) -> bool:
    """Whether a list like ``users.*.outside`` has an outside number, for a caller in ``country``.

    It has it by its class, its country or the digits it begins with. A country stands for calls to it at their usual
    price, so never for premium numbers. A short number is one of the caller's country.
    """
    kind = class_of(number, country)
    return any(
        each in (kind, number)
        or (each.endswith("*") and number.startswith(each[:-1]))
        or (each.startswith(COUNTRY) and kind != "premium" and _lies_in(number, each.removeprefix(COUNTRY), country))
        for each in outside
    )


def _lies_in(number: str, named: str, country: str) -> bool:
    return belongs(number, named) if number.startswith("+") else named == country


def _class_of_short(digits: str, country: str) -> str:
    if not is_short(digits, country):
        return "premium"
    cost = shortnumberinfo.expected_cost_for_region(phonenumbers.parse(digits, country), country)
    return _COSTS[cost]


def _has_direct_dialling(number: str, country: str) -> bool:
    """Whether an unknown number is a fixed line of ``country`` with digits after it, as to an extension behind it.

    Not abroad, where unknown digits after a number are what fraud sells; and not where an expensive number may be
    meant that was dialled with digits too few or too many.
    """
    shorter = [number[:-fewer] for fewer in range(1, _FEWER + 1)]
    longer = (number + digit * more for digit in "0123456789" for more in range(1, _MORE + 1))
    return (
        any(_type_of(each) in _FIXED and belongs(each, country) for each in shorter)
        and not any(_type_of(each) in _EXPENSIVE for each in (*shorter, *longer))
    )


def _type_of(number: str) -> int:
    parsed = _parse(number)
    return PhoneNumberType.UNKNOWN if parsed is None else phonenumbers.number_type(parsed)


def _region_of(number: str) -> str | None:
    parsed = _parse(number)
    return phonenumbers.region_code_for_number(parsed) if parsed else None


def _parse(number: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return None
