"""``fsctl group`` on the sample office; tests/live/test_group_commands.py has it with a switch."""

import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from fsctl.cli import cli, group_call, on_a_switch, status
from fsctl.cli.status import Seen, _row
from fsctl.errors import Unreachable
from fsctl.model.live import Live, LiveCall
from fsctl.switch.link.event_socket import SwitchUnreachable
from tests.cli.test_explain import applied, database, run
from tests.ports import free_port
from tests.unit.builders import an_office

__all__ = ["database"]

AT = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
MOBILE, STRANGER = "+491701234567", "+4915112345678"
HOST = "127.0.0.1"


def channel(uuid, user=None, seconds=0, **changes):
    facts = {"peer": None, "direction": "outbound", "state": "talking", "node": f"{HOST}:1"} | changes
    return LiveCall(uuid=uuid, user=user, since=AT + timedelta(seconds=seconds), **facts)


def rung(uuid, user=None, seconds=0, **changes):
    return channel(uuid, user, seconds, **({"state": "ringing", "group": "380"} | changes))


def there(uuid, user=None, seconds=0, **changes):
    return channel(uuid, user, seconds, **({"room": "group-380", "group": "380"} | changes))


CALLER = channel("a", "102", state="ringing", direction="inbound", group="380")

#: Sites are closed then, whatever the hour is now.
NIGHT = AT.replace(hour=22)

#: It rings for 102, at two phones of 101 and one outside.
RINGS = (CALLER, rung("b", "101", 1, peer="a"), rung("c", "101", 2, peer="a"), rung("d", number=MOBILE, peer="a"),
         channel("x", "103", room="group-381"), channel("y", "104", peer="z"))

#: 130 rings yet, and the second phone of 101.
GOES_ON = (there("a", "102", direction="inbound"), there("b", "101", 3), rung("c", "101", 1), rung("e", "130", 1),
           there("f", number=STRANGER, withheld=True, direction="inbound", seconds=5),
           there("g", number="+4915", withheld=True, direction="inbound", seconds=6),
           there("h", number="+491709876543", sent_by="user:103", seconds=7))


class Link:
    """A FreeSWITCH with certain calls; what it is told is in ``told``."""

    def __init__(self, calls, told, answer="+OK"):
        self._calls, self.told, self._answer = calls, told, answer

    def __call__(self, host, port, secret):
        self.told.append(f"{host}:{port}")
        return self

    def open(self):
        if self._calls is None:
            raise SwitchUnreachable("127.0.0.1:1: Connection refused")

    def close(self):
        self.told.append("closed")

    def api(self, command):
        return self.apis([command])[0]

    def apis(self, commands):
        commands = list(commands)
        self.told += commands
        return ["" if each.startswith("global_getvar") else self._answer for each in commands]


@pytest.fixture(autouse=True)
def _no_switch(monkeypatch):
    monkeypatch.setenv("FSCTL_SWITCH", f"{HOST}:{free_port()}")


@pytest.fixture
def switch(monkeypatch):
    """Begins one with the calls that it is given, None for one that cannot be reached; gives what it is told."""
    def begin(calls, answer="+OK", phones=("101", "102", "103", "130", "120"), nodes=((HOST, 1),)):
        told = []
        link = Link(calls, told, answer)
        live = Live(calls) if calls is not None else Live(known=False)
        seen = Seen(live=live, switches=list(nodes) if calls is not None else [])
        if calls is None:
            seen.unreachable.append(SwitchUnreachable("127.0.0.1:1: Connection refused"))
        monkeypatch.setattr(status, "look", lambda *_, **__: seen)
        monkeypatch.setattr(group_call, "look", lambda *_, **__: seen)
        for module in (group_call, on_a_switch):
            monkeypatch.setattr(module, "EventSocket", link)
        monkeypatch.setattr(on_a_switch.snapshot, "calls_now", lambda *_: live)
        monkeypatch.setattr(group_call, "clock", SimpleNamespace(now=lambda: NIGHT))
        monkeypatch.setattr(group_call.contacts, "find", lambda people, _: {
            each: [f"sofia/internal/sip:{each}@1.2.3.4"] if each in phones else [] for each in people})
        return told

    return begin


def listed(database):
    code, output = run("group", "list", "--json", database=database)
    assert code in (0, 3), output
    return json.JSONDecoder().raw_decode(output)[0][0]  # behind it may stand that no switch tells


def people(rows):
    return [row["who"] for row in rows]


@pytest.mark.parametrize(("calls", "state", "since", "inside", "waits", "rings"), [
    ((), "no", None, [], [], []),
    (None, "unknown", None, [], [], []),
    (RINGS, "rings", 0, [], ["102"], [MOBILE, "101"]),
    ((rung("b", "101", 4),), "rings", 4, [], [], ["101"]),
    (GOES_ON, "goes on", 0, ["102", "101", "anonymous", "anonymous", "103"], [], ["130"]),
])
def test_who_is_in_it(database, switch, calls, state, since, inside, waits, rings):
    switch(calls)
    row = listed(database)
    began = None if since is None else (AT + timedelta(seconds=since)).astimezone(BERLIN).isoformat()
    assert (row["group"], row["name"], row["extension"]) == ("crew", "Krisenstab", "380")
    assert (row["state"], row["since"]) == (state, began)
    assert [people(row[each]) for each in ("in", "waits", "rung")] == [inside, waits, rings]


def test_for_people(database, switch):
    switch((*GOES_ON[:2], rung("e", "130", 1)))
    assert run("group", "list", database=database) == (
        0, "crew (380): goes on since 2026-11-24T11:00:00+01:00\n"
           "WHO  STATE  SINCE\n"
           "102  in     2026-11-24T11:00:00+01:00\n"
           "101  in     2026-11-24T11:00:03+01:00\n"
           "130  rung   2026-11-24T11:00:01+01:00\n")
    switch(())
    assert run("group", "list", database=database) == (0, "crew (380): no\n")


def originated(told):
    return [each for each in told if each.startswith("bgapi originate")]


def called(database, *who):
    code, output = run("group", "call", "crew", *who, "--json", database=database)
    assert code == 0, output
    found = json.loads(output)
    return found["rung"], {each["who"]: each["why"] for each in found["left_out"]}


def test_it_begins(database, switch):
    told = switch(())
    assert called(database) == (["101", "102", "130", MOBILE], {})
    forget, = (each for each in told if each.startswith("sched_api"))
    seconds, name, command = forget.split(" ", 3)[1:]
    assert (seconds, command) == ("+90", f"hash delete/fsctl_group/{name}")
    commands = originated(told)
    assert len(commands) == 4 and told[0] == f"{HOST}:1" and told[-1] == "closed"
    for each in commands:
        assert f"fsctl_group=380;fsctl_group_run={name};" in each and "fsctl_group_caller" not in each
        assert each.endswith(" gather+380 XML fsctl") and "origination_caller_id_name='Krisenstab'" in each
    assert "]sofia/internal/sip:101@1.2.3.4,[" in commands[0] and "fsctl_leg=number++491709876543" in commands[0]
    assert "group_confirm_key=1" in commands[3] and "sofia/gateway/provider" in commands[3]


@pytest.mark.parametrize(("calls", "has"), [
    (RINGS, "fsctl_group=380;fsctl_group_caller=a;"),
    (GOES_ON, "fsctl_group=380;origination"),
])
def test_it_goes_on(database, switch, calls, has):
    told = switch(calls)
    assert called(database, "120") == (["120"], {})
    command, = originated(told)
    assert has in command and "fsctl_group_run" not in command and not any("sched_api" in each for each in told)


@pytest.mark.parametrize(("calls", "who", "rings", "left_out"), [
    (RINGS, (), ["102", "130"], {"101": "Anna Adler is rung already", MOBILE: f"{MOBILE} is rung already"}),
    (GOES_ON, (), [MOBILE], {
        "101": "Anna Adler is in it", "102": "Bernd Brandt is in it", "130": "Dr. Erika Ernst is rung already"}),
    (GOES_ON, ("103", "120"), ["120"], {"103": "Clara Conrad is in it"}),
    ((), ("101", "101", "131"), ["101"], {"131": "no phone of Fatma Fuchs is registered"}),
    ((), ("104", "120"), ["120"], {
        "104": "calls to David Dorn (left) are intercepted: rule 3 of David Dorn (left) about incoming calls"}),
    ((), ("120", "0170 123 4567"), ["120", MOBILE], {}),
    ((), ("+49 (0)170 / 1234567", "00170 1234567"), [MOBILE], {}),
    ((), ("+49 30 555 0101", "030 555 0101"), ["101"], {}),
    ((), ("+44 20 7946 0120",), ["120"], {}),
    ((channel("o", "103", peer="p"),), ("103",), ["103"], {}),
])
def test_who_is_rung(database, switch, calls, who, rings, left_out):
    switch(calls)
    assert called(database, *who) == (rings, left_out)


def test_what_people_have_set_counts(database, switch, tmp_path):
    applied(database, tmp_path, waiting=("call_waiting = true ", "call_waiting = false "))
    run("dnd", "on", "102", database=database)
    told = switch((channel("x", "101", peer="y"),))
    assert called(database, "101", "102", "130") == (["130"], {
        "101": "Anna Adler is on a call and has no call waiting",
        "102": "Bernd Brandt does not want to be disturbed"})
    assert len(originated(told)) == 1
    code, output = run("group", "call", "380", "101", "102", database=database)
    assert (code, output) == (
        1, "nobody is rung for the group call of Krisenstab: Anna Adler is on a call and has no call waiting; "
           "Bernd Brandt does not want to be disturbed")
    assert run("group", "call", "380", "130", "102", database=database) == (
        0, "rung for crew: 130\nnot rung: 102 (Bernd Brandt does not want to be disturbed)\n")


def test_a_telephone_outside_rings_once(database, switch):
    """That of 101, which is rung, or is in it, by itself."""
    told = switch(())
    assert called(database, "101", "+491709876543")[0] == ["101", "+491709876543"]
    assert ["number++491709876543" in each for each in originated(told)] == [False, True]
    device = there("b", number="+491709876543", sent_by="conference:crew")
    told = switch((there("a", "102", direction="inbound"), device))
    assert called(database, "101")[0] == ["101"]
    assert "491709876543" not in originated(told)[0]


@pytest.mark.parametrize(("node", "asked"), [("1", 1), ("2", 2), ("3", 1)])
def test_which_switch(database, switch, node, asked):
    told = switch((there("a", "102", node=f"{HOST}:{node}"),), nodes=[(HOST, 1), (HOST, 2)])
    called(database, "120")
    assert told[0] == f"{HOST}:{asked}"


@pytest.mark.parametrize(("who", "words"), [
    ("x", "'x' is nobody's extension and no number outside; write that as dialled, or as +4930…"),
    ("300", "'300' is nobody's extension and no number outside; write that as dialled, or as +4930…"),
    ("701", "'701' is nobody's extension and no number outside; write that as dialled, or as +4930…"),
    ("*72101", "'*72101' is nobody's extension and no number outside; write that as dialled, or as +4930…"),
    ("112", "'112' is nobody's extension and no number outside; write that as dialled, or as +4930…"),
    ("1234", "'1234' is nobody's extension and no number outside; write that as dialled, or as +4930…"),
    ("+49305550100", "'+49305550100' is nobody's extension and no number outside; write that as dialled, or as +4930…"),
])
def test_who_cannot_be_rung(database, switch, who, words):
    told = switch(())
    assert run("group", "call", "crew", "101", who, database=database) == (1, words)
    assert told == []


def ended(*uuids):
    return [f"uuid_kill {uuid} NORMAL_CLEARING" for uuid in uuids]


@pytest.mark.parametrize(("calls", "arguments", "told", "says"), [
    (GOES_ON, ("mute", "crew", "101"), ["conference group-380 mute uuid=b"], "101 is not heard"),
    (GOES_ON, ("mute", "380", "102", "--off"), ["conference group-380 unmute uuid=a"], "102 is heard again"),
    (GOES_ON, ("mute", "crew", "103"), ["conference group-380 mute uuid=h"], "103 is not heard"),
    (GOES_ON, ("mute", "crew", "0151 12345678"), ["conference group-380 mute uuid=f"], "0151 12345678 is not heard"),
    (GOES_ON, ("mute", "crew", "anonymous"), [f"conference group-380 mute uuid={each}" for each in "fg"],
     "anonymous is not heard"),
    (GOES_ON, ("drop", "crew", "101"), ended("c", "b"), "101 was hung up on"),
    (GOES_ON, ("drop", "crew", "130"), ended("e"), "130 was hung up on"),
    (GOES_ON, ("drop", "crew", "+4915"), ended("g"), "+4915 was hung up on"),
    (GOES_ON, ("drop", "crew", "all"), ended("c", "e", "a", "b", "f", "g", "h"), "the group call was ended"),
    (RINGS, ("drop", "crew", "all"), ended("a", "b", "c", "d"), "the group call was ended"),
    (RINGS, ("drop", "crew", "102"), ended("a"), "102 was hung up on"),
    (RINGS, ("drop", "crew", MOBILE), ended("d"), f"{MOBILE} was hung up on"),
])
def test_what_is_done_to_those_who_are_in_it(database, switch, calls, arguments, told, says):
    found = switch(calls)
    assert run("group", *arguments, database=database) == (0, f"{says}\n")
    assert found[1:-1] == told and found[-1] == "closed"


def test_for_programs(database, switch):
    switch(GOES_ON)
    assert [json.loads(run("group", *each, "--json", database=database)[1]) for each in (
        ("mute", "crew", "101"), ("mute", "crew", "101", "--off"), ("drop", "crew", "all"))] == [
        {"who": "101", "muted": True}, {"who": "101", "muted": False}, {"who": "all", "dropped": True}]


@pytest.mark.parametrize(("calls", "arguments", "words"), [
    ((), ("drop", "crew", "all"), "there is no group call of Krisenstab now"),
    ((), ("mute", "crew", "101"), "there is no group call of Krisenstab now"),
    (GOES_ON, ("mute", "crew", "130"), "130 is not in the group call of Krisenstab"),
    (RINGS, ("mute", "crew", "102"), "102 is not in the group call of Krisenstab"),
    (GOES_ON, ("drop", "crew", "120"), "120 is not in the group call of Krisenstab"),
    (GOES_ON, ("drop", "crew", "x"), "x is not in the group call of Krisenstab"),
    ((), ("drop", "sales", "101"), "there is no group call 'sales'; there are crew"),
    ((), ("call", "300"), "there is no group call '300'; there are crew"),
    (GOES_ON, ("call", "crew", "101"), "nobody is rung for the group call of Krisenstab: Anna Adler is in it"),
])
def test_refusals(database, switch, calls, arguments, words):
    switch(calls)
    assert run("group", *arguments, database=database) == (1, words)


@pytest.mark.parametrize("arguments", [("mute", "crew", "101"), ("drop", "crew", "101")])
def test_who_has_just_left(database, switch, arguments):
    switch(GOES_ON, answer="-ERR No such channel!")
    assert run("group", *arguments, database=database) == (1, "101 is in it no more")


@pytest.mark.parametrize("arguments", [("call", "crew"), ("mute", "crew", "101"), ("drop", "crew", "all")])
def test_no_switch(database, switch, arguments):
    switch(None)
    result = CliRunner().invoke(cli, ["group", *arguments, "--database", database])
    assert isinstance(result.exception, Unreachable), result.exception  # a process exits with 3


@pytest.mark.parametrize(("call", "others", "partner"), [
    (there("b", "101"), (), "conference:crew"),
    (rung("b", "101", peer="a"), (CALLER,), "102"),
    (rung("b", "101"), (), "conference:crew"),
    (there("b", "101", room="group-399"), (), None),
    (channel("b", "101", room="join-a"), (), None),
])
def test_status(call, others, partner):
    assert _row("101", an_office(), Seen(Live((call, *others)), {"101"}), {})["with"] == partner
