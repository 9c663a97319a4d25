"""What a parked channel is told, and the marks of channels that go to a slot."""

import pytest

from fsctl.model.actions import Park
from fsctl.switch.calls.parking import extension, variables
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
    assert extension("701") == "park+701 XML fsctl"
    with pytest.raises(ValueError, match="dial string"):
        extension("701 XML default")


@pytest.mark.parametrize(("name", "played"), [
    ("moh", ""), ("", ""), ("jazz.wav", "${fsctl_prompts}/jazz.wav"), ("/srv/jazz.wav", "/srv/jazz.wav"),
    ("local_stream://jazz", "local_stream://jazz"),
])
def test_music_of_a_site(name, played):
    assert sounds.music(name) == played


@pytest.mark.parametrize(("mark", "slot"), [
    (moving.into("701"), "701"), ("park-", ""), ("park-701x", ""), ("0b3c1d9e-0000-4000-8000-000000000000", ""),
    ("", ""),
])
def test_marks_of_calls_that_go_to_a_slot(mark, slot):
    assert moving.parked_in(mark) == slot
