"""Emergency calls."""

from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, CallerGone, Offline
from fsctl.policies import emergency
from tests.unit.builders import a_call, an_office
from tests.unit.drive import drive

REASON = "because 112 is an emergency number"
PROVIDER = "ring number:112 300 s by provider showing |"


def test_the_own_number_is_shown_else_that_of_the_trunk():
    gone = [CallerGone()]
    assert drive(emergency.run, a_call("emergency:112", user="101"), an_office(), gone) == [
        REASON, PROVIDER + "+49305550101", "done"]
    assert drive(emergency.run, a_call("emergency:112", user="102"), an_office(), gone) == [
        REASON, PROVIDER + "+49305550100", "done"]


def test_the_next_trunk_is_tried_until_one_takes_the_call():
    answered = Answered(Destination("number", "112"))
    assert drive(emergency.run, a_call("emergency:112", user="120"), an_office(), [Offline(), answered]) == [
        REASON, "ring number:112 300 s by thames or on after 6 s of silence showing |+442079460100",
        REASON, PROVIDER + "+49305550100", "done"]


def test_all_are_tried_again_without_encryption_before_it_is_given_up():
    ways = ["ring number:112 300 s by thames{} or on after 6 s of silence showing |+442079460100",
            "ring number:112 300 s by provider{} showing |+49305550100"]
    plain = "because no trunk took the emergency call, so it is tried without encryption"
    assert drive(emergency.run, a_call("emergency:112", user="120"), an_office(), [*[Offline()] * 4, CallerGone()]) == [
        *(line for way in ways for line in (REASON, way.format(""))),
        *(line for way in ways for line in (plain, way.format(" unencrypted"))),
        "because no trunk took the emergency call", "hangup offline", "done"]


def test_no_trunk_left():
    office = an_office(trunks={})
    assert drive(emergency.run, a_call("emergency:112", user="101"), office, [CallerGone()]) == [
        "because no trunk took the emergency call", "hangup offline", "done"]


def test_other_destinations_are_left_to_others():
    assert drive(emergency.run, a_call("number:112"), an_office()) == ["pass"]
