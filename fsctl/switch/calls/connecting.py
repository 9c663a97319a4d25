"""Connects a call with somebody else's channel, which talks, or waits, elsewhere."""

import time
from collections.abc import Sequence

import gevent

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
    if not moving.mark(session, uuid, session.uuid):
        return False
    begun = session.apis(commands)[-1].startswith("+OK")
    talks = begun and _talks(control, uuid)
    moving.unmark(session, uuid)
    if begun and not talks:
        session.api(f"uuid_kill {session.uuid} NORMAL_CLEARING")
    return talks


def _talks(control: CallControl, uuid: str) -> bool:
    """``uuid_bridge`` says only that it began, and CHANNEL_BRIDGE comes to the other channel's connection alone.

    ``signal_bond`` is there before the talk; the dialplan has unset ``last_bridge_to``.
    """
    own, end = control.session.uuid, time.monotonic() + SECONDS
    while time.monotonic() < end:
        with_whom, there = control.session.apis((f"uuid_getvar {own} last_bridge_to", f"uuid_exists {uuid}"))
        if with_whom.strip() == uuid:
            return True
        if there.strip() != "true":
            return False
        gevent.sleep(_LOOK_SECONDS)
    return False


def arrives(control: CallControl, uuid: str, room: str) -> bool:
    """Whether a channel that is sent to a conference is there within SECONDS."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        answer = control.session.api(f"uuid_getvar {uuid} conference_name").strip()
        if answer == room or answer.startswith("-ERR"):
            return answer == room
        gevent.sleep(_LOOK_SECONDS)
    return False
