"""What would happen to a call, and why: the same walk as a live call's, with assumed outcomes and no call."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from fsctl.errors import FsctlError
from fsctl.model.actions import Ask, Claim, Connect, Hangup, Mailbox, Park, Pickup, Reroute, Reserve, Ring, Survey, Wait
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    Digits,
    Moved,
    NoAnswer,
    Offline,
    Outcome,
    Parked,
    Performed,
    Rejected,
    RingOutcome,
    Silence,
    Surveyed,
    Won,
    word,
)
from fsctl.model.parking import places
from fsctl.route import Planned, Result, Step, walk

#: The words of ``--outcomes``, and ``digits:…`` beside them. ``answered`` is by the first leg.
WORDS = ("answered", "busy", "no-answer", "offline", "rejected", "silence", "gone")

_PLAIN: dict[str, RingOutcome] = {
    "busy": Busy(),
    "no-answer": NoAnswer(),
    "offline": Offline(),
    "rejected": Rejected(),
    "gone": CallerGone(),
}

#: What pressing, or not pressing, 1 comes to at a phone that asks for it.
_CONFIRMED = {"digits:1": "answered", "silence": "no-answer"}

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
    words = iter(check_words(outcomes))
    live = _assumed_live(call, office) if live is None else live
    assumptions = Assumptions(call, standing, live)
    return follow(call, office, lambda planned: assumptions.outcome_of(planned, words), live)


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
    """Whether the call is over amid the plan; a Hangup and a mailbox end it as planned."""
    gone = isinstance(outcome, CallerGone) and not isinstance(planned.action, Hangup | Mailbox)
    return gone or isinstance(outcome, Moved)


def check_words(outcomes: Iterable[str]) -> list[str]:
    """The words, or FsctlError naming the first that is none."""
    words = list(outcomes)
    for each in words:
        if each not in WORDS and not re.fullmatch("digits:[0-9*]+", each):
            raise FsctlError(f"{each!r} is no outcome; known are {', '.join(WORDS)} and digits:1")
    return words


class Assumptions:
    """What becomes of each action. Time goes by only while somebody rings in vain or waits for a member of a group."""

    def __init__(self, call: Call, standing: StandingOf, live: Live) -> None:
        self._at, self._standing, self._live = call.at, standing, live

    def outcome_of(self, planned: Planned, words: Iterator[str]) -> Outcome | None:
        """The outcome to assume: None for a Reroute, which has none. Legs side by side take one word each."""
        match planned.action:
            case Reroute():
                return None
            case Ring() as ring:
                return self.came_to(planned, _of_ring(ring, words))
            case Ask() as ask:
                return _of_question(ask, next(words, "silence"))
            case Claim() | Reserve():
                return Won()
            case Survey() as survey:
                return Surveyed(self._standing(survey), self._live, self._at)
            case Pickup(of=of):
                return Answered(Destination("pickup", of))
            case Park(slot):
                return Parked(slot)
            case Connect(slot=slot):
                return Answered(Destination("retrieve", slot))
            case Mailbox() | Hangup():
                return CallerGone()
            case _:
                return self.came_to(planned, Performed())

    def came_to(self, planned: Planned, outcome: Outcome) -> Outcome:
        """The outcome itself, once the time has gone by that it takes."""
        match planned.action:
            case Ring(branches) if isinstance(outcome, NoAnswer):
                self._at += timedelta(seconds=max(sum(leg.ring_seconds for leg in branch) for branch in branches))
            case Wait(seconds=seconds):
                self._at += timedelta(seconds=seconds)
        return outcome


def _assumed_live(call: Call, office: Office) -> Live:
    """No call at all; but what a code acts on: a call that rings at everybody else, one on hold, one in every slot."""
    name = call.to.name if call.to.kind == "code" else call.to.kind
    if name.startswith("pickup"):
        return Live(tuple(
            LiveCall(f"at-{user}", user, f"for-{user}", "outbound", "ringing", call.at)
            for user in office.users if user != call.user
        ))
    if name in ("park", "group_park", "slot_key"):
        return Live((
            LiveCall("holder", call.user, "held", "inbound", "held", call.at),
            LiveCall("held", None, "holder", "outbound", "talking", call.at),
        ))
    if name in ("retrieve", "slot"):
        return Live(tuple(
            LiveCall(f"in-{slot}", None, None, "inbound", "parked", call.at, slot=slot) for slot in places(office)
        ))
    return Live()


def _of_ring(ring: Ring, words: Iterator[str]) -> Outcome:
    worst: list[str] = []
    for leg in ring.legs:
        became = next(words, "answered")
        if leg.confirm:
            became = _CONFIRMED.get(became, became)
        if became == "answered":
            return Answered(leg.target)
        if became == "gone":
            return CallerGone()
        if became not in _PLAIN:
            raise FsctlError(f"{leg.target} rings, and {became!r} cannot become of that")
        worst.append(became)
    return _PLAIN[min(worst, key=("no-answer", "busy", "rejected", "offline").index)]


def _of_question(ask: Ask, became: str) -> Outcome:
    kind, _, digits = became.partition(":")
    if kind == "digits":
        return Digits(digits[: ask.most])
    if became == "gone":
        return CallerGone()
    if became != "silence":
        raise FsctlError(f"the caller is asked {ask.announcement!r}, and {became!r} is no answer to that")
    return Silence()
