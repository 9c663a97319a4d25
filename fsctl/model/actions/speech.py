"""Speaking to the caller, and asking him."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from fsctl.model.actions.verb import Certain, Verb, Weight, World, WrongWord, leaves_nothing
from fsctl.model.outcomes import CallerGone, Digits, Moved, Outcome, Performed, Silence
from fsctl.words import say


@dataclass(frozen=True, slots=True)
class Answer(Certain[Performed | Moved]):
    """Take the call: from now on the caller pays, and can press keys for certain."""

    @property
    def target(self) -> str:
        return "caller"

    def assumed(self, world: World) -> Performed:
        return Performed()

    leaves = leaves_nothing


@dataclass(frozen=True, slots=True)
class Play(Certain[Performed | Digits | Moved | CallerGone]):
    """Let the caller hear an announcement in ``language``, after it ``digits`` one by one, and then ``words``.

    ``words`` are names of recordings, as fsctl.model.spoken_moment has them. ``file`` is the recording where it is one
    of the office's own. That alone does not take the call: it costs the caller nothing. Nothing is said then for
    ``stay_seconds``, unless he hangs up before. One of ``keys`` breaks it off.
    """

    announcement: str
    language: str
    digits: str = ""
    words: tuple[str, ...] = ()
    file: str = ""
    stay_seconds: int = 0
    keys: str = ""

    @property
    def target(self) -> str:
        return f"announcement:{self.announcement}"

    def assumed(self, world: World) -> Performed:
        return Performed()

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        """Who was gone has not heard it, and who has pressed a key is sent on."""
        match outcome:
            case CallerGone():
                return Weight.NOTHING, ""
            case Digits():
                return Weight.ASKED, ""
        return Weight.HEARD, self.target


@dataclass(frozen=True, slots=True)
class Ask(Verb[Digits | Silence | Moved | CallerGone]):
    """Play an announcement and take up to ``most`` keys, ended by ``#`` or when none comes any more.

    The first must come within ``seconds`` of the announcement's end. ``file`` as for Play. ``keys`` are the answers
    that lead somewhere, or one of each kind, for who wants to know what can happen; () where they cannot be told.
    """

    alike: ClassVar[bool] = True

    announcement: str
    language: str
    most: int
    seconds: int = 8
    file: str = ""
    keys: tuple[str, ...] = ()

    @property
    def target(self) -> str:
        return f"announcement:{self.announcement}"

    def assumed(self, world: World) -> Digits | Silence | CallerGone:
        became = world.next_word(Silence.word)
        kind, _, digits = became.partition(":")
        if kind == Digits.word:
            return Digits(digits[: self.most])
        if became == CallerGone.word:
            return CallerGone()
        if became != Silence.word:
            raise WrongWord(say("the caller is asked {question}, and {word} is no answer to that",
                                question=repr(self.announcement), word=repr(became)))
        return Silence()

    def choices(self, world: World) -> Iterator[tuple[str, Digits | Silence]]:
        """The keys that lead somewhere and one that does not; where anything may be dialled, a colleague's extension.
        """
        if self.keys:
            pressed = [*self.keys, *[key for key in "123456789" if key not in self.keys][:1]]
        else:
            pressed = [*world.extensions()][:1]
        for digits in pressed:
            yield f"{Digits.word}:{digits}", Digits(digits)
        yield Silence.word, Silence()

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        """Unless he is sent on for what he pressed, what he heard before is the end."""
        return (Weight.NOTHING if isinstance(outcome, Digits | Silence) else Weight.ASKED), ""
