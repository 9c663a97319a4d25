"""Parking calls, fetching them, and what becomes of one that nobody fetches."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.actions import NotTaken
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import (
    Answered,
    CallerGone,
    Failed,
    Moved,
    Parked,
    Performed,
    Taken,
    Won,
)
from fsctl.model.sections import GroupPark, ParkTerms
from fsctl.policies import call_park
from fsctl.policies.stages import PIPELINE
from tests.unit.builders import ANNA, AT, BERLIN, BERND, CREW, HANNAH, LONDON, SALES, a_call, an_office
from tests.unit.drive import drive, ending

#: Anna and Bernd have two slots, Carl has one; Hannah is of the other site, and in a group without slots.
CARL = replace(BERND, extension="103", name="Carl Cohn", language=None)
SLOTS = GroupPark(extensions=("701", "702"), recall_seconds=60)
GROUPS = {
    "crew": replace(CREW, members=("101", "120")),
    "sales": replace(SALES, park=SLOTS),
    "service": replace(SALES, key="service", members=("103", "199"), hunt=None, park=GroupPark(extensions=("711",))),
}
USERS = {"101": ANNA, "102": BERND, "103": CARL, "120": HANNAH}
SITES = {"berlin": replace(BERLIN, music="walzer.wav", park=ParkTerms(recall_seconds=50)), "london": LONDON}
OFFICE = an_office(sites=SITES, users=USERS, groups=GROUPS)
STAR = next(stage.run for stage in PIPELINE if stage.name == "star_codes")
TOLD = [Performed(), CallerGone()]
TALK = Answered(Destination("retrieve", "701"))
UNKNOWN = "there is no link to the switch that would tell which calls there are"


def channel(uuid, **changes):
    return replace(LiveCall(uuid, None, None, "inbound", "talking", AT, node="a"), **changes)


def held(user="101", uuid="lee", seconds=0):
    """Who is held, and the phone that holds him, for so many seconds."""
    since = AT - timedelta(seconds=seconds)
    return (channel(uuid, peer=f"holds-{uuid}"),
            channel(f"holds-{uuid}", user=user, peer=uuid, state="held", since=since))


def waits(slot="701", uuid="max", parker="103", **changes):
    return channel(uuid, **{"slot": slot, "parker": parker, "state": "parked"} | changes)


HOLDS = Live(held())
NOBODY = Live()


def by_code(dialled, code, user="101", live=HOLDS, outcomes=(), office=OFFICE):
    return drive(STAR, a_call(f"code:{code}", user=user, dialled=dialled), office, outcomes, live)


def transferred(dialled, to, by="101", outcomes=(), user=None, live=NOBODY, office=OFFICE):
    """What happens to somebody whom ``by`` transfers there."""
    call = replace(a_call(to, user=user, dialled=dialled), transferred_by=by, by=by)
    return drive(STAR if to.startswith("code:") else call_park.run, call, office, outcomes, live)


def dial(slot, user="101", live=NOBODY, outcomes=(), office=OFFICE, **changes):
    call = replace(a_call(f"slot:{slot}", user=user), **changes)
    return drive(call_park.run, call, office, outcomes, live)


# ---- parking ------------------------------------------------------------------------------------------

IN_701 = "in 701 for 60 s by 101 to walzer.wav, then 101, group sales, de"
ON_102 = "in 102 for 50 s by 101 to walzer.wav, then 101, no group, de"
ON_101 = "in 101 for 50 s by 101 to walzer.wav, then 101, no group, de"


@pytest.mark.parametrize(("dialled", "code", "where"), [
    ("*68102", "park", ON_102), ("*68", "park", ON_101), ("*68701", "park", IN_701), ("*58", "group_park", IN_701),
    ("slot+701", "slot_key", IN_701), ("slot+102", "slot_key", ON_102),
])
@pytest.mark.parametrize("last", [Parked("701"), CallerGone(), Moved("u")])
def test_codes_park_the_call_that_one_holds_and_transfers_the_transferred_one(dialled, code, where, last):
    because = "because Anna Adler parks the call"
    assert by_code(dialled, code, outcomes=[last]) == [because, f"park lee {where}", "done"]
    assert transferred(dialled, f"code:{code}", outcomes=[last]) == [because, f"park it {where}", "done"]


@pytest.mark.parametrize(("live", "uuid"), [
    (Live((*held(uuid="lee", seconds=9), *held(uuid="max", seconds=5))), "max"),
    (Live((*held(uuid="lee", seconds=5), *held(uuid="max", seconds=9))), "lee"),
    (Live((*held("102", "ida", 1), *held(uuid="lee", seconds=5))), "lee"),
])
def test_of_two_calls_on_hold_the_last_one_is_parked(live, uuid):
    assert by_code("*58", "group_park", live=live, outcomes=[Parked("701")])[1].startswith(f"park {uuid} in 701")


@pytest.mark.parametrize(("user", "dialled", "code", "line"), [
    ("102", "*68", "park", "park lee in 102 for 50 s by 102 to walzer.wav, then 102, no group, en"),
    ("103", "*58", "group_park", "park lee in 711 for 50 s by 103 to walzer.wav, then 103, group service, de"),
    ("103", "*68701", "park", "park lee in 701 for 60 s by 103 to walzer.wav, then 103, group sales, de"),
    # With the music of his site, and for as long as the person's site says.
    ("120", "*68101", "park", "park lee in 101 for 50 s by 120 to moh, then 120, no group, en"),
    ("101", "*68120", "park", "park lee in 120 for 45 s by 101 to walzer.wav, then 101, no group, de"),
])
def test_the_terms_are_those_of_the_slot_and_the_music_that_of_the_site(user, dialled, code, line):
    assert by_code(dialled, code, user, Live(held(user)), [Parked("701")])[1:] == [line, "done"]


def test_without_its_sites_the_office_parks_all_the_same():
    lines = by_code("*58", "group_park", outcomes=[Parked("701")], office=replace(OFFICE, sites={}))
    assert lines[1] == "park lee in 701 for 60 s by 101 to silence, then 101, group sales, en"


@pytest.mark.parametrize(("outcomes", "slots"), [
    ([Taken(), Parked("702")], ["701", "702"]), ([Parked("701")], ["701"]), ([Taken(), CallerGone()], ["701", "702"]),
])
def test_in_the_first_free_slot(outcomes, slots):
    for lines in (by_code("*58", "group_park", outcomes=outcomes),
                  transferred("*58", "code:group_park", outcomes=outcomes)):
        assert lines[::2] == ["because Anna Adler parks the call"] * len(slots) + ["done"]
        assert [line.split()[3] for line in lines[1:-1:2]] == slots


def test_by_transfer_to_the_number_of_a_slot():
    assert transferred("701", "slot:701", outcomes=[Parked("701")]) == [
        "because Anna Adler parks the call", f"park it {IN_701}", "done"]


def test_a_colleague_is_parked_too():
    lines = transferred("*68", "code:park", outcomes=[Parked("101")], user="102")
    assert lines[1] == f"park it {ON_101}"


# ---- what cannot be parked ----------------------------------------------------------------------------

NO_GROUP = "Hannah Hill is in no group with slots"
OTHER_SITE = "Hannah Hill is of another site than 701"
OCCUPIED, FULL = "another call waits in {}", "all slots of the group are occupied"

REFUSED = [
    ("*68999", "park", "101", [], "no call can be parked on 999", "not-possible"),
    ("*68300", "park", "101", [], "no call can be parked on 300", "not-possible"),
    ("*68380", "park", "101", [], "no call can be parked on 380", "not-possible"),
    ("slot+999", "slot_key", "101", [], "no call can be parked on 999", "not-possible"),
    ("*68701", "park", "120", [], OTHER_SITE, "not-possible"),
    ("slot+701", "slot_key", "120", [], OTHER_SITE, "not-possible"),
    ("*58", "group_park", "120", [], NO_GROUP, "not-possible"),
    ("*68102", "park", "101", [Taken()], OCCUPIED.format(102), "slot-occupied"),
    ("*68", "park", "101", [Taken()], OCCUPIED.format(101), "slot-occupied"),
    ("*68702", "park", "101", [Taken()], OCCUPIED.format(702), "slot-occupied"),
    ("slot+701", "slot_key", "101", [Taken()], OCCUPIED.format(701), "slot-occupied"),
    ("*58", "group_park", "101", [Taken(), Taken()], FULL, "slots-occupied"),
    ("*58", "group_park", "103", [Taken()], OCCUPIED.format(711), "slot-occupied"),
    ("*58", "group_park", "101", [Failed()], "it could not be parked now", "not-available"),
    ("*58", "group_park", "101", [Taken(), Failed()], "it could not be parked now", "not-available"),
    ("*68", "park", "101", [Failed()], "it could not be parked now", "not-available"),
]
BY_NUMBER = [
    ("701", "120", [], OTHER_SITE, "not-possible"),
    ("701", "101", [Taken()], OCCUPIED.format(701), "slot-occupied"),
    ("701", "101", [Failed()], "it could not be parked now", "not-available"),
]


def parts(lines):
    """What was tried, and what came of it."""
    tried = [line for line in lines if line.startswith("park ")]
    return len(tried), lines[2 * len(tried) :]


@pytest.mark.parametrize(("dialled", "code", "user", "outcomes", "reason", "announcement"), REFUSED)
def test_what_is_refused_by_code_is_said_at_once(dialled, code, user, outcomes, reason, announcement):
    lines = by_code(dialled, code, user, Live(held(user)), [*outcomes, *TOLD])
    language = "en" if user == "120" else "de"
    assert parts(lines) == (len(outcomes), [
        f"because {reason}", f"play {announcement} {language}", "hangup rejected", "done"])


@pytest.mark.parametrize(("dialled", "to", "user", "outcomes", "reason", "announcement"), [
    *((dialled, f"code:{code}", *rest) for dialled, code, *rest in REFUSED),
    *((slot, f"slot:{slot}", *rest) for slot, *rest in BY_NUMBER),
])
def test_what_is_refused_by_transfer_ends_so_and_says_it_to_whom_it_comes_back(
    dialled, to, user, outcomes, reason, announcement
):
    call = replace(a_call(to, user=None, dialled=dialled), transferred_by=user, by=user)
    run = STAR if to.startswith("code:") else call_park.run
    assert ending(run, call, OFFICE, outcomes) == NotTaken("rejected", announcement, "de", tell=True)


def test_who_was_transferred_by_somebody_who_is_gone_hears_it_himself():
    lines = transferred("799", "slot:799", "199", TOLD)
    assert lines == ["because no call can be parked on 799", "play not-possible de", "hangup rejected", "done"]


@pytest.mark.parametrize(("live", "reason", "announcement"), [
    (NOBODY, "Anna Adler holds no call", "nothing-held"),
    (Live(held("102")), "Anna Adler holds no call", "nothing-held"),
    (Live(held(), known=False), UNKNOWN, "not-available"),
])
@pytest.mark.parametrize(("dialled", "code"), [("*68102", "park"), ("*68", "park"), ("*58", "group_park")])
def test_who_holds_nothing_parks_nothing(live, reason, announcement, dialled, code):
    assert by_code(dialled, code, live=live, outcomes=TOLD) == [
        f"because {reason}", f"play {announcement} de", "hangup rejected", "done"]


def test_without_a_link_a_transfer_parks_all_the_same():
    lines = transferred("*58", "code:group_park", outcomes=[Parked("701")], live=Live(known=False))
    assert lines[1] == f"park it {IN_701}"


@pytest.mark.parametrize("by", [None, "199"])
def test_nobody_parks_in_nobodys_group(by):
    call = replace(a_call("code:group_park", user=None, dialled="*58"), by=by)
    group = replace(GROUPS["service"], members=("103",))
    lines = drive(STAR, call, replace(OFFICE, groups={"service": group}), TOLD)
    assert lines[0] == "because the caller is in no group with slots"


@pytest.mark.parametrize("park", [GroupPark(), None])
def test_a_group_without_slots(park):
    office = replace(OFFICE, groups={"sales": replace(SALES, park=park)})
    lines = by_code("*58", "group_park", outcomes=TOLD, office=office)
    assert lines[0] == "because Anna Adler is in no group with slots"


# ---- fetching -------------------------------------------------------------------------------------------

FETCHED = ["because a call waits in 701", "claim call:max", "because {} fetches it", "connect max in 701", "done"]
IS_EMPTY = ["because no call waits in 701", "play nothing-parked {}", "hangup rejected", "done"]


def fetch(how, slot="701", user="101", live=NOBODY, outcomes=(), office=OFFICE):
    """By the slot's number, by code, or by its key."""
    if how == "number":
        return dial(slot, user, live, outcomes, office)
    dialled = {"code": f"*88{slot}", "own": "*88", "key": f"slot+{slot}"}[how]
    return by_code(dialled, "slot_key" if how == "key" else "retrieve", user, live, outcomes, office)


@pytest.mark.parametrize("how", ["number", "code", "key"])
@pytest.mark.parametrize("last", [TALK, CallerGone(), Moved("u")])
@pytest.mark.parametrize(("user", "parker"), [("101", "120"), ("102", None), ("103", "103"), ("120", "120")])
def test_members_and_the_parker_fetch(how, last, user, parker):
    lines = fetch(how, user=user, live=Live((waits(parker=parker),)), outcomes=[Won(), last])
    assert lines == [line.format(USERS[user].name) for line in FETCHED]


@pytest.mark.parametrize("how", ["number", "code", "key"])
@pytest.mark.parametrize("live", [
    NOBODY, Live((waits("702"),)), Live((waits(state="talking"),)), Live((waits("101"),)),
])
def test_an_empty_slot_says_so(how, live):
    assert fetch(how, live=live, outcomes=TOLD) == [line.format("de") for line in IS_EMPTY]


@pytest.mark.parametrize("how", ["number", "code", "key"])
@pytest.mark.parametrize(("user", "slot", "parker"), [
    ("103", "701", "101"), ("120", "701", "101"), ("120", "102", "101"), ("101", "120", "102"), ("103", "799", "101"),
])
def test_others_do_not(how, user, slot, parker):
    lines = fetch(how, slot, user, Live((waits(slot, parker=parker),)), TOLD)
    language = "en" if user == "120" else "de"
    assert lines == [f"because {USERS[user].name} may not fetch calls from {slot}", f"play not-possible {language}",
                     "hangup rejected", "done"]


@pytest.mark.parametrize(("how", "user", "slot", "parker"), [
    ("own", "101", "101", "103"), ("code", "102", "101", "103"), ("key", "103", "102", "101"),
    ("code", "120", "101", "120"),  # the parker, of another site
    ("own", "120", "120", None),
])
def test_from_a_persons_extension_his_site_and_the_parker(how, user, slot, parker):
    lines = fetch(how, slot, user, Live((waits(slot, parker=parker),)), [Won(), TALK])
    assert lines[-2:] == [f"connect max in {slot}", "done"]


def test_one_of_two_on_an_extension_while_their_slots_changed():
    live = Live((waits("101", "first"), waits("101", "second")))
    assert fetch("own", live=live, outcomes=[Won(), TALK])[3] == "connect first in 101"


@pytest.mark.parametrize("user", [None, "199"])
def test_a_stranger_fetches_nothing(user):
    lines = dial("701", user, Live((waits(),)), TOLD)
    assert lines[0] == "because the caller may not fetch calls from 701"


@pytest.mark.parametrize(("outcomes", "actions"), [
    ([Failed(), TALK], ["claim call:max", "connect max in 701", "done"]),  # no database; the switch alone decides
    ([Taken(), *TOLD], ["claim call:max", "play nothing-parked de", "hangup rejected", "done"]),
    ([Won(), Taken(), *TOLD],
     ["claim call:max", "connect max in 701", "play nothing-parked de", "hangup rejected", "done"]),
])
@pytest.mark.parametrize("how", ["number", "code", "key"])
def test_who_is_faster(how, outcomes, actions):
    lines = fetch(how, live=Live((waits(),)), outcomes=outcomes)
    assert [line for line in lines if not line.startswith("because")] == actions
    if "play" in " ".join(actions):
        assert lines[-4] == "because somebody else was faster, or the caller gave up"


@pytest.mark.parametrize("how", ["number", "code", "own", "key"])
def test_without_a_link_it_is_refused_in_words(how):
    assert fetch(how, live=Live((waits(), waits("101")), known=False), outcomes=TOLD) == [
        f"because {UNKNOWN}", "play not-available de", "hangup rejected", "done"]


@pytest.mark.parametrize("how", ["number", "code", "key"])
def test_a_call_at_another_switch(how):
    live = Live((channel("other", node="b"), channel("c0ffee", user="101", node="b"), waits()))
    assert fetch(how, live=live, outcomes=TOLD) == [
        "because it waits at another switch", "play not-available de", "hangup rejected", "done"]
    live = Live((channel("other", node="b"), channel("c0ffee", user="101"), waits()))
    assert fetch(how, live=live, outcomes=[Won(), TALK])[-2] == "connect max in 701"


# ---- a slot while one holds a call ----------------------------------------------------------------------

WAIT = ["because Anna Adler holds a call, which he may transfer to the slot", "answer", "play {} de and 60 s more",
        "hangup normal", "done"]
HEARD = [Performed(), Performed(), CallerGone()]


@pytest.mark.parametrize(("calls", "announcement"), [
    (held(), "nothing-parked"), ((*held(), waits()), "slot-occupied"), ((*held(), waits("702")), "nothing-parked"),
])
def test_who_holds_a_call_dials_a_slot_to_transfer_it_there(calls, announcement):
    assert dial("701", live=Live(calls), outcomes=HEARD) == [line.format(announcement) for line in WAIT]


def test_by_its_key_he_parks_the_call_or_hears_that_the_slot_is_occupied():
    """Never another one: he might connect the two."""
    both = Live((*held(), waits()))
    assert by_code("slot+701", "slot_key", live=both, outcomes=HEARD) == [
        line.format("slot-occupied") for line in WAIT]
    assert transferred("slot+701", "code:slot_key", live=both, outcomes=[Parked("701")])[1] == f"park it {IN_701}"


def test_with_the_code_he_fetches_another_one():
    lines = by_code("*88701", "retrieve", live=Live((*held(), waits())), outcomes=[Won(), TALK])
    assert lines == [line.format("Anna Adler") for line in FETCHED]


@pytest.mark.parametrize("how", ["number", "key"])
def test_what_others_hold_does_not_matter(how):
    live = Live((*held("102"), waits(), *held(None)))
    assert fetch(how, live=live, outcomes=[Won(), TALK])[-2] == "connect max in 701"
    assert fetch(how, user=None, live=live, outcomes=TOLD)[0] == "because the caller may not fetch calls from 701"


def test_a_call_on_hold_is_not_what_is_transferred():
    assert transferred("701", "slot:701", live=HOLDS, outcomes=[Parked("701")])[1] == f"park it {IN_701}"


@pytest.mark.parametrize("kind", ["user:101", "hunt:sales", "code:park", "unknown:701"])
def test_other_destinations_are_not_its_business(kind):
    assert drive(call_park.run, a_call(kind), OFFICE, live=Live((*held(), waits()))) == ["pass"]
