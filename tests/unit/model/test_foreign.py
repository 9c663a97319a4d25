"""What came from outside keeps nothing that means something to FreeSWITCH."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.model.foreign import NAME_CHARACTERS, NAME_LIMIT, clean_name, clean_number, unmark
from fsctl.simulator.dialplan.pcre import compiled
from fsctl.switch.wire.dialstring import mark
from tests.names import NAMES


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Jürgen Groß", "Jürgen Groß"),
        ("Łukasz Żółć 李小龍", "Łukasz Żółć 李小龍"),
        ("Sales: Lee", "Sales∶ Lee"),
        ("Dr. Ernst – Lee (2) & Co. +49_1", "Dr. Ernst – Lee (2) + Co. +49_1"),
        ("Eve\nX-Forged: 1", "Eve X-Forged∶ 1"),
        ("Eve%0AX-Forged: 1", "Eve 0AX-Forged∶ 1"),
        ("${system(touch /tmp/x)}", "system(touch tmp x)"),
        ("x%24%7Bsystem(touch /tmp/x)%7D", "x 24 7Bsystem(touch tmp x) 7D"),
        ("a',api_on_answer='x", "a api_on_answer x"),
        ("a\0b\x7fc\u202ed", "a b c d"),
        ("  ", ""),
        ("x" * 2000, "x" * NAME_LIMIT),
    ],
)
def test_names(name, shown):
    assert clean_name(name) == shown


@pytest.mark.parametrize("name", NAMES)
def test_names_of_every_script_survive(name):
    assert clean_name(name) == name


def test_an_apostrophe_stays_within_a_word():
    assert [clean_name(each) for each in ("O'Brien", "Ma'ayan d'Or", "'x'", "a'", "a' b", "x='y'")] == [
        "O’Brien", "Ma’ayan d’Or", "x", "a", "a b", "x y"]


def test_the_dialplan_keeps_whatever_the_controller_does_and_nothing_that_could_hurt():
    kept = compiled(f"^[{NAME_CHARACTERS}]\\z")
    for point in range(0x20000):
        character = chr(point)
        assert bool(kept.search(character)) is (clean_name(f"x{character}x") == f"x{character}x"), hex(point)
    assert not any(kept.search(each) for each in "${}[]<>'\"\\,;:/@|^=`~!?%&\n\r\0\u202e\u2028\ufffe")


@given(st.text())
def test_no_name_keeps_a_character_that_means_something_to_freeswitch(name):
    cleaned = clean_name(name)
    assert not re.search(r"[\x00-\x1f\x7f$%{}\[\]<>'\"\\,;:/@|^=`~!?]", cleaned)
    assert len(cleaned) <= NAME_LIMIT
    assert clean_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("number", "cleaned"),
    [("+49 (30) 12", "+493012"), ("*98#", "*98#"), ("anonymous", ""), ("1\r\n2", "12"), ("٣", ""),
     ("1" * 99, "1" * 32)],
)
def test_numbers(number, cleaned):
    assert clean_number(number) == cleaned


@pytest.mark.parametrize(("text", "target"), [
    ("user+101", "user:101"), ("number++4930123", "number:+4930123"), ("number+112", "number:112"),
    ("outside", None), ("", None), ("_undef_", None), ("user+${x}", None), ("user+101,102", None), ("hunt+sales", None),
])
def test_marks_of_legs(text, target):
    found = unmark(text)
    assert (found and str(found)) == target
    assert found is None or mark(found) == text
