"""A rule for what the file's own rules are about: kinds of calls, numbers, extensions, and how these begin."""

import re
from collections.abc import Iterator

from fsctl.model.numbers import is_short
from fsctl.officefile.complete_numbers import complete
from fsctl.officefile.office_view import LONGEST_BEGINNING, Extensions, View
from fsctl.schema import Finding, Path, shown
from fsctl.words import marked, say

_USER = marked("there is no user {number}; write outside numbers as +4930…")
USER_OR_GROUP = marked("there is no user or group {number}; write outside numbers as +4930…")


def can_match(
    path: Path, word: str, view: View, kinds: tuple[str, ...], extensions: Extensions, missing: str = _USER, *,
    short_in: str = "",
) -> Iterator[Finding]:
    """It is one of the kinds, or some call can have such a number; ``missing`` says that none of ``extensions`` is.

    ``short_in``: the public short numbers of this country can be meant as well.
    """
    if word in kinds or re.fullmatch(r"\+[1-9][0-9]{0,14}\*", word):
        return
    if re.fullmatch(rf"[0-9]{{1,{LONGEST_BEGINNING}}}\*", word):
        if not extensions.begin(word[:-1]):
            yield Finding(path, say(
                "no extension begins with {digits}; write outside numbers as +4930…*", digits=word[:-1]))
    elif re.fullmatch(r"[0-9]{2,6}", word):
        if word not in extensions and not (short_in and is_short(word, short_in)):
            yield Finding(path, say(missing, number=word))
    elif re.fullmatch(r"\+[0-9]+", word):
        yield from complete(path, word, view.office.numbering.country)
    else:
        yield Finding(path, say(
            "must be one of {kinds}, a number like +493012345, a pattern like +4917012345* or an extension, not"
            " {found}", kinds=", ".join(kinds), found=shown(word)))
