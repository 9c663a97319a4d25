"""Recording a talk."""

from collections.abc import Iterator
from dataclasses import dataclass

from fsctl.model.actions.verb import Verb, Weight, World
from fsctl.model.outcomes import Failed, Outcome, Performed, Recorded, word


@dataclass(frozen=True, slots=True)
class Record(Verb[Recorded | Performed | Failed]):
    """Record from now on what is said and heard at the channel ``uuid``, or no longer; all who talk hear a tone.

    Recorded tells in which file.
    """

    uuid: str
    on: bool

    @property
    def target(self) -> str:
        return f"recording:{'on' if self.on else 'off'}"

    def assumed(self, world: World) -> Recorded | Performed:
        return Recorded("") if self.on else Performed()

    def choices(self, world: World) -> Iterator[tuple[str, Recorded | Performed | Failed]]:
        yield from ((word(outcome), outcome) for outcome in (self.assumed(world), Failed()))

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        """The file is what there is of it afterwards."""
        if isinstance(outcome, Failed):
            return Weight.NOTHING, ""
        return Weight.GOT, f"recording:{outcome.file}" if isinstance(outcome, Recorded) else self.target
