"""Changing what is kept for everybody, and having something for one call alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from fsctl.model.actions.verb import Verb, Weight, World, leaves_nothing
from fsctl.model.outcomes import Failed, Moved, Outcome, Performed, Taken, Won, word


@dataclass(frozen=True, slots=True)
class Change(Verb[Performed | Failed | Moved]):
    """Change a setting of fsctl.model.settings: ``path`` to ``value``, or with None back to the office file.

    ``effect`` is what ``explain`` calls that: ``code:forward_always``, ``night:berlin``.
    """

    effect: str
    path: str
    value: str | None

    @property
    def target(self) -> str:
        return self.effect

    def assumed(self, world: World) -> Performed:
        return Performed()

    def choices(self, world: World) -> Iterator[tuple[str, Performed | Failed]]:
        yield from ((word(outcome), outcome) for outcome in (Performed(), Failed()))

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return (Weight.NOTHING, "") if isinstance(outcome, Failed) else (Weight.GOT, self.effect)


@dataclass(frozen=True, slots=True)
class Claim(Verb[Won | Taken | Failed | Moved]):
    """Reserve ``key`` (``call:<uuid>``, ``slot:701``) for this call: of several that try, exactly one wins."""

    key: str

    @property
    def target(self) -> str:
        return self.key

    def assumed(self, world: World) -> Won:
        return Won()

    def choices(self, world: World) -> Iterator[tuple[str, Won | Taken]]:
        yield from ((word(outcome), outcome) for outcome in (Won(), Taken()))

    leaves = leaves_nothing
