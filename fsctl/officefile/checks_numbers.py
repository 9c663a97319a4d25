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


def used_twice(view: View) -> Iterator[Finding]:
    for what, places in (("extension", view.places_of_extensions()), ("number", view.places_of_numbers())):
        first: dict[str, Path] = {}
        for path, digits in places:
            if digits in first:
                other = locate(view.tree, Finding(first[digits], "")).path
                yield Finding(path, f"{what} {digits} is used twice: also at {other}")
            first.setdefault(digits, path)


def extensions(view: View) -> Iterator[Finding]:
    prefixes = dict.fromkeys(plan.external_prefix for _, plan in view.plans() if plan.external_prefix)
    emergency = _dialled_in_emergency(view, prefixes)
    for path, digits in view.places_of_extensions():
        if not re.fullmatch(r"[0-9]{2,6}", digits):
            yield Finding(path, f"{shown(digits)} is not an extension, which has 2 to 6 digits")
        elif digits in emergency:
            message = f"nobody can dial extension {digits}: it is {emergency[digits]}; choose another"
            yield Finding(path, message)
        elif prefix := next(filter(digits.startswith, prefixes), ""):
            message = f"extension {digits} begins with external_prefix {prefix} and hides outside numbers"
            yield Finding(path, message, warning=True)


def _dialled_in_emergency(view: View, prefixes: Iterable[str]) -> Mapping[str, str]:
    """Digits that call for help at some site, and why: FreeSWITCH's dialplan takes them before fsctl is asked.

    Each number counts with the prefix of each site: somebody may be at another one when he needs it.
    """
    found: dict[str, str] = {}
    for path, digits in view.places_of_emergency_numbers():
        at = locate(view.tree, Finding(path, "")).path
        found.setdefault(digits, f"an emergency number ({at})")
        for prefix in prefixes:
            found.setdefault(prefix + digits, f"an emergency number with external_prefix {prefix} ({at})")
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
            yield Finding((*at, "country"), f"{shown(plan.country)} is not a country; write two letters like DE")
        if not re.fullmatch(r"[0-9]{0,3}", plan.external_prefix or ""):
            yield Finding((*at, "external_prefix"), "must be at most 3 digits")
    for path, digits in view.places_of_emergency_numbers():
        if not re.fullmatch(r"[0-9]{2,6}", digits):
            yield Finding(path, f"{shown(digits)} is not an emergency number, which has 2 to 6 digits")


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
        return "" if is_country(code) else f"{shown(code)} is not a country; write two letters like country:CH"
    if re.fullmatch("[0-9]+", each):
        if each in view.emergency_numbers:
            return f"{each} is an emergency number, which everybody may call"
        return "" if is_short(each, country) else f"{each} is no short number in {country}; write others as +4930…"
    if each in CLASSES or re.fullmatch(r"\+[1-9][0-9]{0,14}\*?", each):
        return ""
    known = ", ".join(CLASSES)
    return f"must be one of {known}, country:CH, a pattern like +4144* or a short number, not {shown(each)}"


def codes(view: View) -> Iterator[Finding]:
    """Each is dialled by one alone: also with the ``#`` by which phones close it, and not what lamps' keys dial."""
    all_codes = asdict(view.office.codes)
    taken = {all_codes["night"] + suffix: "night" for suffix in "019"}
    closed = {f"{digits}#": name for digits, name in taken.items()}
    closed |= {f"{digits}#": name for name, digits in all_codes.items()}
    for name, digits in all_codes.items():
        other = taken.get(digits) or closed.get(digits)
        if not re.fullmatch(r"[*#][0-9*#]+", digits):
            yield Finding(("codes", name), f"{shown(digits)} is not a code; write * or #, then digits")
        elif digits.startswith(LAMP_KEY):
            message = f"{digits} clashes with {LAMP_KEY}, which the key of a blinking lamp dials before the extension"
            yield Finding(("codes", name), f"{message}; choose another")
        elif other:
            yield Finding(("codes", name), f"{digits} clashes with codes.{other}")
        taken.setdefault(digits, name)
    for name, digits in all_codes.items():
        for other, longer in all_codes.items():
            begins = digits and longer.startswith(digits) and longer != digits
            if begins and (code := CODES.get(name)) and code.asks:
                message = f"{longer} hides what codes.{name} would do with {longer.removeprefix(digits)}…"
                yield Finding(("codes", other), message, warning=True)


def trunks(view: View) -> Iterator[Finding]:
    for key, trunk in view.office.trunks.items():
        bare = re.sub(r"\{[^}]*\}?|\}", "", trunk.dial)
        if not re.search(r"\{(number|e164)\}", trunk.dial):
            yield Finding(("trunks", key, "dial"), "needs {number} or {e164}")
        if wrong := re.search(r"[^A-Za-z0-9_./:@+%-]", bare):
            yield Finding(("trunks", key, "dial"), f"must not have {shown(wrong[0])}")
    for path, to in view.destinations():
        if to.kind == "number" and not view.names("trunks"):
            yield Finding(path, "is an outside number, but there is no trunk", warning=True)


def served(view: View) -> Iterator[Finding]:
    """A trunk carries the outside calls of each site, and some trunk its emergency calls."""
    office = view.office
    named = {site for trunk in office.trunks.values() for site in trunk.sites}
    if office.trunks.keys() != view.names("trunks").keys() or not named <= view.names("sites").keys():
        return  # one of them has mistakes of its own
    if not office.trunks:
        if listed := ", ".join(sorted(view.emergency_numbers)):
            message = f"no trunk carries emergency calls ({listed}); add one, or write emergency = []"
            yield Finding(("trunks",), message)
        return
    for key, site in office.sites.items():
        if not office.trunks_of(site):
            numbers = ", ".join(office.numbering_of(site).emergency)
            help_ = f"emergency calls ({numbers}) go out by those of other sites" if numbers else ""
            message = "; ".join(filter(None, ("no trunk serves it, so nobody calls outside from here", help_)))
            yield Finding(("sites", key), f"{message}; name the site in a trunk's sites", warning=True)


RULES = (used_twice, extensions, outside_numbers, outside, numbering, codes, trunks, served)
