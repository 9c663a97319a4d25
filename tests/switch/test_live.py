"""The calls of one FreeSWITCH, from events that a real one sent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.switch.link.channel import moment, read_channel, redirect_of, rings_nobody
from fsctl.switch.link.live import EVENTS, KEY, PARKED, REMEMBERED, LiveTable
from tests import payloads

OUT, IN = "outbound", "inbound"
CALLER = "+4915112345678"


def after(name: str, count: int | None = None) -> LiveTable:
    """A table that has taken in the first events of a call."""
    table = LiveTable("one")
    for event in payloads.live(name)[:count]:
        table.apply(event)
    return table


def up_to(name: str, event: str, nth: int = 1) -> LiveTable:
    """A table that has taken in a call's events up to the nth of that name."""
    places = [place for place, each in enumerate(payloads.live(name)) if each["Event-Name"] == event]
    return after(name, places[nth - 1] + 1)


def rows(table: LiveTable) -> list[tuple[object, ...]]:
    calls = table.view().calls
    at = {call.uuid: call.user or call.number for call in calls}
    return [(at[call.uuid], call.direction, call.state, at.get(call.peer or "")) for call in calls]


@pytest.mark.parametrize(("table", "expected"), [
    (up_to("internal", "CHANNEL_CREATE"), [("101", IN, "ringing", None)]),
    (up_to("internal", "CHANNEL_CREATE", 2), [("101", IN, "ringing", None), ("102", OUT, "ringing", "101")]),
    (up_to("internal", "CHANNEL_BRIDGE"), [("101", IN, "talking", "102"), ("102", OUT, "talking", "101")]),
    (after("internal", 10), [("101", IN, "talking", "102"), ("102", OUT, "held", "101")]),
    (after("internal", 12), [("101", IN, "talking", "102"), ("102", OUT, "talking", "101")]),
    (up_to("internal", "CHANNEL_HANGUP_COMPLETE"), [("101", IN, "talking", None)]),
    (after("internal"), []),
    (up_to("blind", "CHANNEL_UNBRIDGE"), [("101", IN, "talking", None), ("102", OUT, "talking", None)]),
    (after("blind", 19), [("101", IN, "talking", None), ("103", OUT, "ringing", "101")]),
    (up_to("blind", "CHANNEL_BRIDGE", 2), [("101", IN, "talking", "103"), ("103", OUT, "talking", "101")]),
    (up_to("attended", "CHANNEL_BRIDGE", 2), [
        ("101", IN, "talking", "102"), ("102", OUT, "held", "101"),
        ("102", IN, "talking", "103"), ("103", OUT, "talking", "102")]),
    (up_to("attended", "CHANNEL_BRIDGE", 3), [("101", IN, "talking", "103"), ("103", OUT, "talking", "101")]),
    (up_to("trunk", "CHANNEL_CREATE", 4), [
        (CALLER, IN, "ringing", None), *((user, OUT, "ringing", CALLER) for user in ("102", "101", "103"))]),
    (up_to("pickup", "CHANNEL_UNPARK"), [
        ("101", IN, "ringing", None), ("102", OUT, "ringing", "101"), ("103", IN, "ringing", None)]),
    (up_to("pickup", "CHANNEL_BRIDGE"), [("101", IN, "talking", "103"), ("103", IN, "talking", "101")]),
    (after("pickup"), []),
    (up_to("trunk", "CHANNEL_BRIDGE"), [(CALLER, IN, "talking", "101"), ("101", OUT, "talking", CALLER)]),
])
def test_what_the_events_make(table: LiveTable, expected: list[tuple[object, ...]]) -> None:
    assert sorted(rows(table), key=str) == sorted(expected, key=str)


def test_who_picked_a_call_up_keeps_his_own_name() -> None:
    """FreeSWITCH shows the other party where his own name was."""
    picker, = (call for call in up_to("pickup", "CHANNEL_UNPARK").calls.values() if call.user == "103")
    assert picker.name == "Clara Conrad"


@pytest.mark.parametrize("name", ["internal", "blind", "attended", "trunk", "pickup", "room"])
def test_who_talked_never_rings_again(name: str) -> None:
    """Neither when he is sent on, nor on his way out."""
    table, talked = LiveTable("one"), set[str]()
    for event in payloads.live(name):
        table.apply(event)
        assert not {call.uuid for call in table.calls.values() if call.state == "ringing"} & talked
        talked |= {call.uuid for call in table.calls.values() if call.state == "talking"}
    assert len(talked) >= 2


def test_since_when() -> None:
    events = payloads.live("internal")
    held = after("internal", 10).view().of("102")[0]
    assert held.since == moment(events[9])
    assert after("internal", 9).view().of("101")[0].since == moment(events[7])


def test_who_was_at_a_leg_that_ended_and_where_his_phone_sent_the_call() -> None:
    ended = {end.user: (end.cause, end.redirected) for end in after("redirect").ended.values()}
    assert ended["102"] == ("REQUESTED_CHAN_UNAVAIL", "**99")
    assert ended["101"][1] == ""


@pytest.mark.parametrize("contact", ["${system(x)}", "**99@evil", "103 XML default", "", "1" * 33, "103\n"])
def test_only_what_a_telephone_can_dial_is_a_redirection(contact: str) -> None:
    table = LiveTable("one")
    for event in payloads.live("redirect"):
        changed = {**event, "variable_sip_redirect_contact_user_0": contact}
        table.apply(changed if "variable_sip_redirect_contact_user_0" in event else event)
    assert {end.redirected for end in table.ended.values()} == {""}


@pytest.mark.parametrize(
    ("contacts", "found"),
    [
        ([("<sip:101@h>;q=0.3", "101"), ("<sip:102@h>;q=0.7", "102")], "102"),
        ([("<sip:101@h>;q=0.9", "101"), ("sip:102@h", "102")], "102"),
        ([("<sip:101@h;q=1>;Q = 0.25;x", "101"), ("sip:102@h;q=0.5", "102")], "102"),
        ([("<sip:102@h>;q=0.5", "102"), ("<sip:101@h>;q=0.5", "101")], "102"),
        ([("<sip:102@h>;q=0.5", "102"), ("<sip:101@h>;q=0", "101")], "102"),
        ([("<sip:102@h>;q=7", "102"), ("<sip:101@h>;q=0.5", "101")], "102"),
        ([("<sip:102@h>;xq=0", "102"), ("<sip:101@h>;q=0.999", "101")], "102"),
        ([("<mailto:x@h>", "x"), ("<sip:102@h>;q=0.1", "102")], "102"),
        ([("<sip:${x}@h>", "${x}")], ""),
        ([("<sip:102;phone-context=x@h>", "102;phone-context=x")], "102"),
        ([("<sip:%2B49-30-5550101@h>", "+49-30-5550101")], "+49305550101"),
        ([("", "102")], "102"),
        ([], ""),
    ],
)
def test_the_contact_that_is_liked_most(contacts: list[tuple[str, str]], found: str) -> None:
    facts = {}
    for number, (contact, user) in enumerate(contacts):
        facts[f"variable_sip_redirect_contact_{number}"] = contact
        facts[f"variable_sip_redirect_contact_user_{number}"] = user
    assert redirect_of(facts) == found


def test_ended_legs_are_forgotten_in_time() -> None:
    table = after("redirect")
    last = max(table.ended.values(), key=lambda end: end.at)
    for seconds, kept in ((-1, True), (1, False)):
        end = payloads.live("trunk")[-1]
        at = (last.at + REMEMBERED + timedelta(seconds=seconds)).timestamp() * 1e6
        table.apply({**end, "Event-Date-Timestamp": str(int(at))})
        assert (last.uuid in table.ended) is kept


def test_foreign_text_is_cleaned() -> None:
    create = payloads.live("trunk")[0]
    call = read_channel({
        **create, "Caller-Caller-ID-Name": "a${system(x)}", "Caller-Caller-ID-Number": "1;2'3",
        "variable_fsctl_slot": "7{01", "variable_fsctl_hunt": "a b", "variable_fsctl_for": "user+x",
    }, "one")
    assert (call.name, call.number, call.slot, call.hunt, call.for_user) == ("a system(x)", "123", "701", None, None)


INSIDE = {"variable_user_name": "104", "variable_fsctl_external": ""}


@pytest.mark.parametrize(("facts", "caller", "callee", "found"), [
    ({}, "+4915", "101", "Caller"), ({}, "101", "+4915", "Caller"), ({"variable_fsctl_party": "x"}, "1", "2", "Caller"),
    ({"variable_fsctl_party": "+4915|Lee"}, "101", "+4915", "Lee"), ({"variable_fsctl_party": "|${x}"}, "1", "2", "x"),
    (INSIDE, "104", "101", "Caller"), (INSIDE, "101", "104", "Callee"),
    (INSIDE | {"variable_fsctl_picked_up": "x"}, "104", "101", "Caller"),
    (INSIDE | {"variable_fsctl_picked_up": "x"}, "101", "104", "Callee"),
    ({"Call-Direction": "outbound", "variable_fsctl_leg": "user+104"}, "104", "1", "Caller"),
    ({"Call-Direction": "outbound", "variable_fsctl_leg": "user+104"}, "1", "104", "Callee"),
    ({"Call-Direction": "outbound", "variable_fsctl_leg": "user+104"}, "1", "2", "Callee"),
])
def test_who_is_at_a_channel_that_others_have_bridged(
    facts: dict[str, str], caller: str, callee: str, found: str
) -> None:
    """FreeSWITCH swaps who calls and who is called there."""
    create = payloads.live("internal")[0] | {
        "Call-Direction": "inbound", "variable_fsctl_external": "true",
        "Caller-Caller-ID-Number": caller, "Caller-Callee-ID-Number": callee,
        "Caller-Caller-ID-Name": "Caller", "Caller-Callee-ID-Name": "Callee"}
    call = read_channel(create | facts, "one")
    assert call.name == found
    if call.user is None and call.direction == "inbound":
        assert call.number == {"Caller": caller, "Lee": "+4915", "x": ""}[found]


def test_whoever_came_from_outside_is_nobody_whatever_he_says() -> None:
    create = {**payloads.live("internal")[0], "variable_fsctl_external": "true"}
    assert read_channel(create, "one").user is None


def test_for_whom_it_rings() -> None:
    create = next(event for event in payloads.live("internal") if event.get("variable_fsctl_leg"))
    call = read_channel({**create, "variable_fsctl_hunt": "sales", "variable_fsctl_for": "user+130",
                         "variable_fsctl_executive": "user+130"}, "one")
    assert (call.user, call.hunt, call.for_user, call.executive) == ("102", "sales", "130", "130")


def test_parked_and_fetched() -> None:
    """The slot is written before the channel leaves the socket: UNPARK shows it, BRIDGE ends it."""
    table = LiveTable("one")
    for event in payloads.live("blind"):
        if event["Event-Name"] == "CHANNEL_UNPARK" and not table.view().of("103"):
            event = {**event, "variable_fsctl_slot": "701"}
        table.apply(event)
        if event["Event-Name"] == "CHANNEL_UNPARK":
            break
    assert [(call.state, call.slot) for call in table.view().of("101")] == [("parked", "701")]
    table.apply(payloads.live("blind")[13])  # ACTIVE
    assert [call.state for call in table.view().of("101")] == ["parked"]
    bridge = [event for event in payloads.live("blind") if event["Event-Name"] == "CHANNEL_BRIDGE"][1]
    table.apply({**bridge, "variable_fsctl_slot": "701"})
    assert [(call.state, call.slot) for call in table.view().of("101")] == [("talking", None)]


def test_the_view_is_the_same_until_something_changes() -> None:
    table = after("internal", 5)
    view = table.view()
    table.apply(payloads.live("internal")[4])
    assert table.view() is view
    table.know(True)
    assert table.view() is not view and table.view().known


def dump(event: dict[str, str], sequence: int, **changes: str) -> dict[str, str]:
    return {**event, "Event-Name": "CHANNEL_DATA", "Event-Sequence": str(sequence), **changes}


def test_events_older_than_the_snapshot_count_no_more() -> None:
    events = payloads.live("internal")
    bridge = next(event for event in events if event["Event-Name"] == "CHANNEL_BRIDGE")
    table = LiveTable("one")
    table.replace([dump(bridge, int(events[8]["Event-Sequence"]) + 1)])
    for event in events[:9]:  # all of A's are older; B is not in the snapshot and comes from its own
        table.apply(event)
    assert rows(table) == [("101", IN, "talking", "102"), ("102", OUT, "talking", "101")]
    assert not table.missing


def test_a_channel_that_ended_before_the_snapshot_was_read_stays_ended() -> None:
    events = payloads.live("internal")
    table = after("internal")
    table.add([dump(events[0], 10**6)])
    assert not rows(table)


def test_channels_without_their_variables_are_asked_for() -> None:
    events = payloads.live("internal")
    table = LiveTable("one")
    table.apply(events[4])  # B rings
    assert table.missing == {events[4]["Unique-ID"]}
    table.add([dump(events[3], 10**6, **{"Answer-State": "ringing"})])
    assert not table.missing and rows(table) == [("102", OUT, "ringing", None)]


def test_a_snapshot_of_a_caller_who_was_transferred_and_waits() -> None:
    """Of several phones that ring FreeSWITCH names the last one as if he talked with it."""
    events = payloads.live("blind")
    ringing = next(event for event in events if event.get("variable_fsctl_leg") == "user+103")
    waiting = dump(events[15], 5, **{"variable_signal_bond": ringing["Unique-ID"]})
    table = LiveTable("one")
    table.replace([waiting, dump(ringing, 6)])
    assert rows(table) == [("101", IN, "talking", None), ("103", OUT, "ringing", "101")]


def in_rooms(table: LiveTable) -> dict[str | None, tuple[str | None, str | None]]:
    """Of each person the room and with whom he talks."""
    at = {call.uuid: call.user for call in table.calls.values()}
    return {call.user: (call.room, at.get(call.peer or "")) for call in table.calls.values()}


def until(name: str, action: str, size: int) -> LiveTable:
    """A table that has heard how a conference reached a size."""
    events = payloads.live(name)
    at = next(place for place, event in enumerate(events)
              if (event.get("Action"), event.get("Conference-Size")) == (action, str(size)))
    return after(name, at + 1)


def test_who_is_in_a_conference_talks_with_nobody_in_particular() -> None:
    assert in_rooms(until("room", "add-member", 1))["102"] == ("join", None)
    assert in_rooms(until("room", "add-member", 3)) == {who: ("join", None) for who in ("101", "102", "103")}
    assert in_rooms(until("room", "del-member", 2)) == {
        "101": ("join", None), "102": ("join", None), "103": (None, None)}
    assert in_rooms(until("room", "del-member", 0)) == {"101": (None, None), "102": (None, None)}
    assert in_rooms(up_to("room", "CHANNEL_BRIDGE", 3)) == {"101": (None, "102"), "102": (None, "101")}
    assert {call.state for call in until("room", "add-member", 3).calls.values()} == {"talking"}


def member(action: str, room: str) -> dict[str, str]:
    """101 enters or leaves a room, after all that is known of him."""
    entered = payloads.live("room")[26]
    assert (entered["Action"], entered["Caller-Caller-ID-Number"]) == ("add-member", "101")
    return {**entered, "Action": action, "Conference-Name": room, "Event-Sequence": str(10**6)}


def test_a_conference_that_was_left_for_another_one_is_not_left_again() -> None:
    table = until("room", "add-member", 3)
    table.apply(member("add-member", "other"))
    table.apply(member("del-member", "join"))
    assert in_rooms(table)["101"] == ("other", None)
    table.apply(member("del-member", "other"))
    assert in_rooms(table)["101"] == (None, None)


def test_whoever_was_bridged_before_he_is_told_to_have_left() -> None:
    table = up_to("room", "CHANNEL_BRIDGE", 3)
    before = table.view()
    table.apply(member("del-member", "join"))
    assert table.view() is before


@pytest.mark.parametrize("uuid", ["", "0" * 36])
def test_a_key_changes_nothing(uuid: str) -> None:
    """Neither of a channel that talks, though the event tells about it, nor of one of which nothing is known."""
    table = up_to("internal", "CHANNEL_BRIDGE")
    before, told = table.view(), list[str]()
    table.on_channel = told.append
    bridge = next(event for event in payloads.live("internal") if event["Event-Name"] == "CHANNEL_BRIDGE")
    table.apply(bridge | {
        "Event-Name": KEY, "DTMF-Digit": "4", "Event-Sequence": str(10**6), "variable_fsctl_slot": "701",
        "Unique-ID": uuid or bridge["Unique-ID"]})
    assert table.view() is before and not told and not table.missing


# ---- recording -----------------------------------------------------------------------------------------

FILE = "/srv/recordings/x.wav"


def recording(name: str, path: str = FILE, variable: str | None = FILE, sequence: int = 10**6) -> dict[str, str]:
    """What is told of a recording at 101's channel; ``variable`` is which one that is, by the channel itself."""
    told = {} if variable is None else {"variable_fsctl_recording": variable}
    caller = payloads.live("internal")[0]
    return caller | told | {"Event-Name": name, "Record-File-Path": path, "Event-Sequence": str(sequence)}


def test_who_is_left_when_the_other_one_ends_is_told_of_too() -> None:
    table, told = up_to("internal", "CHANNEL_UNBRIDGE"), list[str]()
    for one, other in ((call, call.peer) for call in up_to("internal", "CHANNEL_BRIDGE").calls.values()):
        table._set(replace(one, peer=other))
    gone, left = table.calls
    table.on_channel = told.append
    table.lose([gone], moment(payloads.live("internal")[0]))
    assert sorted(told) == sorted([gone, left]) and table.calls[left].peer is None


def test_nobody_is_told_what_is_known() -> None:
    """An event that comes again changes nothing, but for when it was fired."""
    events = [each for each in payloads.live("attended") if each["Event-Name"] != "CHANNEL_HANGUP_COMPLETE"]
    table, again, told = LiveTable("one"), 0, list[str]()
    table.on_channel = told.append
    for event in events:
        table.apply(event)
        version, so_far = table.version, len(told)
        if event["Event-Name"] in ("CHANNEL_CREATE", "CHANNEL_CALLSTATE"):
            table.apply(event | {"Event-Date-Timestamp": "1795466478782155"})
            again += 1
            assert (table.version, len(told)) == (version, so_far)
    assert again > 10


def recorded(table: LiveTable) -> dict[str | None, str | None]:
    return {call.user: call.recorded for call in table.view().calls}


def test_a_recording_begins_and_ends() -> None:
    table, told = up_to("internal", "CHANNEL_BRIDGE"), list[str]()
    table.on_channel = told.append
    before = rows(table)
    table.apply(recording("RECORD_START"))
    assert recorded(table) == {"101": "x.wav", "102": None} and len(told) == 1
    table.apply(recording("RECORD_START"))
    assert len(told) == 1
    for event in payloads.live("internal")[9:12]:  # what else is told does not end it
        table.apply(event | {"Event-Sequence": str(10**6 + 1)})
    assert recorded(table)["101"] == "x.wav"
    table.apply(recording("RECORD_STOP", sequence=10**6 + 2))
    assert recorded(table) == {"101": None, "102": None} and rows(table) == before


@pytest.mark.parametrize(("path", "variable", "names"), [
    *((FILE, variable, ("RECORD_START",)) for variable in (None, "", "/srv/recordings/y.wav", "x.wav")),
    *((path, FILE, ("RECORD_START", "RECORD_STOP")) for path in ("/srv/mailbox/msg.wav", "")),
])
def test_another_recording_is_none(path: str, variable: str | None, names: tuple[str, ...]) -> None:
    """A message in a mailbox; or one of before, whose end comes late."""
    for name in names:
        before = "x.wav" if name == "RECORD_STOP" else None
        table = up_to("internal", "CHANNEL_BRIDGE")
        if before:
            table.apply(recording("RECORD_START", sequence=10**5))
        view = table.view()
        table.apply(recording(name, path, variable))
        assert table.view() is view and recorded(table)["101"] == before


@pytest.mark.parametrize("variable", [None, "", "/srv/recordings/y.wav"])
def test_it_ends_whatever_the_variable_is_by_then(variable: str | None) -> None:
    """Whoever ends it takes that back first."""
    table = up_to("internal", "CHANNEL_BRIDGE")
    table.apply(recording("RECORD_START"))
    table.apply(recording("RECORD_STOP", FILE, variable, 10**6 + 2))
    assert recorded(table)["101"] is None


def test_the_end_of_one_before_does_not_end_the_one_now() -> None:
    table = up_to("internal", "CHANNEL_BRIDGE")
    table.apply(recording("RECORD_START", "/srv/recordings/y.wav", "/srv/recordings/y.wav"))
    table.apply(recording("RECORD_STOP", FILE, "/srv/recordings/y.wav"))
    assert recorded(table)["101"] == "y.wav"


def test_a_recording_at_an_unknown_channel() -> None:
    table = LiveTable("one")
    table.apply(recording("RECORD_START"))
    assert not table.calls and not table.missing


def test_a_recording_outlives_what_its_channel_tells() -> None:
    """An event that was made before the variable was set has none."""
    table = up_to("internal", "CHANNEL_BRIDGE")
    table.apply(recording("RECORD_START"))
    bridge = next(event for event in payloads.live("internal") if event["Event-Name"] == "CHANNEL_BRIDGE")
    table.apply(bridge | {"Event-Sequence": str(10**6 + 1)})
    assert recorded(table)["101"] == "x.wav"


@pytest.mark.parametrize(("variable", "name"), [
    (FILE, "x.wav"), ("x.wav", "x.wav"), ("", None), (None, None), ("/", None), ("/srv/", "srv"), ("a/../b", "b"),
])
def test_a_snapshot_tells_what_is_recorded(variable: str | None, name: str | None) -> None:
    table = LiveTable("one")
    table.replace([dump(recording("", variable=variable), 5)])
    assert recorded(table) == {"101": name}


@pytest.mark.parametrize("action", ["start-talking", "floor-change", "mute-member", ""])
def test_what_else_a_conference_tells_changes_nothing(action: str) -> None:
    table = until("room", "add-member", 3)
    before = table.view()
    table.apply(member(action, "other"))
    unknown = {**member(action, "other"), "Unique-ID": "0" * 36}
    table.apply(unknown)
    assert table.view() is before and not table.missing


def test_a_member_of_whom_nothing_is_known_is_asked_for() -> None:
    table = LiveTable("one")
    table.apply(member("del-member", "join"))
    assert not table.missing
    table.apply(member("add-member", "join"))
    assert table.missing == {member("add-member", "join")["Unique-ID"]}


def test_a_snapshot_tells_who_is_in_a_conference() -> None:
    """The name of one that was left stays among the variables."""
    bridge = payloads.live("room")[40]
    assert bridge["Event-Name"] == "CHANNEL_BRIDGE" and bridge["variable_conference_name"] == "join"
    inside = dump(bridge, 10**6, variable_conference_call_key="conference_join_127.0.0.1_101")
    table = LiveTable("one")
    table.replace([inside])
    assert in_rooms(table) == {"101": ("join", None)}
    table.apply(member("add-member", "older"))  # no newer than the snapshot
    assert in_rooms(table) == {"101": ("join", None)}
    table.replace([dump(bridge, 10**6)])
    assert in_rooms(table) == {"101": (None, None)}


def test_events_with_variables_leave_a_channel_in_its_conference() -> None:
    table = until("room", "add-member", 3)
    unpark = payloads.live("room")[23]
    assert unpark["Event-Name"] == "CHANNEL_UNPARK"
    table.apply(unpark)
    assert in_rooms(table)["101"] == ("join", None)


@pytest.mark.parametrize("name", ["a${system(x)}", "a b", "", "x" * 65])
def test_a_conference_of_a_name_that_is_none_of_ours_has_none(name: str) -> None:
    table = until("room", "add-member", 3)
    table.apply(member("add-member", name))
    assert in_rooms(table)["101"] == (None, None)


ALL = {"join": {"101", "102", "103"}}


@pytest.mark.parametrize(("table", "been"), [
    (until("room", "add-member", 1), {"join": {"102"}}), (until("room", "add-member", 3), ALL),
    (until("room", "del-member", 2), ALL), (until("room", "del-member", 1), ALL), (until("room", "del-member", 0), {}),
    (up_to("internal", "CHANNEL_BRIDGE"), {}),
])
def test_who_has_been_in_a_conference_that_goes_on(table: LiveTable, been: dict[str, set[str]]) -> None:
    assert table.been == been


def test_a_conference_that_ended_is_forgotten_whatever_was_heard() -> None:
    def three() -> LiveTable:
        table = until("room", "add-member", 3)
        assert table.been == ALL
        return table

    at = moment(payloads.live("room")[-1])
    (table := three()).lose([call.uuid for call in table.view().calls if call.user != "101"], at)
    assert table.been == ALL
    table.lose([table.view().of("101")[0].uuid], at)
    assert table.been == {}
    (table := three()).clear()
    assert table.been == {}
    table.apply(member("add-member", "join"))
    (table := three()).replace([])  # while the link was down
    assert table.been == {}
    (table := until("room", "add-member", 1)).apply(member("add-member", "other"))
    assert table.been == {"join": {"102"}, "other": {"101"}}
    table.apply(member("add-member", "third") | {"Event-Sequence": str(10**6 + 1)})  # the last one goes on to another
    assert table.been == {"join": {"102"}, "third": {"101"}}


def test_a_snapshot_keeps_who_has_left_a_conference_that_goes_on() -> None:
    table = until("room", "del-member", 2)
    rows = [dump(payloads.live("room")[40], 10**6, variable_conference_call_key="conference_join_127.0.0.1_101")]
    table.replace(rows)
    assert in_rooms(table) == {"101": ("join", None)} and table.been == ALL


@pytest.mark.parametrize(("facts", "been"), [
    ({"Call-Direction": "inbound", "variable_fsctl_external": "true", "Caller-Caller-ID-Number": "anonymous"}, {}),
    ({"Call-Direction": "inbound", "variable_fsctl_external": "true", "Caller-Caller-ID-Number": "0170 1"},
     {"join": {"01701"}}),
    ({"Call-Direction": "outbound", "variable_fsctl_leg": "number++491701"}, {"join": {"+491701"}}),
    ({"Call-Direction": "outbound", "variable_fsctl_leg": "user+102"}, {"join": {"102"}}),
])
def test_who_has_been_there_by_number(facts: dict[str, str], been: dict[str, set[str]]) -> None:
    """And nobody without one."""
    table = LiveTable("one")
    table.apply({"Event-Name": "CHANNEL_CREATE", "Unique-ID": "0" * 36} | facts)
    table.apply(member("add-member", "join") | {"Unique-ID": "0" * 36})
    assert table.calls["0" * 36].room == "join" and table.been == been


CALLER_OF, LEG = "c" * 36, {"Unique-ID": "l" * 36, "Call-Direction": "outbound", "Answer-State": "ringing",
                            "variable_fsctl_leg": "user+102"}


RUNG = {"variable_fsctl_group": "380", "variable_fsctl_group_caller": CALLER_OF}


@pytest.mark.parametrize(("facts", "group", "peer"), [
    (RUNG, "380", CALLER_OF), (RUNG | {"Other-Leg-Unique-ID": "o"}, "380", "o"),
    (RUNG | {"variable_fsctl_group": "", "variable_originating_leg_uuid": "o"}, None, "o"),
    (RUNG | {"Answer-State": "answered"}, "380", None), (RUNG | {"Call-Direction": "inbound"}, "380", None),
    (RUNG | {"variable_fsctl_group_caller": ""}, "380", None),
    ({"variable_fsctl_group": "38x"}, None, None), ({"variable_fsctl_group": "1" * 16}, None, None),
    ({"variable_fsctl_group": ""}, None, None), ({}, None, None),
])
def test_for_which_group_call_it_rings(facts: dict[str, str], group: str | None, peer: str | None) -> None:
    call = read_channel(LEG | facts, "one")
    assert (call.group, call.peer) == (group, peer)


def test_what_is_lost_or_restarted() -> None:
    table = up_to("internal", "CHANNEL_BRIDGE")
    gone = table.view().of("102")[0]
    table.lose([gone.uuid, "unknown"], moment(payloads.live("internal")[-1]))
    assert rows(table) == [("101", IN, "talking", None)] and table.ended[gone.uuid].user == "102"
    assert len(table.clear()) == 1 and not rows(table)


@given(st.sampled_from(["internal", "blind", "attended", "redirect", "trunk", "room"]).flatmap(
    lambda name: st.permutations(payloads.live(name))))
def test_in_whatever_order_events_come_nothing_outlives_its_end(events: list[dict[str, str]]) -> None:
    table = LiveTable("one")
    for event in events:
        table.apply(event)
        assert all(call.uuid not in table.ended for call in table.calls.values())
        assert all(call.peer not in table.ended for call in table.calls.values())
    assert not table.calls and not table.missing


def test_all_events_that_are_asked_for_are_used() -> None:
    heard = {event.get("Event-Subclass") or event["Event-Name"]
             for name in ("internal", "attended", "room") for event in payloads.live(name)}
    assert heard == set(EVENTS) - {"HEARTBEAT", KEY, "RECORD_START", "RECORD_STOP", PARKED}


@pytest.mark.parametrize(("name", "direction", "nobody"), [
    ("pickup/244ce1cc-2087-4025-a52c-4f68ea228354", "outbound", True),
    ("pickup/244ce1cc-2087-4025-a52c-4f68ea228354", "inbound", False),  # as a caller may name himself
    ("pickup/244ce1cc-2087-4025-a52c-4f68ea228354__B", "outbound", False),  # and so FreeSWITCH then names his legs
    ("pickup/x", "outbound", False), ("sofia/phones/101", "outbound", False),
])
def test_no_caller_hides_who_rings_for_him(name, direction, nobody):
    assert rings_nobody({"Channel-Name": name, "Call-Direction": direction}) is nobody
