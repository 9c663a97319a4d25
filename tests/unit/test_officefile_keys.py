"""The office file: what single keys accept, and numbers that nobody can be given since they call for help."""

import re
from typing import Any

import pytest

from fsctl import officefile
from tests.unit.test_officefile import NOW, SAMPLE, changed

NO_COUNTRY = '"XX" is not a country; write two letters like'
OUTSIDE = ("must be one of national, mobile, international, premium, country:CH, a pattern like +4144* or a short "
           "number, not")
NOT_SHORT = "is no short number in DE; write others as +4930…"
CALLERS = "external, internal, anonymous, any, a number like +493012345, a pattern like +4917012345* or an extension"
CALLER = f"must be one of {CALLERS}, not"
#: One more user.
BESIDE: dict[str, Any] = {"name": "Ida Igel", "site": "berlin"}
CALLS = ("all, internal, external, anonymous, international, premium, a number like +493012345, a pattern like "
         "+4917012345* or an extension")
CALL = f"must be one of {CALLS}, not"
NO_NUMBER = "is no extension and no complete number; write it as +4930…"
#: How ends what is said of an office that works, though not as somebody may think.
WARNED = ("who could take calls", "no call goes to the assistants", "can mean either", "has no effect beside `reroute`",
          "a rule before it is about all calls")
#: What the keys accept and what not: a value at a path, and what is said of it; "" where it is fine.
KEYS: list[tuple[str, Any, str]] = [
    ("office/recordings", "/var/lib/fsctl/Aufnahmen 2026", ""),
    ("office/recordings", " ", 'must be the name of a folder, not " "'),
    ("office/recordings", "re$cordings", 'must not have "$"'),
    ("office/transfer_recall", False, ""),
    ("office/transfer_recall", 0, "must be true or false, not 0"),
    ("office/outside_legs", 1, ""),
    ("office/outside_legs", 50, ""),
    ("office/outside_legs", 0, "must be 1 to 50, not 0"),
    ("office/outside_legs", 51, "must be 1 to 50, not 51"),
    ("office/keep_calls_days", 0, ""),
    ("office/keep_calls_days", 3650, ""),
    ("office/keep_calls_days", -1, "must be 0 to 3650, not -1"),
    ("office/keep_calls_days", 3651, "must be 0 to 3650, not 3651"),
    ("office/keep_withheld", True, ""),
    ("office/keep_withheld", "no", 'must be true or false, not "no"'),
    ("office/own_context", "default", ""),
    ("office/own_context", "my-own.phones_2", ""),
    ("office/own_context", "fsctl_default",
     "fsctl_default is fsctl's; name the one of your own dialplan in which your own telephones dial"),
    ("office/own_context", "my phones", '"my phones" is not the name of a context: letters, digits, _ . -'),
    ("office/own_context", "${context}", '"${context}" is not the name of a context: letters, digits, _ . -'),
    ("numbering/show_callers", "national", ""),
    ("numbering/show_callers", "local", 'must be one of e164, national, not "local"'),
    ("codes/withhold", "*31", ""),
    ("codes/withhold", "#62", "#62 clashes with codes.filter_off"),
    ("sites/berlin/night_by_phone", "stays", ""),
    ("sites/berlin/night_by_phone", "on", 'must be one of next-change, stays, not "on"'),
    ("sites/london/country", "CH", ""),
    ("sites/london/country", "XX", f"{NO_COUNTRY} DE"),
    ("sites/london/external_prefix", "", ""),
    ("sites/london/external_prefix", "999", ""),
    ("sites/london/external_prefix", "9999", "must be at most 3 digits"),
    ("sites/london/external_prefix", "*", "must be at most 3 digits"),
    ("schedules/stocktaking/dates", ["12-24", "12-27/01-02 10:00-12:00"], ""),
    ("schedules/stocktaking/also", ["02-29"], ""),
    ("users/101/outside", ["mobile", "premium", "country:CH", "+4144*", "+442079460999"], ""),
    ("users/101/outside/0", "abroad", f'{OUTSIDE} "abroad"'),
    ("users/101/outside/0", "+*", f'{OUTSIDE} "+*"'),
    ("users/101/outside/0", "044*", f'{OUTSIDE} "044*"'),
    ("users/101/outside", ["mobile", "11880", "116117", "115"], ""),
    ("users/101/outside/0", "411", f"411 {NOT_SHORT}"),
    ("users/101/outside/0", "030123456", f"030123456 {NOT_SHORT}"),
    ("users/101/outside/0", "0", f"0 {NOT_SHORT}"),
    ("users/101/outside/0", "118*", f'{OUTSIDE} "118*"'),
    ("users/101/outside/0", "١١٨٨٠", f'{OUTSIDE} "١١٨٨٠"'),
    ("users/101/outside/0", "112", "112 is an emergency number, which everybody may call"),
    ("users/101/outside/0", "999", "999 is an emergency number, which everybody may call"),  # London's
    ("users/101/outside/0", "country:XX", f"{NO_COUNTRY} country:CH"),
    ("users/101/outside/0", "country:", '"" is not a country; write two letters like country:CH'),
    ("users/130/executive/rules/1/called", ["130", "+49305550130"], ""),
    ("users/130/executive/rules/1/called/0", "+49305550101",
     '"+49305550101" is no number of Dr. Erika Ernst; known are 130, +49305550130'),
    ("users/130/executive/rules/0/called", ["130", "131"],
     '[1]: "131" is no number of Dr. Erika Ernst; known are 130, +49305550130'),
    ("users/130/executive/rules/1/called", "external",
     '"external" is no number of Dr. Erika Ernst; known are 130, +49305550130'),
    ("users/130/executive/rules/0/from", ["internal", "anonymous", "any", "101", "1*", "+49*", "+4917012345*"], ""),
    ("users/130/executive/rules/0/from", ["+49 170 1234567"], ""),
    ("users/130/executive/rules/0/from/0", "everybody", f'{CALLER} "everybody"'),
    ("users/130/executive/rules/0/from/0", "", f'{CALLER} ""'),
    ("users/130/executive/rules/0/from/0", "*", f'{CALLER} "*"'),
    ("users/130/executive/rules/0/from/0", "+0170*", f'{CALLER} "+0170*"'),
    ("users/130/executive/rules/0/from/0", "0170*1", f'{CALLER} "0170*1"'),
    ("users/130/executive/rules/0/from/0", "1700001*", f'{CALLER} "1700001*"'),
    ("users/130/executive/rules/0/from/0", "01701234567", f'{CALLER} "01701234567"'),
    ("users/130/executive/rules/0/from/0", "0170*", "no extension begins with 0170; write outside numbers as +4930…*"),
    ("users/130/executive/rules/0/from/0", "+49", '"+49" is not a complete number; write it as +4930…'),
    ("users/130/executive/rules/0/from/0", "199", "there is no user 199; write outside numbers as +4930…"),
    ("users/130/executive/rules/0/from", [], f"is about nobody; name some of {CALLERS}"),
    ("users/130/executive/rules/1/during", "never", "there is no schedule never"),
    ("users/130/executive/rules/1/name", "family goes through",
     '"family goes through" is used twice; give each its own name'),
    ("users/130/executive/rules/1/name", " ", "must not be empty: explain tells by it which rule decided"),
    ("users/130/executive/display", "{caller} für {executive}", ""),
    ("users/130/executive/display", "{name}", 'has "{name}"; only {executive} and {caller} stand for something'),
    ("users/130/executive/display", "{caller", 'has "{caller"; only {executive} and {caller} stand for something'),
    ("users/130/executive/display", "}", 'has "}"; only {executive} and {caller} stand for something'),
    ("users/130/executive/display", "{caller}" * 10 + "x", "must have at most 80 characters"),
    ("users/130/executive/display", "{caller}" * 10, ""),
    ("users/130/executive/display", "", "must not be empty; write for example executive-caller"),
    ("users/130/executive/assistants", ["131", "131"], "[1]: 131 is listed twice"),
    ("users/130/executive/assistants", [], ": there is no assistant who could take calls"),
    ("users/130/executive/ring_seconds", 120, ""),
    ("users/130/executive/ring_seconds", 0, "must be 1 to 120, not 0"),
    ("users/130/executive/rollover/after_seconds", 0, ""),
    ("users/130/executive/rollover/after_seconds", 7201, "must be 0 to 7200, not 7201"),
    ("users/130/executive/rollover/to", "user:130", ""),
    ("users/130/executive/rollover/to", "user:199", "there is no user 199"),
    ("users/130/executive/rules/1/action", "accept",
     'users.130.executive.filter: filter = "rules", but no rule has action = "divert": no call goes to the assistants'),
    ("users/1301", BESIDE | {"executive": {"assistants": ["132"]}},
     "users.130: 1301 begins with it, and both have the assistant 132: what that one dials after #64 and #67 can mean"
     " either"),
    ("users/1301", BESIDE | {"executive": {"assistants": ["101"]}}, ""),
    ("users/1301", BESIDE, ""), ("users/1401", BESIDE | {"executive": {"assistants": ["132"]}}, ""),
    ("users/104/intercept/inbound/0/calls",
     ["all", "internal", "external", "anonymous", "international", "premium", "101", "1*", "+49*", "+49170 1234567"],
     ""),
    ("users/104/intercept/outbound/calls",
     ["all", "internal", "external", "anonymous", "international", "premium", "101", "300", "380", "30*", "116117",
      "+49900*"], ""),
    ("users/104/intercept/inbound/0/calls/0", "everybody", f'{CALL} "everybody"'),
    ("users/104/intercept/inbound/0/calls/0", "any", f'{CALL} "any"'),
    *(("users/104/intercept/inbound/0/calls/0", word, f'{CALL} "{word}"') for word in (
        "1", "1234567", "170000*", "+1234567890123456*", "١٠١", "١٠*", "+٤٩*", "+4٩*", "+٤٩", "+*", "*", "", "+0*")),
    ("users/104/intercept/inbound/0/calls", ["+1*", "+123456789012345*"], ""),
    ("users/104/intercept/inbound/0/calls/0", "10", "there is no user 10; write outside numbers as +4930…"),
    ("users/104/intercept/inbound/0/calls/0", "100000", "there is no user 100000; write outside numbers as +4930…"),
    ("users/104/intercept/inbound/0/calls/0", "17000*",
     "no extension begins with 17000; write outside numbers as +4930…*"),
    ("users/104/intercept/inbound/1/calls", "none", f'{CALL} "none"'),
    ("users/104/intercept/inbound/0/calls", [], f"is about no call; name some of {CALLS}"),
    ("users/104/intercept/inbound/0/calls/0", "300", "there is no user 300; write outside numbers as +4930…"),
    ("users/104/intercept/inbound/0/calls/0", "30*", "no extension begins with 30; write outside numbers as +4930…*"),
    ("users/104/intercept/inbound/0/calls/0", "19*", "no extension begins with 19; write outside numbers as +4930…*"),
    ("users/104/intercept/inbound/0/calls/0", "116117", "there is no user 116117; write outside numbers as +4930…"),
    ("users/104/intercept/inbound/0/calls/0", "+49", '"+49" is not a complete number; write it as +4930…'),
    ("users/104/intercept/inbound/0/calls/0", "+490083", '"+490083" is not a complete number; write it as +4930…'),
    ("users/104/intercept/outbound/calls", "701", "there is no user or group 701; write outside numbers as +4930…"),
    ("users/104/intercept/outbound/calls", "411", "there is no user or group 411; write outside numbers as +4930…"),
    ("users/104/intercept/outbound/calls", "7*", "no extension begins with 7; write outside numbers as +4930…*"),
    ("users/104/intercept/outbound/calls", ["+49"], '[0]: "+49" is not a complete number; write it as +4930…'),
    ("users/104/intercept/outbound/calls", ["112"], "[0]: 112 is an emergency number, which everybody may call"),
    ("groups/interns/intercept/outbound/calls/0", "abroad", f'{CALL} "abroad"'),
    ("groups/interns/intercept/inbound", [{"calls": "everybody"}], f'[0].calls: {CALL} "everybody"'),
    ("users/104/intercept/inbound/1/new_number", "102", ""),
    ("users/104/intercept/inbound/1/new_number", "030 55501019", f'"03055501019" {NO_NUMBER}'),
    ("users/104/intercept/inbound/1/new_number", "+49", f'"+49" {NO_NUMBER}'),
    ("users/104/intercept/inbound/1/new_number", "+490083", f'"+490083" {NO_NUMBER}'),
    ("users/104/intercept/inbound/1/announce", "gone", "there is no announcement gone"),
    ("users/104/intercept/inbound/1/announce", None, ""),
    ("users/104/intercept/inbound/1/during", "never", "there is no schedule never"),
    ("users/104/intercept/inbound/1/zero", "user:199", "there is no user 199"),
    ("users/104/intercept/inbound/2/mailbox", "mailbox:103",
     "user 103 has no mailbox; write mailbox = true there"),
    ("users/104/intercept/inbound/0/reroute", "hunt:crew", "group crew has no hunt"),
    ("groups/interns/intercept/outbound/reroute", "announcement:x", "there is no announcement x"),
    ("users/104/intercept/inbound/0/zero", "user:102", ""),
    ("users/104/intercept/inbound/0/mailbox", "mailbox:102", "has no effect beside `reroute`"),
    ("users/104/intercept/inbound/0/new_number", "102", ""),
    ("users/104/intercept/outbound/zero", "user:102", ""),
    ("users/104/intercept/outbound/mailbox", "mailbox:102", ""),
    ("users/104/intercept/outbound/new_number", "102", ""),
    ("users/104/intercept/inbound/1/new_number", "701", f'"701" {NO_NUMBER}'),
    ("users/104/intercept/inbound/2/mailbox", "user:102", "must be a mailbox like mailbox:101, not user:102"),
    ("users/104/intercept/inbound/1/zero", "user:104", "user:104 is David Dorn (left), whose calls are intercepted"),
    ("users/104/intercept/inbound/0/reroute", "user:104", "user:104 is David Dorn (left), whose calls are intercepted"),
    ("groups/sales/intercept/inbound", {"calls": "all", "zero": "number:+49305550300"},
     ".zero: number:+49305550300 is Verkauf, whose calls are intercepted"),
    ("groups/crew/intercept/inbound", {"calls": "all", "reroute": "conference:crew"},
     ".reroute: conference:crew is Krisenstab, whose calls are intercepted"),
    ("groups/sales/intercept", {"inbound": {"calls": "all", "reroute": "user:101"}}, ""),
    ("groups/sales/intercept", {"outbound": {"calls": "internal", "reroute": "hunt:sales"}}, ""),
    ("users/104/intercept/inbound", [{"calls": "all"}, {"calls": "external"}],
     "[1]: is never asked: a rule before it is about all calls"),
    ("users/104/intercept/inbound", [{"calls": "all", "during": "open"}, {"calls": "external"}], ""),
    ("users/104/intercept/inbound", [{"calls": "all", "zero": "user:101"}, {"calls": "external"}], ""),
    ("users/120/intercept/inbound", {"calls": ["external", "all"], "reroute": "number:+442079460100"},
     ".reroute: this is a loop: 120 -> site:london -> 120"),
    ("users/120/intercept/inbound", [{"calls": "+4930*"}, {"calls": "all", "reroute": "number:+442079460100"}],
     "[1].reroute: this is a loop: 120 -> site:london -> 120"),
    ("users/120/intercept/inbound", {"calls": "external", "reroute": "number:+442079460100"}, ""),
    ("users/120/intercept/inbound", {"calls": "all", "during": "open", "reroute": "number:+442079460100"}, ""),
    ("users/120/intercept/outbound", {"calls": ["118118", "116123"]}, ""),
    ("users/102/intercept/outbound", {"calls": ["118118"]},
     ".calls[0]: there is no user or group 118118; write outside numbers as +4930…"),
    ("groups/interns/intercept/outbound/mailbox", "mailbox:102", "has no effect beside `reroute`"),
]


@pytest.mark.parametrize(("path", "value", "said"), KEYS)
def test_keys(path: str, value: Any, said: str) -> None:
    found = [(str(each), each.warning) for each in officefile.check(changed({path: value}), NOW)]
    place = re.sub(r"/(\d+)(?=/|$)", r"[\1]", path.replace("users/", "users.")).replace("/", ".")
    said = said if not said or said.startswith("users.") else place + said if said[0] in "[:." else f"{place}: {said}"
    assert found == ([(said, said.endswith(WARNED))] if said else [])


HELP = "it is an emergency number"
BERLIN, LONDON = "sites.berlin.emergency", "sites.london.emergency"
#: Where the sample, or what is changed in it, gives an extension that calls for help somewhere; and why it does.
CALLS_FOR_HELP: list[tuple[str, str, dict[str, Any], str]] = [
    ("users.112", "112", {"users/112": SAMPLE["users"]["103"]}, "(numbering.emergency[1])"),
    ("users.9999", "9999", {"users/9999": SAMPLE["users"]["103"]}, f"with external_prefix 9 ({LONDON}[0])"),
    ("groups.sales.hunt.extension", "999", {}, f"({LONDON}[0])"),
    ("groups.sales.park.extensions[2]", "0110", {}, "with external_prefix 0 (numbering.emergency[0])"),
    ("groups.crew.conference.extension", "0112", {}, "with external_prefix 0 (numbering.emergency[1])"),
    ("groups.crew.conference.extension", "0999", {}, f"with external_prefix 0 ({LONDON}[0])"),
    ("groups.crew.conference.extension", "9112", {}, "with external_prefix 9 (numbering.emergency[1])"),
    ("groups.crew.conference.extension", "117", {"sites/berlin/emergency": ["117"]}, f"({BERLIN}[0])"),
    ("groups.crew.conference.extension", "77112", {"sites/berlin/external_prefix": "77"},
     "with external_prefix 77 (numbering.emergency[1])"),
    ("groups.crew.conference.extension", "110", {"numbering": None, "sites/berlin/emergency": None},
     "(numbering.emergency)"),
]


@pytest.mark.parametrize(("place", "extension", "changes", "why"), CALLS_FOR_HELP)
def test_no_extension_calls_for_help(place: str, extension: str, changes: dict[str, Any], why: str) -> None:
    if place.startswith("groups"):
        changes = {**changes, place.replace(".", "/").replace("[2]", "/2"): extension}
    assert [(str(each), each.warning) for each in officefile.check(changed(changes), NOW)] == [
        (f"{place}: nobody can dial extension {extension}: {HELP} {why}; choose another", False)]


@pytest.mark.parametrize("extension", ["117", "199", "911", "9998", "77112"])
def test_only_what_is_dialled_as_a_whole_calls_for_help(extension: str) -> None:
    found = officefile.check(changed({"groups/crew/conference/extension": extension}), NOW)
    assert all(each.warning and "hides outside numbers" in each.message for each in found)


def test_a_code_that_begins_like_another_one_hides_what_that_does_with_digits():
    found = officefile.check(changed({"codes/pickup_directed": "#3"}), NOW)
    assert [(str(each), each.warning) for each in found] == [
        ("codes.withhold: #31 hides what codes.pickup_directed would do with 1…", True)]
