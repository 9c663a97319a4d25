"""Outside numbers: reading what people dial."""

from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, ValidationResult


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


def is_country(code: str) -> bool:
    """Whether ``code`` is a country whose numbers can be read (``DE``)."""
    return code in phonenumbers.SUPPORTED_REGIONS


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
