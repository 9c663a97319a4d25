"""What one can dial without a controller, in every form, and where it leads: as fsctl.model.office finds it.

FreeSWITCH has read it as digits by then (fsctl.switch.generated.numbers).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from fsctl.model import numbers
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.sections import Numbering, Site

#: What the conditions are about: who calls, from where, and what he dialled.
FIELD: Final = "${fsctl_external}/${fsctl_site}/${destination_number}"

#: What the fail-safe rings people for.
_RUNG: Final = ("user", "hunt", "site")

#: Where nothing is dialled before an outside number, so many digits are one.
_OUTSIDE_DIGITS: Final = 7

#: Telephones close with it what was dialled.
_CLOSED: Final = "#*"


def plans(office: Office) -> dict[Numbering, list[Site | None]]:
    """The sites, by how numbers are dialled there; None stands for whoever has none."""
    found: dict[Numbering, list[Site | None]] = {office.numbering: [None]}
    for site in office.sites.values():
        found.setdefault(office.numbering_of(site), []).append(site)
    return found


def patterns(office: Office) -> dict[Destination, str]:
    """What leads to each person, hunt group or site that can be rung, as patterns for FIELD."""
    ways: dict[Destination, list[str]] = defaultdict(list)
    for where, forms in _tables(office):
        by_place: dict[Destination, list[str]] = defaultdict(list)
        for form, to in forms.items():
            by_place[to].append(form)
        for to, each in by_place.items():
            ways[to].append(f"{where}/ring_{_any(sorted(each))}")
    return {to: f"^{_either(each)}{_CLOSED}$" for to, each in ways.items()}


def needs_controller(office: Office) -> str:
    """What colleagues may dial, but nobody can reach now: star codes, outside numbers, groups that aren't hunted."""
    keys = [re.escape(key) for key, to in office.extensions.items() if to.kind not in _RUNG]
    ways = []
    for plan, sites in plans(office).items():
        prefix = re.escape(plan.external_prefix)
        outside = f"{prefix}.+" if prefix else f"[0-9]{{{_OUTSIDE_DIGITS},}}"
        ways.append(f"{_inside(sites, office)}/ring_{_either([*keys, '[*#+].*', outside])}")
    return f"^{_either(ways)}$"


def _tables(office: Office) -> Iterator[tuple[str, Mapping[str, Destination]]]:
    """Who dials, and what leads where for him."""
    countries = dict.fromkeys(plan.country for plan in plans(office))
    for plan, sites in plans(office).items():
        forms = {form for number in office.numbers for form in _forms(number, (plan.country, *countries))}
        dialled = [*office.extensions, *forms, *(plan.external_prefix + form for form in forms)]
        found = {each: office.dialled_at(each, sites[0]) for each in dialled}
        yield _inside(sites, office), {each: to for each, to in found.items() if to.kind in _RUNG}
    forms = {form for number in office.numbers for form in _forms(number, countries)}
    called = {each: office.called_from_outside(each) for each in (*office.extensions, *forms)}
    yield "true/[^/]*", {each: to for each, to in called.items() if to.kind in _RUNG}


def _forms(number: str, countries: Iterable[str]) -> Iterator[str]:
    """A number as trunks and people write it: +49…, 49…, 0049…, 030…."""
    code, digits = numbers.split(number)
    for country in countries:
        yield from (before + digits for before in numbers.ways_before(code, country))


def _inside(sites: Iterable[Site | None], office: Office) -> str:
    """Who dials at one of these sites; for None, everybody who is at no site of the office."""
    keys = [re.escape(site.key) for site in sites if site]
    if None in sites:
        others = [re.escape(key) for key, site in office.sites.items() if site not in sites]
        return f"/(?!(?:{'|'.join(others)})/)[^/]*" if others else "/[^/]*"
    return f"/{_either(keys)}"


def _any(texts: Iterable[str]) -> str:
    return _either(map(re.escape, texts))


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"
