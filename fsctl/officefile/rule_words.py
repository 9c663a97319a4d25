"""A rule for what the file's own rules are about: kinds of calls, numbers, extensions, and how these begin."""

import re
from collections.abc import Iterator

from fsctl.model.numbers import is_short
from fsctl.officefile.complete_numbers import complete
from fsctl.officefile.office_view import LONGEST_BEGINNING, Extensions, View
from fsctl.schema import Finding, Path, shown


def can_match(
    path: Path, word: str, view: View, kinds: tuple[str, ...], extensions: Extensions, what: str = "user", *,
    short_in: str = "",
) -> Iterator[Finding]:
    """It is one of the kinds, or some call can have such a number; ``extensions`` are each that of a ``what``.

    ``short_in``: the public short numbers of this country can be meant as well.
    """
    if word in kinds or re.fullmatch(r"\+[1-9][0-9]{0,14}\*", word):
        return
    if re.fullmatch(rf"[0-9]{{1,{LONGEST_BEGINNING}}}\*", word):
        if not extensions.begin(word[:-1]):
            yield Finding(path, f"no extension begins with {word[:-1]}; write outside numbers as +4930…*")
    elif re.fullmatch(r"[0-9]{2,6}", word):
        if word not in extensions and not (short_in and is_short(word, short_in)):
            yield Finding(path, f"there is no {what} {word}; write outside numbers as +4930…")
    elif re.fullmatch(r"\+[0-9]+", word):
        yield from complete(path, word, view.office.numbering.country)
    else:
        yield Finding(path, f"must be one of {known(kinds)}, not {shown(word)}")


def known(kinds: tuple[str, ...]) -> str:
    """What may stand there."""
    return f"{', '.join(kinds)}, a number like +493012345, a pattern like +4917012345* or an extension"
