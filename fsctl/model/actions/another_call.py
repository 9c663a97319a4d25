"""Acting on another call, and waiting for one to act on this."""

from collections.abc import Iterator
from dataclasses import dataclass

from fsctl.model.actions.verb import Certain, Verb, Weight, World, leaves_nothing
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, Outcome, Parked, Performed, Taken, word


@dataclass(frozen=True, slots=True)
class Pickup(Verb[Answered | Taken | Moved]):
    """Take the ringing call of the channel ``uuid``, which this call has claimed by ``call:<uuid>``: both talk.

    ``of`` is the extension at which it rings. What was claimed is free again afterwards. Answered by ``pickup:<of>``
    when the talk is over; Taken if nothing rang there any more.
    """

    uuid: str
    of: str

    @property
    def target(self) -> str:
        return f"pickup:{self.of}"

    def assumed(self, world: World) -> Answered:
        return Answered(Destination("pickup", self.of))

    def choices(self, world: World) -> Iterator[tuple[str, Answered | Taken]]:
        yield from ((word(outcome), outcome) for outcome in (self.assumed(world), Taken()))

    leaves = leaves_nothing


@dataclass(frozen=True, slots=True)
class Park(Verb[Parked | Taken | Failed | Moved]):
    """Let a call wait in ``slot`` with ``music`` until somebody fetches it: this one, or that of the channel ``uuid``.

    That other call is one on hold, and this call's own talk with the switch, which says the slot, ends with it; what
    was dialled in a talk says it there.
    ``parker`` is who parks it, for ``group`` if the slot is one of a group's. After ``recall_seconds`` it comes back
    as a call of its own; where no controller is there by then, ``fallback`` are the extensions that it rings.
    Answered by Parked, once it has left the slot again; Taken if another call waits there.
    """

    slot: str
    parker: str
    recall_seconds: int
    group: str = ""
    music: str = ""
    fallback: tuple[str, ...] = ()
    language: str = "en"
    uuid: str = ""

    @property
    def target(self) -> str:
        return f"park:{self.slot}"

    def assumed(self, world: World) -> Parked:
        return Parked(self.slot)

    def choices(self, world: World) -> Iterator[tuple[str, Parked | Taken]]:
        yield from ((word(outcome), outcome) for outcome in (self.assumed(world), Taken()))

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return (Weight.GOT, self.target) if isinstance(outcome, Parked) else (Weight.NOTHING, "")


@dataclass(frozen=True, slots=True)
class Unpark(Certain[Performed | Moved]):
    """This call waits in its slot no longer: that is free for others."""

    slot: str

    @property
    def target(self) -> str:
        return f"park:{self.slot}"

    def assumed(self, world: World) -> Performed:
        return Performed()

    leaves = leaves_nothing


@dataclass(frozen=True, slots=True)
class Connect(Verb[Answered | Taken | Moved | CallerGone]):
    """Talk with the call of the channel ``uuid``, which waits in ``slot`` and which this call has claimed.

    What was claimed is free again afterwards. Answered by ``retrieve:<slot>`` when the talk is over; Taken if nobody
    waited there any more.
    """

    uuid: str
    slot: str

    @property
    def target(self) -> str:
        return f"retrieve:{self.slot}"

    def assumed(self, world: World) -> Answered:
        return Answered(Destination("retrieve", self.slot))

    def choices(self, world: World) -> Iterator[tuple[str, Answered | Taken]]:
        yield from ((word(outcome), outcome) for outcome in (self.assumed(world), Taken()))

    leaves = leaves_nothing
