"""Talks that are recorded: who comes into one hears so, a recording that breaks off is told, and what a FreeSWITCH that
was killed has left is finished.
"""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import gevent

from fsctl.model.joined import members_of
from fsctl.model.live import LiveCall
from fsctl.recordings import mend
from fsctl.switch.in_talk.once import first
from fsctl.switch.in_talk.talk import telling_all
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.channel import RECORDING
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import ROOMS
from fsctl.switch.wire import Event, sounds

log = logging.getLogger(__name__)

#: What tells with whom somebody talks now.
_COMING: Final = ("CHANNEL_BRIDGE", ROOMS)


class RecordedTalks:
    """On all FreeSWITCHes that this process is linked to."""

    def __init__(self, heard: HeardHere) -> None:
        self._heard = heard
        #: Of each channel whose person records, the channels of those who have heard so.
        self._told: dict[str, set[str]] = {}
        self._finished = False

    def linked(self, folder: str) -> None:
        """A link is up: at the first one there may be files without an end, and when FreeSWITCH was started anew."""
        if folder and not self._finished:
            self._finished = True
            going_on = [call.recorded for call in self._heard.current().calls if call.recorded]
            gevent.get_hub().threadpool.spawn(mend, Path(folder), going_on)
        self._told = {uuid: told for uuid, told in self._told.items() if self._heard.call(uuid)}

    def restarted(self) -> None:
        """A FreeSWITCH is gone with all that it has recorded."""
        self._finished = False

    def __call__(self, link: EventSocket, event: Event) -> None:
        """An event of a link. Holds no other event up."""
        name, uuid = event.get("Event-Subclass") or event.get("Event-Name"), event.get("Unique-ID", "")
        own = self._heard.call(uuid)
        if name == "CHANNEL_HANGUP_COMPLETE":
            self._told.pop(uuid, None)
        elif name == "RECORD_START" and own is not None and _noted(event):
            self._told[uuid] = {each.uuid for each in self._with(own)}
        elif name == "RECORD_STOP" and own is not None and _noted(event) and event.get("Answer-State") != "hangup":
            self._told.pop(uuid, None)  # whoever ends it by the code has no note of it any more
            gevent.spawn(self._broken_off, link, own, event)
        elif name in _COMING and own is not None and event.get("Action") in (None, "add-member"):
            self._comes(link, own, event)

    def _comes(self, link: EventSocket, own: LiveCall, event: Event) -> None:
        """Of a recording that another process has begun nobody knows who has heard so: all do."""
        for each in (own, *self._with(own)):
            if each.recorded:
                there, told = {other.uuid for other in self._with(each)}, self._told.setdefault(each.uuid, set())
                if there - told:
                    told |= there
                    gevent.spawn(self._tell, link, each, sounds.RECORDED, event)

    def _with(self, own: LiveCall) -> Iterator[LiveCall]:
        """The others in the talk of a channel."""
        if own.room:
            yield from (each for each in members_of(own.room, self._heard.current()) if each.uuid != own.uuid)
        elif (other := self._heard.call(own.peer or "")) is not None:
            yield other

    def _broken_off(self, link: EventSocket, own: LiveCall, event: Event) -> None:
        log.error("FreeSWITCH records %s no more; is there room on its disk?", event.get("Record-File-Path"))
        self._tell(link, own, sounds.NOT_RECORDED, event, f"uuid_setvar {own.uuid} {RECORDING}")

    def _tell(self, link: EventSocket, own: LiveCall, tone: str, event: Event, *before: str) -> None:
        """Of several controllers one does."""
        try:
            if first(link, f"recorded-{own.uuid}-{event.get('Event-Sequence', '')}"):
                link.apis([*before, *telling_all(own, tone)])
        except SwitchError as error:
            self._told.pop(own.uuid, None)  # and whoever comes next hears it
            log.warning("nobody hears whether the talk of %s is recorded: %s", own.uuid, error)


def _noted(event: Event) -> bool:
    """Whether what the event tells of is the recording that the channel has a note of."""
    return event.get("Record-File-Path", "") == event.get(f"variable_{RECORDING}")
