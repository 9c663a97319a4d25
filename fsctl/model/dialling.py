"""What digits mean that somebody dials, a trunk names or shows, or a display shows to be dialled again."""

from collections.abc import Container

from fsctl.model import numbers
from fsctl.model.sections import Numbering


def outside(dialled: str, plan: Numbering, owned: Container[str], countries: tuple[str, ...]) -> str | None:
    """The outside number (``+49…``, or a short one) that a phone means whose site has ``plan``; None for no number.

    Of several readings the one counts that the office owns; ``countries`` are those in which it may be meant. Else it
    is what one reaches from there.
    """
    if not dialled.startswith(("+", plan.external_prefix)):
        return None
    digits = dialled if dialled.startswith("+") else dialled.removeprefix(plan.external_prefix)
    if own := _owned(digits, (plan.country, *countries), owned):
        return own
    number = numbers.international(digits, plan.country)
    return number or (digits if numbers.is_short(digits, plan.country) else None)


def shown_by_trunk(number: str, owned: Container[str], countries: tuple[str, ...]) -> str | None:
    """The number (``+49…``) that a trunk names or shows; None for what is none. ``countries``: the likeliest first."""
    return _owned(number, countries, owned) or next(iter(numbers.readings(number, countries)), None)


def to_dial(number: str, plan: Numbering) -> str:
    """How a display shows an outside number, so that dialling what it shows leads there."""
    if plan.show_callers == "e164" or not number.startswith("+"):
        return number
    national = numbers.national(number, plan.country)
    return national if national.startswith("+") else plan.external_prefix + national


def _owned(digits: str, countries: tuple[str, ...], owned: Container[str]) -> str | None:
    return next((each for each in numbers.readings(digits, countries) if each in owned), None)
