"""How call intercept was switched, in words."""

import shlex
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Final

from fsctl.cli.local_time import local
from fsctl.model.intercept import Switched, intercept_value
from fsctl.model.who import in_words as who_in_words
from fsctl.words import say, term
from fsctl.words.places import place
from fsctl.words.settings import in_words

#: Where the rules of the office file decide.
AUTO: Final = "auto"


def in_table(row: Mapping[str, object]) -> dict[str, object]:
    """A row of the list as the table has it."""
    return {**row, "state": term("switched", str(row["state"])), "by": who_in_words(str(row["by"] or "")),
            "to": place(str(row["to"] or ""))}


def switched(by_hand: Switched, zone: tzinfo) -> str:
    """``on until 2026-11-27T18:00:00+01:00 announce number-changed``."""
    return " ".join(_parts(by_hand, zone))


def _parts(by_hand: Switched, zone: tzinfo) -> Iterator[str]:
    until = f" until {local(by_hand.until, zone)}" if by_hand.until else ""
    yield in_words(intercept_value(Switched(by_hand.on)) + until)
    if by_hand.announce:
        yield say("announce {name}", name=shlex.quote(by_hand.announce))
    if by_hand.new_number:
        yield say("new-number {number}", number=shlex.quote(by_hand.new_number))
    if by_hand.to:
        yield say("to {to}", to=place(shlex.quote(str(by_hand.to))))
