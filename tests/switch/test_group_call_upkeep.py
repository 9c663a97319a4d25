"""Group calls on the links: tones, the end of who is alone, and telephones that ring on."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import gevent
import pytest

from fsctl.model.sections import Conference
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import SwitchError
from fsctl.switch.link.live import ROOMS, LiveTable
from fsctl.switch.link.snapshot import in_room
from fsctl.switch.session import moving
from fsctl.switch.upkeep.group_calls import GroupCalls
from fsctl.switch.wire import sounds
from tests.unit.builders import CREW, an_office

MOBILE = "+491701234567"


def uuid(number: int) -> str:
    return f"0000000{number:x}-0000-4000-8000-000000000000"


CALLER, A, B, C, D = map(uuid, range(1, 6))
ROOM = "group-380"


class Link:
    """The event socket of a FreeSWITCH with one room. ``states`` are those of its channels."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.room: list[str] | str = []
        self.states: dict[str, str] = {}
        self.called_by_nobody: set[str] = set()
        self.broken = ""

    def api(self, text: str, timeout: float | None = 5) -> str:
        if self.broken and self.broken in text:
            raise SwitchError("the link is gone")
        command, *rest = text.split(" ")
        if rest[-1] == "json_list":
            members = [{"uuid": each} for each in self.room]
            return self.room if isinstance(self.room, str) else json.dumps([{"members": members}])
        if command == "uuid_dump":
            state = self.states.get(rest[0], "CS_CONSUME_MEDIA")
            told = {"Unique-ID": rest[0], "Channel-State": state}
            told |= {"variable_fsctl_group_caller": CALLER} if rest[0] not in self.called_by_nobody else {}
            return json.dumps(told) if state else "-ERR No such channel!"
        if text == "global_getvar fsctl_prompts":
            return "/prompts\n"
        self.said.append(text)
        return "+OK"

    def apis(self, commands: Any) -> list[str]:
        return [self.api(each) for each in commands]


class Switch:
    """What happens on it, as the controller hears it."""

    def __init__(self, conference: Conference, site: str = "berlin") -> None:
        self.link, self.table, self.other = Link(), LiveTable("one"), LiveTable("two")
        for table in (self.table, self.other):
            table.know(True)
        self.office = an_office(groups=an_office().groups | {"crew": replace(CREW, conference=conference, site=site)})
        self.group_calls = GroupCalls(lambda: self.office, HeardHere([self.table, self.other]))

    def hear(self, table: LiveTable | None = None, **event: str) -> None:
        event = {name.replace("_", "-") if not name.startswith("variable") else name: text
                 for name, text in event.items()}
        (table or self.table).apply(event)
        self.group_calls(self.link, event)  # type: ignore[arg-type]

    def calls(self, uuid: str = CALLER, user: str = "101", group: str = "380", by: str = CALLER) -> None:
        self.hear(Event_Name="CHANNEL_CREATE", Unique_ID=uuid, Call_Direction="inbound", Answer_State="ringing",
                  variable_user_name=user, variable_fsctl_group=group, variable_fsctl_group_caller=by,
                  variable_fsctl_external="" if user else "true", Caller_Caller_ID_Number=user or MOBILE)

    def rings(self, uuid: str, leg: str = "user+102", group: str = "380", answer: str = "ringing", **more: str) -> None:
        self.hear(Event_Name="CHANNEL_CREATE", Unique_ID=uuid, Call_Direction="outbound", Answer_State=answer,
                  variable_fsctl_leg=leg, variable_fsctl_group=group, variable_fsctl_group_caller=CALLER, **more)

    def comes(self, uuid: str, size: int, room: str = ROOM, action: str = "add-member") -> None:
        self.hear(Event_Name="CUSTOM", Event_Subclass=ROOMS, Unique_ID=uuid, Conference_Name=room, Action=action,
                  Conference_Size=str(size))

    def leaves(self, uuid: str, size: int, room: str = ROOM) -> None:
        self.comes(uuid, size, room, "del-member")

    def hangs_up(self, uuid: str, **more: str) -> None:
        self.hear(Event_Name="CHANNEL_HANGUP_COMPLETE", Unique_ID=uuid, Hangup_Cause="NORMAL_CLEARING", **more)

    def round(self) -> None:
        self.group_calls.round(self.link, "one")  # type: ignore[arg-type]

    def after(self, seconds: float = 0) -> list[str]:
        """What FreeSWITCH has been told meanwhile."""
        gevent.sleep(seconds)
        said, self.link.said = self.link.said, []
        return said


@pytest.fixture
def switch() -> Switch:
    return Switch(Conference(extension="380"))


def kill(uuid: str, cause: str = "ORIGINATOR_CANCEL") -> str:
    return f"uuid_kill {uuid} {cause}"


END = kill(A, "NORMAL_CLEARING")
PLAY = f"conference {ROOM} play "
JOINED, LEFT = PLAY + sounds.JOINED, PLAY + sounds.LEFT


# ---- tones --------------------------------------------------------------------------------------------


def count(number: str, language: str = "de") -> str:
    return PLAY + sounds.spoken(number, language).replace("${fsctl_prompts}", "/prompts")


@pytest.mark.parametrize(("tone", "says", "site", "action", "size", "said"), [
    (True, False, "berlin", "add-member", 2, [JOINED]), (True, False, "berlin", "add-member", 12, [JOINED]),
    (True, False, "berlin", "del-member", 2, [LEFT]), (True, False, "berlin", "del-member", 3, [LEFT]),
    (False, False, "berlin", "add-member", 2, []), (False, False, "berlin", "del-member", 2, []),
    (True, True, "berlin", "add-member", 2, [JOINED, count("2")]),
    (True, True, "berlin", "del-member", 3, [LEFT, count("3")]),
    (False, True, "london", "add-member", 12, [count("12", "en")]), (False, True, "paris", "add-member", 2, [
        count("2", "en")]),
    (True, True, "berlin", "add-member", 1, []), (True, True, "berlin", "del-member", 1, []),
    (True, True, "berlin", "del-member", 0, []), (True, True, "berlin", "start-talking", 2, []),
])
def test_what_all_hear(tone: bool, says: bool, site: str, action: str, size: int, said: list[str]) -> None:
    switch = Switch(Conference(extension="380", tone=tone, count=says), site)
    switch.comes(A, size, action=action)
    assert switch.after() == said


@pytest.mark.parametrize("size", ["", "x", "²", "-2", "2 "])
def test_a_size_that_is_none(switch: Switch, size: str) -> None:
    switch.hear(Event_Name="CUSTOM", Event_Subclass=ROOMS, Unique_ID=A, Conference_Name=ROOM, Action="add-member",
                Conference_Size=size)
    assert switch.after(10) == []


@pytest.mark.parametrize("room", ["join-101", "380", "group-", "my-group-380", ""])
def test_other_rooms_are_not_ours(switch: Switch, room: str) -> None:
    switch.link.room = [A]
    for size in (1, 2):
        switch.comes(A, size, room)
    assert switch.after(10) == []


@pytest.mark.parametrize("action", ["start-talking", "del-member"])
def test_what_else_a_room_tells_leaves_who_is_alone(switch: Switch, action: str) -> None:
    """Where one leaves FreeSWITCH itself ends it."""
    switch.link.room = [A]
    switch.comes(A, 1, action=action)
    assert switch.after(10) == []


@pytest.mark.parametrize(("room", "groups"), [("group-380", {}), ("group-300", None), ("group-999", None)])
def test_a_group_that_is_gone_has_an_end_for_all_that(switch: Switch, room: str, groups: dict[str, Any] | None) -> None:
    if groups is not None:
        switch.office = an_office(groups=groups)
    switch.comes(A, 2, room)
    assert switch.after(10) == []
    switch.link.room = [A]
    switch.comes(A, 1, room)
    assert switch.after(10) == [END]


@pytest.mark.parametrize("broken", ["play", "global_getvar"])
def test_a_link_that_fails_holds_nobody_up(broken: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    switch = Switch(Conference(extension="380", count=True))
    switch.link.broken = broken
    switch.comes(A, 2)
    assert switch.after() == []
    assert caplog.messages == [f"nobody in {ROOM} hears that somebody came or left: the link is gone"]


# ---- who is rung on -----------------------------------------------------------------------------------


def test_the_caller_gives_up(switch: Switch) -> None:
    switch.calls()
    switch.rings(A)
    switch.rings(B, f"number+{MOBILE}", answer="answered")  # asked for a 1
    switch.rings(C, "user+103", group="381")
    switch.rings(D, "user+104")
    switch.link.states = {D: "CS_ROUTING"}  # has answered in this very moment
    switch.hangs_up(CALLER, variable_fsctl_group="380", variable_fsctl_group_caller=CALLER)
    assert switch.after() == [kill(A), kill(B)]


@pytest.mark.parametrize(("state", "killed"), [
    ("CS_CONSUME_MEDIA", True), ("CS_SOFT_EXECUTE", True), ("CS_INIT", True), ("CS_ROUTING", False),
    ("CS_EXECUTE", False), ("", False),
])
def test_who_has_answered_is_not_cut(switch: Switch, state: str, killed: bool) -> None:
    switch.calls()
    switch.rings(A)
    switch.link.states[A] = state
    switch.hangs_up(CALLER, variable_fsctl_group="380", variable_fsctl_group_caller=CALLER)
    assert switch.after() == ([kill(A)] if killed else [])


def test_whom_a_shell_has_called_rings_on(switch: Switch) -> None:
    switch.calls()
    for each in (A, B):
        switch.rings(each)
    switch.link.called_by_nobody = {B}
    switch.hangs_up(CALLER, variable_fsctl_group="380", variable_fsctl_group_caller=CALLER)
    assert switch.after() == [kill(A)]


def test_who_is_in_the_room_stays(switch: Switch) -> None:
    switch.calls()
    for each in (A, B):
        switch.rings(each)
    switch.comes(A, 2)
    switch.after()
    switch.hangs_up(CALLER, variable_fsctl_group="380", variable_fsctl_group_caller=CALLER)
    assert switch.after() == [kill(B)]


@pytest.mark.parametrize("more", [
    {}, {"variable_fsctl_group": "380"}, {"variable_fsctl_group_caller": CALLER},
    {"variable_fsctl_group": "380", "variable_fsctl_group_caller": B},  # who has joined it
])
def test_nobody_elses_end_is_the_end_of_the_ringing(switch: Switch, more: dict[str, str]) -> None:
    switch.rings(A)
    switch.hangs_up(CALLER, **more)
    assert switch.after() == []


def comes_by(switch: Switch, user: str, leg: str) -> None:
    if leg:
        switch.rings(CALLER, leg)
    else:
        switch.calls(CALLER, user, by=D)
    switch.comes(CALLER, 3)


@pytest.mark.parametrize(("user", "leg", "stopped"), [
    ("102", "", [A, B]), ("103", "", [C]), ("", "", [D]), ("101", "", []),
    ("", "user+102", [A, B]), ("", "number+" + MOBILE, [D]), ("", "number+4930", []),
])
def test_who_comes_in_by_another_telephone_is_rung_no_more(
    switch: Switch, user: str, leg: str, stopped: list[str]
) -> None:
    switch.rings(A)
    switch.rings(B, "number+491709876543", variable_fsctl_sent_by="user+102")
    switch.rings(C, "user+103")
    switch.rings(D, "number+" + MOBILE, variable_fsctl_sent_by="conference+crew")
    comes_by(switch, user, leg)
    assert [each for each in switch.after() if each != JOINED] == [kill(each) for each in stopped]


def test_who_shows_an_extension_from_outside_is_not_that_person(switch: Switch) -> None:
    switch.rings(A)
    switch.hear(Event_Name="CHANNEL_CREATE", Unique_ID=CALLER, Call_Direction="inbound", Answer_State="answered",
                variable_fsctl_external="true", Caller_Caller_ID_Number="102")
    switch.comes(CALLER, 3)
    assert switch.after() == [JOINED]


@pytest.mark.parametrize("number", ["", MOBILE])
def test_of_whom_nothing_is_heard_ends_nobodys_ringing(switch: Switch, number: str) -> None:
    switch.rings(A)
    switch.rings(B, "number+" + MOBILE)
    switch.rings(D, "")
    switch.comes(C, 3)
    if not number:
        switch.hear(Event_Name="CHANNEL_CREATE", Unique_ID=C, Call_Direction="inbound", Answer_State="answered",
                    variable_fsctl_external="true")
        switch.comes(C, 3)
    assert set(switch.after()) == {JOINED}


@pytest.mark.parametrize(("room", "stopped"), [(ROOM, [A, B]), ("group-381", [C]), ("join-380", []), ("", [])])
def test_when_it_is_over_nobody_is_rung_any_more(switch: Switch, room: str, stopped: list[str]) -> None:
    switch.rings(A)
    switch.rings(B, "number+" + MOBILE)
    switch.rings(C, "user+103", group="381")
    switch.hear(Event_Name="CUSTOM", Event_Subclass=ROOMS, Conference_Name=room, Action="conference-destroy",
                Conference_Size="0")
    assert switch.after(10) == [kill(each) for each in stopped]


def test_who_leaves_stops_nobody(switch: Switch) -> None:
    switch.rings(A)
    switch.rings(B)
    switch.comes(A, 1)
    switch.after()
    switch.rings(C)
    switch.leaves(A, 2)
    assert switch.after() == [LEFT]


def test_telephones_that_ring_on_since_the_link_fails(switch: Switch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    switch.rings(A)
    switch.link.broken = "uuid_dump"
    switch.hangs_up(CALLER, variable_fsctl_group="380", variable_fsctl_group_caller=CALLER)
    assert switch.after() == []
    assert caplog.messages == ["telephones that a group call rings go on ringing: the link is gone"]


# ---- who is alone -------------------------------------------------------------------------------------


def nothing(switch: Switch) -> None:
    pass


@pytest.mark.parametrize(("meanwhile", "said"), [
    (nothing, [END]), (lambda switch: setattr(switch.link, "room", [A, B]), []),
    (lambda switch: setattr(switch.link, "room", []), []),
    (lambda switch: setattr(switch.link, "room", f"-ERR Conference {ROOM} not found\n"), []),
    (lambda switch: switch.rings(B, "user+103", group="381"), [END]),
    (lambda switch: switch.calls(), [END]),
])
def test_who_is_alone_is_hung_up_on(switch: Switch, meanwhile: Callable[[Switch], None], said: list[str]) -> None:
    switch.rings(A)
    switch.comes(A, 1)
    switch.link.room = [A]
    meanwhile(switch)
    assert switch.after(moving.MOVE_SECONDS - 0.1) == []
    assert switch.after(0.2) == said
    assert switch.after(60) == []


def test_not_while_somebody_is_rung(switch: Switch) -> None:
    switch.rings(A)
    switch.rings(B, "user+103")
    switch.comes(A, 1)
    switch.link.room = [A]
    assert switch.after(moving.MOVE_SECONDS * 4.5) == []
    switch.hangs_up(B)
    assert switch.after(moving.MOVE_SECONDS) == [END]


def test_a_link_that_fails_says_so(switch: Switch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    switch.rings(A)
    switch.comes(A, 1)
    switch.link.broken = "json_list"
    assert switch.after(60) == [] and caplog.messages == [f"nobody could see who is in {ROOM}: the link is gone"]


@pytest.mark.parametrize(("rooms", "said"), [
    ({A: ROOM}, [[], [END], [END]]),  # as long as it is so
    ({A: ROOM, B: ROOM}, [[], [], []]), ({A: "join-101"}, [[], [], []]), ({A: ROOM, B: "group-381"}, [[], [END, END], [
        END, END]]),
])
def test_who_was_left_alone_while_nobody_heard(switch: Switch, rooms: dict[str, str], said: list[list[str]]) -> None:
    for each, room in rooms.items():
        switch.rings(each)
        switch.comes(each, 3, room)
    switch.after()
    switch.link.room = [A]
    found = []
    for _ in range(3):
        switch.round()
        found.append(switch.after())
    assert found == said


def test_one_who_is_about_to_come_has_arrived_by_the_second_time(switch: Switch) -> None:
    switch.rings(A)
    switch.comes(A, 3)
    switch.link.room = [A]
    switch.after()
    switch.round()
    switch.rings(B)
    switch.comes(B, 3)
    switch.round()
    switch.leaves(B, 3)
    switch.hangs_up(B)
    switch.after()
    switch.round()
    assert switch.after() == []
    switch.round()
    assert switch.after() == [END]


def test_another_switchs_rooms_are_its_own(switch: Switch) -> None:
    for each, table in ((A, switch.other), (B, switch.table)):
        switch.hear(table, Event_Name="CHANNEL_CREATE", Unique_ID=each, Call_Direction="outbound",
                    Answer_State="answered", variable_fsctl_leg="user+102")
        switch.hear(table, Event_Name="CUSTOM", Event_Subclass=ROOMS, Unique_ID=each, Conference_Name=ROOM,
                    Action="add-member", Conference_Size="3")
    switch.after()
    switch.link.room = [A]
    for _ in range(3):
        switch.round()
        switch.group_calls.round(switch.link, "three")  # type: ignore[arg-type]
    assert switch.after() == [END, END]


# ---- who is in a room ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "found"), [
    (json.dumps([{"members": [{"uuid": B}, {"uuid": A}]}]), [B, A]), (json.dumps([{"members": []}]), []),
    (json.dumps([{"members": [{"uuid": "x; y"}, {"uuid": None}, {}, {"uuid": A}]}]), [A]),
    (json.dumps([{}]), []), (json.dumps([]), []), (json.dumps([{"members": None}]), []), (json.dumps(1), []),
    (json.dumps([1]), []), (json.dumps([{"members": ["x"]}]), []), (json.dumps([{"members": [{"uuid": A}]}] * 2), []),
    (f"-ERR Conference {ROOM} not found\n", []), ("", []), ("[", []),
])
def test_who_is_in_a_room(answer: str, found: list[str]) -> None:
    link = Link()
    link.room = answer
    assert in_room(link, ROOM) == found  # type: ignore[arg-type]
