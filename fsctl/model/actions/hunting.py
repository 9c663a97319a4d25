"""A call's way through a hunt group."""

from dataclasses import dataclass
from typing import ClassVar, Literal

from fsctl.model.actions.verb import Certain, World, leaves_nothing
from fsctl.model.outcomes import CallerGone, Failed, Moved, Outcome, Performed, Surveyed, Taken, Won


@dataclass(frozen=True, slots=True)
class Survey(Certain[Surveyed]):
    """Look how a hunt group and its members stand now; answered by Surveyed. The caller notices nothing of it.

    ``idle`` are the calls whose end makes a member idle, the group's or all; None where nobody asks since when they are
    idle. Of their tallies only those who have just taken a call are told then.
    """

    noticed: ClassVar[bool] = False

    hunt: str
    members: tuple[str, ...]
    idle: Literal["group", "all"] | None = None

    @property
    def target(self) -> str:
        return f"hunt:{self.hunt}"

    def assumed(self, world: World) -> Surveyed:
        return Surveyed(world.standing(self.hunt, self.members, self.idle), world.live, world.at)

    leaves = leaves_nothing


@dataclass(frozen=True, slots=True)
class Reserve(Certain[Won | Taken | Failed]):
    """Have a member of a hunt group for this call alone before he is rung. The caller notices nothing of it.

    Taken: another call has him, or one was taken since the ``turn`` that was surveyed. ``place`` is where the pointer
    will be if he accepts, unless it is further on by then; None: wherever it is, it moves to him.
    """

    noticed: ClassVar[bool] = False

    hunt: str
    member: str
    turn: int
    place: int | None = None

    @property
    def target(self) -> str:
        return f"hunt:{self.hunt}"

    def assumed(self, world: World) -> Won:
        return Won()

    leaves = leaves_nothing


@dataclass(frozen=True, slots=True)
class Wait(Certain[Performed | Moved | CallerGone]):
    """Let the caller hear that it rings, until one of ``members`` of a hunt group may have become free.

    That is at most for ``seconds``. ``reserved`` are those whom other calls ring, the others are busy.
    """

    hunt: str
    members: tuple[str, ...]
    reserved: tuple[str, ...]
    seconds: float

    @property
    def target(self) -> str:
        return f"hunt:{self.hunt}"

    def assumed(self, world: World) -> Performed:
        return Performed()

    def lasts(self, outcome: Outcome) -> float:
        return self.seconds

    leaves = leaves_nothing
