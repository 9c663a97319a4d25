"""One row for every key of the office file: where it is set, to what, and by what that is noticed.

A row is about the key at the end of its path in the sample office; what else is to be changed there for it, whether it
is set or not, comes last.
"""

from dataclasses import fields
from typing import Any

from fsctl.model.codes import Codes
from tests.promises import noticing as see
from tests.promises.noticing import BERLIN, CHRISTMAS, MOBILE, NIGHT, SUNDAY, Observer, all_of, call

Row = tuple[str, Any, Observer] | tuple[str, Any, Observer, dict[str, Any]]

LONDON, ANNA, ERNST, SALES = "+442079460100", "+49305550101", "+49305550130", "+49305550300"
ABROAD = "000442079460999"
TO_SALES = call(MOBILE, SALES)
TO_ERNST = call(MOBILE, ERNST)
BY_NIGHT = call(MOBILE, BERLIN, at=NIGHT)

OFFICE: list[Row] = [
    ("version", 2, see.found),
    ("office/hold_recall_seconds", 60, see.held_too_long),
    ("office/barge_in", "site", call("130", "*42101", live=see.talk("101"))),
    ("office/barge_tone", False, call("102", "*42101", live=see.talk("101"))),
    ("office/record", True, call("102", "*44")),
    ("office/recordings", "taped", see.recording),
    ("office/transfer_recall", False, call(MOBILE, "103", "no-answer", by="101")),
    ("office/outside_legs", 2, call("102", "101", "offline", live=see.ringing_outside("user:101", "x", "y"))),
    ("office/keep_calls_days", 30, see.kept_until),
    ("office/keep_withheld", True, see.journal_names),
    ("office/own_context", "default", all_of(call("101", "1000"), see.failsafe)),
    ("office/prompts", "sounds", see.prompts_xml),
    ("numbering/country", "AT", call("101", "00301234567")),
    ("numbering/emergency", ["115"], call("101", "115"), {"sites/berlin/emergency": None}),
    ("numbering/external_prefix", "8", call("101", "80301234567")),
    ("numbering/show_callers", "national", see.display),
    ("trunks/provider/dial", "sofia/gateway/other/{e164}", see.emergency_xml),
    ("trunks/provider/caller_id", "+49305550199", call("102", "00301234567")),
    ("trunks/provider/allow_transit", False, call(MOBILE, ANNA, "offline")),
    ("trunks/provider/sites", ["london"], call("101", "00301234567"), {"trunks/spree": {"dial": "sofia/x/{number}"}}),
    ("schedules/open/weekly", {"mon-sun": ["00:00-24:00"]}, BY_NIGHT),
    ("schedules/open/dates", ["2026-11-25"], BY_NIGHT),
    ("schedules/open/except", ["2026-11-25"], call(MOBILE, BERLIN)),
    ("schedules/open/also", ["2026-11-25 20:00-24:00"], BY_NIGHT),
]

#: Each code at other digits, with and without what may come after it.
CODES: list[Row] = [
    (f"codes/{code.name}", "*95", all_of(call("131", "*95"), call("131", "*95130"), call("130", "*95")))
    for code in fields(Codes)
]

RECALL = {"sites/berlin/park": {"recall_to": "parker-then-alternate", "alternate": "user:103"}}
SITES: list[Row] = [
    ("sites/berlin/name", "Spree", BY_NIGHT),
    ("sites/berlin/timezone", "Asia/Tokyo", call(MOBILE, BERLIN)),
    ("sites/berlin/language", "en", BY_NIGHT),
    ("sites/berlin/holidays", "", call(MOBILE, BERLIN, at=CHRISTMAS)),
    ("sites/berlin/numbers", ["+49305550199"], call(MOBILE, "+49305550199")),
    ("sites/berlin/reception", "user:103", call(MOBILE, BERLIN)),
    ("sites/berlin/night/outside", "stocktaking", call(MOBILE, BERLIN)),
    ("sites/london/night/during", "stocktaking", call(MOBILE, LONDON, at=SUNDAY)),
    ("sites/berlin/night/to", "mailbox:102", BY_NIGHT),
    ("sites/berlin/night_by", ["102"], call("101", "*28")),
    ("sites/berlin/night_by_phone", "stays", call("101", "*281")),
    ("sites/berlin/music", "jazz.wav", call("101", "*68")),
    ("sites/berlin/country", "AT", call("101", "00301234567")),
    ("sites/berlin/emergency", ["115"], call("101", "115")),
    ("sites/berlin/external_prefix", "8", call("101", "80301234567")),
    ("sites/berlin/park/recall_seconds", 60, call("101", "*68")),
    ("sites/berlin/park/recall_to", "alternate", see.from_slot("102", "no-answer")),
    ("sites/berlin/park/alternate", "user:131", see.from_slot("102", "no-answer"), RECALL),
    ("sites/berlin/park/alternate_after_seconds", 60, see.from_slot("102", "no-answer"), RECALL),
]

USERS: list[Row] = [
    ("users/101/name", "Ida Igel", call("101", "102")),
    ("users/101/site", "london", call("101", "999")),
    ("users/101/numbers", ["+49305550199"], call(MOBILE, "+49305550199")),
    ("users/103/mailbox", True, call("102", "103", "no-answer")),
    ("users/101/ring_seconds", 33, call("102", "101")),
    ("users/103/forward/always", "user:102", call("101", "103")),
    ("users/103/forward/busy", "user:102", call("101", "103", "busy")),
    ("users/103/forward/no_answer", "user:102", call("101", "103", "no-answer")),
    ("users/103/forward/offline", "user:102", call("101", "103", "offline")),
    ("users/120/monitors", ["101"], call("120", "*97101")),
    ("users/103/devices", ["+491709876543"], call("102", "103")),
    ("users/102/outside", ["international"], call("102", ABROAD)),
    ("users/103/call_waiting", False, call("102", "103", live=see.talk("103"))),
    ("users/103/privacy", True, see.directory),
    ("users/103/language", "en", call("103", "777")),
    ("users/101/night", "on", call(MOBILE, ANNA)),
    ("users/101/barge_in", False, call("102", "*42101", live=see.talk("101"))),
]

EXECUTIVE = "users/130/executive"
RULE = f"{EXECUTIVE}/rules/1"
EXECUTIVES: list[Row] = [
    (f"{EXECUTIVE}/assistants", ["132"], TO_ERNST),
    (f"{EXECUTIVE}/filter", "off", TO_ERNST),
    (f"{EXECUTIVE}/alerting", "simultaneous", TO_ERNST),
    (f"{EXECUTIVE}/ring_seconds", 11, TO_ERNST),
    (f"{EXECUTIVE}/rollover/after_seconds", 5, TO_ERNST),
    (f"{EXECUTIVE}/rollover/to", "user:103", call(MOBILE, ERNST, "no-answer", "no-answer")),
    (f"{EXECUTIVE}/display", "{caller} für {executive}", TO_ERNST),
    (f"{EXECUTIVE}/show_number", "executive", TO_ERNST),
    (f"{EXECUTIVE}/screening", "splash", TO_ERNST),
    (f"{EXECUTIVE}/push_recall_seconds", 9, call("131", "#63130", live=see.talk("131", state="held"))),
    (f"{EXECUTIVE}/opt_out", False, call("131", "#66130")),
    (f"{EXECUTIVE}/assistants_may_switch", False, call("131", "#61130")),
    (f"{RULE}/name", "all", TO_ERNST),
    (f"{RULE}/from", "anonymous", TO_ERNST),
    (f"{RULE}/called", "130", TO_ERNST),
    (f"{RULE}/during", "stocktaking", TO_ERNST),
    (f"{RULE}/action", "accept", TO_ERNST),
]


def intercepts(owner: str, direction: str, seen: Observer) -> list[Row]:
    """Of a user's or a group's rule for all calls that come in, or go out."""
    at = f"{owner}/intercept/{direction}"
    beside = {f"{owner}/intercept": {direction: [{"calls": "all", "announce": "out-of-service"}]}}
    values = {"calls": "anonymous", "during": "stocktaking", "announce": "closed", "new_number": "132",
              "zero": "user:132", "mailbox": "mailbox:131", "reroute": "user:132"}
    return [(f"{at}/0/{key}", value, seen, beside) for key, value in values.items()]


INTERCEPTS = [
    *intercepts("users/103", "inbound", call("102", "103")),
    *intercepts("users/103", "outbound", call("103", "102")),
    *intercepts("groups/interns", "inbound", call("102", "103")),
    *intercepts("groups/interns", "outbound", call("103", "102")),
]

HUNT = "groups/sales/hunt"
OUTSIDE = {"groups/sales/members": ["+491701234567"]}
PARK = {"groups/sales/park": {"extensions": ["701"], "recall_to": "parker-then-alternate", "alternate": "user:103"}}
CALLED_380 = call("101", "380")
GROUPS: list[Row] = [
    ("groups/sales/name", "Vertrieb", call("130", "300")),
    ("groups/sales/site", "london", call("120", "701", by="101", live=see.talk("101"))),
    ("groups/sales/members", ["103"], TO_SALES),
    ("groups/sales/pickup", False, call("101", "*98")),
    (f"{HUNT}/extension", "301", call("130", "301")),
    (f"{HUNT}/numbers", ["+49305550399"], call(MOBILE, "+49305550399")),
    (f"{HUNT}/policy", "simultaneous", TO_SALES),
    (f"{HUNT}/ring_seconds", 22, TO_SALES),
    (f"{HUNT}/skip_busy", False, call(MOBILE, SALES, live=see.talk("101"))),
    (f"{HUNT}/overflow/after_seconds", 5, TO_SALES),
    (f"{HUNT}/overflow/to", "user:132", call(MOBILE, SALES, *["rejected"] * 3)),
    (f"{HUNT}/busy", "user:132", call(MOBILE, SALES, *["busy"] * 3)),
    (f"{HUNT}/unreachable", "user:132", call(MOBILE, SALES, *["offline"] * 3)),
    (f"{HUNT}/confirm", False, TO_SALES, OUTSIDE),
    (f"{HUNT}/idle_counts", "all", TO_SALES, {f"{HUNT}/policy": "longest-idle"}),
    (f"{HUNT}/night", "exempt", call(MOBILE, SALES, at=NIGHT)),
    (f"{HUNT}/caller_name", "{caller} (V)", TO_SALES),
    (f"{HUNT}/weights", {"103": 5}, TO_SALES, {f"{HUNT}/policy": "weighted"}),
    ("groups/sales/park/extensions", ["709"], call("101", "*58")),
    ("groups/sales/park/recall_seconds", 60, call("101", "*58")),
    ("groups/sales/park/recall_to", "alternate", see.from_slot("701", "no-answer"), PARK),
    ("groups/sales/park/alternate", "user:131", see.from_slot("701", "no-answer"), PARK),
    ("groups/sales/park/alternate_after_seconds", 60, see.from_slot("701", "no-answer"), PARK),
    ("groups/crew/conference/extension", "381", call("101", "381")),
    ("groups/crew/conference/answer_seconds", 9, CALLED_380),
    ("groups/crew/conference/callers", "site", call("103", "380")),
    ("groups/crew/conference/second_caller", "busy", call("101", "380", live=see.in_room("380", "102", "130"))),
    ("groups/crew/conference/tone", False, see.heard_in_a_group_call),
    ("groups/crew/conference/count", True, see.heard_in_a_group_call),
    ("groups/crew/conference/confirm", False, CALLED_380),
]

MENU = "attendants/after-hours"


def pressed(*keys: str) -> Observer:
    """By a caller of the attendant."""
    return call(MOBILE, BERLIN, *keys, at=NIGHT)


ATTENDANTS: list[Row] = [
    (f"{MENU}/greeting", {"de": "guten-abend.wav"}, pressed()),
    (f"{MENU}/menu", {"3": "user:103"}, pressed("digits:3")),
    (f"{MENU}/extensions", False, pressed("digits:103")),
    (f"{MENU}/zero", "user:103", pressed("digits:0")),
    (f"{MENU}/silence/after_seconds", 20, pressed()),
    (f"{MENU}/silence/to", "user:103", pressed("silence")),
    (f"{MENU}/retries", 1, pressed("digits:9", "digits:9")),
    (f"{MENU}/invalid", "user:103", pressed(*["digits:9"] * 3)),
    ("announcements/closed", {"de": "zu.wav"}, call("101", "103"),
     {"users/103/forward": {"always": "announcement:closed"}}),
]

ROWS: list[Row] = [
    *OFFICE, *CODES, *SITES, *USERS, *EXECUTIVES, *INTERCEPTS, *GROUPS, *ATTENDANTS,
]
