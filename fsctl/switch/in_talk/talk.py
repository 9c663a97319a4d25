"""The talk in which a code was dialled: what performing it needs, and how those who talk are told something."""

import logging
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from fsctl.model.actions import Play
from fsctl.model.call import Call
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.switch.calls.control import PLAY_SECONDS
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.link.calls_now import Heard
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.prompts import MISSED, missing
from fsctl.switch.wire import sounds

log = logging.getLogger(__name__)

#: Longest that a tone is heard, in seconds.
_TONE_SECONDS: Final = 4


@dataclass(slots=True)
class Talk:
    """``own`` is the channel of who dialled it, on the FreeSWITCH that ``link`` leads to; ``before`` are the calls that
    the policies looked at.
    """

    link: EventSocket
    heard: Heard
    state: StoreState
    call: Call
    office: Office
    own: LiveCall
    before: Live
    claimed: bool = False

    def still_with(self, uuid: str) -> bool:
        """Whether a channel still talks with, or is held by, the one that it was with when the policies looked."""
        seen = self.before.call(uuid)
        bond = self.link.api(f"uuid_getvar {uuid} signal_bond").strip()
        return seen is not None and seen.peer == bond

    def wait(self, uuids: Collection[str], there: Callable[[LiveCall], bool], seconds: float) -> bool:
        """Whether all these channels are so within so many seconds; at once False when one is gone."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            calls = [self.heard.call(uuid) for uuid in uuids]
            if None in calls:
                return False
            if all(call is not None and there(call) for call in calls):
                return True
            self.heard.wait_change(left)
        return False

    def say(self, play: Play) -> None:
        """He alone hears it, beside what the other side says. What was done is done, though he may not hear so."""
        try:
            folder, lacking = missing(self.link, [sounds.recording(play)])
            for each in lacking:
                MISSED(each)
            said = sounds.said(play, there=not lacking).replace(sounds.FOLDER, folder)
            self.link.api(mixed_in(self.own.uuid, said, PLAY_SECONDS))
        except SwitchError as error:
            log.warning("%s does not hear what became of %s: %s", self.own.user, self.call.dialled, error)


def telling_all(own: LiveCall, tone: str) -> list[str]:
    """The commands by which all who are in the talk of a channel hear a tone, beside what they say."""
    if own.room:
        return [f"conference {own.room} play {tone}"]
    return [mixed_in(uuid, tone, _TONE_SECONDS) for uuid in (own.uuid, own.peer) if uuid]


def mixed_in(uuid: str, played: str, seconds: int) -> str:
    """The command by which who is at a channel hears something for so long at most, and his talk goes on beside it.

    Nothing is told of it, and nothing has to be undone (switch_ivr_async.c, switch_ivr_displace_session).
    """
    return f"uuid_displace {uuid} start '{played}' {seconds} mux"
