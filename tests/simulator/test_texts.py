"""Dial strings, arguments and expansion, as the real switch reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.model.actions import Leg, Party, Ring
from fsctl.model.destination import Destination
from fsctl.simulator.core.causes import known, told
from fsctl.simulator.core.media import seconds_of
from fsctl.simulator.dialplan.dialstring import parse, separate
from fsctl.simulator.dialplan.expand import expand
from fsctl.simulator.ringing.legs import sanitized
from fsctl.switch.wire.dialstring import bridge
from fsctl.switch.wire.phones import arrange
from tests.unit.builders import a_call, an_office


def shape(text):
    dial = parse(text)
    return [[[target.endpoint for target in stage] for stage in branch] for branch in dial.branches]


@pytest.mark.parametrize(
    ("text", "branches"),
    [
        ("user/1", [[["user/1"]]]),
        ("user/1,user/2", [[["user/1", "user/2"]]]),
        ("user/1|user/2", [[["user/1"], ["user/2"]]]),
        ("user/1|user/2:_:user/3", [[["user/1"], ["user/2"]], [["user/3"]]]),
        ("[a=1,b=2]user/1,[c='x|y']user/2", [[["user/1", "user/2"]]]),
        ("{a=1,b=2}user/1", [[["user/1"]]]),
    ],
)
def test_who_is_rung(text, branches):
    assert shape(text) == branches


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("[a=1,b=2]user/1", {"a": "1", "b": "2"}),
        ("[a='1,2',b='sched_del x']user/1", {"a": "1,2", "b": "sched_del x"}),
        ("[^^:a=1,2:b=3]user/1", {"a": "1,2", "b": "3"}),
        ("[a=1][b=2]user/1", {"a": "1", "b": "2"}),
        (r"[a='it\'s']user/1", {"a": "it's"}),
        ("[a=x=y,nothing]user/1", {"a": "x=y"}),
    ],
)
def test_what_a_leg_is_told(text, variables):
    ((target,),) = parse(text).branches[0]
    assert (target.endpoint, target.variables) == ("user/1", variables)


def test_what_all_legs_are_told():
    dial = parse("<x=0>{a=1}[b=2]user/1")
    assert (dial.variables, dial.branches[0][0][0].variables) == ({"x": "0", "a": "1"}, {"b": "2"})


def test_a_bracket_that_never_closes():
    with pytest.raises(ValueError, match="no ']'"):
        parse("[a=1user/1")


@given(st.lists(st.lists(st.sampled_from(["101", "102", "103"]), min_size=1, max_size=3), min_size=1, max_size=3))
def test_what_the_controller_writes_is_read_back(branches):
    legs = tuple(tuple(Leg(Destination("user", name), 20) for name in branch) for branch in branches)
    ring = Ring(legs, Party("", ""))
    contacts = {name: [f"sofia/phones/sip:{name}@10.0.0.5"] for name in ("101", "102", "103")}
    dial = parse(bridge(ring, arrange(ring, contacts, an_office()), an_office(), a_call("user:101")))
    rung = [target.variables["fsctl_leg"] for branch in dial.branches for stage in branch for target in stage]
    assert rung == [f"user+{name}" for branch in branches for name in branch]
    assert len(dial.branches) == (len(branches) if any(len(branch) > 1 for branch in branches) else 1)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("^^;a=1;b=x y", ["a=1", "b=x y"]), ("a b", ["a", "b"]), ("a 'b c'", ["a", "b c"]), ("", []), ("^^;", [])],
)
def test_arguments(text, parts):
    assert separate(text) == parts


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain $1", "plain $1"), ("${a}", "A"), ("x${a}y${none}z", "xAyz"), (r"\${a}", "${a}"), ("${a", "${a"),
        ("${deep}", "A"), ("${run(${a} b)}", "run:A b"), ("${name}", "run:evil"), ("${word:1:2}", "or"),
        ("${word:-2}", "rd"), ("${loop}", ""),
    ],
)
def test_expansion(text, result):
    """A value is expanded again: so a name that a caller chose becomes a command."""
    variables = {"a": "A", "deep": "${a}", "name": "${run(evil)}", "word": "word", "loop": "${loop}"}
    found = expand(text, variables.get, lambda name, argument: f"{name}:{argument}")
    assert found.replace("${loop}", "") == result


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Lee", "Lee"), ("Dr. Ernst: Lee", " Lee"), ("a/b/c", "c"), ("a@b", "a"), ('a"b', "ab"), ("Verkauf∶ Lee", "Verkauf∶ Lee")],
)
def test_names_that_go_out(name, shown):
    assert sanitized(name) == shown


@pytest.mark.parametrize(
    ("sound", "seconds"),
    [
        ("tone_stream://%(330,15,950);%(330,15,1400);%(330,1000,1800)", 2.02),
        ("tone_stream://%(250,250,480,620);loops=8", 4.0),
        ("tone_stream://v=-20;%(250,4750,440);loops=-1", float("inf")),
        ("silence_stream://1500", 1.5), ("silence_stream://-1", float("inf")),
        ("file_string:///missing.wav!tone_stream://%(250,0,880)", 0.25), ("/missing.wav", None), ("local_stream://moh", None),
    ],
)
def test_how_long_sounds_take(sound, seconds):
    assert seconds_of(sound) == (pytest.approx(seconds) if seconds is not None else None)


@pytest.mark.parametrize(
    ("cause", "taken", "learned"),
    [
        ("USER_BUSY", "USER_BUSY", "USER_BUSY"), ("17", "USER_BUSY", "USER_BUSY"), ("", "NORMAL_CLEARING", "NORMAL_CLEARING"),
        ("user_busy", "USER_BUSY", "USER_BUSY"), ("nonsense", "NORMAL_CLEARING", "NORMAL_CLEARING"),
        ("USER_NOT_REGISTERED", "USER_NOT_REGISTERED", "NO_USER_RESPONSE"),
    ],
)
def test_causes(cause, taken, learned):
    assert (known(cause), told(known(cause))) == (taken, learned)
