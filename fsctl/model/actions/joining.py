"""Joining a talk of two."""

from collections.abc import Iterator
from dataclasses import dataclass

from fsctl.model.actions.verb import Verb, World, leaves_nothing
from fsctl.model.destination import Destination
from fsctl.model.joined import Kind
from fsctl.model.outcomes import Answered, CallerGone, Moved, Taken, word


@dataclass(frozen=True, slots=True)
class Join(Verb[Answered | Taken | Moved | CallerGone]):
    """Talk with both the channel ``uuid`` and the channel ``other``, who go on talking with each other.

    This call has claimed them by ``call:<uuid>``, which is free again afterwards. ``of`` is who was dialled, one of the
    two, ``by`` who joins; with ``tone`` all hear that somebody did. Answered by ``<kind>:<of>`` when the talk is over;
    Taken if the two talked no more.
    """

    uuid: str
    other: str
    of: str
    by: str
    tone: bool = False
    kind: Kind = "join"

    @property
    def place(self) -> Destination:
        """As a journal names it."""
        return Destination(self.kind, self.of)

    @property
    def target(self) -> str:
        return str(self.place)

    def assumed(self, world: World) -> Answered:
        return Answered(self.place)

    def choices(self, world: World) -> Iterator[tuple[str, Answered | Taken]]:
        yield from ((word(outcome), outcome) for outcome in (self.assumed(world), Taken()))

    leaves = leaves_nothing
