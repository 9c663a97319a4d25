"""Ringing telephones."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from fsctl.model.actions.parts import Leg, Party
from fsctl.model.actions.verb import Verb, World, WrongWord, leaves_nothing
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    NoAnswer,
    Offline,
    Outcome,
    Rejected,
    RingOutcome,
    Silent,
    rank,
    word,
)
from fsctl.words import say
from fsctl.words.places import place

#: What pressing, or not pressing, 1 comes to at a phone that asks for it.
_CONFIRMED = {"digits:1": "answered", "silence": "no-answer"}

#: What a leg may come to that nobody answers.
_UNANSWERED: Mapping[str, Silent] = {word(each): each for each in (NoAnswer(), Busy(), Rejected(), Offline())}


@dataclass(frozen=True, slots=True)
class Ring(Verb[RingOutcome]):
    """Ring ``branches`` side by side, the legs within one branch in turn; the first answer anywhere wins.

    ``show`` is who the called side sees, ``called`` who the caller sees while it rings, and when a phone outside
    answers that is nobody's of the office; None: the group, the person where one alone is rung, else what was dialled.
    ``hunt`` is the group for which they ring: whoever answers has taken one of its calls, and who was reserved for
    this call is free again when the ringing is over. ``executive`` is the person whose filtered call it is, and for
    whom those who are rung act; ``for_user`` whose it stays, or is again, where none of them acts for anybody.

    The legs of ``screening`` ring beside all that, and for no longer: they may take the call, but what else becomes of
    them counts for nothing, and nobody assumes a word for them.
    """

    branches: tuple[tuple[Leg, ...], ...]
    show: Party
    hunt: str = ""
    called: Party | None = None
    executive: str = ""
    for_user: str = ""
    screening: tuple[Leg, ...] = ()

    @property
    def legs(self) -> tuple[Leg, ...]:
        return tuple(leg for branch in self.branches for leg in branch)

    @property
    def everybody(self) -> tuple[Leg, ...]:
        """Those of ``screening`` too, who come last."""
        return (*self.legs, *self.screening)

    @property
    def target(self) -> str:
        return ", ".join(str(leg.target) for leg in self.legs)

    def assumed(self, world: World) -> RingOutcome:
        return assumed_of(self.legs, world)

    def choices(self, world: World) -> Iterator[tuple[str, RingOutcome]]:
        targets = dict.fromkeys(leg.target for leg in self.everybody)
        for target in targets:
            yield "answered" if len(targets) == 1 else f"answered by {target}", Answered(target)
        for outcome in (Busy(), NoAnswer(), Offline(), Rejected()):
            yield word(outcome), outcome

    def lasts(self, outcome: Outcome) -> float:
        if not isinstance(outcome, NoAnswer):
            return 0.0
        return max(sum(leg.ring_seconds for leg in branch) for branch in self.branches)

    leaves = leaves_nothing


def assumed_of(legs: Iterable[Leg], world: World) -> RingOutcome:
    """What becomes of legs that ring, by one word for each, until one of them answers."""
    came_to: list[Silent] = []
    for leg in legs:
        became = world.next_word("answered")
        if leg.confirm:
            became = _CONFIRMED.get(became, became)
        if became == Answered.word:
            return Answered(leg.target)
        if became == CallerGone.word:
            return CallerGone()
        if became not in _UNANSWERED:
            raise WrongWord(say("{phone} rings, and {word} cannot become of that",
                                phone=place(str(leg.target)), word=repr(became)))
        came_to.append(_UNANSWERED[became])
    return min(came_to, key=rank, default=Offline())
