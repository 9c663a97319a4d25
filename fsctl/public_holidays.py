"""Public holidays of countries and their subdivisions, with German and English names.

From the library ``holidays``, which takes a tenth of a second to load and as long for the first year of a country: it
is loaded when the first holiday is asked for.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from fsctl.errors import FsctlError
from fsctl.words import say

if TYPE_CHECKING:
    from holidays import HolidayBase

#: Where holidays that the law ties to a mostly Catholic population are holidays nearly everywhere: in Bavaria,
#: 15 August is one in five of six municipalities. In Saxony and Thuringia, Corpus Christi is one in few.
_ALSO_CATHOLIC: Final = ("DE-BY", "DE-Augsburg")


def holiday(region: str, day: date) -> Mapping[str, str] | None:
    """The names by language (``de``, ``en``) of a public holiday in a region (``DE-BE``, ``GB-ENG``, ``FR``).

    None for other days, and without a region. Where the library has no German names, English ones stand for them.
    FsctlError for regions it doesn't know. It goes to 2100, and for most countries begins long before 1990; for
    Germany in 1991.
    """
    return _year(region, day.year).get(day) if region else None


def mistake(region: str) -> str | None:
    """What is wrong with a region, naming those there are; None for one that is known."""
    country, _, subdivision = region.partition("-")
    subdivisions = _known().get(country)
    if subdivisions is None:
        return say("begin with the two letters of a country, like DE or GB-ENG")
    if subdivision in subdivisions or region == country:
        return None
    if not subdivisions:
        return say("write {country}; it has no subdivisions", country=country)
    return say("the subdivisions of {country} are {known}", country=country, known=", ".join(subdivisions))


@cache
def _known() -> Mapping[str, list[str]]:
    import holidays

    return holidays.list_supported_countries(include_aliases=False)


@lru_cache(maxsize=256)
def _year(region: str, year: int) -> Mapping[date, Mapping[str, str]]:
    if wrong := mistake(region):
        raise FsctlError(say("the holidays of {region} are not known: {why}", region=repr(region), why=wrong))
    german, english = (_named(region, year, language) for language in ("de", "en"))
    return {day: {"de": german[day], "en": name} for day, name in english.items() if day.year == year}


def _named(region: str, year: int, language: str) -> "HolidayBase":
    """The holidays of a year. A language is always given: without, the library takes that of the environment."""
    import holidays

    country, _, subdivision = region.partition("-")
    own, translated = getattr(holidays, country).default_language, getattr(holidays, country).supported_languages
    english = own if not translated or own.startswith("en") else "en_US"
    return holidays.country_holidays(
        country,
        subdiv=subdivision or None,
        years=year,
        language=language if language in translated else english,
        categories=("public", "catholic") if region in _ALSO_CATHOLIC else None,
    )
