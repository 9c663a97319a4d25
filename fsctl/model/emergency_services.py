"""Emergency services by name, as a phone may call them without knowing a number: ``urn:service:sos`` (RFC 5031)."""

from collections.abc import Sequence
from typing import Final

#: Answers for all services where it is listed.
_GENERAL: Final = "112"

#: Services that have a number of their own beside it, by country.
_OWN: Final = {"DE": {"sos.police": "110"}}


def services(numbers: Sequence[str], country: str) -> dict[str, str]:
    """The number of each service at a site that has these emergency numbers; ``sos`` is last, and stands for the rest.

    A name goes for all names below it: ``sos`` for ``sos.fire``.
    """
    if not numbers:
        return {}
    own = {service: number for service, number in _OWN.get(country, {}).items() if number in numbers}
    return own | {"sos": _GENERAL if _GENERAL in numbers else numbers[0]}
