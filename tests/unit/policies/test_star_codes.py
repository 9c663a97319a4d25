"""Star codes: which one was dialled, what is asked for, and what does nothing."""

from dataclasses import replace

import pytest

from fsctl.model.actions import Because, Done
from fsctl.model.codes import Codes, all_codes, match
from fsctl.model.live import Live
from fsctl.model.outcomes import CallerGone, Digits, Performed, Silence
from fsctl.policies import star_codes
from fsctl.policies.star_codes import Code
from tests.unit.builders import a_call, an_office
from tests.unit.drive import drive


@pytest.mark.parametrize(("dialled", "found"), [
    ("*72", ("forward_always", "*72", "")),
    ("*72001701234567", ("forward_always", "*72", "001701234567")),
    ("*28", ("night", "*28", "")),
    ("*280", ("night_off", "*280", "")),
    ("*281", ("night_on", "*281", "")),
    ("*289", ("night_auto", "*289", "")),
    ("night+berlin", ("night_key", "night+", "berlin")),
    ("slot+701", ("slot_key", "slot+", "701")),
    ("hunt+sales", ("hunt_key", "hunt+", "sales")),
    ("assistant+130", ("assistant_key", "assistant+", "130")),
    ("night+", None),
    ("*2", None),
    ("72", None),
    ("", None),
])
def test_the_longest_code_counts(dialled, found):
    code = match(Codes(), dialled)
    assert (code and (code.name, code.code, code.digits)) == found


def test_codes_that_the_office_chose_itself():
    code = match(Codes(park="*1", retrieve="*11"), "*1104")
    assert code and (code.name, code.digits) == ("retrieve", "04")
    assert dict(all_codes(Codes(night="#5")))["night_on"] == "#51"


def echo(call, office, live, digits):
    yield Because(f"got {digits}")
    return Done()


TABLE = {"forward_always": Code(echo, asks="number"), "park": Code(echo, asks="extension"), "dnd_on": Code(echo)}


@pytest.mark.parametrize(("name", "dialled", "outcomes", "lines"), [
    ("dnd_on", "*78", [], ["because got", "done"]),
    ("park", "*68104", [], ["because got 104", "done"]),
    ("park", "*68", [Performed(), Digits("105")],
     ["because *68 needs an extension", "answer", "ask enter-extension en 24 keys 8 s", "because got 105", "done"]),
    ("forward_always", "*72", [Performed(), Silence(), Performed(), CallerGone()],
     ["because *72 needs a number", "answer", "ask enter-number en 24 keys 8 s",
      "because nothing was dialled after it", "play not-possible en", "hangup rejected", "done"]),
    ("dnd_on", "*781", [Performed(), CallerGone()],
     ["because *781 is not a code that does something", "play unknown-number en", "hangup unknown-number", "done"]),
    ("join", "*15", [Performed(), CallerGone()],
     ["because *15 is not a code that does something", "play unknown-number en", "hangup unknown-number", "done"]),
    ("dnd_on", "78", [Performed(), CallerGone()],
     ["because 78 is not a code that does something", "play unknown-number en", "hangup unknown-number", "done"]),
])
def test_what_a_code_does(name, dialled, outcomes, lines):
    run = star_codes.policy(TABLE)
    told = drive(run, a_call(f"code:{name}", dialled=dialled), an_office(), outcomes)
    assert [line.rstrip() for line in told] == lines


def test_a_code_is_handed_the_call_the_office_and_the_live_calls():
    seen = []

    def look(*about):
        seen.append(about)
        return Done()
        yield

    call, office, live = a_call("code:park", dialled="*68104"), an_office(), Live()
    assert drive(star_codes.policy({"park": Code(look, asks="extension")}), call, office, live=live) == ["done"]
    assert seen == [(call, office, live, "104")]


def test_other_destinations_are_left_to_others():
    assert drive(star_codes.policy(TABLE), a_call("user:101"), an_office()) == ["pass"]


@pytest.mark.parametrize(("by_transfer", "lines"), [
    (True, ["because got 104", "done"]),
    (False, ["because Anna Adler transferred the call to *68, which one dials oneself", "play not-possible en",
             "hangup rejected", "done"]),
])
def test_who_is_transferred_to_a_code_has_not_dialled_it(by_transfer, lines):
    """Else one could set a colleague's forwarding by transferring him there."""
    run = star_codes.policy({"park": Code(echo, asks="extension", by_transfer=by_transfer)})
    call = replace(a_call("code:park", dialled="*68104"), transferred_by="101")
    assert drive(run, call, an_office(), [Performed(), CallerGone()]) == lines


@pytest.mark.parametrize(("in_talk", "dialled", "lines"), [
    ("digits", "*68104", ["because got 104", "done"]),
    ("digits", "*68", ["because got ", "done"]),
    ("alone", "*68", ["because got ", "done"]),
    ("alone", "*68104", ["because *68104 does nothing in a talk", "play not-possible en", "done"]),
    ("", "*68104", ["because *68104 does nothing in a talk", "play not-possible en", "done"]),
    ("", "*68", ["because *68 does nothing in a talk", "play not-possible en", "done"]),
])
def test_a_code_that_is_dialled_in_a_talk(in_talk, dialled, lines):
    """Nothing ends the talk, and nothing is asked in it."""
    run = star_codes.policy({"park": Code(echo, asks="extension", alone=True, in_talk=in_talk)})
    call = a_call("code:park", dialled=dialled)
    assert drive(run, replace(call, talk="own"), an_office(), [Performed()]) == lines
    assert drive(run, call, an_office())[0].startswith("because got")


@pytest.mark.parametrize(("name", "dialled"), [("dnd_on", "*781"), ("join", "*15")])
def test_what_is_no_code_in_a_talk_either(name, dialled):
    call = replace(a_call(f"code:{name}", dialled=dialled), talk="own")
    assert drive(star_codes.policy(TABLE), call, an_office(), [Performed()]) == [
        f"because {dialled} is not a code that does something", "play unknown-number en", "done"]
