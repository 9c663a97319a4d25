"""Connects a call with somebody else's channel, which talks, or waits, elsewhere."""

import time
from collections.abc import Callable, Sequence

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
    """Whether both talk now, by these commands, the last of which begins it. The other channel's owner notices."""
    session = control.session
    if not moving.mark(session, uuid, session.uuid):
        return False
    bond = f"uuid_getvar {session.uuid} signal_bond"
    joined = session.apis(commands)[-1].startswith("+OK") and until(lambda: session.api(bond).strip() == uuid)
    moving.unmark(session, uuid)
    return joined


def until(so: Callable[[], bool]) -> bool:
    """Whether it is so within SECONDS. FreeSWITCH says of what moves channels only that it began, and the events that
    tell come to the other channel's connection alone; so it is asked.
    """
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if so():
            return True
        gevent.sleep(_LOOK_SECONDS)
    return False
