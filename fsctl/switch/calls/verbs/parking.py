"""Parking a call, fetching one that is parked, and no longer waiting in a slot."""

import time
from contextlib import suppress

import gevent

from fsctl.errors import FsctlError
from fsctl.model.actions import Connect, Park, Play, Unpark
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Failed, Moved, Parked, Performed, Taken
from fsctl.switch.calls import talk
from fsctl.switch.calls.control import PLAY_SECONDS, CallControl
from fsctl.switch.calls.parking import VARIABLES, extension, telling
from fsctl.switch.calls.verbs import speech
from fsctl.switch.link.live import PARKED
from fsctl.switch.session import moving
from fsctl.switch.session.call_session import CallerGone
from fsctl.switch.wire import displays

#: Who has heard that a call is parked can still transfer it there for so many seconds; then his own call ends.
_CONFIRMED_SECONDS = 2

#: Longest wait for FreeSWITCH, in seconds.
_SECONDS = 5

#: How often FreeSWITCH is asked whether two channels are connected: about a frame of audio.
_LOOK_SECONDS = 0.02


def park(control: CallControl, park: Park) -> Parked | Taken | Failed | Moved:
    """Stay until the call is over, or until whoever parks another one has heard so."""
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
    try:
        joined = _join(control, connect)
    finally:
        control.state.release(f"call:{connect.uuid}", control.call)
    if not joined:
        return Taken()
    control.state.unpark(connect.uuid)
    outcome = Answered(Destination("retrieve", connect.slot))
    control.progress.answered(outcome)
    who = talk.target_of(control, connect.uuid)
    return talk.follow(control, Answered(who) if who else outcome, connect.uuid) or outcome


def _park_here(control: CallControl, park: Park) -> Parked | Moved:
    session = control.session
    with session.batch():
        _tell(control, session.uuid, park)
        control.ownership.end_lease()
        session.execute("transfer", extension(park.slot))
    control.progress.parked(park.slot)
    if moved := talk.wait(control):
        return moved
    control.state.unpark(session.uuid)  # the link frees only who hung up after the channel had been told all
    return Parked(park.slot)


def _park_held(control: CallControl, park: Park) -> Parked | Failed:
    """Whatever ends this call, a transfer too, sends the held one to its slot; this process need not live then."""
    session, where = control.session, extension(park.slot)
    if not moving.mark(session, park.uuid, moving.into(park.slot)):
        control.state.unpark(park.uuid)
        return Failed()
    with session.batch():
        control.lease(PLAY_SECONDS)
        _tell(control, park.uuid, park)
        session.execute(
            "multiset", f"^^;api_hangup_hook=uuid_transfer {park.uuid} {where};inline_destination=transfer:{where}")
        session.execute("answer")
    with suppress(CallerGone):
        speech.play(control, Play("parked", park.language, park.slot, stay_seconds=_CONFIRMED_SECONDS))
        session.hangup()
        session.wait_hangup(timeout=_SECONDS)
    return Parked(park.slot)


def _tell(control: CallControl, uuid: str, park: Park) -> None:
    for command in telling(uuid, park):
        control.session.api_nowait(command)


def _join(control: CallControl, connect: Connect) -> bool:
    """Whether both talk now. FreeSWITCH shows each side the other."""
    session, uuid = control.session, connect.uuid
    control.lease(_SECONDS)
    name, number = displays.shown(control.party(control.call.user or ""))
    with session.batch():
        if parked := control.party_at(uuid):  # as in pickup.take
            session.execute("multiset", f"^^;{displays.before_the_talk(parked)}")
        session.execute("set_profile_var", f"caller_id_name={name}")
        session.execute("set_profile_var", f"caller_id_number={number}")
    control.run("answer")
    session.api_nowait(displays.no_longer_ringing(session.uuid))
    if not _waits(control, connect) or not moving.mark(session, uuid, session.uuid):
        return False
    begun = session.api(f"uuid_bridge {uuid} {session.uuid}").startswith("+OK")
    if not (begun and _connected(control, uuid)):
        moving.unmark(session, uuid)
        return False
    with session.batch():
        told = [session.api_nowait(f"uuid_setvar {uuid} {name}")
                for name in (*VARIABLES, "playback_timeout_sec", moving.MARK)]
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


def _connected(control: CallControl, uuid: str) -> bool:
    """``uuid_bridge`` says only that it began, and CHANNEL_BRIDGE comes to the other channel's connection alone."""
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        if control.session.api(f"uuid_getvar {control.session.uuid} signal_bond").strip() == uuid:
            return True
        gevent.sleep(_LOOK_SECONDS)
    return False
