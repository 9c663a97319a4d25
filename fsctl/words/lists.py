"""Several names in a sentence, in the reader's language."""

from collections.abc import Sequence

from fsctl.words import say


def listed(names: Sequence[str]) -> str:
    """``a and b``."""
    *before, last = names
    return say("{names} and {last}", names=listed(before), last=last) if before else last
