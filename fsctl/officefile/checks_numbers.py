"""Rules about digits: extensions, outside numbers, emergency numbers, codes and trunks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from fsctl.model.call_classes import CLASSES, COUNTRY
from fsctl.model.codes import LAMP_KEY
from fsctl.model.numbers import is_country, is_short
from fsctl.officefile.complete_numbers import complete
from fsctl.officefile.office_view import View
from fsctl.policies.stages import CODES
from fsctl.schema import Finding, Path, locate, shown
from fsctl.words import marked, say

#: That calls cannot get there.
NO_TRUNK = marked("is an outside number, but there is no trunk")

_EXTENSION_TWICE = marked("extension {digits} is used twice: also at {other}")
_NUMBER_TWICE = marked("number {digits} is used twice: also at {other}")


def used_twice(view: View) -> Iterator[Finding]:
    for twice, places in ((_EXTENSION_TWICE, view.places_of_extensions()), (_NUMBER_TWICE, view.places_of_numbers())):
        first: dict[str, Path] = {}
        for path, digits in places:
            if digits in first:
                other = locate(view.tree, Finding(first[digits], "")).path
                yield Finding(path, say(twice, digits=digits, other=other))
            first.setdefault(digits, path)


def extensions(view: View) -> Iterator[Finding]:
    prefixes = dict.fromkeys(plan.external_prefix for _, plan in view.plans() if plan.external_prefix)
    emergency = _dialled_in_emergency(view, prefixes)
    for path, digits in view.places_of_extensions():
        if not re.fullmatch(r"[0-9]{2,6}", digits):
            yield Finding(path, say("{found} is not an extension, which has 2 to 6 digits", found=shown(digits)))
        elif digits in emergency:
            yield Finding(path, _hidden(digits, *emergency[digits]))
        elif prefix := next(filter(digits.startswith, prefixes), ""):
            message = say("extension {extension} begins with external_prefix {prefix} and hides outside numbers",
                          extension=digits, prefix=prefix)
            yield Finding(path, message, warning=True)


def _hidden(extension: str, prefix: str, at: str) -> str:
    if not prefix:
        return say("nobody can dial extension {extension}: it is an emergency number ({at}); choose another",
                   extension=extension, at=at)
    return say("nobody can dial extension {extension}: it is an emergency number with external_prefix {prefix} ({at});"
               " choose another", extension=extension, prefix=prefix, at=at)


def _dialled_in_emergency(view: View, prefixes: Iterable[str]) -> Mapping[str, tuple[str, str]]:
    """Digits that call for help at some site, with the prefix that they have before the number, if any, and the place
    of that number: FreeSWITCH's dialplan takes them before fsctl is asked.

    Each number counts with the prefix of each site: somebody may be at another one when he needs it.
    """
    found: dict[str, tuple[str, str]] = {}
    for path, digits in view.places_of_emergency_numbers():
        at = locate(view.tree, Finding(path, "")).path
        found.setdefault(digits, ("", at))
        for prefix in prefixes:
            found.setdefault(prefix + digits, (prefix, at))
    return found


def outside_numbers(view: View) -> Iterator[Finding]:
    country = view.office.numbering.country
    devices = (
        (("users", extension, "devices", index), device)
        for extension, user in view.office.users.items()
        for index, device in enumerate(user.devices)
    )
    shown_by_trunks = (
        (("trunks", key, "caller_id"), trunk.caller_id)
        for key, trunk in view.office.trunks.items()
        if trunk.caller_id
    )
    for path, number in (*view.places_of_numbers(), *devices, *shown_by_trunks):
        yield from complete(path, number, country)


def numbering(view: View) -> Iterator[Finding]:
    for at, plan in view.plans():
        if plan.country is not None and not is_country(plan.country):
            message = say("{found} is not a country; write two letters like DE", found=shown(plan.country))
            yield Finding((*at, "country"), message)
        if not re.fullmatch(r"[0-9]{0,3}", plan.external_prefix or ""):
            yield Finding((*at, "external_prefix"), say("must be at most 3 digits"))
    for path, digits in view.places_of_emergency_numbers():
        if not re.fullmatch(r"[0-9]{2,6}", digits):
            yield Finding(path, say("{found} is not an emergency number, which has 2 to 6 digits", found=shown(digits)))


def outside(view: View) -> Iterator[Finding]:
    """Which outside calls people may make: classes, countries, patterns and short numbers."""
    for extension, user in view.office.users.items():
        for index, each in enumerate(user.outside):
            if wrong := _no_permission(each, view.office.numbering_of(view.office.sites.get(user.site)).country, view):
                yield Finding(("users", extension, "outside", index), wrong)


def _no_permission(each: str, country: str, view: View) -> str:
    """Why this permits no outside calls to somebody in a country; empty where it does."""
    if each.startswith(COUNTRY):
        code = each.removeprefix(COUNTRY)
        return "" if is_country(code) else say(
            "{found} is not a country; write two letters like country:CH", found=shown(code))
    if re.fullmatch("[0-9]+", each):
        if each in view.emergency_numbers:
            return say("{number} is an emergency number, which everybody may call", number=each)
        return "" if is_short(each, country) else say(
            "{number} is no short number in {country}; write others as +4930…", number=each, country=country)
    if each in CLASSES or re.fullmatch(r"\+[1-9][0-9]{0,14}\*?", each):
        return ""
    return say("must be one of {classes}, country:CH, a pattern like +4144* or a short number, not {found}",
               classes=", ".join(CLASSES), found=shown(each))


def codes(view: View) -> Iterator[Finding]:
    """Each is dialled by one alone: also with the ``#`` by which phones close it, and not what lamps' keys dial."""
    all_codes = asdict(view.office.codes)
    taken = {all_codes["night"] + suffix: "night" for suffix in "019"}
    closed = {f"{digits}#": name for digits, name in taken.items()}
    closed |= {f"{digits}#": name for name, digits in all_codes.items()}
    for name, digits in all_codes.items():
        other = taken.get(digits) or closed.get(digits)
        if not re.fullmatch(r"[*#][0-9*#]+", digits):
            yield Finding(("codes", name), say("{found} is not a code; write * or #, then digits", found=shown(digits)))
        elif digits.startswith(LAMP_KEY):
            message = say(
                "{code} clashes with {key}, which the key of a blinking lamp dials before the extension; choose"
                " another", code=digits, key=LAMP_KEY)
            yield Finding(("codes", name), message)
        elif other:
            yield Finding(("codes", name), say("{code} clashes with codes.{other}", code=digits, other=other))
        taken.setdefault(digits, name)
    for name, digits in all_codes.items():
        for other, longer in all_codes.items():
            begins = digits and longer.startswith(digits) and longer != digits
            if begins and (code := CODES.get(name)) and code.asks:
                message = say("{longer} hides what codes.{name} would do with {digits}…",
                              longer=longer, name=name, digits=longer.removeprefix(digits))
                yield Finding(("codes", other), message, warning=True)


def trunks(view: View) -> Iterator[Finding]:
    for key, trunk in view.office.trunks.items():
        bare = re.sub(r"\{[^}]*\}?|\}", "", trunk.dial)
        if not re.search(r"\{(number|e164)\}", trunk.dial):
            yield Finding(("trunks", key, "dial"), say("needs {{number}} or {{e164}}"))
        if wrong := re.search(r"[^A-Za-z0-9_./:@+%-]", bare):
            yield Finding(("trunks", key, "dial"), say("must not have {found}", found=shown(wrong[0])))
    for path, to in view.destinations():
        if to.kind == "number" and not view.names("trunks"):
            yield Finding(path, say(NO_TRUNK), warning=True)


def served(view: View) -> Iterator[Finding]:
    """A trunk carries the outside calls of each site, and some trunk its emergency calls."""
    office = view.office
    named = {site for trunk in office.trunks.values() for site in trunk.sites}
    if office.trunks.keys() != view.names("trunks").keys() or not named <= view.names("sites").keys():
        return  # one of them has mistakes of its own
    if not office.trunks:
        if listed := ", ".join(sorted(view.emergency_numbers)):
            message = say("no trunk carries emergency calls ({numbers}); add one, or write emergency = []",
                          numbers=listed)
            yield Finding(("trunks",), message)
        return
    for key, site in office.sites.items():
        if not office.trunks_of(site):
            numbers = ", ".join(office.numbering_of(site).emergency)
            message = say(
                "no trunk serves it, so nobody calls outside from here; emergency calls ({numbers}) go out by those of"
                " other sites; name the site in a trunk's sites", numbers=numbers,
            ) if numbers else say(
                "no trunk serves it, so nobody calls outside from here; name the site in a trunk's sites")
            yield Finding(("sites", key), message, warning=True)


RULES = (used_twice, extensions, outside_numbers, outside, numbering, codes, trunks, served)
