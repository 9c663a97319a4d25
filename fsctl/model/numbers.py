"""Outside numbers: reading what people dial, and telling cheap from expensive."""

from collections.abc import Iterable
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberType, ValidationResult

#: Classes of outside calls, as in ``users.*.outside``, where ``country:CH`` and patterns may stand too.
CLASSES = ("national", "mobile", "international", "premium")

#: What a country begins with there.
COUNTRY = "country:"

_PREMIUM = (PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST)
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.PAGER)


@lru_cache(maxsize=4096)
def international(dialled: str, country: str) -> str | None:
    """What was dialled in ``country`` (``DE``) as ``+4930…``; None when it is no complete number there.

    Read are ``+49…``, the international prefix (``0049…``) and national numbers. Where national numbers begin
    with 0, that 0 is needed: a bare subscriber number would reach a stranger in another town.
    """
    if not dialled.removeprefix("+").isascii() or not dialled.removeprefix("+").isdigit():
        return None
    number = _parse(dialled, country)
    if number is None or _needs_zero(dialled, number, country):
        return None
    if phonenumbers.is_possible_number_with_reason(number) != ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=4096)
def from_trunk(number: str, country: str) -> str | None:
    """A number as a trunk may show it (``+4930…``, ``4930…``, ``004930…``, ``030…``) as ``+4930…``, or None."""
    if number.startswith(("+", "0")):
        return international(number, country)
    return international(f"+{number}", country) or international(number, country)


@lru_cache(maxsize=4096)
def is_short(dialled: str, country: str) -> bool:
    """Whether this is a public short number (116117 in DE), which is sent to the trunk as it was dialled."""
    from phonenumbers import shortnumberinfo  # loads the metadata of all countries; rarely needed

    number = _parse(dialled, country) if dialled.isdigit() else None
    return number is not None and shortnumberinfo.is_valid_short_number_for_region(number, country)


@lru_cache(maxsize=4096)
def class_of(number: str, country: str) -> str:
    """The class of an outside number: one of CLASSES. Another country's number is ``international``."""
    parsed = _parse(number, country)
    if parsed is None:
        return "international"
    if parsed.country_code != phonenumbers.country_code_for_region(country):
        return "international"
    kind = phonenumbers.number_type(parsed)
    if kind in _PREMIUM or (kind == PhoneNumberType.UNKNOWN and _resembles_premium(parsed)):
        return "premium"
    return "mobile" if kind in _MOBILE else "national"


def includes(outside: Iterable[str], number: str, country: str) -> bool:
    """Whether a list like ``users.*.outside`` has an outside number.

    It has it by its class, its country or the digits it begins with. A country stands for calls to it at their usual
    price, so never for its premium numbers.
    """
    region = _region(number, country)
    names = {number, class_of(number, country)}
    if region is not None and class_of(number, region) != "premium":
        names.add(COUNTRY + region)
    return any(each in names or (each.endswith("*") and number.startswith(each[:-1])) for each in outside)


def is_country(code: str) -> bool:
    """Whether ``code`` is a country whose numbers can be read (``DE``)."""
    return code in phonenumbers.SUPPORTED_REGIONS


def _region(number: str, country: str) -> str | None:
    """The country of an outside number; None where it has none, or nobody has it in a plan that countries share."""
    parsed = _parse(number, country)
    return phonenumbers.region_code_for_number(parsed) if parsed else None


def _parse(dialled: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(dialled, country)
    except phonenumbers.NumberParseException:
        return None


def _needs_zero(dialled: str, number: PhoneNumber, country: str) -> bool:
    if dialled.startswith(("+", "0")):
        return False
    metadata = PhoneMetadata.metadata_for_region(country)
    return metadata is not None and metadata.national_prefix == "0" and number.country_code == metadata.country_code


def _resembles_premium(number: PhoneNumber) -> bool:
    """An expensive number dialled with digits too few or too many is still meant to be one."""
    digits = str(number.national_number)
    variants = [digits + "0" * more for more in range(1, 5)] + [digits[:-fewer] for fewer in range(1, 4)]
    return any(
        _kind(number.country_code, int(variant)) in _PREMIUM
        for variant in variants
        if variant
    )


def _kind(country_code: int | None, national: int) -> int:
    kind: int = phonenumbers.number_type(PhoneNumber(country_code=country_code, national_number=national))
    return kind
