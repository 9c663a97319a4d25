"""Outside numbers: reading what people dial, and telling cheap from expensive."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
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
def readings(number: str, countries: tuple[str, ...]) -> tuple[str, ...]:
    """What a number may mean that a trunk shows, or somebody writes without dialling it; the likeliest first.

    Read are ``+4930…``, ``004930…`` and ``030…`` as in each of ``countries``, and ``4930…``. Where that can be both a
    national number and one with its country's code, it is the national one.
    """
    if number.startswith("+"):
        found = [international(number, countries[0])]
    else:
        as_national = [international(number, country) for country in countries]
        with_code = international(f"+{number}", countries[0])
        likely = [each for each in (*as_national, with_code) if each and _is_in_plan(each)]
        found = [*likely, *as_national, with_code]
    return tuple(dict.fromkeys(each for each in found if each))


@lru_cache(maxsize=4096)
def national(number: str, country: str) -> str:
    """An outside number (``+4930…``) as one dials it in ``country``: ``030…``, or ``0044…`` for another country's.

    With the ``+`` where that would be read as something else, and where no digits alone lead abroad.
    """
    parsed = _parse(number, country)
    if parsed is None or not number.startswith("+"):
        return number
    if parsed.country_code == phonenumbers.country_code_for_region(country):
        text = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
        digits = "".join(filter(str.isdigit, text))
    else:
        digits = (abroad(country) or "+") + number.removeprefix("+")
    return digits if international(digits, country) == number else number


def abroad(country: str) -> str:
    """What one dials in a country before another country's code; "" where that is more than some digits."""
    metadata = PhoneMetadata.metadata_for_region(country)
    found = metadata.preferred_international_prefix or metadata.international_prefix if metadata else None
    digits = (found or "").replace("~", "")  # where one waits for a tone
    return digits if digits.isdigit() else ""


@dataclass(frozen=True, slots=True)
class PrefixedPlan:
    """National numbers of a country that one dials with ``prefix`` before them, and ``code`` from abroad instead.

    ``pattern`` is what they look like after it; it captures nothing.
    """

    prefix: str
    code: str
    pattern: str


def prefixed_plan(country: str) -> PrefixedPlan | None:
    """None for a country without such a prefix, or with more than one way to dial."""
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None or metadata.national_prefix is None or metadata.national_prefix_transform_rule is not None:
        return None
    pattern = metadata.general_desc.national_number_pattern if metadata.general_desc else None
    return PrefixedPlan(metadata.national_prefix, str(metadata.country_code), pattern) if pattern else None


@lru_cache(maxsize=4096)
def is_short(dialled: str, country: str) -> bool:
    """Whether this is a public short number (116117 in DE), which is sent to the trunk as it was dialled."""
    from phonenumbers import shortnumberinfo  # loads the metadata of all countries; rarely needed

    number = _parse(dialled, country) if dialled.isdigit() else None
    return number is not None and shortnumberinfo.is_valid_short_number_for_region(number, country)


@lru_cache(maxsize=4096)
def is_emergency(dialled: str, country: str) -> bool:
    """Whether this calls for help in a country, whatever an office file says."""
    from phonenumbers import shortnumberinfo

    return dialled.isdigit() and len(dialled) < 7 and shortnumberinfo.is_emergency_number(dialled, country)


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


def _is_in_plan(number: str) -> bool:
    """Whether a country gives out numbers like this one, as far as its first digits tell."""
    parsed = _parse(number, "ZZ")
    if parsed is None or parsed.country_code is None:
        return False
    region = phonenumbers.region_code_for_country_code(parsed.country_code)
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(parsed.country_code, region)
    pattern = metadata.general_desc.national_number_pattern if metadata and metadata.general_desc else None
    return pattern is not None and re.fullmatch(pattern, phonenumbers.national_significant_number(parsed)) is not None


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
