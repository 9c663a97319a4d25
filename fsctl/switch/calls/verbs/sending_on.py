"""Sends a call on to an extension of the dialplan: this one, or one that is on hold, now or when this one ends."""

from contextlib import suppress

from fsctl.model.actions import Play
from fsctl.switch.calls.control import PLAY_SECONDS, CallControl
from fsctl.switch.calls.sending import Sending
from fsctl.switch.calls.verbs import speech
from fsctl.switch.session import moving
from fsctl.switch.session.call_session import CallerGone

#: Longest wait for FreeSWITCH, in seconds.
_SECONDS = 5


def send_this(control: CallControl, sending: Sending) -> None:
    """This call leaves its socket."""
    session = control.session
    with session.batch():
        for command in sending.telling(session.uuid):
            session.api_nowait(command)
        control.ownership.end_lease()
        session.execute("transfer", sending.where)


def send_now(control: CallControl, uuid: str, sending: Sending) -> bool:
    """Another call is sent on at once, in one write: if this call or process ends amid it, FreeSWITCH does all of it.

    False if that one is over, or is sent on already. CallerGone passes through, with what was written done.
    """
    session = control.session
    if moving.on_its_way(session, uuid):
        return False
    marked, *_, sent = session.apis(sending.commands(uuid))
    if marked.startswith("+OK") and not sent.startswith("+OK"):
        moving.unmark(session, uuid)
    return sent.startswith("+OK")


def send_held(control: CallControl, uuid: str, sending: Sending, says: Play) -> bool:
    """Whatever ends this call, a transfer too, sends the held one on; this process need not live then.

    Whoever holds it hears ``says`` first. False, and nothing is done, if the held call is over, or is sent on already.
    """
    session, where = control.session, sending.where
    if moving.on_its_way(session, uuid) or not moving.mark(session, uuid, sending.mark):
        return False
    with session.batch():
        control.lease(PLAY_SECONDS)
        for command in sending.telling(uuid):
            session.api_nowait(command)
        session.execute(
            "multiset", f"^^;api_hangup_hook=uuid_transfer {uuid} {where};inline_destination=transfer:{where}")
        session.execute("answer")
    with suppress(CallerGone):
        speech.play(control, says)
        session.hangup()
        session.wait_hangup(timeout=_SECONDS)
    return True
