"""A verb: something that a policy wants to happen, as data.

It says itself all that others have to know of it, apart from how FreeSWITCH is made to do it: that is its performer's
business (fsctl.switch.calls.verbs, or fsctl.switch.in_talk beside a talk). What a verb lacks, mypy names: it is
abstract then.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import ClassVar, Generic, Literal, Protocol, TypeVar

from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.outcomes import Outcome

Became = TypeVar("Became", bound=Outcome)


class WrongWord(ValueError):
    """A word that cannot be what becomes of a verb; the message says so."""


class Weight(Enum):
    """What a step is worth when one asks what became of the whole call; see fsctl.route.Result."""

    NOTHING = "it says nothing of that"
    GOT = "somebody got something, whatever follows"
    HEARD = "an announcement: the end of it, unless the caller is asked or sent on afterwards"
    ASKED = "the caller is asked, or sent on: what was heard before was not the end of it"
    ENDED = "the call ended so, if nobody got anything"


class World(Protocol):
    """What ``fsctl explain`` assumes of the world in which a verb is performed."""

    live: Live

    @property
    def at(self) -> datetime:
        """The aware instant by now."""

    def next_word(self, otherwise: str) -> str:
        """The next of the words that were given for what is not certain; ``otherwise`` when they are used up."""

    def standing(
        self, hunt: str, members: tuple[str, ...], idle: Literal["group", "all"] | None
    ) -> Standing:
        """How a hunt group stands."""

    def extensions(self) -> Iterator[str]:
        """Whom the caller could dial."""


class Verb(ABC, Generic[Became]):
    """``Became`` is all that can become of it: the outcomes that its performer and ``explain`` may answer with."""

    __slots__ = ()

    #: Whether the caller can notice it. What he cannot is no step of the call's way.
    noticed: ClassVar[bool] = True

    #: Whether the call is over with it as planned: CallerGone is no surprise then.
    ends_call: ClassVar[bool] = False

    #: Whether the same thing, wanted again, comes to the same again: so does a question.
    alike: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """What it is called in a trace: ``ring``."""
        return type(self).__name__.lower()

    @property
    @abstractmethod
    def target(self) -> str:
        """What it acts on, as a trace has it: ``user:101``, ``announcement:blocked``."""

    @abstractmethod
    def assumed(self, world: World) -> Became:
        """What becomes of it for ``fsctl explain``. WrongWord for one that cannot become of it."""

    @abstractmethod
    def choices(self, world: World) -> Iterator[tuple[str, Became]]:
        """The outcomes between which a plan can tell, each with its words for ``--tree``; none if there is but one."""

    @abstractmethod
    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        """What the caller has of it then, as the result of a call is written; None: not known yet.

        Not asked where somebody answered, or another call took this one.
        """

    def lasts(self, outcome: Outcome) -> float:
        """Seconds that go by until then, where policies care."""
        return 0.0


class Certain(Verb[Became]):
    """A verb of which only one thing can become, as far as a plan can tell."""

    __slots__ = ()

    def choices(self, world: World) -> Iterator[tuple[str, Became]]:
        yield from ()


def leaves_nothing(verb: Verb[Became], outcome: Outcome | None) -> tuple[Weight, str]:
    """For verbs after which the caller has nothing yet."""
    return Weight.NOTHING, ""
