"""Recording a talk: FreeSWITCH writes the file, and goes on with that whatever becomes of this process."""

import logging
from typing import Final

from fsctl.model.actions import Record
from fsctl.model.outcomes import Failed, Performed, Recorded
from fsctl.model.recordings import call_of, misread, name_of, within
from fsctl.switch.in_talk.talk import Talk, telling_all
from fsctl.switch.link.channel import RECORDING
from fsctl.switch.wire import is_uuid, sounds

log = logging.getLogger(__name__)

#: Nothing is too short, and all that was said is in the file at once, should FreeSWITCH be killed
#: (switch_ivr_async.c, switch_ivr_record_session_event).
_TOLD: Final = "RECORD_MIN_SEC=0;enable_file_write_buffering=false"


def record(talk: Talk, action: Record) -> Recorded | Performed | Failed:
    """Of what the person says and hears by this channel, wherever it goes, until that ends or he ends it."""
    return _begin(talk) if action.on else _end(talk)


def _begin(talk: Talk) -> Recorded | Failed:
    """All is said in one, so that nobody is recorded without the tone, whatever becomes of this process amid it."""
    call, uuid = call_of(talk.own, talk.heard.current()), talk.own.uuid
    name = name_of(call if is_uuid(call) else talk.call.uuid, talk.call.at)
    path = within(talk.office.recordings_folder, name)
    if not path:
        log.error("nothing can be recorded in %r; name a folder as [office] recordings, and apply the file again",
                  talk.office.recordings_folder)
        return Failed()
    tones = telling_all(talk.heard.call(uuid) or talk.own, sounds.RECORDED)
    _, begun, *told = talk.link.apis([
        f"uuid_setvar_multi {uuid} {_TOLD};{RECORDING}={path}", f"uuid_record {uuid} start '{path}'", *tones])
    if not begun.startswith("+OK"):
        talk.link.api(f"uuid_setvar {uuid} {RECORDING}")
        log.error("FreeSWITCH could not record %s: %s; may it write there?", path, begun.strip())
        return Failed()
    for command, answer in zip(tones, told, strict=True):
        if answer.startswith("-ERR"):
            log.info("no tone, or it is heard already, says that %s is recorded: %s: %s", call, command, answer.strip())
    return Recorded(name)


def _end(talk: Talk) -> Performed:
    """What FreeSWITCH has ended by itself already is told all the same: nothing is recorded any more."""
    uuid = talk.own.uuid
    path = talk.link.api(f"uuid_getvar {uuid} {RECORDING}").strip()
    stop = "all" if misread(path) or not path.startswith("/") else f"'{path}'"
    talk.link.apis([
        f"uuid_setvar {uuid} {RECORDING}", f"uuid_record {uuid} stop {stop}",
        *telling_all(talk.heard.call(uuid) or talk.own, sounds.NOT_RECORDED)])
    return Performed()
