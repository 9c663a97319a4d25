"""How long each of several trunks has to take a call that is tried by one after the other."""

from collections.abc import Iterator

from fsctl.model.sections import Trunk


def in_turn(trunks: tuple[Trunk, ...], silent_seconds: int) -> Iterator[tuple[Trunk, int | None]]:
    """Each trunk, and after how much silence it is given up; None for the last: waiting is all that is left there."""
    for trunk in trunks:
        yield trunk, None if trunk is trunks[-1] else silent_seconds
