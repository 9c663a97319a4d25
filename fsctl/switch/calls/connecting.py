"""Connects a call with somebody else's channel, which talks, or waits, elsewhere."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import gevent

from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Moved
from fsctl.switch.calls import talk
from fsctl.switch.calls.control import CallControl
from fsctl.switch.session import moving
from fsctl.switch.wire import displays

#: Longest wait for FreeSWITCH, in seconds.
SECONDS = 5

#: How often FreeSWITCH is asked: about a frame of audio.
_LOOK_SECONDS = 0.02


def answer(control: CallControl, uuid: str) -> None:
    """Answer this call, which will talk with another channel, so that FreeSWITCH shows each side the other."""
    session = control.session
    control.lease(SECONDS)
    name, number = displays.shown(control.party(control.call.user or ""))
    with session.batch():
        if other := control.party_at(uuid):  # as in pickup.take
            session.execute("multiset", f"^^;{displays.before_the_talk(other)}")
        session.execute("set_profile_var", f"caller_id_name={name}")
        session.execute("set_profile_var", f"caller_id_number={number}")
    control.run("answer")
    session.api_nowait(displays.no_longer_ringing(session.uuid))


def connect(control: CallControl, uuid: str, commands: Sequence[str]) -> bool:
    """Whether both talk now, by these commands, the last of which begins it. The other channel's owner notices.

    If that one hangs up in this very moment, FreeSWITCH would leave this call in silence for ever; so it ends, too.
    """
    session = control.session
    with moving.marked(session, session.uuid, uuid) as there:
        begun = there and session.apis(commands)[-1].startswith("+OK")
        talks = begun and _talks(control, uuid)
    if begun and not talks:
        session.api(f"uuid_kill {session.uuid} NORMAL_CLEARING")
    return talks


def follow(control: CallControl, uuid: str, by: Destination) -> Answered | Moved:
    """The call talks with that channel, which is told as ``by``; until that is over."""
    outcome = Answered(by)
    control.progress.answered(outcome)
    who = talk.target_of(control, uuid)
    return talk.follow(control, Answered(who) if who else outcome, uuid) or outcome


@contextmanager
def giving_back(control: CallControl) -> Iterator[None]:
    """All that this call has claimed, another channel or both of a talk, is free for others after the block."""
    try:
        yield
    finally:
        control.state.release_all(control.call)


def still_talk(control: CallControl, uuid: str, other: str) -> bool:
    """Whether two channels still talk with each other, and neither is about to be parked or handed over."""
    bond, *marks = control.session.apis([
        f"uuid_getvar {uuid} signal_bond", *(f"uuid_getvar {each} {moving.MARK}" for each in (uuid, other))])
    return bond.strip() == other and not any(moving.sent_into(each.strip()) for each in marks)


def arrives(control: CallControl, uuid: str, room: str) -> bool:
    """Whether a channel that is sent to a conference is there within SECONDS."""
    for (name,) in asked(control, f"uuid_getvar {uuid} conference_name"):
        if name == room or name.startswith("-ERR"):
            return name == room
    return False


def _talks(control: CallControl, uuid: str) -> bool:
    """``uuid_bridge`` says only that it began, and CHANNEL_BRIDGE comes to the other channel's connection alone.

    ``signal_bond`` is there before the talk; the dialplan has unset ``last_bridge_to``.
    """
    own = control.session.uuid
    for with_whom, there in asked(control, f"uuid_getvar {own} last_bridge_to", f"uuid_exists {uuid}"):
        if with_whom == uuid or there != "true":
            return with_whom == uuid
    return False


def asked(control: CallControl, *questions: str, seconds: float = 0) -> Iterator[list[str]]:
    """What FreeSWITCH answers, again and again for so long; 0: for SECONDS."""
    end = time.monotonic() + (seconds or SECONDS)
    while time.monotonic() < end:
        yield [answer.strip() for answer in control.session.apis(questions)]
        gevent.sleep(_LOOK_SECONDS)
