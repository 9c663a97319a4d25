"""Ringing, and what became of it: who answered, who picked the call up, or why nobody did."""

import time
from collections.abc import Mapping, Sequence
from itertools import chain

import gevent

from fsctl.model.actions import Leg, Ring
from fsctl.model.outcomes import Answered, Moved, RingOutcome
from fsctl.switch.calls import pickup, talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.outcomes import REDIRECTED, PhoneEnd, begun_by, causes_of, of_people, pulled_away
from fsctl.switch.calls.supervision import Supervision
from fsctl.switch.session import moving
from fsctl.switch.session.call_session import CallSession, Execution
from fsctl.switch.session.ownership import GRACE_SECONDS
from fsctl.switch.wire import Event, alerts, dialstring, displays, phones
from fsctl.switch.wire.phones import Arranged, Phone

#: The last event of a leg may come so much later than the end of the bridge that rang it: 20 ms, or more on a busy
#: machine. So long it is waited for, all legs together, where nobody else tells what is needed; and where only the SIP
#: status is wanted, for the words and for 603 and 600.
NEEDED_SECONDS, WANTED_SECONDS = 2.0, 0.2


def ring(control: CallControl, action: Ring) -> RingOutcome:
    try:
        arranged = _find(control, action)
        return _ring(control, action, arranged) if arranged else of_people({leg: () for leg in action.legs})
    finally:
        control.hunted.ended()


def _find(control: CallControl, action: Ring) -> Arranged:
    """The phones at which those who are to be rung are registered in this very moment."""
    contacts = control.registered(phones.people(action.everybody))
    told = alerts.find(action, contacts, control.session.apis)
    found = phones.arrange(action, contacts, control.office, told)
    arranged = phones.within_limit(found)
    if left_out := len(phones.all_of(found)) - len(phones.all_of(arranged)):
        control.progress.left_out(left_out)
    return arranged


def _ring(control: CallControl, action: Ring, arranged: Arranged) -> RingOutcome:
    session, rung = control.session, phones.all_of(arranged)
    seconds = max(sum(leg.ring_seconds + 1 for leg in branch) for branch in action.branches)
    argument = dialstring.bridge(action, arranged, control.office, control.call, session.audio)
    screening = [phone for phone in rung if phone.leg in action.screening]
    with Supervision(session, control.state, rung, screening).while_they_ring():
        with session.batch():
            control.lease(seconds)
            control.pass_keys_on()
            session.execute("multiset", dialstring.prepare(action, control.office, control.call, session.audio))
            if session.audio == "answered":
                called = displays.ringing(action, control.office, control.call)
                session.execute("send_display", displays.shown_by_phone(called))
            bridge = session.execute("bridge", argument, lock=False)
        name, event = _race(session, bridge, seconds)
    if not moving.mark_of(event) and (picker := pickup.taken_by(event)):
        return _picked_up(control, action, picker, told=name == "CHANNEL_BRIDGE")
    control.ownership.heard(event)
    if name != "CHANNEL_BRIDGE":
        return _unanswered(control, event, action, rung)
    leg = talk.other(event)
    by = next((phone.leg.target for phone in rung if phone.uuid == leg), None) or talk.target_of(control, leg)
    outcome = Answered(by or action.legs[0].target)
    control.progress.answered(outcome)
    control.hunted.accepted(action.hunt, outcome.by, leg)
    return talk.follow(control, outcome, leg) or outcome


def _race(session: CallSession, bridge: Execution, seconds: float) -> tuple[str, Event]:
    """Until somebody has the call (CHANNEL_BRIDGE), or nobody any more.

    Early media connect the caller with a line that has not answered, and whose time FreeSWITCH does not count then.
    """
    until = time.monotonic() + seconds
    name, event = session.race(bridge, {"CHANNEL_BRIDGE"}, seconds + 2 * GRACE_SECONDS)
    if name != "CHANNEL_BRIDGE" or session.audio == "answered":
        return name, event
    try:
        name, later = session.race(bridge, {"CHANNEL_ANSWER"}, max(until - time.monotonic(), 0))
    except gevent.Timeout:
        session.api(f"uuid_kill {talk.other(event)} NO_ANSWER")
        name, later = session.race(bridge, {"CHANNEL_ANSWER"}, GRACE_SECONDS)
    return ("CHANNEL_BRIDGE", event) if name == "CHANNEL_ANSWER" else (name, later)


def _picked_up(control: CallControl, action: Ring, picker: str, *, told: bool) -> RingOutcome:
    """``told``: FreeSWITCH itself tells both phones whom they talk with."""
    outcome = Answered(talk.target_of(control, picker) or action.legs[0].target)
    control.progress.picked_up(outcome)
    control.hunted.accepted(action.hunt, outcome.by, picker)
    if not told:
        caller = displays.at_phone(action.show, outcome.by.name, control.office)
        pickup.show(control.session, picker, control.party(outcome.by.name), caller)
    return talk.follow(control, outcome, picker) or outcome


def _unanswered(
    control: CallControl, event: Mapping[str, str], action: Ring, rung: Sequence[Phone]
) -> RingOutcome:
    """What all that rang comes to. Who has no leg that began has no phone that can be reached."""
    causes, now = causes_of(event), time.monotonic()
    begun = begun_by(event) | causes.keys()
    ends: dict[Leg, list[PhoneEnd]] = {leg: [] for leg in action.everybody}
    for phone in rung:
        if phone.uuid in begun:
            ends[phone.leg].append(_end(control, phone.uuid, causes.get(phone.uuid, ""), now))
    if pulled_away(event, chain.from_iterable(ends.values())):
        control.ownership.end_lease()
        return Moved("")
    return of_people(ends, action.screening)


def _end(control: CallControl, leg: str, cause: str, since: float) -> PhoneEnd:
    """How a leg has ended, whose ``cause`` the caller's channel tells unless there were branches of several stages.

    The link hears the rest, ``since`` when it is waited for; without one a leg of a branch has rung in vain.
    """
    seconds = NEEDED_SECONDS if cause in ("", REDIRECTED) else WANTED_SECONDS
    heard = control.state.ended(leg, since + seconds - time.monotonic())
    if heard is None:
        return PhoneEnd(cause or "NO_ANSWER")
    return PhoneEnd(cause or heard.cause or "NO_ANSWER", heard.status, heard.redirected)
