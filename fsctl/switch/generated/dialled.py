"""What one can dial without a controller, in every form, and where it leads: as fsctl.model.office finds it.

FreeSWITCH has read it as digits by then (fsctl.switch.generated.numbers).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
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

#: So many digits at the end of a number tell it from others of its block.
_BLOCK: Final = 2

#: Telephones close with it what was dialled.
_CLOSED: Final = "#*"


def plans(office: Office) -> dict[Numbering, list[Site | None]]:
    """The sites, by how numbers are dialled there; None stands for whoever has none."""
    found: dict[Numbering, list[Site | None]] = {office.numbering: [None]}
    for site in office.sites.values():
        found.setdefault(office.numbering_of(site), []).append(site)
    return found


def patterns(office: Office) -> Iterator[tuple[Destination, str]]:
    """What leads to each person, hunt group or site that can be rung, as a pattern for FIELD."""
    inside = (
        _Dialler(office, _inside(sites, office), (plan.country,), plan.external_prefix,
                 partial(office.dialled_at, site=sites[0]))
        for plan, sites in plans(office).items())
    diallers = (*inside, _Dialler(office, "true/[^/]*", (), "", office.called_from_outside))
    for to, extensions, own in _places(office):
        if to.kind in _RUNG:
            ways = [f"{each.where}/ring_{_any(sorted(forms))}" for each in diallers
                    if (forms := each.forms(to, extensions, own))]
            if ways:
                yield to, f"^{_either(ways)}{_CLOSED}$"


def ways_in(office: Office) -> Iterator[tuple[Destination, str]]:
    """What leads to each place of the office that somebody from elsewhere may call: a pattern for what he dials."""
    dialler = _Dialler(office, "", (), "", office.called_from_outside)
    for to, extensions, own in _places(office):
        if forms := dialler.forms(to, extensions, own):
            yield to, f"^({_any(sorted(forms))})$"


def needs_controller(office: Office) -> str:
    """What colleagues may dial, but nobody can reach now: star codes, outside numbers, groups that aren't hunted."""
    keys = [re.escape(key) for key, to in office.extensions.items() if to.kind not in _RUNG]
    ways = []
    for plan, sites in plans(office).items():
        prefix = re.escape(plan.external_prefix)
        outside = f"{prefix}.+" if prefix else f"[0-9]{{{_OUTSIDE_DIGITS},}}"
        ways.append(f"{_inside(sites, office)}/ring_{_either([*keys, '[*#+].*', outside])}")
    return f"^{_either(ways)}$"


def _places(office: Office) -> Iterator[tuple[Destination, list[str], list[tuple[int, str]]]]:
    """All that an extension or a number leads to, with its extensions, and its numbers split."""
    extensions = _gathered((to, extension) for extension, to in office.extensions.items())
    for to in dict.fromkeys((*extensions, *office.index.numbers_of)):
        yield to, extensions.get(to, []), [numbers.split(number) for number in office.numbers_of(to)]


class _Dialler:
    """Who dials ``where``, and how he finds what.

    Where numbers are written in one way only, those of a block are all read alike: of a hundred that differ in their
    last two digits one is asked for. Not so a form that something else in the office could be meant by.
    """

    def __init__(
        self, office: Office, where: str, country: tuple[str, ...], prefix: str, find: Callable[[str], Destination]
    ) -> None:
        self.where = where
        self._office, self._find, self._prefixes = office, find, tuple(dict.fromkeys(("", prefix)))
        self._countries = tuple(dict.fromkeys((*country, *office.index.countries)))
        codes = sorted({numbers.split(number)[0] for number in office.numbers})
        self._ways = {code: self._ways_before(code) for code in codes}
        before = [(before, f"+{code}") for code, ways in self._ways.items() for before in ways]
        #: By what stands before the digits of one number, what may stand before those of others that are written alike.
        self._before = {one: [(other, code) for other, code in before if one.startswith(other) or other.startswith(one)]
                        for one, _ in before}
        self._blocks: dict[tuple[str, int, str, int], bool] | None = (
            {} if all(map(numbers.is_written_one_way, self._countries)) else None)
        self._strays = _gathered(self._elsewhere()) if self._blocks is None else {}

    def forms(self, to: Destination, extensions: Iterable[str], own: Iterable[tuple[int, str]]) -> set[str]:
        """All that he can dial to get there; ``own`` are the numbers of the place."""
        found = {each for each in extensions if self._find(each) == to}.union(self._strays.get(to, ()))
        for code, digits in own:
            found.update(before + digits for before in self._ways[code] if self._leads(before, code, digits, to))
        return found

    def _ways_before(self, code: int) -> tuple[str, ...]:
        """What may stand before the digits of a number with this country code."""
        written = dict.fromkeys(way for each in self._countries for way in numbers.ways_before(code, each))
        return tuple(dict.fromkeys(prefix + way for prefix in self._prefixes for way in written))

    def _leads(self, before: str, code: int, digits: str, to: Destination) -> bool:
        if self._blocks is None or not self._means_one_number(before, before + digits):
            return self._find(before + digits) == to
        block = before, code, digits[:-_BLOCK], len(digits)
        if block not in self._blocks:
            self._blocks[block] = self._find(before + digits) == to
        return self._blocks[block]

    def _means_one_number(self, before: str, form: str) -> bool:
        office = self._office
        emergency = office.index.emergency_numbers
        if form in office.extensions or any(form.removeprefix(each) in emergency for each in self._prefixes):
            return False
        meant = {code + form[len(other):] for other, code in self._before[before] if form.startswith(other)}
        return len(meant & office.numbers.keys()) == 1

    def _elsewhere(self) -> Iterator[tuple[Destination, str]]:
        """Forms of numbers that lead to something else than these."""
        for number, owner in self._office.numbers.items():
            code, digits = numbers.split(number)
            for before in self._ways[code]:
                if (to := self._find(before + digits)) != owner:
                    yield to, before + digits


def _gathered(pairs: Iterable[tuple[Destination, str]]) -> Mapping[Destination, list[str]]:
    found: dict[Destination, list[str]] = defaultdict(list)
    for to, each in pairs:
        found[to].append(each)
    return found


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
