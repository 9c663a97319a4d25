"""The names of headers that are asked for, which are found in one pass over a message.

A search for a single one goes through all of the message where it is not there, as most variables of a channel are not.
"""

import re
from typing import Final

#: So many searches for names that are not known are made before these become known: that takes milliseconds.
_SEARCHES: Final = 32

#: More are not kept. Names are ours, a few hundred.
_MOST: Final = 512

_KEPT: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")


class Names:
    """They become known by being asked for, so that they are listed nowhere else."""

    def __init__(self) -> None:
        self._asked: set[str] = set()
        self._searches = 0
        self._lines = _lines(self._asked)
        #: The value of each that is known in a message that has none of them.
        self.absent: dict[str, None] = {}

    def found(self, text: str) -> dict[str, str]:
        """The lines of those that are known, each behind a line feed: the first of duplicates, as it stands there."""
        return dict(reversed(self._lines.findall(text)))

    def searched(self, name: str) -> None:
        """One that is not known was searched for by itself."""
        self._searches += 1
        if len(self._asked) < _MOST and _KEPT.fullmatch(name):
            self._asked.add(name)
        if self._searches >= _SEARCHES:
            self._searches = 0
            if len(self._asked) > len(self.absent):
                self._lines, self.absent = _lines(self._asked), dict.fromkeys(self._asked)


def _lines(names: set[str]) -> re.Pattern[str]:
    return re.compile(f"\n({_any_of(sorted(names))}):(.*)" if names else "(?!)()()")


def _any_of(names: list[str]) -> str:
    """What matches each, tried letter by letter: name by name would take ten times as long."""
    following: dict[str, list[str]] = {}
    for name in names:
        if name:
            following.setdefault(name[0], []).append(name[1:])
    branches = [re.escape(letter) + _any_of(rest) for letter, rest in following.items()]
    if "" in names:
        return f"(?:{'|'.join(branches)})?" if branches else ""
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
