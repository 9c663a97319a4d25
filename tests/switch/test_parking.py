"""What a parked channel is told, and the marks of channels that go to a slot."""

import pytest

from fsctl.model.actions import Park, Push
from fsctl.model.destination import Destination
from fsctl.switch.calls.parking import sending, variables
from fsctl.switch.calls.verbs import executive_calls
from fsctl.switch.session import moving
from fsctl.switch.wire import sounds


def test_all_that_a_parked_channel_has_to_know():
    assert variables(Park("701", "101", 45, group="sales", music="moh", fallback=("101", "102"))) == {
        "fsctl_parker": "101", "fsctl_recall_seconds": "45", "fsctl_music": "",
        "fsctl_recall_people": "101+102"}


def test_a_call_that_nobody_is_known_to_have_parked_still_comes_back():
    told = variables(Park("701", "", 45))
    assert (told["fsctl_parker"], told["fsctl_recall_people"]) == ("", "")


@pytest.mark.parametrize("park", [
    Park("701", "101;api_on_answer=x", 45), Park("701", "101", 45, fallback=("101,error/x",)),
])
def test_nothing_but_words_goes_into_a_dial_string(park):
    with pytest.raises(ValueError, match="dial string"):
        variables(park)


def test_where_the_music_is():
    assert sending(Park("701", "101", 45)).where == "park+701 XML fsctl"
    with pytest.raises(ValueError, match="dial string"):
        _ = sending(Park("701 XML default", "101", 45)).where


@pytest.mark.parametrize(("name", "played"), [
    ("moh", ""), ("", ""), ("jazz.wav", "${fsctl_prompts}/jazz.wav"), ("/srv/jazz.wav", "/srv/jazz.wav"),
    ("local_stream://jazz", "local_stream://jazz"),
])
def test_music_of_a_site(name, played):
    assert sounds.music(name) == played


@pytest.mark.parametrize(("mark", "to"), [
    (moving.into(Destination("park", "701")), Destination("park", "701")),
    (moving.into(Destination("push", "130")), Destination("push", "130")),
    ("park-", None), ("park-701x", None), ("pull-130", None), ("", None),
    ("0b3c1d9e-0000-4000-8000-000000000000", None),
])
def test_marks_of_calls_that_are_sent_on(mark, to):
    assert moving.sent_into(mark) == to


def test_what_a_call_knows_that_is_handed_over():
    sent = executive_calls.sending(Push("130", "131", 20, "140"))
    assert sent.where == "push+130 XML fsctl"
    assert sent.variables == {"fsctl_for": "user+140", "fsctl_pusher": "131", "fsctl_push_seconds": "21"}
    assert sent.telling("x")[1] == "uuid_setvar x fsctl_pusher 131"


@pytest.mark.parametrize("push", [
    Push("130,error/x", "131", 20, "130"), Push("130", "131;x=1", 20, "130"), Push("130", "131", 20, "130;x=1"),
])
def test_nothing_but_words_is_told(push):
    with pytest.raises(ValueError, match="dial string"):
        _ = executive_calls.sending(push).where
