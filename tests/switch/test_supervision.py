"""What is done about phones while they ring: those of who has declined, and the dead."""

import json
from contextlib import contextmanager

import gevent
import pytest

from fsctl.model.actions import Leg
from fsctl.model.destination import parse
from fsctl.model.live import LiveCall
from fsctl.switch.calls.supervision import CONFIRM_SECONDS, FOLLOWS_SECONDS, SIGN_OF_LIFE_SECONDS, Supervision
from fsctl.switch.link.live import Ended
from fsctl.switch.wire.phones import Phone
from tests.unit.builders import AT

ANNA, BERND = (Leg(parse(f"user:{extension}"), 20) for extension in ("101", "102"))
MOBILE = Leg(parse("number:+4917"), 20, "provider", whose="101")
PHONES = [Phone("desk", ANNA, "e"), Phone("soft", ANNA, "e"), Phone("mobile", MOBILE, "e"), Phone("bernd", BERND, "e")]


class Switch:
    """A session, and what its link hears; ``dumps`` are what FreeSWITCH says when it is asked."""

    def __init__(self):
        self.killed, self.dumps = [], {}
        self._calls, self._ended = {}, {}

    def begins(self, uuid, *, alerting=False):
        self._calls[uuid] = LiveCall(uuid, "101", "a", "outbound", "ringing", AT, alerting=alerting)
        self._told(uuid)

    def ends(self, uuid, status, cause="CALL_REJECTED"):
        self._calls.pop(uuid, None)
        self._ended[uuid] = Ended(uuid, "101", cause, status, "", AT)
        self._told(uuid)

    @contextmanager
    def follow(self, legs, told):
        self._told = told
        yield

    def call(self, uuid):
        return self._calls.get(uuid)

    def ended(self, uuid, wait_seconds=0):
        return self._ended.get(uuid)

    def apis(self, texts):
        return [self._api(*text.split()) for text in texts]

    def _api(self, command, uuid, *rest):
        if command == "uuid_exists":
            return "true" if uuid in self._calls else "false"
        if command == "uuid_dump":
            return self.dumps.get(uuid, dump("RINGING"))
        self.killed.append((uuid, *rest))
        return "+OK"


@pytest.fixture
def switch():
    switch = Switch()
    with Supervision(switch, switch, PHONES).while_they_ring():
        yield switch


def dump(state, answer="ringing"):
    return json.dumps({"Unique-ID": "x", "Channel-Call-State": state, "Answer-State": answer})


@pytest.mark.parametrize("status", [600, 603])
def test_who_declines_stops_his_other_phones(switch, status):
    for phone in PHONES:
        switch.begins(phone.uuid, alerting=True)
    switch.ends("desk", status)
    gevent.sleep(0.1)
    assert sorted(switch.killed) == [("mobile", "LOSE_RACE"), ("soft", "LOSE_RACE")]
    switch.ends("soft", 0, "LOSE_RACE")
    gevent.sleep(0.1)
    assert len(switch.killed) == 2


def test_who_has_just_answered_is_not_cut(switch):
    for phone in PHONES:
        switch.begins(phone.uuid, alerting=True)
    switch.dumps["soft"] = dump("ACTIVE", "answered")
    switch.ends("desk", 603)
    gevent.sleep(0.1)
    assert switch.killed == [("mobile", "LOSE_RACE")]


@pytest.mark.parametrize(("uuid", "status"), [
    ("desk", 486), ("desk", 403), ("desk", 0), ("mobile", 603), ("mobile", 600)])
def test_what_is_said_of_one_phone_stops_no_other(switch, uuid, status):
    for phone in PHONES:
        switch.begins(phone.uuid, alerting=True)
    switch.ends(uuid, status)
    gevent.sleep(0.1)
    assert switch.killed == []


def test_a_phone_that_begins_after_its_person_declined(switch):
    switch.begins("desk", alerting=True)
    switch.ends("desk", 603)
    gevent.sleep(0.1)
    switch.killed.clear()
    switch.begins("soft")
    switch.begins("bernd")
    gevent.sleep(0.1)
    assert switch.killed == [("soft", "LOSE_RACE")]


@pytest.mark.parametrize(("told", "killed"), [
    (dump("DOWN"), [("desk", "PROGRESS_TIMEOUT")]),
    (dump("RINGING"), []), (dump("EARLY", "early"), []), (dump("ACTIVE", "answered"), []),  # an event was lost
    (dump("DOWN", "hangup"), []),
    ("-ERR No such channel!\n", []), ("{", []),
])
def test_who_shows_no_sign_of_life(switch, told, killed):
    switch.dumps["desk"] = told
    switch.begins("desk")
    gevent.sleep(SIGN_OF_LIFE_SECONDS - 0.1)
    assert switch.killed == []
    gevent.sleep(0.2)
    assert switch.killed == killed


def test_who_rings_in_time_is_not_even_asked(switch):
    switch.dumps = dict.fromkeys(("desk", "mobile"), dump("DOWN"))
    switch.begins("desk")
    switch.begins("mobile")  # a line may take its time
    gevent.sleep(1)
    switch.begins("desk", alerting=True)
    gevent.sleep(2 * SIGN_OF_LIFE_SECONDS)
    assert switch.killed == []


def test_those_that_begin_later_have_their_own_time(switch):
    switch.dumps = {phone.uuid: dump("DOWN") for phone in PHONES}
    switch.begins("desk")
    gevent.sleep(3)
    switch.begins("bernd")
    gevent.sleep(2)
    assert switch.killed == [("desk", "PROGRESS_TIMEOUT")]
    gevent.sleep(3)
    assert switch.killed == [("desk", "PROGRESS_TIMEOUT"), ("bernd", "PROGRESS_TIMEOUT")]


def test_nothing_is_done_once_it_is_over():
    switch = Switch()
    switch.dumps["desk"] = dump("DOWN")
    with Supervision(switch, switch, PHONES).while_they_ring():
        switch.begins("desk")
    gevent.sleep(2 * SIGN_OF_LIFE_SECONDS)
    assert switch.killed == []


def test_who_wants_to_know_is_told_of_each():
    switch, told = Switch(), []
    with Supervision(switch, switch, PHONES, on_change=told.append).while_they_ring():
        switch.begins("desk")
        switch.begins("bernd")
        switch.ends("desk", 486)
    assert [phone.uuid for phone in told] == ["desk", "bernd", "desk"]


# ---- who only sees the call ---------------------------------------------------------------------------

SEES = [Phone("own", Leg(parse("user:130"), 20, alert="silent"), "e"), Phone("own-2", Leg(parse("user:130"), 20), "e")]


@pytest.fixture
def screened():
    """Both phones of 130 see what rings at those of 101 and 102."""
    switch = Switch()
    with Supervision(switch, switch, [*PHONES, *SEES], SEES).while_they_ring():
        for phone in (*PHONES, *SEES):
            switch.begins(phone.uuid, alerting=True)
        yield switch


OWN = [("own", "LOSE_RACE"), ("own-2", "LOSE_RACE")]


def test_nobody_sees_it_for_longer_than_it_rings(screened):
    for phone in PHONES[:-1]:
        screened.ends(phone.uuid, 486)
    gevent.sleep(2 * FOLLOWS_SECONDS)
    assert screened.killed == []
    screened.ends(PHONES[-1].uuid, 0, "NO_ANSWER")
    gevent.sleep(0.1)
    assert sorted(screened.killed) == OWN


def test_who_has_just_taken_what_he_sees_is_not_cut(screened):
    screened.dumps["own"] = dump("ACTIVE", "answered")
    for phone in PHONES:
        screened.ends(phone.uuid, 486)
    gevent.sleep(0.1)
    assert screened.killed == OWN[1:]


@pytest.mark.parametrize(("bridged", "killed"), [("0", [OWN[1], OWN[0]]), ("1790000000000000", OWN[1:])])
def test_who_is_asked_for_a_1_has_time_for_it_but_not_for_ever(screened, bridged, killed):
    for phone in PHONES:
        screened.ends(phone.uuid, 486)
    answered = json.loads(dump("ACTIVE", "answered"))
    screened.dumps["own"] = json.dumps(answered | {"Caller-Channel-Bridged-Time": bridged})
    gevent.sleep(0.1)
    screened.dumps["own-2"] = "-ERR No such channel!"
    gevent.sleep(CONFIRM_SECONDS - 0.5)
    assert screened.killed == OWN[1:]
    gevent.sleep(1)
    assert screened.killed == killed


def test_who_declines_what_he_sees_stops_nobody_else(screened):
    screened.ends("own", 603)
    gevent.sleep(2 * FOLLOWS_SECONDS)
    assert screened.killed == OWN[1:]


@pytest.mark.parametrize("begun", [PHONES[:1], []])
def test_of_who_could_not_be_rung_nothing_is_heard(begun):
    """FreeSWITCH has no leg of the others, and tells of none."""
    switch = Switch()
    with Supervision(switch, switch, [*PHONES, *SEES], SEES).while_they_ring():
        for phone in (*begun, *SEES):
            switch.begins(phone.uuid, alerting=True)
        for phone in begun:
            switch.ends(phone.uuid, 486)
        assert switch.killed == []
        gevent.sleep(FOLLOWS_SECONDS + 0.1)
        assert sorted(set(switch.killed)) == OWN


def test_the_next_stage_may_take_its_time():
    switch = Switch()
    with Supervision(switch, switch, [*PHONES, *SEES], SEES).while_they_ring():
        for phone in (PHONES[0], *SEES):
            switch.begins(phone.uuid, alerting=True)
        gevent.sleep(FOLLOWS_SECONDS + 0.1)
        switch.ends(PHONES[0].uuid, 486)
        gevent.sleep(FOLLOWS_SECONDS / 2)
        switch.begins("bernd", alerting=True)
        gevent.sleep(2 * FOLLOWS_SECONDS)
        assert switch.killed == []
