"""What executives and their assistants do with the calls that these handle."""

from collections.abc import Iterator
from dataclasses import dataclass

from fsctl.model.actions.verb import Certain, Verb, Weight, World, leaves_nothing
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Outcome, Performed, Taken, word


@dataclass(frozen=True, slots=True)
class Push(Verb[Performed | Failed | Moved]):
    """Hand a call over to an executive, whose phones it rings as a call of its own: this one, or one on hold.

    That is the call of the channel ``uuid``, and this call's own talk with the switch ends with it, unless it was
    dialled in a talk. Not taken within ``seconds`` it rings the ``assistant`` again, where no controller is there by
    then, too. ``for_user`` is the executive whose call it stays.
    """

    executive: str
    assistant: str
    seconds: int
    for_user: str
    language: str = "en"
    uuid: str = ""

    @property
    def target(self) -> str:
        return f"push:{self.executive}"

    def assumed(self, world: World) -> Performed:
        return Performed()

    def choices(self, world: World) -> Iterator[tuple[str, Performed | Failed]]:
        yield from ((word(outcome), outcome) for outcome in (Performed(), Failed()))

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return (Weight.GOT, self.target) if isinstance(outcome, Performed) else (Weight.NOTHING, "")


@dataclass(frozen=True, slots=True)
class TakeOver(Verb[Answered | Taken | Moved | CallerGone]):
    """Talk with the channel ``uuid`` instead of the channel ``other``, an assistant's, whose phone is free then.

    This call has claimed it by ``call:<uuid>``, which is free again afterwards. ``of`` is the assistant. Answered by
    ``take_over:<of>`` when the talk is over; Taken if the two talked no more.
    """

    uuid: str
    other: str
    of: str

    @property
    def target(self) -> str:
        return f"take_over:{self.of}"

    def assumed(self, world: World) -> Answered:
        return Answered(Destination("take_over", self.of))

    def choices(self, world: World) -> Iterator[tuple[str, Answered | Taken]]:
        yield from ((word(outcome), outcome) for outcome in (self.assumed(world), Taken()))

    leaves = leaves_nothing


@dataclass(frozen=True, slots=True)
class EndJoined(Certain[Performed | Failed | Moved]):
    """End the talk of three, whose channels these are."""

    uuids: tuple[str, ...]

    @property
    def target(self) -> str:
        return "code:join"

    def assumed(self, world: World) -> Performed:
        return Performed()

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return (Weight.NOTHING, "") if isinstance(outcome, Failed) else (Weight.GOT, self.target)
