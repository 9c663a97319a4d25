"""Emergency calls."""

from dataclasses import replace

from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, CallerGone, Offline
from fsctl.policies import emergency
from tests.unit.builders import IN_TURN, PROVIDER, THAMES, a_call, an_office
from tests.unit.drive import drive

REASON = "because 112 is an emergency number"
PLAIN = "because no trunk took the emergency call, so it is tried without encryption"
BY_PROVIDER = "ring number:112 300 s by provider"


def test_the_own_number_is_shown_else_that_of_the_trunk():
    gone, office = [CallerGone()], an_office(trunks={"provider": PROVIDER})
    assert drive(emergency.run, a_call("emergency:112", user="101"), office, gone) == [
        REASON, BY_PROVIDER + " showing |+49305550101", "done"]
    assert drive(emergency.run, a_call("emergency:112", user="102"), office, gone) == [
        REASON, BY_PROVIDER + " showing |+49305550100", "done"]


def test_the_next_trunk_is_tried_until_one_takes_the_call():
    answered, office = Answered(Destination("number", "112")), an_office(trunks=IN_TURN)
    assert drive(emergency.run, a_call("emergency:112", user="120"), office, [Offline(), answered]) == [
        REASON, "ring number:112 300 s by thames or on after 6 s of silence showing |+442079460100",
        REASON, BY_PROVIDER + " showing |+49305550100", "done"]


def test_all_are_tried_again_without_encryption_and_then_those_of_other_sites_before_it_is_given_up():
    spare = replace(THAMES, key="spare")
    office = an_office(trunks={"provider": PROVIDER, "thames": THAMES, "spare": spare})
    outcomes = [*[Offline()] * 6, CallerGone()]
    ways = ["ring number:112 300 s by thames{} or on after 6 s of silence showing |+442079460100",
            "ring number:112 300 s by spare{} or on after 20 s of silence showing |+442079460100"]
    last = BY_PROVIDER + "{} showing |+49305550100"
    assert drive(emergency.run, a_call("emergency:112", user="120"), office, outcomes) == [
        *(line for way in ways for line in (REASON, way.format(""))),
        *(line for way in ways for line in (PLAIN, way.format(" unencrypted"))),
        f"{REASON}, and no trunk of the caller's site takes it: by provider", last.format(""),
        PLAIN, last.format(" unencrypted"),
        "because no trunk took the emergency call", "hangup offline", "done"]


def test_no_trunk_left():
    office = an_office(trunks={})
    assert drive(emergency.run, a_call("emergency:112", user="101"), office, [CallerGone()]) == [
        "because no trunk took the emergency call", "hangup offline", "done"]


def test_other_destinations_are_left_to_others():
    assert drive(emergency.run, a_call("number:112"), an_office()) == ["pass"]
