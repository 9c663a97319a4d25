"""A talk in which codes are dialled: the channels of a FreeSWITCH as a link hears of them, and what it is told."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from fsctl.facts.in_talk import call_in_talk
from fsctl.model.live import LiveCall
from fsctl.model.office import Office
from fsctl.model.sections import Defaults
from fsctl.store.database import Store
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.in_talk.talk import Talk
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import SwitchError
from fsctl.switch.link.live import LiveTable
from tests.unit.builders import AT, an_office

OWN, LEE, HOLDS, MAX = (f"0000000{each}-0000-4000-8000-000000000000" for each in "1234")
#: Anna talks with Lee, who has called her, and holds Max, whom she has called.
TALK = (
    LiveCall(OWN, "101", LEE, "outbound", "talking", AT, number="101", node="a"),
    LiveCall(LEE, None, OWN, "inbound", "talking", AT, number="+4915112345678", node="a"),
)
HELD = (
    LiveCall(HOLDS, "101", MAX, "inbound", "held", AT, number="101", node="a"),
    LiveCall(MAX, None, HOLDS, "outbound", "talking", AT, number="+4930", node="a"),
)
ALL = (*TALK, *HELD)


def recording_office(record: bool = True, folder: str = "/srv/office", tone: bool = True) -> Office:
    return an_office(office=Defaults(record=record, barge_tone=tone), folder=folder)


#: How FreeSWITCH is asked who acts.
_ONCE = "hash insert_ifempty/fsctl-once/"


class Link:
    """An event socket. ``answers`` are by the beginning of a command; a command with ``silent`` in it is not answered.

    ``happens`` is what becomes of the channels by a command. ``entries`` are those of mod_hash, which several links to
    one FreeSWITCH share, and ``epoch`` is its time; they and the tasks by which FreeSWITCH takes entries back are no
    part of what was ``said``.
    """

    def __init__(self) -> None:
        self.connected = True
        self.said: list[str] = []
        self.packets: list[list[str]] = []
        self.bonds: dict[str, str] = {}
        self.entries: set[str] = set()
        self.epoch = ""
        self.answers = {"global_getvar fsctl_prompts": "/prompts\n", "file_exists": "true"}
        self.silent = ""
        self.happens: Callable[[str], None] = lambda text: None

    def api(self, text: str, timeout: float | None = 5) -> str:
        if self.silent and self.silent in text:
            raise SwitchError("the link is gone")
        if text == "strepoch":
            return self.epoch
        if text.startswith(_ONCE):
            entry = text.removeprefix(_ONCE).removesuffix("/1")
            there = entry in self.entries
            self.entries.add(entry)
            return "-ERR key already exists\n" if there else "+OK\n"
        if text.endswith(tuple(f" none hash delete/fsctl-once/{each}" for each in self.entries)):
            return "+OK Added: 1\n"
        self.said.append(text)
        self.happens(text)
        found = [each for each in self.answers if text.startswith(each)]
        if not found and text in self.bonds:
            return self.bonds[text]
        return self.answers[max(found, key=len)] if found else "_undef_" if "getvar" in text else "+OK\n"

    def apis(self, commands: Iterable[str]) -> list[str]:
        self.packets.append(list(commands))
        return [self.api(each) for each in self.packets[-1]]

    def after(self, *left_out: str) -> list[str]:
        """What it has been told meanwhile, but for what begins so."""
        said, self.said = self.said, []
        return [each for each in said if not each.startswith(left_out or "\0")]


class Switch:
    """A FreeSWITCH with these channels, which says of each with whom it talks."""

    def __init__(self, *calls: LiveCall) -> None:
        self.link, self.table = Link(), LiveTable("a")
        self.table.know(True)
        self.heard = HeardHere([self.table])
        self.put(*calls)

    def put(self, *calls: LiveCall) -> None:
        """These are there, besides others or instead of what was known of them."""
        for call in calls:
            self.table.calls[call.uuid] = call
        self._changed()

    def lose(self, *uuids: str) -> None:
        self.table.lose(uuids, AT)
        self._changed()

    def change(self, uuid: str, **changes: object) -> None:
        self.put(replace(self.table.calls[uuid], **changes))  # type: ignore[arg-type]

    def _changed(self) -> None:
        self.link.bonds = {
            f"uuid_getvar {call.uuid} signal_bond": f"{call.peer}\n" for call in self.table.calls.values() if call.peer}
        self.table.version += 1
        self.heard.changed()

    def talk(self, store: Store, dialled: str, office: Office | None = None, own: str = OWN) -> Talk:
        office, channel = office or recording_office(), self.table.calls[own]
        state = StoreState(store, "one", lambda: AT, self.heard)
        call = call_in_talk("c0ffee", channel, dialled, office, AT, 0.0)
        return Talk(self.link, self.heard, state, call, office, channel, self.heard.current())  # type: ignore[arg-type]
