"""The attendant's menu, and announcements as destinations."""

from dataclasses import replace

import pytest

from fsctl.model.destination import parse
from fsctl.model.outcomes import CallerGone, Digits, Performed, Silence
from fsctl.model.sections import Attendant, GroupPark
from fsctl.model.sections import Silence as SilenceEnd
from fsctl.policies import announcement, attendant
from tests.unit.builders import ANNA, SALES, a_call, an_office
from tests.unit.drive import drive

MENU = Attendant(
    key="night", greeting={"de": "nacht.wav", "en": "night.wav"}, extensions=True, retries=2,
    menu={"1": parse("mailbox:101"), "22": parse("number:+491701234567")}, zero=parse("user:101"),
    silence=SilenceEnd(after_seconds=5, to=parse("mailbox:102")), invalid=parse("user:120"),
)
ASKED = ["because attendant night", "answer", "ask night de 3 keys 5 s nacht.wav"]
WRONG = ["play wrong-key de", "ask night de 3 keys 5 s nacht.wav"]


def ask(menu: Attendant, *answers: object, user: str | None = None, site: str | None = "berlin") -> list[str]:
    call = replace(a_call("attendant:night", user=user), site=site)
    return drive(attendant.run, call, an_office(attendants={"night": menu}), [Performed(), *answers])


@pytest.mark.parametrize(("keys", "to"), [
    ("1", "mailbox:101"), ("22", "number:+491701234567"), ("0", "user:101"), ("120", "user:120"), ("300", "hunt:sales"),
])
def test_where_keys_lead(keys, to):
    assert ask(MENU, Digits(keys)) == [*ASKED, f"because the caller pressed {keys}", f"reroute {to} by the office"]


@pytest.mark.parametrize("keys", ["2", "999", "380", "701", "112", "*98", "*72101", "001701234567", "12"])
def test_wrong_keys_are_told_and_asked_again_until_it_is_enough(keys):
    told = [f"because {keys} leads nowhere", *WRONG]
    assert ask(MENU, Digits(keys), Performed(), Digits(keys), Performed()) == [
        *ASKED, *told, f"because {keys} leads nowhere", "play wrong-key de", "because no key of the menu in 2 tries",
        "reroute user:120 by the office"]


def test_the_right_key_at_last():
    assert ask(MENU, Digits("9"), Performed(), Digits("1"))[-1] == "reroute mailbox:101 by the office"


def test_silence_has_its_own_end():
    assert ask(MENU, Silence())[-2:] == [
        "because the caller pressed nothing for 5 s", "reroute mailbox:102 by the office"]


BARE = Attendant(key="night", greeting={"fr": "nuit.wav"}, retries=2)
END = ["because no key of the menu, and the file names no other end", "play not-available de", "hangup normal", "done"]


def test_a_menu_that_names_no_ends_still_has_one():
    asked = "ask night de 1 keys 8 s nuit.wav"
    assert ask(BARE, Silence(), Silence(), Performed(), CallerGone()) == [*ASKED[:2], asked, asked, *END]
    assert ask(BARE, Digits("0"), Performed(), Digits("1"), Performed(), Performed(), CallerGone())[-4:] == END


def test_extensions_only_where_they_may():
    assert ask(replace(MENU, extensions=False), Digits("101"), Performed(), Digits("1"))[2:5] == [
        "ask night de 2 keys 5 s nacht.wav", "because 101 leads nowhere", "play wrong-key de"]


def test_a_zero_of_the_menu_comes_first_and_silence_lasts_a_second_at_least():
    menu = replace(MENU, menu={"0": parse("user:102")}, silence=SilenceEnd(after_seconds=0, to=parse("user:101")))
    lines = ask(menu, Digits("0"))
    assert lines[2] == "ask night de 3 keys 1 s nacht.wav"
    assert lines[-1] == "reroute user:102 by the office"


def test_the_language_of_the_site_that_was_called():
    assert ask(MENU, Silence(), site="london")[2] == "ask night en 3 keys 5 s night.wav"


@pytest.mark.parametrize(("user", "hunt", "slot", "keys"), [
    ("101", "300", "701", 3), ("10100", "300", "701", 5), ("101", "3000", "701", 4), ("101", "300", "70001", 3),
])
def test_as_many_keys_are_taken_as_the_longest_extension_has_that_they_may_reach(user, hunt, slot, keys):
    sales = replace(SALES, hunt=replace(SALES.hunt, extension=hunt), park=GroupPark(extensions=(slot,)))
    office = an_office(users={user: replace(ANNA, extension=user)}, groups={"sales": sales}, attendants={"night": MENU})
    lines = drive(attendant.run, a_call("attendant:night", user=None), office, [Performed(), Silence()])
    assert lines[2] == f"ask night de {keys} keys 5 s nacht.wav"


@pytest.mark.parametrize(("files", "shown"), [
    ({"en": "closed.wav", "de": "zu.wav"}, "play closed de zu.wav"),
    ({"en": "closed.wav"}, "play closed de closed.wav"),
    ({}, "play closed de"),
])
def test_an_announcement_as_a_destination(files, shown):
    office = an_office(announcements={"closed": files} if files else {})
    assert drive(announcement.run, a_call("announcement:closed", user=None), office, [Performed(), CallerGone()]) == [
        "because the office file says so", shown, "hangup normal", "done"]


def test_without_a_file_there_is_none_to_play():
    assert announcement.in_language({}, "de") == ""


def test_other_destinations_are_left_to_others():
    assert drive(attendant.run, a_call("user:101"), an_office()) == ["pass"]
    assert drive(announcement.run, a_call("user:101"), an_office()) == ["pass"]
