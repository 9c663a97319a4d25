"""Recording a talk: FreeSWITCH writes the file, and goes on with that whatever becomes of this process."""

import logging
from pathlib import Path
from typing import Final

import gevent

from fsctl.model.actions import Record
from fsctl.model.joined import members_of
from fsctl.model.live import LiveCall
from fsctl.model.outcomes import Failed, Performed, Recorded
from fsctl.model.recordings import call_of, misread, name_of, within
from fsctl.recordings import mend
from fsctl.switch.in_talk.talk import Talk, tell_all
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.channel import RECORDING
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import ROOMS
from fsctl.switch.wire import Event, sounds

#: Nothing is too short, and all that was said is in the file at once, should FreeSWITCH be killed
#: (switch_ivr_async.c, switch_ivr_record_session_event).
_TOLD: Final = "RECORD_MIN_SEC=0;enable_file_write_buffering=false"

#: Two who talk in a room did so before.
_TWO: Final = 2
log = logging.getLogger(__name__)


def record(talk: Talk, action: Record) -> Recorded | Performed | Failed:
    """Of what the person says and hears by this channel, wherever it goes, until that ends or he ends it."""
    return _begin(talk) if action.on else _end(talk)


def _begin(talk: Talk) -> Recorded | Failed:
    name = name_of(call_of(talk.own, talk.heard.current()), talk.call.at)
    path, uuid = within(talk.office.recordings, name), talk.own.uuid
    if not path:
        log.error("nothing can be recorded in %r; name a folder as [office] recordings, and apply the file again",
                  talk.office.recordings)
        return Failed()
    begun = talk.link.apis([
        f"uuid_setvar_multi {uuid} {_TOLD};{RECORDING}={path}", f"uuid_record {uuid} start '{path}'"])[-1]
    if not begun.startswith("+OK"):
        talk.link.api(f"uuid_setvar {uuid} {RECORDING}")
        log.error("FreeSWITCH could not record %s: %s; may it write there?", path, begun.strip())
        return Failed()
    tell_all(talk.link, talk.own, sounds.RECORDED)
    return Recorded(name)


def _end(talk: Talk) -> Performed:
    """What FreeSWITCH has ended by itself, since it could not write any more, is ended as well."""
    uuid = talk.own.uuid
    path = talk.link.api(f"uuid_getvar {uuid} {RECORDING}").strip()
    stop = "all" if misread(path) or not path.startswith("/") else f"'{path}'"
    talk.link.apis([f"uuid_record {uuid} stop {stop}", f"uuid_setvar {uuid} {RECORDING}"])
    tell_all(talk.link, talk.own, sounds.NOT_RECORDED)
    return Performed()


class RecordedTalks:
    """Tells those who come into a talk that is recorded, by a transfer or as a third, by the same tone."""

    def __init__(self, heard: HeardHere) -> None:
        self._heard = heard

    def __call__(self, link: EventSocket, event: Event) -> None:
        """An event of a link. Holds no other event up."""
        own = self._heard.call(event.get("Unique-ID", ""))
        if own is None:
            return
        if event.get("Event-Name") == "CHANNEL_BRIDGE":
            other = self._heard.call(own.peer or "")
            if own.recorded or (other is not None and other.recorded):
                gevent.spawn(_tell, link, own)
        elif event.get("Event-Subclass") == ROOMS and event.get("Action") == "add-member":
            others = members_of(own.room or "", self._heard.current())
            if len(others) > _TWO and any(each.recorded for each in others):
                gevent.spawn(_tell, link, own)


def finish(folder: str) -> None:
    """The recordings of a FreeSWITCH that was killed; in a thread of its own, since there may be many."""
    if folder:
        gevent.get_hub().threadpool.spawn(mend, Path(folder))


def _tell(link: EventSocket, own: LiveCall) -> None:
    try:
        tell_all(link, own, sounds.RECORDED)
    except SwitchError as error:
        log.warning("nobody hears that the talk of %s is recorded: %s", own.uuid, error)
