"""Making a talk of two one of three."""

from collections.abc import Iterator
from dataclasses import dataclass

from fsctl.model.actions.verb import Verb, Weight, World, leaves_nothing
from fsctl.model.destination import Destination
from fsctl.model.joined import Kind
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Outcome, Performed, Taken, word


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


@dataclass(frozen=True, slots=True)
class ThreeWay(Verb[Performed | Taken | Failed]):
    """Who talks by the channel ``uuid`` with the channel ``other`` talks with the channel ``held`` as well.

    That one he holds by the channel ``holder``, which ends. The call has claimed ``other`` and ``held``
    (``call:<uuid>``). ``by`` is the person; with ``tone`` all hear that there are three. Taken if one of them was gone.
    """

    uuid: str
    other: str
    held: str
    holder: str
    by: str
    tone: bool = False

    @property
    def target(self) -> str:
        return f"three_way:{self.by}"

    def assumed(self, world: World) -> Performed:
        return Performed()

    def choices(self, world: World) -> Iterator[tuple[str, Performed | Taken]]:
        yield from ((word(outcome), outcome) for outcome in (Performed(), Taken()))

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return (Weight.NOTHING, "") if isinstance(outcome, Taken | Failed) else (Weight.GOT, self.target)
