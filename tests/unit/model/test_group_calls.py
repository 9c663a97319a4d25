"""Whether a group call goes on, and who is in it, by the calls that there are."""

from dataclasses import replace

import pytest

from fsctl.model.actions import Enter, Gather, Leg, Party, WrongWord
from fsctl.model.codes import Codes, match
from fsctl.model.destination import Destination, parse
from fsctl.model.digits import dialable
from fsctl.model.group_calls import extension_of, members_of, room_of, rung_for, runs
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, Busy, CallerGone, NoAnswer, Offline, Rejected
from fsctl.model.parties import party_of
from tests.unit.builders import AT, an_office

CALLS = LiveCall("calls", "101", None, "inbound", "ringing", AT, group="380")
RINGS = LiveCall("rings", "102", "calls", "outbound", "ringing", AT, group="380")
ASKED = replace(RINGS, uuid="asked", user=None, peer=None, state="talking", number="+491701234567")
IN = replace(RINGS, uuid="in", peer=None, state="talking", room="group-380")
JOINED = replace(CALLS, uuid="joined", state="talking", room="group-380")
FETCHED = replace(JOINED, uuid="fetched", group=None)
OTHERS = (replace(RINGS, group="381"), replace(RINGS, group=None), replace(IN, group="381", room="group-381"),
          replace(IN, group=None, room="join-380"), CALLS)


@pytest.mark.parametrize(("calls", "there", "rung"), [
    ((), [], []), (OTHERS, [], []), ((RINGS, *OTHERS), [], ["rings"]), ((ASKED,), [], ["asked"]),
    ((IN,), ["in"], []), ((JOINED, *OTHERS), ["joined"], []), ((FETCHED,), ["fetched"], []),
    ((CALLS, RINGS, ASKED, IN, JOINED), ["in", "joined"], ["rings", "asked"]),
])
def test_who_is_in_it_and_who_is_rung(calls, there, rung):
    live = Live(calls)
    assert [call.uuid for call in members_of("380", live)] == there
    assert [call.uuid for call in rung_for("380", live)] == rung
    assert runs("380", live) is bool(there or rung)


@pytest.mark.parametrize(("room", "extension"), [
    ("group-380", "380"), ("group-", ""), ("380", ""), ("", ""), ("join-101", ""), ("my-group-380", ""),
    ("group-group-3", "group-3"),
])
def test_rooms(room, extension):
    assert extension_of(room) == extension
    assert extension_of(room_of("380")) == "380"


@pytest.mark.parametrize(("to", "party"), [
    ("conference:crew", Party("Krisenstab", "380")), ("conference:sales", None), ("conference:gone", None),
])
def test_who_is_shown(to, party):
    assert party_of(parse(to), an_office()) == party


def test_the_key_beside_its_lamp_leads_there_and_is_no_code():
    assert dialable("conference+crew") == "conference+crew"
    assert match(Codes(), "conference+crew") is None and match(Codes(), "hunt+sales").name == "hunt_key"


# ---- the verbs ----------------------------------------------------------------------------------------


DESK, LINE = Leg(parse("user:102"), 30), Leg(Destination("number", "+4917"), 30, "provider", confirm="de")
ANNA = Leg(parse("user:101"), 30)
GATHER = Gather("crew", ((DESK, LINE), (ANNA,)), Party("", ""), 25)


class World:
    def __init__(self, *words):
        self._words = iter(words)

    def next_word(self, otherwise):
        return next(self._words, otherwise)


@pytest.mark.parametrize(("words", "outcome"), [
    ([], Answered(parse("conference:crew"))), (["busy", "busy", "answered"], Answered(parse("conference:crew"))),
    (["busy", "digits:1"], Answered(parse("conference:crew"))), (["gone"], CallerGone()),
    (["busy", "silence", "offline"], NoAnswer()), (["offline", "rejected", "busy"], Busy()),
    (["offline"] * 3, Offline()), (["rejected", "offline", "offline"], Rejected()),
])
def test_what_becomes_of_it(words, outcome):
    assert GATHER.assumed(World(*words)) == outcome


def test_a_word_that_cannot_become_of_it():
    with pytest.raises(WrongWord):
        GATHER.assumed(World("silence"))


def test_what_can_become_of_it():
    there = Answered(parse("conference:crew"))
    assert list(GATHER.choices(World())) == [
        ("answered", there), ("busy", Busy()), ("no-answer", NoAnswer()), ("offline", Offline()),
        ("rejected", Rejected())]
    assert [GATHER.lasts(each) for each in (there, Busy(), NoAnswer())] == [0, 0, 25]
    assert GATHER.target == "user:102, number:+4917, user:101" and GATHER.legs == (DESK, LINE, ANNA)
    assert GATHER.conference == parse("conference:crew")
    enter = Enter("crew")
    assert (enter.target, enter.assumed(World()), list(enter.choices(World()))) == ("conference:crew", there, [])
