"""Calling all members of a group into one conference, and being in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from fsctl.model.actions.parts import Leg, Party
from fsctl.model.actions.ring import assumed_of
from fsctl.model.actions.verb import Certain, Verb, World, leaves_nothing
from fsctl.model.destination import Destination
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    Moved,
    NoAnswer,
    Offline,
    Outcome,
    Rejected,
    RingOutcome,
    Taken,
    word,
)


@dataclass(frozen=True, slots=True)
class Gather(Verb[RingOutcome]):
    """Ring the members of a group, each at all of his ``members``' legs at once; whoever answers is in one conference.

    The caller hears that it rings until the first of them is, and is in it from then on. Nobody is rung for longer than
    ``seconds``. ``show`` is who the called side sees. Answered by ``conference:<group>`` when it is over for the
    caller; else what became of them all.
    """

    group: str
    members: tuple[tuple[Leg, ...], ...]
    show: Party
    seconds: int

    @property
    def legs(self) -> tuple[Leg, ...]:
        return tuple(leg for member in self.members for leg in member)

    @property
    def conference(self) -> Destination:
        return Destination("conference", self.group)

    @property
    def target(self) -> str:
        return ", ".join(str(leg.target) for leg in self.legs)

    def assumed(self, world: World) -> RingOutcome:
        """One word for each leg, until one of them answers."""
        outcome = assumed_of(self.legs, world)
        return Answered(self.conference) if isinstance(outcome, Answered) else outcome

    def choices(self, world: World) -> Iterator[tuple[str, RingOutcome]]:
        yield Answered.word, Answered(self.conference)
        yield from ((word(outcome), outcome) for outcome in (Busy(), NoAnswer(), Offline(), Rejected()))

    def lasts(self, outcome: Outcome) -> float:
        return float(self.seconds) if isinstance(outcome, NoAnswer) else 0.0

    leaves = leaves_nothing


@dataclass(frozen=True, slots=True)
class Enter(Certain[Answered | Taken | Busy | Moved | CallerGone]):
    """Be in the group call that goes on. Answered by ``conference:<group>`` when that is over; Taken if it is already.

    With ``again`` only who was in it before is let in; Busy for everybody else.
    """

    group: str
    again: bool = False

    @property
    def target(self) -> str:
        return f"conference:{self.group}"

    def assumed(self, world: World) -> Answered:
        return Answered(Destination("conference", self.group))

    leaves = leaves_nothing
