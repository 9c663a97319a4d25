"""Points 10 to 14: what check, explain and status say is what the switch does."""

import copy
import json
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fsctl import clock, sample
from fsctl.cli.hunt import _state as hunt_state
from fsctl.cli.status import Seen
from fsctl.cli.status import _row as status_row
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import CallerGone, Surveyed
from fsctl.officefile import check
from fsctl.policies import extension
from fsctl.policies.hunt_members import hindrance
from fsctl.schema import structure
from fsctl.store.database import open_database
from fsctl.store.hunts import accept
from fsctl.store.settings import change_setting
from fsctl.switch.generated.dialplan import emergency_xml
from tests.promises.shell import fsctl
from tests.switch.test_dialplan import bridged, run
from tests.unit.builders import ANNA, SALES, a_call, an_office
from tests.unit.drive import drive

SAMPLE = tomllib.loads(sample.text())
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def line(*sites, **more):
    """A trunk for these sites, or for the rest."""
    return {"dial": "sofia/gateway/x/{number}", **({"sites": list(sites)} if sites else {}), **more}


#: An office's trunks, who calls which number there, and by which trunks that is tried: one after the other.
HELP = [
    ({"provider": line("london")}, "101", "112", ["provider"]),  # the sample of the list of promises
    ({"provider": line("berlin"), "thames": line("london")}, "101", "112", ["provider", "thames"]),
    ({"provider": line(), "thames": line("london")}, "120", "999", ["thames", "provider"]),
    ({"provider": line(), "thames": line("london")}, "101", "112", ["provider", "thames"]),
    ({"one": line("berlin"), "two": line(), "three": line("berlin")}, "101", "110", ["one", "three", "two"]),
    ({}, "101", "112", []),
]


def office_with(trunks):
    tree = copy.deepcopy(SAMPLE)
    tree["trunks"] = {key: trunk | {"dial": f"sofia/gateway/{key}/{{number}}"} for key, trunk in trunks.items()}
    return tree


@pytest.mark.parametrize(("trunks", "caller", "number", "keys"), HELP)
def test_point_10_explain_and_the_dialplan_try_the_same_trunks_for_an_emergency_call(
    database, trunks, caller, number, keys
):
    tree = office_with(trunks)
    office = structure(tree)
    fields = {"fsctl_site": office.users[caller].site, "destination_number": number}
    dialled = re.findall(r"sofia/gateway/(\w+)/", bridged(run(emergency_xml(office), fields)))
    assert list(dict.fromkeys(dialled)) == keys
    code, told = fsctl("explain", caller, number, "--outcomes", " ".join(["offline"] * len(dialled)), "--json",
                       database=database(tree))
    steps = json.loads(told)["steps"]
    assert code == 0 and [step["action"] for step in steps] == ["ring"] * len(dialled) + ["hangup"]
    own = [office.trunks[key] for key in keys if office.trunks[key] in office.trunks_of(office.site_of(caller))]
    elsewhere = [step["reason_values"]["trunk"] for step in steps if step["reason_id"] == "emergency.elsewhere"]
    assert elsewhere == keys[len(own):]


@pytest.mark.parametrize(("trunks", "says"), [
    ({"provider": line("london")}, [
        "sites.berlin: no trunk serves it, so nobody calls outside from here; emergency calls (110, 112) go out by "
        "those of other sites; name the site in a trunk's sites"]),
    ({}, ["trunks: no trunk carries emergency calls (110, 112, 999); add one, or write emergency = []"]),
    ({"provider": line()}, []),
    ({"provider": line("berlin"), "thames": line("london")}, []),
])
def test_point_10_check_says_so(trunks, says):
    told = [str(each) for each in check(office_with(trunks), clock.now()) if each.path.startswith(("sites", "trunks"))]
    assert told == says


@pytest.mark.parametrize(("trunks", "caller", "keys"), [
    ({"provider": line(), "thames": line("london")}, "120", ["thames"]),  # the rest is who has none of his own
    ({"provider": line(), "thames": line("london")}, "101", ["provider"]),
    ({"thames": line("london"), "provider": line("london", "berlin")}, "120", ["thames", "provider"]),
    ({"thames": line("london")}, "101", []),
])
def test_point_11_a_trunk_without_sites_serves_those_that_no_trunk_names(database, trunks, caller, keys):
    number = "001701234567" if caller == "101" else "902079460999"
    _, told = fsctl("explain", caller, number, "--outcomes", "offline " * len(keys), "--json",
                    database=database(office_with(trunks)))
    steps = json.loads(told)["steps"]
    assert [step["reason_values"]["trunk"] for step in steps if step["action"] == "ring"] == keys
    assert (steps[-1]["action"], steps[-1]["reason_id"]) == (
        "hangup", "outbound.no_trunk" if keys else "class_of_service.no_trunk")


@pytest.mark.parametrize(("trunks", "reason"), [
    ({"provider": line("berlin", allow_transit=True), "thames": line("london")}, "outbound.by_trunk"),
    ({"provider": line("berlin"), "thames": line("london", allow_transit=True)}, "class_of_service.transit"),
    ({"thames": line("london", allow_transit=True)}, "class_of_service.no_trunk"),
])
def test_point_11_where_the_office_file_sends_a_call_outside_the_trunks_of_the_called_site_carry_it(
    database, trunks, reason
):
    tree = office_with(trunks)
    tree["sites"]["berlin"]["reception"] = "number:+491701234567"
    _, told = fsctl("explain", "+4930123456", "+49305550100", "--at", "2026-11-24T10:00", "--json",
                    database=database(tree))
    assert json.loads(told)["steps"][1]["reason_id"] == reason


#: What somebody may have switched at the moment, by its path, and a call that it changes.
SWITCHED = [
    ("dnd.103", "on", "102", "103"),
    ("forward.103.always", "user:102", "101", "103"),
    ("hunt.sales.101", "left", "+4915112345678", "+49305550300"),
    ("night.berlin", "on", "+4915112345678", "+49305550101"),
    ("filter.130", "off", "+4915112345678", "+49305550130"),
    ("assistant.130.131", "out", "+4915112345678", "+49305550130"),
    ("divert.130.131", "user:102", "+4915112345678", "+49305550130"),
    ("intercept.103", "on", "102", "103"),
    ("pointer", "101", "+4915112345678", "+49305550300"),
]


@pytest.mark.parametrize(("path", "value", "caller", "dialled"), SWITCHED)
def test_point_12_office_test_begins_with_nothing_switched_and_explain_goes_by_what_is(
    database, tmp_path, path, value, caller, dialled
):
    at, file = "2026-11-24T10:00", tmp_path / "calls.toml"
    result = explained(place := database(SAMPLE), caller, dialled, at)
    file.write_text(f'[[call]]\nfrom = "{caller}"\nto = "{dialled}"\nat = "{at}"\nexpect = "{result}"\n')
    store = open_database(place)
    if path == "pointer":
        accept(store, "sales", value, "a call", "a leg", "node", NOW)
    else:
        change_setting(store, path, value, "op", datetime(2026, 11, 1, tzinfo=UTC))
    store.close()
    assert explained(place, caller, dialled, at) != result
    assert fsctl("office", "test", str(file), database=place) == (0, "1 calls, none went elsewhere\n")


def explained(place, caller, dialled, at):
    """Where the call ends up."""
    return json.loads(fsctl("explain", caller, dialled, "--at", at, "--json", database=place)[1])["result"]


@pytest.mark.parametrize(("keys", "caller", "dialled", "result"), [
    ('dnd = ["103"]', "102", "103", "hangup:busy"),
    ('forward = { 103 = { always = "user:102" } }', "101", "103", "user:102"),
    ('forward = { 131 = { no_answer = "user:102" } }\noutcomes = ["no-answer"]', "101", "131", "user:102"),
    ('left = { sales = ["101"] }', "+4915112345678", "+49305550300", "user:102"),
    ('pointer = { sales = "101" }', "+4915112345678", "+49305550300", "user:102"),
    ('pointer = { sales = "102" }\nleft = { sales = ["103"] }', "+4915112345678", "+49305550300", "user:101"),
])
def test_point_12_a_test_says_itself_what_is_switched(database, tmp_path, keys, caller, dialled, result):
    file = tmp_path / "calls.toml"
    file.write_text(
        f'[[call]]\nfrom = "{caller}"\nto = "{dialled}"\nat = "2026-11-24T10:00"\n{keys}\nexpect = "{result}"\n')
    code, told = fsctl("office", "test", str(file), database=database(SAMPLE))
    assert code == 0, told


def channel(state, direction="outbound", user="101", **more):
    """At Anna's phone, or at somebody else's."""
    return LiveCall("u", user, None, direction, state, NOW, **more)


#: What goes on at Anna's phones; the word of status, that of hunt, whether a hunt group passes her over, and whether a
#: caller finds her busy who has no call waiting.
BUSY = [
    ([], "free", "free", False, False),
    ([channel("ringing")], "ringing", "ringing", True, True),
    ([channel("ringing", "inbound")], "busy", "busy", True, True),
    ([channel("talking")], "busy", "busy", True, True),
    ([channel("held")], "on hold", "busy", True, True),
    ([channel("parked", slot="701")], "busy", "busy", True, True),
    ([channel("parked", user="102", slot="101")], "parked for", "free", False, False),
    ([channel("parked", user=None, slot="101", number="+4930123456")], "parked for", "free", False, False),
]


@pytest.mark.parametrize(("channels", "status", "hunt", "passed_over", "busy"), BUSY)
def test_point_13_status_hunt_and_policies_agree_who_is_busy(channels, status, hunt, passed_over, busy):
    office = an_office(users={"101": replace(ANNA, call_waiting=False)})
    live = Live(tuple(channels))
    assert status_row("101", office, Seen(live, {"101"}), {})["state"] == status
    assert hunt_state(office, SALES, "101", Standing(), Seen(live, {"101"}), NOW) == hunt
    call, seen = replace(a_call("hunt:sales", user="120"), uuid="own"), Surveyed(Standing(), live, NOW)
    hindered = hindrance("101", call, SALES, replace(SALES.hunt, policy="linear"), office, seen)
    assert (hindered is not None) == passed_over
    rung = drive(extension.run, replace(call, to=Destination("user", "101")), office, [CallerGone()], live=live)
    assert rung[0].startswith("pass Busy") == busy, rung


@pytest.mark.parametrize(("parked", "of", "row"), [
    (channel("parked", user=None, slot="101", number="+4930123456"), "101", ("parked for", "+4930123456")),
    (channel("parked", user=None, slot="101"), "101", ("parked for", "anonymous")),
    (channel("parked", user="102", slot="101"), "101", ("parked for", "102")),
    (channel("parked", user="102", slot="101"), "102", ("busy", "slot:101")),
    (channel("parked", user="102", slot="701"), "102", ("busy", "slot:701")),
])
def test_point_13_status_tells_a_parked_call_in_words(parked, of, row):
    told = status_row(of, an_office(), Seen(Live((parked,)), {"101", "102"}), {})
    assert (told["state"], told["with"]) == row


#: Saturday night into Sunday, and then when the schedule of the stocktaking is on: Sunday from 22:00 to Monday 04:00.
NIGHTS = [
    ({"during": "stocktaking"}, "2026-11-22T23:00", "mailbox:101", "stocktaking is on until Mon 04:00"),
    ({"during": "stocktaking"}, "2026-11-23T10:00", "user:101", "stocktaking is off until Sun 22:00"),
    ({"during": "stocktaking"}, "2027-01-02T10:00", "mailbox:101", "stocktaking is on: date 2 Jan"),
    ({"outside": "open"}, "2026-11-22T23:00", "mailbox:101", "closed until Mon 08:00"),
    ({"outside": "open"}, "2026-11-23T10:00", "user:101", "open until 12:00"),
]


@pytest.mark.parametrize(("night", "at", "result", "because"), NIGHTS)
def test_point_14_the_reason_of_night_service_is_not_the_contrary_of_it(database, night, at, result, because):
    tree = copy.deepcopy(SAMPLE)
    tree["sites"]["berlin"]["night"] = night | {"to": "mailbox:101"}
    _, told = fsctl("explain", "+4915112345678", "+49305550101", "--at", at, "--json", database=database(tree))
    told = json.loads(told)
    reason = next(step["reason"] for step in [*told["steps"], *told["passed"]] if step["policy"] == "night_service")
    state = "" if result == "mailbox:101" else " is off"
    assert (told["result"], reason) == (result, f"night service of Berlin{state}: {because}")


@pytest.mark.parametrize(("trunk", "caller", "left", "why"), [
    (line(), "+4915112345678", [],
     "+491701234567 cannot be called: outside callers may not be sent on to the outside; "
     "+491707654321 cannot be called: outside callers may not be sent on to the outside"),
    (line("london"), "103", [],
     "+491701234567 cannot be called: no trunk serves Berlin; +491707654321 cannot be called: no trunk serves Berlin"),
    (line("london"), "103", ["+491707654321"],
     "+491701234567 cannot be called: no trunk serves Berlin; +491707654321 has left the group"),
    (line(), "103", ["+491701234567", "+491707654321"],
     "+491701234567 has left the group; +491707654321 has left the group"),
])
def test_point_14_a_hunt_of_members_outside_says_why_they_are_not_rung(database, trunk, caller, left, why):
    tree = office_with({"provider": trunk})
    tree["groups"]["sales"]["members"] = ["+491701234567", "+491707654321"]
    store = open_database(place := database(tree))
    for member in left:
        change_setting(store, f"hunt.sales.{member}", "left", "op", datetime(2026, 11, 1, tzinfo=UTC))
    store.close()
    dialled = "300" if caller == "103" else "+49305550300"
    _, told = fsctl("explain", caller, dialled, "--at", "2026-11-24T10:00", "--json", database=place)
    reason = next(step for step in json.loads(told)["steps"] if step["policy"] == "hunt_group")["reason"]
    assert reason == f"no member of Verkauf can be reached; {why}"
