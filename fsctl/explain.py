"""What would happen to a call, and why: the same walk as a live call's, with assumed outcomes and no call."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from fsctl.errors import FsctlError
from fsctl.model.actions import Action, Reroute, Survey, WrongWord
from fsctl.model.call import Call
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    Moved,
    NoAnswer,
    Offline,
    Outcome,
    Rejected,
    Silence,
    word,
)
from fsctl.policies.stages import FEATURES
from fsctl.route import Planned, Result, Step, walk
from fsctl.words import say

#: The words of ``--outcomes``, and ``digits:…`` beside them. ``answered`` is by the first leg.
WORDS = tuple(each.word for each in (Answered, Busy, NoAnswer, Offline, Rejected, Silence, CallerGone))

#: Says what became of an action; None when that is not known, and for a Reroute, which has no outcome.
OutcomeOf = Callable[[Planned], Outcome | None]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The steps in order, and where the call ends up.

    ``passed`` are the policies that left the call alone, each with how many steps there were before it was asked.
    """

    steps: tuple[Step, ...]
    result: str
    passed: tuple[tuple[int, Step], ...] = ()


#: How a hunt group stands; never that a member is just rung for another call.
StandingOf = Callable[[Survey], Standing]


def untouched(survey: Survey) -> Standing:
    """As if nobody had called the group yet."""
    return Standing()


def explain(
    call: Call, office: Office, outcomes: Iterable[str] = (), live: Live | None = None,
    standing: StandingOf = untouched,
) -> Explanation:
    """Walk ``call`` with one word of WORDS for each leg rung or question asked; when used up, legs answer.

    A question that no word is left for is met with silence. ``standing`` tells how hunt groups stand. FsctlError for a
    word that is none of WORDS, and for one that cannot be the answer where its turn comes.
    """
    words = check_words(outcomes)
    live = _assumed_live(call, office) if live is None else live
    return follow(call, office, Assumptions(call, office, standing, live, words).outcome_of, live)


def follow(call: Call, office: Office, outcome_of: OutcomeOf, live: Live | None = None) -> Explanation:
    """Walk ``call`` with the outcomes that ``outcome_of`` tells, until the plan ends or an outcome is not known."""
    steps: list[Step] = []
    passed: list[tuple[int, Step]] = []
    result = Result()
    plan = walk(call, office, _assumed_live(call, office) if live is None else live)
    try:
        planned = next(plan)
        while True:
            passed += [(len(steps), each) for each in planned.passed]
            if planned.step is not None:
                steps.append(planned.step)
            outcome = outcome_of(planned)
            result.note(planned.action, outcome)
            if isinstance(planned.action, Reroute):
                planned = next(plan)
                continue
            if outcome is None or _taken_away(planned, outcome):
                if outcome is not None:
                    result.text = result.settled or word(outcome)
                break
            planned = plan.send(outcome)
    except StopIteration:
        pass
    finally:
        plan.close()
    return Explanation(tuple(steps), result.text, tuple(passed))


def _taken_away(planned: Planned, outcome: Outcome) -> bool:
    """Whether the call is over amid the plan."""
    ends_so = isinstance(planned.action, Reroute) or planned.action.ends_call
    return isinstance(outcome, Moved) or (isinstance(outcome, CallerGone) and not ends_so)


def check_words(outcomes: Iterable[str]) -> list[str]:
    """The words, or FsctlError naming the first that is none."""
    words = list(outcomes)
    for each in words:
        if each not in WORDS and not re.fullmatch("digits:[0-9*]+", each):
            raise FsctlError(say(
                "{word} is no outcome; known are {known} and digits:1", word=repr(each), known=", ".join(WORDS)))
    return words


class Assumptions:
    """The world as ``explain`` assumes it, in which verbs say what becomes of them. Time goes by only with them."""

    def __init__(self, call: Call, office: Office, standing: StandingOf, live: Live, words: Iterable[str] = ()) -> None:
        self.at, self.live = call.at, live
        self._call, self._office, self._standing, self._words = call, office, standing, iter(words)

    def next_word(self, otherwise: str) -> str:
        return next(self._words, otherwise)

    def standing(
        self, hunt: str, members: tuple[str, ...], idle: Literal["group", "all"] | None
    ) -> Standing:
        return self._standing(Survey(hunt, members, idle))

    def extensions(self) -> Iterator[str]:
        return (user for user in self._office.users if user != self._call.user)

    def outcome_of(self, planned: Planned) -> Outcome | None:
        """The outcome to assume: None for a Reroute, which has none. FsctlError for a word that cannot be it."""
        if isinstance(planned.action, Reroute):
            return None
        try:
            return self.came_to(planned.action, planned.action.assumed(self))
        except WrongWord as error:
            raise FsctlError(str(error)) from None

    def came_to(self, action: Action, outcome: Outcome) -> Outcome:
        """The outcome itself, once the time has gone by that it takes."""
        self.at += timedelta(seconds=action.lasts(outcome))
        return outcome


def _assumed_live(call: Call, office: Office) -> Live:
    """No call at all but what a policy acts on, as that says itself."""
    for feature in FEATURES:
        if (live := feature.acts_on(call, office)).calls:
            return live
    return Live()
