"""Calls to hunt groups whose members ring one after the other: who, when again, and where the call goes from there."""

from dataclasses import replace
from datetime import timedelta

import pytest

from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing, Tally
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, Busy, CallerGone, Failed, NoAnswer, Offline, Redirected, Rejected
from fsctl.model.sections import Overflow
from fsctl.policies import hunt_group
from tests.unit.builders import ANNA, AT, SALES, a_call, an_office, settings
from tests.unit.drive import Hunts, drive

FIVE = ("101", "102", "103", "104", "105")
CALLER = "+4915112345678"
TOP = "because Verkauf from the top"
NEXT = "because next of Verkauf"
OVERFLOW = ["because nobody of Verkauf took the call within 60 s", "reroute mailbox:101 by the office"]


def office(members=FIVE, users=FIVE, **hunt):
    """A group that overflows after a minute, and of it five people."""
    overflow = Overflow(after_seconds=60, to=Destination("mailbox", "101"))
    defaults = {"policy": "linear", "busy": None, "unreachable": None, "overflow": overflow, "caller_name": "{caller}"}
    group = replace(SALES, members=members, hunt=replace(SALES.hunt, **defaults | hunt))
    people = {user: replace(ANNA, extension=user, name=f"N{user}") for user in users}
    return an_office(groups={"sales": group}, users=people)


def hunt(office, outcomes, standing=None, live=None):
    """What the policy did, without the ring's seconds and display."""
    return run(office, outcomes, Hunts(lambda seconds: (standing or Standing(), live or Live())))


def run(office, outcomes, hunts):
    lines = drive(hunt_group.run, a_call("hunt:sales", user=None), office, outcomes, hunts=hunts)
    return [line.partition(" showing ")[0] for line in lines]


def channel(user, state="talking", direction="outbound", uuid="other", peer=None, number=""):
    return LiveCall(uuid=uuid, user=user, peer=peer, direction=direction, state=state, since=AT, number=number)


def test_one_after_the_other_until_somebody_answers():
    assert hunt(office(), [NoAnswer(), Rejected(), Offline(), Answered(Destination("user", "104"))]) == [
        TOP, "ring user:101 15 s", NEXT, "ring user:102 15 s", NEXT, "ring user:103 15 s", NEXT, "ring user:104 15 s",
        "done"]


def test_the_caller_is_gone():
    assert hunt(office(), [NoAnswer(), CallerGone()])[-2:] == ["ring user:102 15 s", "done"]


def test_round_and_round_until_the_overflow_and_the_last_rings_shorter():
    lines = hunt(office(members=("101", "102"), ring_seconds=25), [NoAnswer()] * 3)
    assert lines == [
        TOP, "ring user:101 25 s", NEXT, "ring user:102 25 s", NEXT, "ring user:101 10 s", *OVERFLOW]


def test_who_declined_is_left_alone_and_the_others_are_rung_again():
    for refusal in (Rejected(), Redirected("120")):
        lines = hunt(office(members=("101", "102")), [refusal, NoAnswer(), NoAnswer(), CallerGone()])
        assert [line for line in lines if line.startswith("ring")] == [
            "ring user:101 15 s", *["ring user:102 15 s"] * 3]


def test_all_decline():
    lines = hunt(office(members=("101", "102", "103")), [Rejected(), Offline(), Rejected()])
    assert lines[-2:] == ["because nobody of Verkauf took the call", "reroute mailbox:101 by the office"]


@pytest.mark.parametrize(("unreachable", "to"), [
    (None, "mailbox:101"), (Destination("user", "102"), "user:102"),
])
def test_nobody_registered_is_told_at_once(unreachable, to):
    lines = hunt(office(members=("101", "102"), unreachable=unreachable), [Offline()] * 2)
    assert lines == [TOP, "ring user:101 15 s", NEXT, "ring user:102 15 s",
                     "because no member of Verkauf can be reached", f"reroute {to} by the office"]


def test_a_phone_that_refuses_at_once_is_not_called_again_and_again():
    """It says busy though nobody knows of a call; a phone outside, say."""
    lines = hunt(office(members=("101", "102"), ring_seconds=20), [Busy()] * 6)
    once = ["ring user:101 20 s", NEXT, "ring user:102 20 s", "because all members of Verkauf are busy"]
    assert lines == [TOP, *once, "wait 20 s for nobody", NEXT, *once, "wait 20 s for nobody", NEXT, *once,
                     "wait 20 s for nobody", *OVERFLOW]


def test_all_are_busy_on_the_phone():
    lines = hunt(office(members=("101", "102"), busy=Destination("user", "103")), [Busy(), Busy()])
    assert lines[-2:] == ["because all members of Verkauf are busy", "reroute user:103 by the office"]


# ---- who is engaged -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("busy", "why"), [
    (channel("101"), "is on a call"),
    (channel("101", "held"), "is on a call"),
    (channel("101", "ringing"), "is on a call"),
    (channel("101", "ringing", "inbound"), "is on a call"),
])
def test_busy_members_are_passed_over(busy, why):
    assert hunt(office(), [CallerGone()], live=Live((busy,)))[:2] == [f"{TOP}; 101 {why}", "ring user:102 15 s"]


@pytest.mark.parametrize("own", [
    channel("101", uuid="c0ffee", direction="inbound"), channel("101", "ringing", peer="c0ffee"),
])
def test_this_calls_own_channels_engage_nobody(own):
    assert hunt(office(), [CallerGone()], live=Live((own,)))[1] == "ring user:101 15 s"


def test_who_does_not_want_to_be_disturbed_is_passed_over():
    set_ = replace(office(), settings=settings(**{"dnd.101": "on"}))
    assert hunt(set_, [CallerGone()])[:2] == [
        f"{TOP}; 101 does not want to be disturbed", "ring user:102 15 s"]


def test_who_is_rung_for_another_call_is_passed_over():
    lines = hunt(office(), [CallerGone()], Standing(reserved=frozenset({"101"})))
    assert lines[:2] == [f"{TOP}; 101 is rung for another call", "ring user:102 15 s"]


@pytest.mark.parametrize(("ago", "rung"), [(0.5, "102"), (3, "101")])
def test_a_call_that_was_just_taken_may_not_be_known_yet(ago, rung):
    tally = Tally(1, AT - timedelta(seconds=ago), None, talking=True)
    assert hunt(office(), [CallerGone()], Standing(tallies={"101": tally}))[1] == f"ring user:{rung} 15 s"


@pytest.mark.parametrize(("call_waiting", "rung"), [(True, "101"), (False, "102")])
def test_without_skip_busy_call_waiting_decides(call_waiting, rung):
    busy = office(skip_busy=False)
    users = busy.users | {"101": replace(busy.users["101"], call_waiting=call_waiting)}
    lines = hunt(replace(busy, users=users), [CallerGone()], live=Live((channel("101"),)))
    assert lines[1] == f"ring user:{rung} 15 s"


def test_a_member_outside_is_busy_too():
    lines = hunt(transit(members=(CALLER, "102")), [CallerGone()], live=Live((channel(None, number=CALLER),)))
    assert lines[1] == "ring user:102 15 s"


def transit(**changes):
    found = office(**changes)
    return replace(found, trunks={"p": replace(found.trunks["provider"], allow_transit=True)})


def test_the_caller_himself_is_not_rung():
    lines = drive(hunt_group.run, a_call("hunt:sales", user="101"), office(), [CallerGone()])
    assert lines[1].startswith("ring user:102 ")


def test_all_at_once_means_those_who_do_not_talk():
    live = Live((channel("101"), channel("102", "ringing", uuid="u2"), channel("103", "ringing", "inbound", uuid="u3")))
    lines = hunt(office(policy="simultaneous"), [CallerGone()], Standing(reserved=frozenset({"104"})), live)
    assert lines[1] == "ring user:102 60 s & user:104 60 s & user:105 60 s"


# ---- waiting ------------------------------------------------------------------------------------------


def test_all_busy_waits_for_one_until_overflow():
    busy = Live((channel("101"), channel("102", uuid="u2")))
    lines = hunt(office(members=("101", "102")), [], live=busy)
    assert lines == ["because all members of Verkauf are busy; 101 is on a call; 102 is on a call",
                     "wait 60 s for 101 102", *OVERFLOW]


def test_who_becomes_free_is_rung_for_what_is_left():
    busy = Live((channel("101"), channel("102", uuid="u2")))

    class Sooner(Hunts):
        def answer(self, call, wanted):
            outcome = super().answer(call, wanted)
            self.seconds = min(self.seconds, 50.0)
            return outcome

    hunts = Sooner(lambda seconds: (Standing(), busy if seconds < 50 else Live((busy.calls[0],))))
    lines = run(office(members=("101", "102")), [CallerGone()], hunts)
    assert lines[1:3] == ["wait 60 s for 101 102", f"{TOP}; 101 is on a call"]
    assert lines[3] == "ring user:102 10 s"


def test_all_busy_goes_where_the_file_says():
    lines = hunt(office(members=("101",), busy=Destination("user", "103")), [], live=Live((channel("101"),)))
    assert lines == ["because all members of Verkauf are busy; 101 is on a call", "reroute user:103 by the office"]


def test_reserved_is_not_busy():
    lines = hunt(office(members=("101", "102"), busy=Destination("user", "103")), [],
                 Standing(reserved=frozenset({"102"})), Live((channel("101"),)))
    assert lines == ["because nobody of Verkauf is free; 101 is on a call; 102 is rung for another call",
                     "wait 60 s for 101 (102)", *OVERFLOW]


def test_waiting_has_an_end_without_overflow_too():
    both = Standing(reserved=frozenset({"101", "102"}))
    lines = hunt(office(members=("101", "102"), overflow=None), [CallerGone()], both)
    assert lines == ["because nobody of Verkauf is free; 101 is rung for another call; 102 is rung for another call",
                     "wait 30 s for (101) (102)",
                     "because nobody of Verkauf took the call", "hangup no-answer", "done"]


def test_without_overflow_everybody_is_rung_once():
    lines = hunt(office(members=("101", "102"), overflow=None), [Busy(), NoAnswer(), CallerGone()])
    assert lines[-3:] == ["because nobody of Verkauf took the call", "hangup no-answer", "done"]


def test_who_rang_in_vain_rests_while_the_others_are_busy():
    lines = hunt(office(members=("101", "102")), [NoAnswer(), NoAnswer(), NoAnswer(), NoAnswer()],
                 live=Live((channel("102"),)))
    assert lines == [TOP, "ring user:101 15 s", *[f"{NEXT}; 102 is on a call", "ring user:101 15 s"] * 3, *OVERFLOW]


# ---- reserving ----------------------------------------------------------------------------------------


def test_another_call_is_faster():
    hunts = Hunts(lambda seconds: (Standing("102", turn=7), Live()), taken=[0])
    run(office(policy="circular"), [CallerGone()], hunts)
    assert hunts.reserved == [("103", 7), ("103", 7)]


@pytest.mark.parametrize(("policy", "busy", "place"), [
    ("circular", [], 21), ("circular", ["103", "104"], 23), ("circular", ["103", "104", "105"], 24),
    ("linear", [], None),
])
def test_the_place_is_as_far_on_as_the_member_is_behind_the_pointer(policy, busy, place):
    hunts = Hunts(lambda seconds: (Standing("102", 7, 20, frozenset(busy)), Live()))
    run(office(policy=policy), [CallerGone()], hunts)
    assert hunts.places == [place]


def test_a_database_that_fails_stops_no_call():
    class Failing(Hunts):
        def answer(self, call, wanted):
            outcome = super().answer(call, wanted)
            return Failed() if hasattr(wanted, "turn") else outcome

    hunts = Failing(lambda seconds: (Standing(), Live()))
    lines = run(office(), [CallerGone()], hunts)
    assert lines[1] == "ring user:101 15 s"


def test_nobody_is_reserved_where_all_ring_at_once():
    hunts = Hunts(lambda seconds: (Standing(), Live()))
    run(office(policy="simultaneous"), [CallerGone()], hunts)
    assert hunts.reserved == []


def test_the_turn_of_a_later_member_counts_with_what_happened_meanwhile():
    """Somebody else took a call while the first member rang."""
    hunts = Hunts(lambda seconds: (Standing("101" if seconds < 15 else "104"), Live()))
    run(office(policy="circular"), [NoAnswer(), CallerGone()], hunts)
    assert [member for member, _ in hunts.reserved] == ["102", "105"]


# ---- members who left -----------------------------------------------------------------------------------


def test_who_left_is_not_rung_and_the_circle_goes_on_behind_him():
    left = replace(office(policy="circular"), settings=settings(**{"hunt.sales.102": "left", "hunt.sales.103": "left"}))
    lines = hunt(left, [CallerGone()], Standing("102"))
    assert lines[:2] == ["because Verkauf in turn, after 102", "ring user:104 15 s"]


def test_all_left():
    left = replace(office(members=("101",)), settings=settings(**{"hunt.sales.101": "left"}))
    assert hunt(left, []) == [
        "because no member of Verkauf can be reached; 101 has left the group", "reroute mailbox:101 by the office"]
