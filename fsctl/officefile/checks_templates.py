"""Rule about texts in which something stands for something: what is shown of a call, and what a trunk dials."""

import re
from collections.abc import Iterator

from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Path, shown


def placeholders(view: View) -> Iterator[Finding]:
    """What a text asks for is known: nobody is shown the braces themselves."""
    for path, text, parts in _texts(view):
        for part in re.findall(r"\{[^}]*\}?|\}", re.sub("|".join(map(re.escape, parts)), "", text)):
            verb = "stands" if len(parts) == 1 else "stand"
            yield Finding(path, f"has {shown(part)}; only {' and '.join(parts)} {verb} for something")


def _texts(view: View) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Each with its place, and what may stand in it."""
    for key, group in view.office.groups.items():
        if group.hunt:
            yield ("groups", key, "hunt", "caller_name"), group.hunt.caller_name, ("{caller}",)
    for extension, user in view.office.users.items():
        if user.executive:
            yield ("users", extension, "executive", "display"), user.executive.display, ("{executive}", "{caller}")
    for key, trunk in view.office.trunks.items():
        yield ("trunks", key, "dial"), trunk.dial, ("{number}", "{e164}")


RULES = (placeholders,)
