"""Rules about digits: extensions, outside numbers, emergency numbers, codes and trunks."""

import re
from collections.abc import Iterator
from dataclasses import asdict

from fsctl.model.numbers import international, is_country
from fsctl.officefile.office_view import View
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
    prefix = view.office.numbering.external_prefix
    emergency = {digits for _, digits in _emergency(view)}
    for path, digits in view.places_of_extensions():
        if not re.fullmatch(r"[0-9]{2,6}", digits):
            yield Finding(path, f"{shown(digits)} is not an extension, which has 2 to 6 digits")
        elif digits in emergency:
            yield Finding(path, f"nobody can dial extension {digits}: it is an emergency number", warning=True)
        elif prefix and digits in {prefix + each for each in emergency}:
            yield Finding(path, f"extension {digits} is an emergency number with external_prefix {prefix}")
        elif prefix and digits.startswith(prefix):
            yield Finding(
                path,
                f"extension {digits} begins with external_prefix {prefix} and hides outside numbers",
                warning=True,
            )


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
        if international(number, country) != number:
            yield Finding(path, f"{shown(number)} is not a complete number; write it as +4930…")


def numbering(view: View) -> Iterator[Finding]:
    if not is_country(view.office.numbering.country):
        message = f"{shown(view.office.numbering.country)} is not a country; write two letters like DE"
        yield Finding(("numbering", "country"), message)
    if not re.fullmatch(r"[0-9]{0,3}", view.office.numbering.external_prefix):
        yield Finding(("numbering", "external_prefix"), "must be at most 3 digits")
    for path, digits in _emergency(view):
        if not re.fullmatch(r"[0-9]{2,6}", digits):
            yield Finding(path, f"{shown(digits)} is not an emergency number, which has 2 to 6 digits")


def _emergency(view: View) -> Iterator[tuple[Path, str]]:
    for index, digits in enumerate(view.office.numbering.emergency):
        yield ("numbering", "emergency", index), digits
    for key, site in view.office.sites.items():
        for index, digits in enumerate(site.emergency or ()):
            yield ("sites", key, "emergency", index), digits


def codes(view: View) -> Iterator[Finding]:
    all_codes = asdict(view.office.codes)
    taken = {all_codes["night"] + suffix: "night" for suffix in "019"}
    for name, digits in all_codes.items():
        if not re.fullmatch(r"[*#][0-9*#]+", digits):
            yield Finding(("codes", name), f"{shown(digits)} is not a code; write * or #, then digits")
        elif digits in taken:
            yield Finding(("codes", name), f"{digits} clashes with codes.{taken[digits]}")
        taken.setdefault(digits, name)


def trunks(view: View) -> Iterator[Finding]:
    for key, trunk in view.office.trunks.items():
        bare = re.sub(r"\{(number|e164)\}", "", trunk.dial)
        if bare == trunk.dial:
            yield Finding(("trunks", key, "dial"), "needs {number} or {e164}")
        if wrong := re.search(r"[^A-Za-z0-9_./:@+%-]", bare):
            yield Finding(("trunks", key, "dial"), f"must not have {shown(wrong[0])}")
    for path, to in view.destinations():
        if to.kind == "number" and not view.names("trunks"):
            yield Finding(path, "is an outside number, but there is no trunk", warning=True)


RULES = (used_twice, extensions, outside_numbers, numbering, codes, trunks)
