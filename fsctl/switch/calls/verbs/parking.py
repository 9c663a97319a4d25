"""Parking a call, fetching one that is parked, and no longer waiting in a slot."""

import time
from contextlib import suppress

from gevent.event import Event

from fsctl.errors import FsctlError
from fsctl.model.actions import Connect, Park, Play, Unpark
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Failed, Moved, Parked, Performed, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.control import PLAY_SECONDS, CallControl
from fsctl.switch.calls.parking import VARIABLES, sending
from fsctl.switch.calls.verbs import speech
from fsctl.switch.calls.verbs.sending_on import send_now, send_this
from fsctl.switch.link.live import PARKED
from fsctl.switch.session import moving
from fsctl.switch.session.call_session import CallerGone

#: Longest wait for FreeSWITCH, in seconds.
_SECONDS = 5


def park(control: CallControl, park: Park) -> Parked | Taken | Failed | Moved:
    """Stay until the call is over, or, of another one that is parked, until whoever parks it has heard so."""
    try:
        if not control.state.park(park, control.call):
            return Taken()
    except FsctlError:
        return Failed()
    return _park_held(control, park) if park.uuid else _park_here(control, park)


def unpark(control: CallControl, unpark: Unpark) -> Performed:
    """The call leaves its slot for good."""
    with control.session.batch():
        for name in VARIABLES:
            control.session.api_nowait(f"uuid_setvar {control.session.uuid} {name}")
        control.session.execute("event", f"Event-Name=CUSTOM,Event-Subclass={PARKED}")
    control.state.unpark(control.session.uuid)
    return Performed()


def connect(control: CallControl, connect: Connect) -> Answered | Taken | Moved:
    """Fetch a parked call, and talk until that is over."""
    with connecting.giving_back(control):
        joined = _join(control, connect)
    if not joined:
        return Taken()
    control.state.unpark(connect.uuid)
    return connecting.follow(control, connect.uuid, Destination("retrieve", connect.slot))


def _park_here(control: CallControl, park: Park) -> Parked | Moved:
    session = control.session
    send_this(control, sending(park))
    control.progress.parked(park.slot)
    if moved := talk.wait(control):
        return moved
    control.state.unpark(session.uuid)  # the link frees only who hung up after the channel had been told all
    return Parked(park.slot)


def _park_held(control: CallControl, park: Park) -> Parked | Failed:
    """Whom he holds waits there, and can be fetched, while he who parks hears where."""
    with suppress(CallerGone):
        if not send_now(control, park.uuid, sending(park)):
            control.state.unpark(park.uuid)
            return Failed()
        control.lease(PLAY_SECONDS)
        _arrives(control, park.uuid)
        control.session.execute("answer")
        speech.play(control, Play("parked", park.language, park.slot))
        control.session.hangup()
        control.session.wait_hangup(timeout=_SECONDS)
    return Parked(park.slot)


def _arrives(control: CallControl, uuid: str) -> None:
    """Wait until the link has heard so, by which all know who waits where; FreeSWITCH takes a fifth of a second."""
    heard, until = Event(), time.monotonic() + moving.MOVE_SECONDS
    with control.state.follow([uuid], lambda _: heard.set()):
        while (call := control.state.call(uuid)) is not None and call.state != "parked":
            if not heard.wait(max(until - time.monotonic(), 0)):
                return
            heard.clear()


def _join(control: CallControl, connect: Connect) -> bool:
    session, uuid = control.session, connect.uuid
    connecting.answer(control, uuid)
    if not _waits(control, connect) or not connecting.connect(control, uuid, [f"uuid_bridge {uuid} {session.uuid}"]):
        return False
    with session.batch():
        told = [session.api_nowait(f"uuid_setvar {uuid} {name}") for name in (*VARIABLES, "playback_timeout_sec")]
    told[-1].get(_SECONDS)  # before the claim is free, so that the next one sees that he waits no more
    return True


def _waits(control: CallControl, connect: Connect) -> bool:
    """Whether nobody talks with him since this call looked: the claim is another's only until both do.

    The dialplan unsets ``last_bridge_to`` when a call is parked; ``signal_bond`` is there while a recall rings too.
    """
    with control.session.batch():
        slot, talks = (control.session.api_nowait(f"uuid_getvar {connect.uuid} {name}")
                       for name in ("fsctl_slot", "last_bridge_to"))
    return slot.get(_SECONDS).strip() == connect.slot and talks.get(_SECONDS).strip() in ("_undef_", "")
