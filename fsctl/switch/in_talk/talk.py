"""The talk in which a code was dialled: what performing it needs, and how those who talk are told something."""

from dataclasses import dataclass
from typing import Final

from fsctl.model.actions import Play
from fsctl.model.call import Call
from fsctl.model.live import LiveCall
from fsctl.model.office import Office
from fsctl.switch.calls.control import PLAY_SECONDS
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.link.calls_now import Heard
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.link.recordings import MISSED
from fsctl.switch.wire import sounds

#: Longest that a tone is heard, in seconds.
_TONE_SECONDS: Final = 4


@dataclass(slots=True)
class Talk:
    """``own`` is the channel of who dialled it, on the FreeSWITCH that ``link`` leads to."""

    link: EventSocket
    heard: Heard
    state: StoreState
    call: Call
    office: Office
    own: LiveCall
    claimed: bool = False

    def say(self, play: Play) -> None:
        """He alone hears it, beside what the other side says."""
        folder = self.link.api("global_getvar fsctl_prompts").strip()
        recording = sounds.recording(play).replace(sounds.FOLDER, folder)
        there = self.link.api(f"file_exists {recording}").strip() == "true"
        if not there:
            MISSED(sounds.recording(play))
        said = sounds.said(play, recorded=there).replace(sounds.FOLDER, folder)
        self.link.api(mixed_in(self.own.uuid, said, PLAY_SECONDS))


def tell_all(link: EventSocket, own: LiveCall, tone: str) -> None:
    """All who are in the talk of a channel hear a tone, beside what they say."""
    if own.room:
        link.api(f"conference {own.room} play {tone}")
    else:
        link.apis([mixed_in(uuid, tone, _TONE_SECONDS) for uuid in (own.uuid, own.peer) if uuid])


def mixed_in(uuid: str, played: str, seconds: int) -> str:
    """The command by which who is at a channel hears something for so long at most, and his talk goes on beside it.

    Nothing is told of it, and nothing has to be undone (switch_ivr_async.c, switch_ivr_displace_session).
    """
    return f"uuid_displace {uuid} start '{played}' {seconds} mux"
