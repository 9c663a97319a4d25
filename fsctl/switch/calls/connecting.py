"""Connects a call with somebody else's channel, which talks, or waits, elsewhere."""

import time
from collections.abc import Sequence

import gevent

from fsctl.switch.calls.control import CallControl
from fsctl.switch.session import moving
from fsctl.switch.wire import displays

#: Longest wait for FreeSWITCH, in seconds.
SECONDS = 5

#: How often FreeSWITCH is asked whether two channels are connected: about a frame of audio.
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
    """Whether both talk now, by these commands, the last of which begins it. The other channel's owner notices."""
    session = control.session
    if not moving.mark(session, uuid, session.uuid):
        return False
    joined = session.apis(commands)[-1].startswith("+OK") and _connected(control, uuid)
    moving.unmark(session, uuid)
    return joined


def _connected(control: CallControl, uuid: str) -> bool:
    """``uuid_bridge`` says only that it began, and CHANNEL_BRIDGE comes to the other channel's connection alone."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if control.session.api(f"uuid_getvar {control.session.uuid} signal_bond").strip() == uuid:
            return True
        gevent.sleep(_LOOK_SECONDS)
    return False
