"""Outside numbers: reading what people dial."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, ValidationResult, shortnumberinfo


@lru_cache(maxsize=4096)
def international(dialled: str, country: str) -> str | None:
    """What was dialled in ``country`` (``DE``) as ``+4930…``; None when it is no complete number there.

    Read are ``+49…``, the international prefix (``0049…``) and national numbers. Where national numbers begin
    with 0, that 0 is needed: a bare subscriber number would reach a stranger in another town.
    """
    if not dialled.removeprefix("+").isascii() or not dialled.removeprefix("+").isdigit():
        return None
    number = _parse(dialled, country)
    if number is None or _needs_zero(dialled, number, country) or not _is_written_so(dialled, number, country):
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
    number = _parse(dialled, country) if dialled.isdigit() else None
    return number is not None and shortnumberinfo.is_valid_short_number_for_region(number, country)


@lru_cache(maxsize=4096)
def is_emergency(dialled: str, country: str) -> bool:
    """Whether this calls for help in a country, whatever an office file says."""
    return dialled.isdigit() and len(dialled) < 7 and shortnumberinfo.is_emergency_number(dialled, country)


def is_country(code: str) -> bool:
    """Whether ``code`` is a country whose numbers can be read (``DE``)."""
    return code in phonenumbers.SUPPORTED_REGIONS


def split(number: str) -> tuple[int, str]:
    """The country code of a complete number (``+4930…``) and the digits after it."""
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    code = next((begins for end in (2, 3, 4) if int(begins := number[1:end]) in known), "")  # none begins with another
    return int(code or 0), number[1 + len(code):]


def is_written_one_way(country: str) -> bool:
    """Whether numbers are read in ``country`` only as ``ways_before`` has them, and each with its own digits."""
    metadata = PhoneMetadata.metadata_for_region(country)
    return metadata is not None and metadata.national_prefix_transform_rule is None and abroad(country) != ""


def ways_before(code: int, country: str) -> Iterator[str]:
    """What may stand before the digits of a number with this country code (its nsn) where somebody in ``country``
    writes it: a national prefix stays without effect after the code.
    """
    own = _national_prefix(phonenumbers.region_code_for_country_code(code))
    for sign in dict.fromkeys(("+", "", abroad(country))):
        yield from (f"{sign}{code}", f"{sign}{code}{own}")
    if code == phonenumbers.country_code_for_region(country):
        yield from ("", own)


def _is_written_so(dialled: str, number: PhoneNumber, country: str) -> bool:
    """The library takes away more than people write (1112025550101 is no way to +12025550101), and knows more ways.

    Those count where a country has them: prefixes that name a carrier, and digits that change.
    """
    if not is_written_one_way(country):
        return True
    digits = phonenumbers.national_significant_number(number)
    before = dialled.removesuffix(digits)
    return before + digits == dialled and before in ways_before(number.country_code or 0, country)


def _national_prefix(region: str) -> str:
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(0, region)
    return (metadata.national_prefix or "") if metadata else ""


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
    """Whether it lacks the 0 before a national number; what has two (00112) is none either."""
    metadata = PhoneMetadata.metadata_for_region(country)
    if metadata is None or metadata.national_prefix != "0" or number.country_code != metadata.country_code:
        return False
    return not dialled.startswith(("+", "0")) or phonenumbers.national_significant_number(number).startswith("0")
