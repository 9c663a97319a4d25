"""Rule about texts in which something stands for something: what is shown of a call, and what a trunk dials."""

import re
from collections.abc import Iterator

from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Path, shown
from fsctl.words import say


def placeholders(view: View) -> Iterator[Finding]:
    """What a text asks for is known: nobody is shown the braces themselves."""
    for path, text, parts in _texts(view):
        for part in re.findall(r"\{[^}]*\}?|\}", re.sub("|".join(map(re.escape, parts)), "", text)):
            first, *second = parts
            yield Finding(path, say(
                "has {found}; only {first} and {second} stand for something", found=shown(part), first=first,
                second=second[0],
            ) if second else say("has {found}; only {first} stands for something", found=shown(part), first=first))


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
