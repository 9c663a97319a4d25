"""A parked call that nobody fetches: whom it rings, where it waits on, and what its display says."""

from dataclasses import replace

import pytest

from fsctl.model.actions import Party
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    Failed,
    Moved,
    NoAnswer,
    Offline,
    Parked,
    Performed,
    Rejected,
    Taken,
)
from fsctl.model.sections import GroupPark, Intercept, InterceptRule, ParkTerms
from fsctl.policies import call_park
from tests.unit.builders import BERLIN, SALES, a_call
from tests.unit.drive import drive
from tests.unit.policies.test_call_park import (
    GROUPS,
    IN_701,
    OFFICE,
    SLOTS,
    TOLD,
    USERS,
    by_code,
    held,
)

# ---- whom it rings where nobody can decide --------------------------------------------------------------

PHONE, HUNT = Destination("user", "102"), Destination("hunt", "sales")


@pytest.mark.parametrize(("recall_to", "alternate", "people"), [
    ("parker", None, "103"), ("parker", PHONE, "103"), ("parker-then-alternate", PHONE, "103"),
    ("alternate", PHONE, "102"), ("alternate", HUNT, "101 or 102"),  # of the members the people
    ("alternate", Destination("hunt", "crew"), "103 or 101 or 102"),  # no such hunt group
    ("alternate", Destination("user", "199"), "103 or 101 or 102"),
    ("alternate", Destination("mailbox", "101"), "103 or 101 or 102"),
    ("alternate", Destination("number", "+491701234567"), "103 or 101 or 102"),
    ("alternate", None, "103 or 101 or 102"),
])
def test_people_who_are_rung_without_a_controller(recall_to, alternate, people):
    park = replace(SLOTS, recall_to=recall_to, alternate=alternate)
    office = replace(OFFICE, groups=GROUPS | {"sales": replace(SALES, park=park)})
    line = by_code("*68701", "park", "103", Live(held("103")), [Parked("701")], office)[1]
    assert line == f"park lee in 701 for 60 s by 103 to walzer.wav, then {people}, group sales, de"


@pytest.mark.parametrize(("alternate", "intercepted", "people"), [
    (HUNT, ("101",), "102"), (HUNT, ("101", "102"), "103"), (PHONE, ("102",), "103 or 101"),
    (Destination("user", "103"), ("103",), "103"), (None, ("101", "102"), "103"),
])
def test_but_nobody_whose_calls_are_all_intercepted(alternate, intercepted, people):
    """But for who parked it, who has had the call."""
    park = replace(SLOTS, recall_to="alternate", alternate=alternate)
    left = Intercept(inbound=(InterceptRule(calls=("all",)),))
    users = {key: replace(user, intercept=left) if key in intercepted else user for key, user in USERS.items()}
    office = replace(OFFICE, users=users, groups=GROUPS | {"sales": replace(SALES, park=park)})
    line = by_code("*68701", "park", "103", Live(held("103")), [Parked("701")], office)[1]
    assert f"then {people}, group" in line


@pytest.mark.parametrize(("user", "dialled", "people"), [
    ("101", "*68701", "101 or 102"), ("103", "*68101", "103 or 101"), ("101", "*68", "101"),
])
def test_nobody_is_rung_twice(user, dialled, people):
    park = GroupPark(extensions=("701",), recall_to="alternate")
    office = replace(OFFICE, groups={"sales": replace(SALES, park=park)},
                     sites={"berlin": replace(BERLIN, park=ParkTerms(recall_to="alternate"))})
    line = by_code(dialled, "park", user, Live(held(user)), [Parked("701")], office)[1]
    assert f", then {people}, " in line


# ---- coming back ----------------------------------------------------------------------------------------

SHOWN = "showing Wiederanruf 701 - Lee|+4915112345678"
SHOWN_EN = "showing Recall 701 - Lee|+4915112345678"
NOBODY_CAME = "because nobody fetched the call from 701"
NOT_TAKEN = "because Anna Adler did not take the call back from 701"
LEAVES = ["because it waits there no more", "unpark 701"]


def come_back(outcomes=(), parker="101", slot="701", office=OFFICE, user=None, **park):
    """With so many changes to what the group says."""
    office = replace(office, groups=office.groups | {"sales": replace(SALES, park=replace(SLOTS, **park))})
    call = replace(a_call("user:101", user=user), to=Destination("recall", slot), parker=parker, by=parker)
    return drive(call_park.run, call, office, outcomes)


def rings_anna(seconds=25, within=60):
    return [f"{NOBODY_CAME} within {within} s", f"ring user:101 {seconds} s {SHOWN}"]


TAKEN_BACK = [Answered(Destination("user", "101")), CallerGone(), Moved("u")]
NOT_ANSWERED = [NoAnswer(), Busy(), Offline(), Rejected()]


@pytest.mark.parametrize("outcome", TAKEN_BACK)
@pytest.mark.parametrize(("park", "seconds"), [
    ({}, 25), ({"alternate": PHONE, "alternate_after_seconds": 31}, 25),
    ({"recall_to": "parker-then-alternate", "alternate": PHONE, "alternate_after_seconds": 31}, 31),
    ({"recall_to": "parker-then-alternate"}, 25),
    ({"recall_to": "alternate"}, 25), ({"recall_to": "alternate", "alternate": Destination("user", "199")}, 25),
    ({"recall_to": "parker-then-alternate", "alternate": Destination("hunt", "crew")}, 25),
])
def test_it_rings_who_parked_it(outcome, park, seconds):
    assert come_back([outcome], **park) == [*rings_anna(seconds), "done"]


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
@pytest.mark.parametrize("last", [Parked("701"), CallerGone(), Moved("u")])
def test_it_waits_on_where_it_was(outcome, last):
    assert come_back([outcome, last]) == [*rings_anna(), NOT_TAKEN, f"park it {IN_701}", "done"]


@pytest.mark.parametrize("outcome", NOT_ANSWERED)
@pytest.mark.parametrize("to", [PHONE, HUNT, Destination("mailbox", "101"), Destination("number", "+491701234567")])
def test_the_alternate_after_the_parker(outcome, to):
    lines = come_back([outcome, Performed()], recall_to="parker-then-alternate", alternate=to)
    assert lines == [*rings_anna(45), *LEAVES, NOT_TAKEN, f"reroute {to} by the office {SHOWN}"]


@pytest.mark.parametrize(("parker", "park", "shown"), [
    ("101", {"recall_to": "alternate"}, SHOWN), ("102", {"recall_to": "alternate"}, SHOWN_EN),
    ("199", {"recall_to": "alternate"}, SHOWN_EN), (None, {"recall_to": "alternate"}, SHOWN_EN),
    ("199", {"recall_to": "parker-then-alternate"}, SHOWN_EN),
])
def test_the_alternate_at_once(parker, park, shown):
    lines = come_back([Performed()], parker, alternate=PHONE, **park)
    assert lines == [*LEAVES, NOBODY_CAME, f"reroute user:102 by the office {shown}"]


@pytest.mark.parametrize(("slot", "groups", "to"), [
    ("102", {}, "user:102"), ("701", {}, "hunt:sales"), ("711", {}, "user:103"),
    ("711", {"service": replace(GROUPS["service"], members=("199",))}, "hunt:sales"),
    ("711", {"service": replace(GROUPS["service"], members=("199",), site="london")}, None),
    ("711", {"service": replace(GROUPS["service"], members=(), site="paris")}, None),
    ("799", {}, "hunt:sales"),
])
@pytest.mark.parametrize("parker", [None, "199"])
def test_who_takes_a_call_that_nobody_knows_who_parked(slot, groups, to, parker):
    office = replace(OFFICE, groups=GROUPS | groups)
    why = f"because nobody fetched the call from {slot}"
    if to:
        lines = come_back([Performed()], parker, slot, office)
        shown = SHOWN_EN.replace("701", slot)
        assert lines == ["because it waits there no more", f"unpark {slot}", why, f"reroute {to} by the office {shown}"]
        return
    lines = come_back([Parked(slot)], parker, slot, office)
    music = "moh" if groups["service"].site == "london" else "silence"
    assert lines == [
        why, f"park it in 711 for 45 s by {parker or 'nobody'} to {music}, then nobody, group service, en", "done"]


def test_an_alternate_that_is_for_the_parkers_calls_only():
    lines = come_back([Performed()], None, recall_to="parker", alternate=PHONE)
    assert lines[-1] == f"reroute hunt:sales by the office {SHOWN_EN}"


def test_from_a_slot_that_is_gone_by_the_terms_of_the_parkers_site():
    back = ParkTerms(recall_seconds=50, recall_to="alternate", alternate=Destination("user", "199"))
    site = replace(BERLIN, park=back)
    office = replace(OFFICE, sites={"berlin": site})
    assert come_back([NoAnswer(), Parked("799")], slot="799", office=office) == [
        "because nobody fetched the call from 799 within 50 s",
        f"ring user:101 25 s {SHOWN.replace('701', '799')}", NOT_TAKEN.replace("701", "799"),
        "park it in 799 for 50 s by 101 to moh, then 101, no group, de", "done"]
    site = replace(site, park=replace(site.park, alternate=PHONE))
    lines = come_back([Performed()], slot="799", office=replace(OFFICE, sites={"berlin": site}))
    assert lines[-1].startswith("reroute user:102 by the office")


def test_an_office_without_sites_lets_it_wait():
    lines = come_back([Parked("799")], None, "799", replace(OFFICE, sites={}))
    assert lines[1] == "park it in 799 for 45 s by nobody to silence, then nobody, no group, en"


@pytest.mark.parametrize(("park", "seconds"), [({"recall_seconds": 33}, 33), ({}, 60)])
def test_after_how_long(park, seconds):
    assert come_back([CallerGone()], **park)[0] == f"{NOBODY_CAME} within {seconds} s"


@pytest.mark.parametrize(("parker", "user", "caller", "shown"), [
    ("101", None, Party("Lee", "+4915"), "Wiederanruf 701 - Lee|+4915"),
    ("102", None, Party("Lee", "+4915"), "Recall 701 - Lee|+4915"),
    ("120", None, Party("Lee", "+4915"), "Recall 701 - Lee|+4915"),
    ("101", None, Party("", "+4915"), "Wiederanruf 701 - +4915|+4915"),
    ("101", "120", Party("Lee", "+4915"), "Wiederanruf 701 - Hannah Hill|120"),
])
def test_the_display_says_that_it_is_a_recall(parker, user, caller, shown):
    call = replace(a_call("user:101", user=user), to=Destination("recall", "701"), parker=parker, caller=caller)
    lines = drive(call_park.run, call, OFFICE, [CallerGone()])
    assert lines[1] == f"ring user:{parker} {USERS[parker].ring_seconds} s showing {shown}"


# ---- when another call has its slot by then -------------------------------------------------------------

def test_it_waits_in_another_slot():
    assert come_back([NoAnswer(), Taken(), Parked("702")]) == [
        *rings_anna(), NOT_TAKEN, f"park it {IN_701}", NOT_TAKEN, f"park it {IN_701.replace('701', '702')}", "done"]
    lines = come_back([NoAnswer(), Taken(), Parked("701")], slot="702")
    assert [line.split()[3] for line in lines if line.startswith("park ")] == ["702", "701"]


@pytest.mark.parametrize(("outcomes", "tried"), [
    ([Taken(), Taken()], ["701", "702"]), ([Failed()], ["701"]), ([Taken(), Failed()], ["701", "702"]),
])
def test_it_is_a_call_to_its_parker_where_it_can_wait_no_longer(outcomes, tried):
    lines = come_back([NoAnswer(), *outcomes, Performed()])
    assert [line.split()[3] for line in lines if line.startswith("park ")] == tried
    assert lines[-4:] == [*LEAVES, f"{NOT_TAKEN}, and it cannot wait any longer",
                          f"reroute user:101 by the office {SHOWN}"]


def test_on_an_extension_there_is_no_other_slot():
    lines = come_back([NoAnswer(), Taken(), Performed()], slot="102")
    assert lines[-1] == f"reroute user:101 by the office {SHOWN.replace('701', '102')}"
    assert [line.split()[3] for line in lines if line.startswith("park ")] == ["102"]


def test_it_ends_in_words_where_nobody_is_left():
    lines = come_back([Taken(), *TOLD], None, "799", replace(OFFICE, sites={}))
    assert lines[2:] == ["because nobody fetched the call from 799, and it cannot wait any longer",
                         "play not-available en", "hangup rejected", "done"]
