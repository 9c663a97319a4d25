"""Drives one policy with given outcomes and writes down what it did."""

from collections.abc import Callable, Iterable
from datetime import timedelta

from fsctl.model.actions import (
    Answer,
    Ask,
    Because,
    Change,
    Claim,
    Connect,
    Ending,
    EndJoined,
    Enter,
    Gather,
    Hangup,
    Join,
    Leave,
    Leg,
    Mailbox,
    NotTaken,
    Park,
    Pass,
    Pickup,
    Play,
    Policy,
    Push,
    Record,
    Reroute,
    Reserve,
    Ring,
    Survey,
    TakeOver,
    ThreeWay,
    Unpark,
    Wait,
)
from fsctl.model.announcements import BUILT_IN
from fsctl.model.call import Call
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import NoAnswer, Outcome, Performed, Surveyed, Taken, Won
from fsctl.policies.feature import Run

IDLE = Live()


def ending(run: Run, call: Call, office: Office, outcomes: Iterable[Outcome] = ()) -> Ending:
    """How the policy ended."""
    policy: Policy = run(call, office, IDLE)
    answers = iter(outcomes)
    try:
        wanted = next(policy)
        while True:
            wanted = next(policy) if isinstance(wanted, Because) else policy.send(next(answers))
    except StopIteration as end:
        return end.value


def drive(
    run: Run, call: Call, office: Office, outcomes: Iterable[Outcome] = (), live: Live = IDLE,
    hunts: "Hunts | None" = None,
) -> list[str]:
    """What the policy did, a line each: reasons, actions, and at last its ending."""
    policy: Policy = run(call, office, live)
    hunts = hunts or Hunts(lambda seconds: (Standing(), live))
    answers, lines = iter(outcomes), []
    try:
        wanted = next(policy)
        while True:
            match wanted:
                case Survey() | Reserve() | Wait():
                    lines += [line(wanted)] if isinstance(wanted, Wait) else []
                    wanted = policy.send(hunts.answer(call, wanted))
                case Because():
                    lines.append(line(wanted))
                    wanted = next(policy)
                case _:
                    if isinstance(wanted, Play | Ask) and not wanted.file and call.to.kind != "announcement":
                        known = (*BUILT_IN, *office.announcements)
                        assert wanted.announcement in known, "an announcement without words and tone"
                    lines.append(line(wanted))
                    outcome = next(answers)
                    hunts.pass_by(wanted, outcome)
                    wanted = policy.send(outcome)
    except StopIteration as end:
        lines += _not_taken(end.value, office, call) if isinstance(end.value, NotTaken) else [_ending(end.value)]
    return lines


class Hunts:
    """How hunt groups stand, ``then`` so many seconds after the call came: time goes by while it rings or waits.

    ``taken`` are the numbers of the reservations that another call is faster with, the first being 0.
    """

    def __init__(self, then: Callable[[float], tuple[Standing, Live]], taken: Iterable[int] = ()) -> None:
        self.seconds, self.reserved, self.places = 0.0, [], []
        self._then, self._taken = then, set(taken)

    def answer(self, call: Call, wanted: Survey | Reserve | Wait) -> Outcome:
        match wanted:
            case Survey():
                return Surveyed(*self._then(self.seconds), call.at + timedelta(seconds=self.seconds))
            case Reserve(member=member, turn=turn, place=place):
                self.reserved.append((member, turn))
                self.places.append(place)
                return Taken() if len(self.reserved) - 1 in self._taken else Won()
            case Wait(seconds=seconds):
                self.seconds += seconds
                return Performed()

    def pass_by(self, wanted: object, outcome: Outcome) -> None:
        if isinstance(wanted, Ring) and isinstance(outcome, NoAnswer):
            self.seconds += max(leg.ring_seconds for leg in wanted.legs)


def _not_taken(ending: NotTaken, office: Office, call: Call) -> list[str]:
    """What the walk makes of it for a caller who was not transferred (fsctl.route)."""
    said = [Play(ending.announcement, ending.language)] if ending.announcement else []
    assert not said or ending.announcement in (*BUILT_IN, *office.announcements)
    ended = [] if call.talk else [Hangup(ending.hangup)]
    return [*map(line, [*said, *ended]), "done"]


def _ending(ending: object) -> str:
    match ending:
        case Reroute(to, by, show=show, on_behalf=on_behalf):
            text = f"reroute {to}" + ("" if by is None else f" by {by or 'the office'}")
            text += f" on behalf of {on_behalf}" if on_behalf else ""
            return text + (f" showing {show.name}|{show.number}" if show else "")
        case Pass(outcome, why) if outcome is not None:
            return f"pass {type(outcome).__name__}: {why}"
    return type(ending).__name__.lower()


def line(action: object) -> str:
    """One action as a short line."""
    match action:
        case Because(reason):
            return f"because {reason}"
        case Ring(branches, show, screening=screening):
            legs = " & ".join(" then ".join(
                map(_leg, branch)) for branch in branches)
            seen = "".join(f" seen at {_leg(leg)}" for leg in screening)
            return f"ring {legs}{seen} showing {show.name}|{show.number}"
        case Play(announcement, language, digits, words, file, stay, keys):
            more = stay and f"and {stay} s more", keys and f"until {keys}"
            return " ".join(filter(None, ("play", announcement, language, digits, *words, file, *more)))
        case Ask(announcement, language, most, seconds, file):
            return " ".join(filter(None, ("ask", announcement, language, f"{most} keys {seconds} s", file)))
        case Mailbox(user, language, fetch):
            return f"mailbox {user} {language}" + " fetch" * fetch
        case Change(effect, path, value):
            return f"change {effect}: {path} = {value}"
        case Answer():
            return "answer"
        case Claim(key):
            return f"claim {key}"
        case Pickup(uuid, of):
            return f"pickup {uuid} at {of}"
        case Park(slot, parker, seconds, group, music, fallback, language, uuid):
            people = " or ".join(fallback) or "nobody"
            text = f"park {uuid or 'it'} in {slot} for {seconds} s by {parker or 'nobody'} to {music or 'silence'}"
            return f"{text}, then {people}, {f'group {group}' if group else 'no group'}, {language}"
        case Unpark(slot):
            return f"unpark {slot}"
        case Connect(uuid, slot):
            return f"connect {uuid} in {slot}"
        case Push(executive, assistant, seconds, for_user, language, uuid):
            whose = "" if for_user == executive else f", a call of {for_user}"
            return f"push {uuid or 'it'} to {executive} for {seconds} s by {assistant or 'nobody'}{whose}, {language}"
        case TakeOver(uuid, other, of):
            return f"take over {uuid} from {other} of {of}"
        case Join(uuid, other, of, by, tone, kind):
            how = {"join": "join", "barge_in": "barge in on"}[kind]
            return f"{how} {uuid} and {other} of {of} by {by}{', all hear it' if tone else ''}"
        case ThreeWay(uuid, other, held, holder, by, tone):
            heard = ", all hear it" if tone else ""
            return f"three talk: {uuid}, {other} and {held}, whom {by} holds by {holder or 'nothing'}{heard}"
        case Record(uuid, on):
            return f"record {uuid}{'' if on else ' no longer'}"
        case EndJoined(uuids):
            return f"end {' '.join(uuids)}"
        case Gather(group, members, show, seconds):
            people = ", ".join(" & ".join(map(_leg, member)) for member in members)
            return f"gather {group} for {seconds} s: {people} showing {show.name}|{show.number}"
        case Enter(group, again):
            return f"enter {group}" + " if there before" * again
        case Wait(_, members, reserved, seconds):
            names = " ".join(f"({each})" if each in reserved else each for each in members)
            return f"wait {seconds:g} s for {names or 'nobody'}"
        case Leave(number):
            return f"leave {number}"
        case Hangup(reason):
            return f"hangup {reason}"
    raise AssertionError(f"unknown action {action}")


def _leg(leg: Leg) -> str:
    text = f"{leg.target} {leg.ring_seconds} s" + (f" by {leg.trunk}" if leg.trunk else "")
    text += f" {leg.alert}" if leg.alert else ""
    text += " unencrypted" if leg.plain else ""
    text += f" or on after {leg.progress_seconds} s of silence" if leg.progress_seconds else ""
    text += f" confirmed in {leg.confirm}" if leg.confirm else ""
    text += f" hearing {leg.announce.announcement} {leg.announce.language}" if leg.announce else ""
    return text + (f" as {leg.show.name}|{leg.show.number}" if leg.show else "")
