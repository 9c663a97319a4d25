"""What group calls need beside what the dialplan does: tones, an end for who is alone, and for telephones that ring on.

All of it follows events of the link, and none of it holds one up. Without a controller the calls go on all the same.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import gevent

from fsctl.model.group_calls import conference_of, extension_of, rung_for
from fsctl.model.live import LiveCall
from fsctl.model.office import Office
from fsctl.model.sections import Group
from fsctl.switch.calls.supervision import stop
from fsctl.switch.link import snapshot
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import ROOMS
from fsctl.switch.session import moving
from fsctl.switch.wire import Event, sounds

log = logging.getLogger(__name__)


class GroupCalls:
    """On all FreeSWITCHes that this process is linked to."""

    def __init__(self, current_office: Callable[[], Office], heard: HeardHere) -> None:
        self._current_office, self._heard = current_office, heard
        #: Of each FreeSWITCH the rooms with one member that its last comparison has found.
        self._seen: dict[str, frozenset[str]] = {}

    def __call__(self, link: EventSocket, event: Mapping[str, str]) -> None:
        """An event of a link."""
        if event.get("Event-Subclass") == ROOMS:
            room, action, size = (event.get(name, "") for name in ("Conference-Name", "Action", "Conference-Size"))
            if extension_of(room):
                self._changed(link, room, action, size)
                came = self._heard.call(event.get("Unique-ID", "")) if action == "add-member" else None
                if came is not None:
                    self._stop(link, extension_of(room), lambda call: _is_also(call, came))
                elif action == "conference-destroy":
                    self._stop(link, extension_of(room))
        elif event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE":
            extension, caller = event.get("variable_fsctl_group", ""), event.get("Unique-ID", "")
            if extension and event.get("variable_fsctl_group_caller") == caller:
                self._stop(link, extension, for_caller=caller)

    def round(self, link: EventSocket, node: str) -> None:
        """Who was left alone while nobody heard; one who is about to come has arrived by the second time."""
        here = (call.room or "" for call in self._heard.current().calls if call.node == node)
        alone = frozenset(room for room, members in Counter(filter(extension_of, here)).items() if members == 1)
        for room in alone & self._seen.get(node, frozenset()):
            self._settle(link, room)
        self._seen[node] = alone

    def _changed(self, link: EventSocket, room: str, action: str, size: str) -> None:
        if action == "add-member" and size == "1":
            gevent.spawn_later(moving.MOVE_SECONDS, self._settle, link, room)
        elif action in ("add-member", "del-member") and size.isascii() and size.isdigit() and int(size) > 1:
            gevent.spawn(self._tell, link, room, sounds.JOINED if action == "add-member" else sounds.LEFT, size)

    def _tell(self, link: EventSocket, room: str, tone: str, size: str) -> None:
        """All hear that somebody came, or left, and how many they are."""
        group = self._group(room)
        if group is None or group.conference is None:
            return
        played = [tone] if group.conference.tone else []
        try:
            if group.conference.count:
                site = self._current_office().sites.get(group.site)
                folder = link.api("global_getvar fsctl_prompts").strip()
                spoken = sounds.spoken(size, site.language if site else "en")
                played.append(spoken.replace(sounds.FOLDER, folder))
            link.apis([f"conference {room} play {each}" for each in played])
        except SwitchError as error:
            log.info("nobody in %s hears that somebody came or left: %s", room, error)

    def _group(self, room: str) -> Group | None:
        office = self._current_office()
        to = conference_of(room, office)
        return office.groups.get(to.name) if to else None

    def _stop(
        self, link: EventSocket, extension: str, which: Callable[[LiveCall], bool] = lambda call: True,
        for_caller: str = "",
    ) -> None:
        """It is over, and nobody is rung any more; or whoever began it is gone, and nobody is rung for him; or somebody
        is in it, and his other phones ring on.

        Who has answered stays, with who is there.
        """
        rung = [call.uuid for call in rung_for(extension, self._heard.current()) if which(call)]
        if rung:
            gevent.spawn(self._kill, link, rung, for_caller)

    def _kill(self, link: EventSocket, rung: Sequence[str], for_caller: str) -> None:
        def still(dumped: Event) -> bool:
            called_by = dumped.get("variable_fsctl_group_caller", "")
            return _has_not_answered(dumped) and for_caller in ("", called_by)

        try:
            stop(link.apis, rung, "ORIGINATOR_CANCEL", still)
        except SwitchError as error:
            log.info("telephones that a group call rings go on ringing: %s", error)

    def _settle(self, link: EventSocket, room: str) -> None:
        """Nobody comes any more, and nobody is rung who might: else who is alone would wait for ever."""
        try:
            left = snapshot.in_room(link, room)
            if len(left) != 1:
                return
            if rung_for(extension_of(room), self._heard.current()):
                gevent.spawn_later(moving.MOVE_SECONDS, self._settle, link, room)
            else:
                link.api(f"uuid_kill {left[0]} NORMAL_CLEARING")
        except SwitchError as error:
            log.info("nobody could see who is in %s: %s", room, error)


def _is_also(rung: LiveCall, came: LiveCall) -> bool:
    """Whether a telephone rings for somebody who has come by another one: his own, or one of his outside."""
    if came.user:
        return came.user == rung.user or rung.sent_by == f"user:{came.user}"
    return rung.user is None and came.number == rung.number != ""


def _has_not_answered(dumped: Event) -> bool:
    """Its telephone rings, or asks for a 1: else it is in the dialplan, on its way to the room or there."""
    return dumped.get("Channel-State") not in ("CS_ROUTING", "CS_EXECUTE")
