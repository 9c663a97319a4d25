"""Group calls: who may make them, who is rung at which telephones, and how they end."""

from dataclasses import replace

import pytest

from fsctl.explain import explain
from fsctl.model.actions import OFFICE, Party
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    Failed,
    Moved,
    NoAnswer,
    Offline,
    Rejected,
    Taken,
    Won,
)
from fsctl.model.sections import Attendant, Intercept, InterceptRule, Overflow, Silence
from fsctl.policies import group_call
from fsctl.policies.group_members import invited, is_caller
from fsctl.policies.stages import FEATURES, PIPELINE
from fsctl.possibilities import possibilities
from tests.unit.builders import ANNA, AT, BERND, CREW, HANNAH, PROVIDER, SALES, a_call, an_office, settings
from tests.unit.drive import IDLE, drive

MOBILE, FOREIGN, HER_MOBILE = "+491701234567", "+442079460999", "+491709876543"
CARL = replace(BERND, extension="103", name="Carl Cohn", language="")
ALL = replace(CREW, members=("101", "102", MOBILE))
TRANSIT = {"provider": replace(PROVIDER, allow_transit=True)}


def office(group=ALL, people=(), conference=None, **changes):
    """Of the crew are Anna, Bernd and somebody outside."""
    users = {"101": ANNA, "102": BERND, "103": CARL, "120": HANNAH} | {each.extension: each for each in people}
    group = replace(group, conference=replace(group.conference, **conference or {}))
    return an_office(**{"users": users, "groups": {"sales": SALES, "crew": group}} | changes)


def call_of(user="101", **changes):
    """A call to the crew; from outside where ``user`` is a number."""
    if user is not None and user.startswith("+"):
        return replace(a_call("conference:crew", None, "380"), **{"caller": Party("Lee", user)} | changes)
    return replace(a_call("conference:crew", user, "380"), **changes)


def channel(uuid="there", user="102", room="group-380", **changes):
    return replace(LiveCall(uuid, user, None, "outbound", "talking", AT, room=room, group="380"), **changes)


RUNS = Live((channel(),))
DONE = Answered(Destination("conference", "crew"))
LOOKS_ON = "because the group call of Krisenstab goes on"
RINGS = "because the group call of Krisenstab rings all members"


def told(call, by, outcomes=(), live=IDLE):
    return drive(group_call.run, call, by, outcomes, live)


# ---- who may ------------------------------------------------------------------------------------------


MEMBERS, OF_SITE = "only members may make the group call of Krisenstab", "only people of the site may make the group " \
    "call of Krisenstab"
MENU = Destination("attendant", "menu")


@pytest.mark.parametrize("live", [IDLE, RUNS])
@pytest.mark.parametrize(("callers", "user", "changes", "why"), [
    ("members", "101", {}, ""), ("members", "102", {}, ""),
    ("members", "103", {}, MEMBERS), ("members", "120", {}, MEMBERS),
    ("members", MOBILE, {}, ""), ("members", "+4930111", {}, MEMBERS),
    ("members", MOBILE, {"withheld": True}, MEMBERS),
    ("members", "+4930111", {"caller": Party("Lee", "101")}, MEMBERS),  # whatever he shows
    ("members", "103", {"caller": Party("Lee", MOBILE)}, MEMBERS),
    ("site", "101", {}, ""), ("site", "103", {}, ""), ("site", "120", {}, OF_SITE),
    ("site", MOBILE, {}, OF_SITE), ("site", "+4930111", {}, OF_SITE),
    ("anyone", "120", {}, ""), ("anyone", "+4930111", {}, ""), ("anyone", MOBILE, {"withheld": True}, ""),
    # transferred, or forwarded, by somebody
    ("members", "103", {"by": "101", "transferred_by": "101"}, ""),
    ("members", "+4930111", {"by": "101", "transferred_by": "101"}, ""), ("members", "+4930111", {"by": "102"}, ""),
    ("members", "101", {"by": "103", "transferred_by": "103"}, MEMBERS), ("members", MOBILE, {"by": "103"}, MEMBERS),
    ("site", "+4930111", {"by": "103"}, ""), ("site", "103", {"by": "120"}, OF_SITE),
    ("site", "103", {"by": "199"}, OF_SITE), ("members", "103", {"by": "199"}, MEMBERS),
    # nobody is known who did, and the transferor of whom the fail-safe knows
    ("members", "103", {"by": None}, MEMBERS), ("members", "101", {"by": None}, ""),
    ("members", "103", {"by": None, "transferred_by": "101"}, ""),
    ("members", "103", {"by": None, "on_behalf": "102"}, ""),
    # sent by the office file: a reception, an overflow, a menu
    ("members", "103", {"by": OFFICE}, ""), ("site", "120", {"by": OFFICE}, ""),
    ("members", "+4930111", {"by": OFFICE}, ""),
    ("members", "+4930111", {"by": OFFICE, "sent_by": Destination("site", "berlin")}, ""),
    ("members", "+4930111", {"by": OFFICE, "sent_by": Destination("hunt", "sales")}, ""),
    ("members", "+4930111", {"by": OFFICE, "sent_by": MENU}, ""),
    ("site", "+4930111", {"by": OFFICE, "sent_by": MENU}, ""),
])
def test_who_may_begin_it_and_join_it(live, callers, user, changes, why):
    lines = told(call_of(user, **changes), office(conference={"callers": callers}),
                 [CallerGone()] if live.calls else [Won(), CallerGone()], live)
    if why:
        language = "en" if user == "120" else "de"
        assert lines == [f"because {why}", f"play blocked {language}", "hangup rejected", "done"]
    else:
        assert lines[0] == (LOOKS_ON if live.calls else CLAIM[0]) and lines[-1] == "done"


@pytest.mark.parametrize(("member", "user", "changes", "is_one"), [
    ("101", "101", {}, True), ("102", "101", {}, False), (MOBILE, MOBILE, {}, True), (MOBILE, "+4917", {}, False),
    (MOBILE, MOBILE, {"withheld": True}, False), ("101", "101", {"withheld": True}, True),
    ("101", "+4930", {"caller": Party("", "101")}, False), (MOBILE, "101", {"caller": Party("", MOBILE)}, False),
    ("101", "103", {"by": "101", "transferred_by": "101"}, False), ("", "+4930", {"caller": Party("", "")}, False),
    ("102", HER_MOBILE, {}, True), ("102", HER_MOBILE, {"withheld": True}, False), ("102", "+4930", {}, False),
])
def test_who_the_caller_is(member, user, changes, is_one):
    by = office(people=[replace(BERND, devices=(HER_MOBILE,))])
    assert is_caller(member, call_of(user, **changes), by) is is_one


@pytest.mark.parametrize("to", ["hunt:sales", "user:101", "number:+491701234567"])
def test_it_is_asked_about_nothing_else(to):
    assert told(a_call(to), office()) == ["pass"]


def test_a_group_without_one_has_none():
    assert told(a_call("conference:sales"), office()) == ["pass"]


@pytest.mark.parametrize(("extension", "applies"), [("101", "group crew"), ("102", "group crew"), ("103", "")])
def test_through_whom_it_applies_to_somebody(extension, applies):
    by = office()
    (feature,) = (each for each in FEATURES if each.name == "group_call")
    assert feature.through(by.users[extension], by) == applies


def test_when_it_is_asked():
    names = [stage.name for stage in PIPELINE]
    at = names.index("group_call")
    assert all(names.index(each) < at for each in ("emergency", "intercept", "hunt_group"))
    assert at < names.index("mailbox")


# ---- whether it goes on ---------------------------------------------------------------------------------


RUNG = channel("rung", "102", None, state="ringing", peer="lee")
ENTER, CLAIM = "enter crew", ["because no group call of Krisenstab goes on", "claim conference:crew"]


@pytest.mark.parametrize(("live", "goes_on"), [
    ([], False), ([channel()], True), ([RUNG], True),
    ([channel(room="group-381", group="381")], False), ([channel(room="join-380", group=None)], False),
    ([replace(RUNG, group="381")], False), ([replace(RUNG, state="talking", peer=None)], True),  # asked for a 1
    ([replace(RUNG, direction="inbound", user="101")], False),  # who has given up, or hears that nobody came
])
def test_whether_it_goes_on(live, goes_on):
    lines = told(call_of(), office(), [CallerGone()] if goes_on else [Won(), CallerGone()], Live(tuple(live)))
    assert lines[:3] == ([LOOKS_ON, ENTER, "done"] if goes_on else [*CLAIM, f"{RINGS}; Anna Adler calls"])


NONE_LEFT = ["because the group call of Krisenstab is over", "play not-available de", "hangup offline", "done"]


@pytest.mark.parametrize(("live", "outcomes", "lines"), [
    (RUNS, [DONE], [LOOKS_ON, ENTER, "done"]), (RUNS, [CallerGone()], [LOOKS_ON, ENTER, "done"]),
    (RUNS, [Moved("u")], [LOOKS_ON, ENTER, "done"]),
    (IDLE, [Won(), DONE], [*CLAIM, "rings", "gather", "done"]),
    (IDLE, [Won(), Moved("u")], [*CLAIM, "rings", "gather", "done"]),
    (IDLE, [Failed(), DONE], [*CLAIM, "rings", "gather", "done"]),  # no database
    (IDLE, [Taken(), DONE], [*CLAIM, LOOKS_ON, ENTER, "done"]),  # another one has begun it meanwhile
    (RUNS, [Taken(), Won(), DONE], [LOOKS_ON, ENTER, *CLAIM, "rings", "gather", "done"]),  # it ended meanwhile
    (IDLE, [Taken(), Taken(), Won(), DONE], [*CLAIM, LOOKS_ON, ENTER, *CLAIM, "rings", "gather", "done"]),
    (IDLE, [Taken()] * 6, [*CLAIM, LOOKS_ON, ENTER] * 3 + NONE_LEFT),
    (RUNS, [Taken()] * 5, [LOOKS_ON, ENTER] + [*CLAIM, LOOKS_ON, ENTER] * 2 + NONE_LEFT),
    (RUNS, [Busy()], [LOOKS_ON, ENTER, "because the group call of Krisenstab goes on, and only who was in it may come "
                      "back", "hangup busy", "done"]),
])
def test_it_may_begin_and_end_in_this_very_moment(live, outcomes, lines):
    found = told(call_of(), office(), outcomes, live)
    short = {RINGS + "; Anna Adler calls": "rings"}
    assert ["gather" if line.startswith("gather ") else short.get(line, line) for line in found] == lines


@pytest.mark.parametrize(("second", "line"), [("join", "enter crew"), ("busy", "enter crew if there before")])
def test_a_second_caller(second, line):
    assert told(call_of(), office(conference={"second_caller": second}), [DONE], RUNS)[1] == line


# ---- who is rung ----------------------------------------------------------------------------------------


def ways(call=None, by=None, live=IDLE):
    """Of each member where he is rung, or why not."""
    by, call = by or office(), call or call_of()
    group = by.groups["crew"]
    found = invited(call, group, group.conference, by, live)
    return {each.member: [str(leg.target) for leg in each.legs] or f"{'busy: ' * each.busy}{each.why_not}"
            for each in found}


def leg_of(call=None, by=None, member=MOBILE, at=0):
    by, call = by or office(), call or call_of()
    group = by.groups["crew"]
    return next(each for each in invited(call, group, group.conference, by, IDLE) if each.member == member).legs[at]


OUTSIDE = [f"number:{MOBILE}"]
MAY_NOT = f"{{}} may not call {MOBILE}: rule 1 of {{}} about outgoing calls"
NO_CLASS = f"{MOBILE} cannot be called: {{}} may not make mobile calls"
NO_TRUNK = f"{MOBILE} cannot be called: no trunk serves Berlin"
NO_TRANSIT = f"{MOBILE} cannot be called: outside callers may not be sent on to the outside"


def outbound(user, *calls):
    return replace(user, intercept=Intercept(outbound=(InterceptRule(calls=calls or ("all",)),)))


def inbound(user, *calls):
    return replace(user, intercept=Intercept(inbound=(InterceptRule(calls=calls or ("all",)),)))


POOR = replace(CARL, outside=())
BY_OFFICE = {"by": OFFICE, "sent_by": Destination("hunt", "sales")}


@pytest.mark.parametrize(("user", "changes", "people", "trunks", "told_of"), [
    ("101", {}, [], None, OUTSIDE),
    ("103", {}, [POOR], None, NO_CLASS.format("Carl Cohn")),
    ("101", {}, [POOR], None, OUTSIDE),
    ("101", {"by": "103", "transferred_by": "103"}, [POOR], None, NO_CLASS.format("Carl Cohn")),
    ("103", {"by": "101", "transferred_by": "101"}, [POOR], None, OUTSIDE),
    ("+4930111", {"by": "103"}, [POOR], TRANSIT, NO_CLASS.format("Carl Cohn")),
    ("103", {"by": None, "on_behalf": "101"}, [POOR], None, OUTSIDE),
    ("103", BY_OFFICE, [POOR], None, OUTSIDE),  # the office file causes it
    ("103", BY_OFFICE | {"sent_by": MENU}, [POOR], None, NO_CLASS.format("Carl Cohn")),
    ("+4930111", BY_OFFICE | {"sent_by": MENU}, [POOR], TRANSIT, OUTSIDE),
    ("103", {}, [outbound(CARL)], None, MAY_NOT.format("Carl Cohn", "Carl Cohn")),
    ("103", {}, [outbound(CARL, "external")], None, MAY_NOT.format("Carl Cohn", "Carl Cohn")),
    ("103", {}, [outbound(CARL, "internal")], None, OUTSIDE),
    ("103", {}, [outbound(CARL, "international")], None, OUTSIDE),
    ("101", {"by": "103"}, [outbound(CARL, "+49170*")], None, MAY_NOT.format("Carl Cohn", "Carl Cohn")),
    ("103", BY_OFFICE, [outbound(CARL)], None, OUTSIDE),
    ("+4930111", {}, [], None, NO_TRANSIT), ("+4930111", {}, [], TRANSIT, OUTSIDE),
    ("+4930111", {"by": "101"}, [], None, NO_TRANSIT), ("+4930111", BY_OFFICE, [], None, NO_TRANSIT),
    ("101", {}, [], {}, NO_TRUNK),
    ("101", {"by": "103", "diverted": (MOBILE,)}, [], None,
     f"the call came from {MOBILE}, which sends its calls on to here"),
    (MOBILE, {}, [], TRANSIT, "+491701234567 calls"),
    (MOBILE, {"withheld": True}, [], TRANSIT, OUTSIDE),
])
def test_whether_a_member_outside_is_rung(user, changes, people, trunks, told_of):
    by = office(people=people, **({} if trunks is None else {"trunks": trunks}))
    assert ways(call_of(user, **changes), by)[MOBILE] == told_of


def test_how_a_member_outside_is_rung():
    leg = leg_of()
    assert (leg.trunk, leg.ring_seconds, leg.confirm, leg.show, leg.sent_by, leg.whose, leg.identity) == (
        "provider", 30, "de", Party("", "+49305550100"), Destination("conference", "crew"), "", "")
    assert leg_of(by=office(conference={"confirm": False})).confirm == ""
    assert leg_of(by=office(conference={"answer_seconds": 12})).ring_seconds == 12
    london = leg_of(by=office(group=replace(ALL, site="london")))
    assert (london.trunk, london.confirm, london.show) == ("thames", "en", Party("", "+442079460100"))


def leg(caller, *, sent_by="conference:crew", state="ringing", **more):
    return LiveCall(f"leg of {caller}", None, caller, "outbound", state, AT, number=MOBILE, sent_by=sent_by, **more)


TOO_MANY = "3 calls from conference:crew ring outside already: they may be going round in circles"
OURS = {"caller": Party("", "+49305550100")}


@pytest.mark.parametrize(("legs", "changes", "why"), [
    ([leg("a"), leg("b"), leg("c")], {}, TOO_MANY), ([leg("a"), leg("b")], {}, OUTSIDE),
    ([leg("a"), leg("b"), leg("c", sent_by="hunt:sales")], {}, OUTSIDE),
    ([leg("a"), leg("b"), leg("c", state="talking")], {}, OUTSIDE),
    ([leg("a"), leg("b"), leg("c", state="talking")], OURS, TOO_MANY),
    # a group call counts as one, whatever becomes of its legs
    ([replace(leg(None), uuid=each, group="380", peer="a") for each in "123"], {}, OUTSIDE),
    ([replace(leg(None, state="talking", room="group-380", group="380"), uuid=each) for each in "123"], OURS, OUTSIDE),
    ([leg("a", group="380"), leg(None, state="talking", room="group-380", group="380"), leg("b")], OURS, OUTSIDE),
    ([replace(leg(None, state="talking", group="380"), uuid=each) for each in "123"], OURS, OUTSIDE),
])
def test_calls_that_may_go_round_in_circles(legs, changes, why):
    by, call = office(conference={"callers": "anyone"}, trunks=TRANSIT), call_of("+4930111", **changes)
    assert ways(call, by, Live(tuple(legs)))[MOBILE] == why


BUSY_102 = Live((LiveCall("talks", "102", "x", "inbound", "talking", AT),))
OWN_102 = Live((LiveCall("talks", "102", "c0ffee", "outbound", "ringing", AT),))


@pytest.mark.parametrize(("person", "values", "live", "told_of"), [
    (BERND, {}, IDLE, ["user:102"]), (BERND, {}, BUSY_102, ["user:102"]),
    (BERND, {"dnd.102": "on"}, IDLE, "busy: Bernd Brandt does not want to be disturbed"),
    (replace(BERND, call_waiting=False), {}, IDLE, ["user:102"]),
    (replace(BERND, call_waiting=False), {}, BUSY_102, "busy: Bernd Brandt is on a call and has no call waiting"),
    (replace(BERND, call_waiting=False), {}, OWN_102, ["user:102"]),
    (inbound(BERND), {}, IDLE, "calls to Bernd Brandt are intercepted: rule 1 of Bernd Brandt about incoming calls"),
    (inbound(BERND, "external"), {}, IDLE, ["user:102"]),
    (inbound(BERND), {"intercept.102": "off"}, IDLE, ["user:102"]),
    (BERND, {"intercept.102": "on"}, IDLE, "calls to Bernd Brandt are intercepted: op has switched on the intercept of "
                                           "Bernd Brandt"),
    (outbound(BERND), {}, IDLE, ["user:102"]),
    (BERND, {"forward.102.always": "user:103"}, IDLE, ["user:102"]),
])
def test_whether_a_colleague_is_rung(person, values, live, told_of):
    assert ways(by=office(people=[person], settings=settings(**values)), live=live)["102"] == told_of


HAS_DEVICES = replace(BERND, devices=(HER_MOBILE, FOREIGN), outside=("national", "mobile", "international"))


@pytest.mark.parametrize(("person", "call", "members", "trunks", "rung"), [
    (HAS_DEVICES, call_of(), ("102",), None, ["user:102", f"number:{HER_MOBILE}", f"number:{FOREIGN}"]),
    (replace(HAS_DEVICES, outside=("national", "mobile")), call_of(), ("102",), None,
     ["user:102", f"number:{HER_MOBILE}"]),
    (outbound(HAS_DEVICES, "international"), call_of(), ("102",), None, ["user:102", f"number:{HER_MOBILE}"]),
    (HAS_DEVICES, call_of("+4930111"), ("102",), None, ["user:102"]),
    (HAS_DEVICES, call_of("+4930111"), ("102",), TRANSIT, ["user:102", f"number:{HER_MOBILE}", f"number:{FOREIGN}"]),
    (HAS_DEVICES, call_of(), ("102", HER_MOBILE), None, ["user:102", f"number:{FOREIGN}"]),
    (HAS_DEVICES, call_of(), (FOREIGN, "102", HER_MOBILE), None, ["user:102"]),
    (HAS_DEVICES, call_of(diverted=(HER_MOBILE,)), ("102",), None, ["user:102", f"number:{FOREIGN}"]),
    (HAS_DEVICES, call_of("103"), ("102",), None, ["user:102", f"number:{HER_MOBILE}", f"number:{FOREIGN}"]),
])
def test_at_which_telephones(person, call, members, trunks, rung):
    by = office(replace(ALL, members=members), [person, POOR], {"callers": "anyone"},
                **({} if trunks is None else {"trunks": trunks}))
    assert ways(call, by)["102"] == rung


def test_how_telephones_of_a_colleague_are_rung():
    by = office(people=[HAS_DEVICES], conference={"confirm": False, "answer_seconds": 12})
    desk, device, _ = (leg_of(by=by, member="102", at=at) for at in range(3))
    assert (desk.trunk, desk.ring_seconds, desk.confirm, desk.whose) == (None, 12, "", "")
    assert (device.trunk, device.ring_seconds, device.confirm, device.whose, device.sent_by, device.show) == (
        "provider", 12, "en", "102", Destination("user", "102"), Party("", "+49305550100"))


def test_a_device_is_not_rung_for_calls_that_may_go_round_in_circles():
    live = Live(tuple(leg(each, sent_by="user:102") for each in "abc"))
    assert ways(by=office(people=[HAS_DEVICES]), live=live)["102"] == ["user:102"]


@pytest.mark.parametrize(("user", "members", "rung"), [
    ("101", ("101", "102", "102", MOBILE, MOBILE), {"101": "Anna Adler calls", "102": ["user:102"], MOBILE: OUTSIDE}),
    ("103", ("101", "102"), {"101": ["user:101"], "102": ["user:102"]}),
    (MOBILE, ("101", MOBILE), {"101": ["user:101"], MOBILE: f"{MOBILE} calls"}),
    ("101", (), {}),
])
def test_each_once_and_the_caller_not(user, members, rung):
    by = office(replace(ALL, members=members), trunks=TRANSIT)
    assert ways(call_of(user), by) == rung
    group = by.groups["crew"]
    assert len(invited(call_of(user), group, group.conference, by, IDLE)) == len(rung)


# ---- what is done, and how it ends ------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "shown"), [
    (call_of("101"), "Krisenstab - Anna Adler|380"), (call_of("+4930111"), "Krisenstab - Lee|380"),
    (call_of("+4930111", caller=Party("", "+4930111")), "Krisenstab - +4930111|380"),
    (call_of("+4930111", withheld=True), "Krisenstab - Anonymous|380"),
    (call_of("103", shown=Party("Recall", "701")), "Krisenstab - Recall|380"),
])
def test_what_is_shown(call, shown):
    lines = told(call, office(conference={"callers": "anyone"}, trunks=TRANSIT), [Won(), CallerGone()])
    assert lines[3].endswith(f" showing {shown}")


def test_what_is_done():
    by = office(people=[HAS_DEVICES], settings=settings(), conference={"answer_seconds": 12})
    assert told(call_of(), by, [Won(), DONE]) == [
        *CLAIM, RINGS + "; Anna Adler calls",
        f"gather crew for 12 s: user:102 12 s & number:{HER_MOBILE} 12 s by provider confirmed in en as |+49305550100 "
        f"& number:{FOREIGN} 12 s by provider confirmed in en as |+49305550100, "
        f"number:{MOBILE} 12 s by provider confirmed in de as |+49305550100 showing Krisenstab - Anna Adler|380",
        "done"]


@pytest.mark.parametrize(("outcome", "why", "hangup"), [
    (Busy(), "nobody of Krisenstab can take the call", "busy"),
    (NoAnswer(), "nobody of Krisenstab answered within 30 s", "no-answer"),
    (Offline(), "nobody of Krisenstab can be reached", "offline"),
    (Rejected(), "nobody of Krisenstab can take the call", "rejected"),
    (Rejected("USER_NOT_THERE"), "nobody of Krisenstab can take the call", "rejected"),
])
@pytest.mark.parametrize(("user", "language"), [("101", "de"), ("102", "en"), (MOBILE, "de")])
def test_nobody_comes(outcome, why, hangup, user, language):
    lines = told(call_of(user), office(trunks=TRANSIT), [Won(), outcome])
    assert lines[4:] == [f"because {why}", f"play not-available {language}", f"hangup {hangup}", "done"]


NOT_DISTURBED = "Bernd Brandt does not want to be disturbed"
CALLS = "Anna Adler calls"
UNREACHABLE = "because nobody of Krisenstab can be reached"
NOBODY_FREE = "because nobody of Krisenstab can take the call"


@pytest.mark.parametrize(("members", "values", "people", "why", "hangup"), [
    (("101",), {}, [], f"{UNREACHABLE}; {CALLS}", "offline"), ((), {}, [], UNREACHABLE, "offline"),
    (("101", "102"), {"dnd.102": "on"}, [], f"{NOBODY_FREE}; {CALLS}; {NOT_DISTURBED}", "busy"),
    (("102", "103"), {"dnd.102": "on"}, [inbound(CARL)],
     f"{NOBODY_FREE}; {NOT_DISTURBED}; calls to Carl Cohn are intercepted: rule 1 of Carl Cohn about incoming calls",
     "busy"),
    (("103",), {}, [inbound(CARL)],
     f"{UNREACHABLE}; calls to Carl Cohn are intercepted: rule 1 of Carl Cohn about incoming calls", "offline"),
])
def test_nobody_is_even_rung(members, values, people, why, hangup):
    by = office(replace(ALL, members=members), people, {"callers": "anyone"}, settings=settings(**values))
    assert told(call_of(), by) == [why, "play not-available de", f"hangup {hangup}", "done"]


def test_why_members_are_left_out():
    by = office(people=[POOR], settings=settings(**{"dnd.102": "on"}), conference={"callers": "anyone"})
    assert told(call_of("103"), by, [Won(), CallerGone()])[2] == (
        f"{RINGS}; {NOT_DISTURBED}; {MOBILE} cannot be called: Carl Cohn may not make mobile calls")


# ---- explained ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("user", "outcomes", "result", "actions"), [
    ("103", [], "announcement:blocked", ["play", "hangup"]),
    ("101", [], "conference:crew", ["claim", "gather"]), ("101", ["answered"], "conference:crew", ["claim", "gather"]),
    ("101", ["busy", "answered"], "conference:crew", ["claim", "gather"]),
    ("101", ["no-answer", "no-answer"], "announcement:not-available", ["claim", "gather", "play", "hangup"]),
    ("101", ["busy", "digits:1"], "conference:crew", ["claim", "gather"]),
    ("101", ["busy", "silence"], "announcement:not-available", ["claim", "gather", "play", "hangup"]),
    ("101", ["offline", "offline"], "announcement:not-available", ["claim", "gather", "play", "hangup"]),
    ("101", ["gone"], "gone", ["claim", "gather"]),
    (MOBILE, ["busy", "rejected"], "announcement:not-available", ["claim", "gather", "play", "hangup"]),
])
def test_explained(user, outcomes, result, actions):
    explanation = explain(call_of(user), office(trunks=TRANSIT), outcomes)
    assert (explanation.result, [step.action for step in explanation.steps]) == (result, actions)


@pytest.mark.parametrize(("words", "why"), [
    (["no-answer", "busy"], "nobody of Krisenstab answered within 30 s"),
    (["busy", "rejected"], "nobody of Krisenstab can take the call"),
    (["rejected", "offline"], "nobody of Krisenstab can take the call"),
    (["offline", "offline"], "nobody of Krisenstab can be reached"),
])
def test_explained_why(words, why):
    first, *steps = explain(call_of(), office(), words).steps
    assert (first.action, str(first.reason)) == ("claim", "no group call of Krisenstab goes on")
    assert (steps[0].policy, steps[0].target) == ("group_call", f"user:102, number:{MOBILE}")
    assert str(steps[0].reason) == "the group call of Krisenstab rings all members; Anna Adler calls"
    assert (steps[1].target, str(steps[1].reason)) == ("announcement:not-available", why)


def test_explained_with_the_calls_that_there_are():
    explanation = explain(call_of(), office(), live=RUNS)
    assert (explanation.result, [(step.action, step.target) for step in explanation.steps]) == (
        "conference:crew", [("enter", "conference:crew")])


def branches(branch):
    if not branch.outcomes:
        return {(): branch.result}
    return {(words, *more): result for words, then in branch.outcomes for more, result in branches(then).items()}


def test_all_that_can_happen():
    assert branches(possibilities(call_of(), office())) == {
        (("taken",),): "conference:crew", (("won",), ("answered",)): "conference:crew",
        **{(("won",), (word,)): "announcement:not-available" for word in ("busy", "no-answer", "offline", "rejected")}}


TO_CREW = Destination("conference", "crew")


@pytest.mark.parametrize(("to", "outcomes", "by"), [
    ("site:berlin", [], {"sites": an_office().sites | {"berlin": replace(
        an_office().sites["berlin"], reception=TO_CREW)}}),
    ("attendant:menu", ["digits:1"], {"attendants": {"menu": Attendant(
        key="menu", greeting={"de": "menu.wav"}, menu={"1": TO_CREW},
        silence=Silence(after_seconds=5, to=Destination("hangup", "normal")), invalid=Destination("hangup", "busy"))}}),
    ("hunt:sales", ["no-answer"] * 3, {"groups": {"crew": ALL, "sales": replace(
        SALES, hunt=replace(SALES.hunt, overflow=Overflow(after_seconds=40, to=TO_CREW)))}}),
    ("user:103", ["no-answer"], {"users": an_office().users | {"103": replace(CARL, forward=replace(
        CARL.forward, no_answer=TO_CREW))}}),
])
@pytest.mark.parametrize("user", [None, "120"])
def test_what_the_office_file_sends_there(to, outcomes, by, user):
    """Not what a person's own forwarding in it does: that is the person's."""
    explanation = explain(a_call(to, user), office(**{"trunks": TRANSIT} | by), outcomes)
    own = to == "user:103"
    assert explanation.result == ("announcement:blocked" if own else "conference:crew")


def test_the_site_of_the_group_says_who_may():
    by = office(replace(ALL, site="london"), conference={"callers": "site"})
    assert [explain(call_of(user), by).result for user in ("120", "101")] == ["conference:crew", "announcement:blocked"]


@pytest.mark.parametrize("person", [outbound(ANNA, "380"), outbound(ANNA)])
def test_an_intercept_of_who_causes_it_comes_first(person):
    explanation = explain(call_of(), office(people=[person]))
    assert (explanation.result, explanation.steps[0].policy) == ("announcement:blocked", "intercept")


def test_an_intercept_of_the_group():
    by = office(replace(ALL, intercept=Intercept(inbound=(InterceptRule(calls=("all",), announce="closed"),))))
    assert explain(call_of(), by).steps[0].policy == "intercept"





@pytest.mark.parametrize(("here", "there", "joins"), [("a", "a", True), ("a", "b", False), ("", "b", True)])
def test_one_that_goes_on_at_another_switch_cannot_be_joined(here, there, joins):
    """Where this call is nobody knows without a link."""
    own = [LiveCall(call_of().uuid, "101", None, "inbound", "ringing", AT, node=here)] if here else []
    lines = told(call_of(), office(), [CallerGone()], Live((channel(node=there), *own)))
    assert lines == ([LOOKS_ON, ENTER, "done"] if joins else [
        "because the group call of Krisenstab goes on at another switch", "play not-available de", "hangup offline",
        "done"])
