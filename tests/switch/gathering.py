"""A switch at which the members of a group are rung, and who calls them: for tests of what performers do there."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import gevent
from gevent.event import Event as Signal

from fsctl.model.actions import Gather, Leg, Party
from fsctl.model.destination import Destination, parse
from fsctl.model.outcomes import Moved
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.calls.verbs import group_calls as verbs
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import ROOMS, LiveTable
from fsctl.switch.session import call_session
from fsctl.switch.session.ownership import Away
from tests.switch.commanded import Commanded
from tests.unit.builders import ANNA, AT, a_call, an_office

OWN, OTHER = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"
MOBILE, DEVICE = "+491701234567", "+491709876543"
TO = Destination("conference", "crew")
DESK = Leg(parse("user:102"), 30)
BESIDE = Leg(Destination("number", DEVICE), 30, "provider", confirm="en", show=Party("", "+49305550102"), whose="102",
             sent_by=parse("user:102"))
LINE = Leg(Destination("number", MOBILE), 30, "provider", confirm="de", show=Party("", "+49305550100"), sent_by=TO)
ANNAS = Leg(parse("user:101"), 30)
SHOWN = Party("Krisenstab - Anna Adler", "380")
OFFICE = an_office(users=an_office().users | {"101": replace(ANNA, devices=("+491700000001",))})


OUTSIDE = {"user": None, "external": True, "by": None}


class Execution:
    """What was executed, which ends by ``uuid_break``, by a transfer, or not at all."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def wait(self, seconds: float) -> dict[str, str]:
        if not self._session.over.wait(seconds):
            raise gevent.Timeout(seconds)
        if self._session.ends_by is not None:
            raise self._session.ends_by
        return {"Event-Name": "CHANNEL_EXECUTE_COMPLETE"}


class Session(Commanded):
    """The caller's connection, and a switch at which some people are registered at so many phones."""

    uuid = OWN

    def __init__(self, registered: dict[str, int] | None = None, audio: str = "none") -> None:
        super().__init__()
        self.facts: dict[str, str] = {}
        self.audio = audio
        self.over, self.ends_by = Signal(), None
        self.deaf = 0
        self.registered = {"101": 1, "102": 1} if registered is None else registered
        #: The legs that are, in the order in which they were rung: their UUIDs.
        self.legs: list[str] = []
        self.there: set[str] = set()
        self.answers: dict[str, str] = {}
        self.answers_in_turn: dict[str, list[str]] = {}
        self.after_hangup = False

    def api(self, text: str, timeout: float | None = 5) -> str:
        self.said.append(text)
        command, _, rest = text.partition(" ")
        if command == "sofia_contact":
            address, _, key = rest.rpartition("/")
            who = address.partition("/")[2].partition("@")[0]
            phones = range(self.registered.get(who, 0))
            return "".join(f"{key}sofia/phones/sip:{who}@10.0.0.{at}:5060," for at in phones)
        if text.startswith("bgapi originate"):
            new = re.findall("origination_uuid=([^;]+)", text)
            self.legs += new
            self.there |= set(new)
        if command == "uuid_break":
            self.deaf -= 1
            if self.deaf < 0:
                self.over.set()
        if command == "uuid_exists":
            return self.answers.get(text, "true" if rest in self.there else "false")
        if in_turn := self.answers_in_turn.get(text):
            return in_turn.pop(0) if len(in_turn) > 1 else in_turn[0]
        if text in self.answers:
            return self.answers[text]
        return {"global_getvar domain": "fs.example\n", "global_getvar fsctl_prompts": "/prompts\n",
                "global_getvar fsctl_trunk_srtp": "optional\n"}.get(text, "+OK")

    def execute(self, *command: str) -> Execution:  # type: ignore[override]
        super().execute(*command)
        return Execution(self)

    def wait_event(self, names: set[str], timeout: float | None = None) -> dict[str, str]:
        raise call_session.CallerGone("NORMAL_CLEARING")

    def wait_hangup(self, timeout: float | None = None) -> str:
        self.after_hangup = True
        return "NORMAL_CLEARING"

    def gathered(self, by: str = "gathered") -> None:
        """He is called away, as the dialplan does."""
        self.ends_by = Away(Moved(by))
        self.over.set()


class Office:
    """A caller's control, with a database and what the link hears."""

    def __init__(self, session: Session, folder: Path, **changes: Any) -> None:
        self.session = session
        self.store = open_database(str(folder / "db"))
        migrate(self.store)
        self.table = LiveTable("one")
        self.table.know(True)
        self.progress = Mock()
        call = replace(a_call("conference:crew", "101", "380"), **{"uuid": OWN} | changes)
        self.state = StoreState(self.store, "one", lambda: AT, HeardHere([self.table]))
        self.control = CallControl(session, call, OFFICE, self.state, self.progress)  # type: ignore[arg-type]

    def hears(self, name: str, uuid: str, **more: str) -> None:
        leg = "number+" + MOBILE if uuid in self.outside else "user+102"
        self.table.apply({
            "Event-Name": name, "Unique-ID": uuid, "Call-Direction": "outbound", "variable_fsctl_leg": leg,
            "variable_fsctl_group": "380", "variable_fsctl_group_caller": OWN, "Channel-Call-State": "RINGING",
            "Answer-State": "ringing", "Event-Date-Timestamp": "1"} | more)

    outside: frozenset[str] = frozenset()

    def begins(self, *uuids: str) -> None:
        for uuid in uuids:
            self.hears("CHANNEL_CREATE", uuid)

    def ends(self, uuid: str, cause: str = "USER_BUSY", **more: str) -> None:
        self.session.there.discard(uuid)
        self.hears("CHANNEL_HANGUP_COMPLETE", uuid, **{"Hangup-Cause": cause} | more)

    def comes(self, uuid: str) -> None:
        self.hears("CHANNEL_ANSWER", uuid, **{"Answer-State": "answered"})
        self.hears("CUSTOM", uuid, **{"Event-Subclass": ROOMS, "Conference-Name": "group-380", "Action": "add-member"})

    def gather(self, *members: tuple[Leg, ...], seconds: int = 30) -> "gevent.Greenlet[Any]":
        action = Gather("crew", members or ((DESK,), (LINE,)), SHOWN, seconds)
        began = gevent.spawn(verbs.gather, self.control, action)
        gevent.sleep(0)  # until it waits
        return began


def entered(here: Office) -> list[str]:
    """What the journal was told, in order."""
    return [f"{name} {getattr(each[0], 'by', each[0])}" for name, each, _ in here.progress.mock_calls]
