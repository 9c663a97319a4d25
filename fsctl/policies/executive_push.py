"""An assistant hands a call over to the executive, and has it back if he does not take it.

Code: ``push`` and the executive's extension, or alone where that is clear, hands over the call that one holds. So does
a transfer to it; and, dialled in a talk while one holds none, that talk, if one was called or acts for him there. The
executive's phones ring, at the desk and outside, whatever he has set for his calls, for his ``push_recall_seconds``;
where he is on a call, away or on do not disturb, the assistant's phones ring again at once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fsctl.model.actions import Because, Done, NotTaken, Pass, Policy, Push
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.executives import assistants_of, executives_of
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Answered, CallerGone, Failed, Moved, NoAnswer
from fsctl.model.parking import all_held_by
from fsctl.model.presence import engaged
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies import intercept_rules
from fsctl.policies.extension import phones_outside
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.intercept import BLOCKED
from fsctl.policies.language import language_for
from fsctl.policies.person import ring_person
from fsctl.policies.star_codes import name_of
from fsctl.words import marked

REASONS = declare({
    "executive_push.not_of": "{name} is no assistant of {executive}",
    "executive_push.of_nobody": "{name} is nobody's assistant",
    "executive_push.which": "{name} is an assistant of several, and it is not clear of whom the call is",
    "executive_push.himself": "{executive} cannot be handed over to himself",
    "executive_push.nothing_held": "{name} holds no call",
    "executive_push.emergency": "nobody hands over an emergency call",
    "executive_push.no_link": "there is no link to the switch that would tell which calls there are",
    "executive_push.failed": "it could not be handed over now",
    "executive_push.hands_over": "{name} hands the call over to {executive}",
    "executive_push.rings": "{name} is handed the call",
    "executive_push.no_executive": "{executive} is no executive any more",
    "executive_push.no_call_waiting": "{name} is on a call and has no call waiting",
    "executive_push.do_not_disturb": "{name} is on do not disturb",
    "executive_push.no_answer": "{name} did not take it within {seconds} s",
    "executive_push.not_taken": "{name} is busy, away, or declined",
})


def run(call: Call, office: Office, live: Live) -> Policy:
    """It rings the executive; else it comes back, which the office's ``transfer_recall`` has no say in."""
    if call.to.kind != "push":
        return Pass()
    executive = office.users.get(call.to.name)
    if executive is None or executive.executive is None:
        yield Because("executive_push.no_executive", executive=call.to.name)
        return _back(call, office)
    if why_not := _hindrance(call, executive, office, live):
        yield Because(why_not)
        return _back(call, office)
    seconds = executive.executive.push_recall_seconds
    devices, _ = phones_outside(call, executive, office, live)
    devices = tuple(replace(leg, ring_seconds=seconds) for leg in devices)
    yield Because("executive_push.rings", name=executive.name)
    outcome = yield ring_person(call, executive, office, devices, seconds=seconds)
    if isinstance(outcome, Answered | CallerGone | Moved):
        return Done()
    if isinstance(outcome, NoAnswer):
        yield Because("executive_push.no_answer", name=executive.name, seconds=seconds)
    else:
        yield Because("executive_push.not_taken", name=executive.name)
    return _back(call, office)


def _back(call: Call, office: Office) -> NotTaken:
    return NotTaken("no-answer", "not-available", language_for(call, office), comes_back=True)


def _hindrance(call: Call, executive: User, office: Office, live: Live) -> Reason:
    """Why his phones are not rung; NONE if they are."""
    if intercepted := intercept_rules.hindrance(call, executive, office):
        return intercepted
    if office.settings.dnd(executive.extension):
        return reason("executive_push.do_not_disturb", name=executive.name)
    if not executive.call_waiting and engaged(live.of(executive.extension), call.uuid):
        return reason("executive_push.no_call_waiting", name=executive.name)
    return NONE


def _push(call: Call, office: Office, live: Live, digits: str) -> Policy:
    """The call itself, where it was transferred here; else of those that the assistant holds one that is for him."""
    by = call.by or ""
    name = name_of(by, office)
    own = executives_of(by, office)
    if not own:
        return (yield from _refuse(call, office, reason("executive_push.of_nobody", name=name)))
    if digits and not any(each.extension == digits for each in own):
        return (yield from _refuse(call, office, reason("executive_push.not_of", name=name, executive=digits)))
    if call.transferred_by:
        executive = _meant(digits, call.for_user, own)
        if executive and call.user == executive.extension:
            return (yield from _refuse(call, office, reason("executive_push.himself", executive=executive.name)))
        return (yield from _hand_over(call, office, executive, None))
    if not live.known:
        return (yield from _refuse(call, office, reason("executive_push.no_link"), "not-available"))
    asked = (digits,) if digits else tuple(each.extension for each in own)  # held, too, if she has just asked him
    held = [each for each in all_held_by(by, live) if each.user not in asked] or list(_talk(call, asked, live))
    if not held:
        return (yield from _refuse(call, office, reason("executive_push.nothing_held", name=name), "nothing-held"))
    if digits:  # his own first, and those of others last
        held.sort(key=lambda each: (each.for_user != digits, bool(each.for_user)))
    chosen = held[0]
    if office.is_emergency(chosen.number, office.site_of(by)):
        return (yield from _refuse(call, office, reason("executive_push.emergency")))
    return (yield from _hand_over(call, office, _meant(digits, chosen.for_user or "", own), chosen))


def _talk(call: Call, asked: Sequence[str], live: Live) -> Iterator[LiveCall]:
    """Who is at the other end of the talk in which it was dialled, if that can be handed over.

    Whom she has called herself, for herself, may be a machine that asks for just these keys.
    """
    own = live.call(call.talk)
    other = live.call(own.peer or "") if own else None
    if own is None or other is None or other.peer != own.uuid or other.state != "talking" or other.user in asked:
        return
    if own.direction == "outbound" or own.executive in asked:
        yield other


def _meant(digits: str, for_user: str, own: Sequence[User]) -> User | None:
    """Whose extension was dialled, else for whom the call is, else the only one there is."""
    wanted = digits or for_user
    found = next((each for each in own if each.extension == wanted), None)
    return found or (own[0] if len(own) == 1 else None)


def _hand_over(call: Call, office: Office, executive: User | None, held: LiveCall | None) -> Policy:
    name = name_of(call.by, office)
    if executive is None or executive.executive is None:
        return (yield from _refuse(call, office, reason("executive_push.which", name=name)))
    to = Destination("user", executive.extension)
    if blocked := intercept_rules.outbound(office.users[call.by or ""], to, office, call.at):
        return (yield from _refuse(call, office, blocked.why, BLOCKED))
    yield Because("executive_push.hands_over", name=name, executive=executive.name)
    before = (held.for_user if held else call.for_user) or ""
    stays = any(each.extension == before for each in executives_of(call.by or "", office))
    outcome = yield Push(executive.extension, call.by or "", executive.executive.push_recall_seconds,
                         before if stays else executive.extension, language_for(call, office),
                         held.uuid if held else "")
    if isinstance(outcome, Failed):
        return (yield from _refuse(call, office, reason("executive_push.failed"), "not-available"))
    return Done()


def _refuse(call: Call, office: Office, why: Reason, announcement: str = "not-possible") -> Policy:
    """Tell whoever wants to hand over, also where he had transferred the call already and it comes back to him."""
    yield Because(why)
    return NotTaken("rejected", announcement, language_for(call, office), tell=True)


def _through(user: User, office: Office) -> str:
    return themselves(user, office) if executives_of(user.extension, office) or assistants_of(user) else ""


def _one_held(call: Call, office: Office) -> Live:
    """The caller holds a call of the first executive."""
    own = executives_of(call.user or "", office)
    return Live((
        LiveCall("holder", call.user, "held", "inbound", "held", call.at),
        LiveCall("held", None, "holder", "outbound", "talking", call.at,
                 for_user=own[0].extension if own else None),
    ))


def _to_somebody(user: User, office: Office) -> bool:
    return bool(executives_of(user.extension, office))


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "push": Code(
        _push, asks="extension", alone=True, by_transfer=True, in_talk="digits", acts_on=_one_held,
        serves=_to_somebody,
        does=marked("hands the call that I hold over to the executive dialled after it, alone: to my only one")),
})
STAGE = FEATURE.stage(run)
