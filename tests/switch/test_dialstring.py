"""Nothing that a caller chose gets into a dial string or an argument that FreeSWITCH expands."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.model.actions import Leg, Party, Ring
from fsctl.model.destination import Destination, parse
from fsctl.model.hold_recall import Held
from fsctl.model.live import LiveCall
from fsctl.simulator.dialplan.dialstring import parse as parse_dial_string
from fsctl.simulator.dialplan.dialstring import separate
from fsctl.switch.wire.dialstring import bridge, prepare, recall
from tests.unit import builders
from tests.unit.builders import AT, SALES, a_call, an_office


@pytest.mark.parametrize(
    ("party", "argument"),
    [
        (Party("Lee", "+4915"), "^^;effective_caller_id_name=Lee;effective_caller_id_number=+4915"),
        (Party("", "101"), "^^;effective_caller_id_name=101;effective_caller_id_number=101"),
        (Party("a;b=c", "x"), "^^;effective_caller_id_name=a b c;effective_caller_id_number=anonymous"),
    ],
)
def test_what_the_called_side_sees(party, argument):
    assert prepare(Ring(((leg("user:101", 1),),), party)) == argument


ANSWER = "api_on_answer='sched_del c0ffee'"
PEER = "fsctl_peer=user+102,outbound_redirect_fatal=true"
ANNA = f"[leg_timeout=21,fsctl_leg=user+101,{PEER},{ANSWER}]user/101@${{domain}}"
BERND = f"[leg_timeout=11,fsctl_leg=user+102,{PEER},{ANSWER}]user/102@${{domain}}"
MOBILE = f"[leg_timeout=31,fsctl_leg=number++4917,{PEER},{ANSWER},fsctl_external=true]sofia/gateway/provider/4917"
NOBODY = Party("", "")
SEVERAL = "{ignore_early_media=true}"


def leg(to: str, seconds: int, trunk: str | None = None) -> Leg:
    return Leg(parse(to), seconds, trunk)


@pytest.mark.parametrize(
    ("branches", "argument"),
    [
        (((leg("user:101", 20),),), ANNA),
        (((leg("user:101", 20),), (leg("number:+4917", 30, "provider"),)), f"{SEVERAL}{ANNA},{MOBILE}"),
        (((leg("user:101", 20), leg("user:102", 10)),), f"{SEVERAL}{ANNA}|{BERND}"),
        (((leg("user:101", 20), leg("user:102", 10)), (leg("number:+4917", 30, "provider"),)),
         f"{SEVERAL}{ANNA}|{BERND}:_:{MOBILE}"),
    ],
)
def test_dial_strings(branches, argument):
    assert bridge(Ring(branches, Party("", "")), an_office(), a_call("user:101")) == argument


@pytest.mark.parametrize(("hunt", "told"), [("sales_2", ",fsctl_hunt=sales_2"), ("süd", ""), ("a],x", ""), ("", "")])
def test_legs_tell_for_which_group_they_ring(hunt, told):
    text = bridge(Ring(((leg("user:101", 20),),), NOBODY, hunt), an_office(), a_call("user:101"))
    assert text == ANNA.replace(f",{ANSWER}", f"{told},{ANSWER}")


def test_a_call_that_can_be_picked_up_has_a_leg_for_that():
    picked = an_office(groups={"sales": replace(SALES, pickup=True)})
    end = (",[fsctl_picked_up=c0ffee,fsctl_peer=user+102,"
           "api_on_pickup_caller='sched_del c0ffee']pickup/c0ffee")
    one, two = leg("user:101", 20), leg("user:102", 10)
    assert bridge(Ring(((one,),), NOBODY), picked, a_call("user:101")) == f"{SEVERAL}{ANNA}{end}"
    assert bridge(Ring(((one,), (two,)), NOBODY), picked, a_call("user:101")) == f"{SEVERAL}{ANNA},{BERND}{end}"
    # Each branch of several stages rings by itself, and ends with the last of its own phones.
    staged = Ring(((one, two), (leg("number:+4917", 30, "provider"),)), NOBODY)
    assert bridge(staged, picked, a_call("user:101")) == f"{SEVERAL}{ANNA}{end}|{BERND}{end}:_:{MOBILE}{end}"


@pytest.mark.parametrize(("to", "trunk", "has"), [
    ("user:120", None, False), ("user:101", None, True), ("number:+4917", "provider", False),
])
def test_which_calls_can_be_picked_up(to, trunk, has):
    users = an_office().users
    monitored = an_office(users=users | {"120": replace(users["120"], monitors=("101", "120"))})
    assert ("pickup/" in bridge(Ring(((leg(to, 9, trunk),),), NOBODY), monitored, a_call(to))) is has


def test_numbers_in_the_form_a_trunk_wants():
    ring = Ring(((leg("number:+4917", 1, "thames"),), (leg("number:112", 1, "provider"),)), Party("", ""))
    endpoints = re.findall(r"\]([^,]*)", bridge(ring, an_office(), a_call("user:101")))
    assert endpoints == ["sofia/gateway/thames/+4917", "sofia/gateway/provider/112"]


def test_a_target_that_is_no_word_is_refused():
    ring = Ring(((Leg(Destination("user", "101,loopback/x"), 1),),), Party("", ""))
    with pytest.raises(ValueError, match="cannot stand in a dial string"):
        bridge(ring, an_office(), a_call("user:101"))


def test_a_leg_that_asks_for_a_1_and_sees_somebody_else():
    asked = Leg(parse("number:+4917"), 30, "provider", confirm="de", show=Party("Jörg: 'x'", "+4930"))
    ring = Ring(((asked,),), Party("Lee", "1"))
    text = bridge(ring, an_office(), a_call("user:101", user=None))
    prompt = "file_string://${fsctl_prompts}/de/press-1.wav!tone_stream://"
    assert f"group_confirm_key=1,group_confirm_file='{prompt}" in text
    assert "origination_caller_id_name='Jörg∶ x',origination_caller_id_number=+4930" in text
    assert "fsctl_peer=outside" in text
    assert "api_on_answer" not in text
    assert prepare(ring).endswith(";bridge_pre_execute_aleg_app=sched_cancel")


def a_held_call(**caller):
    about = {"user": None, "number": "+4915", "name": "Lee"} | caller
    return Held(LiveCall("h-1", "101", "c-1", "outbound", "held", AT),
                LiveCall(uuid="c-1", peer="h-1", direction="inbound", state="talking", since=AT, **about))


def test_a_recall():
    assert recall("leg-1", a_held_call(), an_office(), "pbx.example") == (
        "{origination_uuid=leg-1,originate_timeout=26,ignore_early_media=true,outbound_redirect_fatal=true,"
        "hangup_after_bridge=true,park_timeout=5:NORMAL_CLEARING,fsctl_leg=user+101,fsctl_recalls=h-1,fsctl_peer=outside,"
        "origination_callee_id_name='Anna Adler',origination_callee_id_number=101,"
        "origination_caller_id_name='Hold∶ Lee',origination_caller_id_number=+4915}user/101@pbx.example "
        "'set_profile_var:callee_id_name=Anna Adler,set_profile_var:callee_id_number=101,park' inline")


def test_a_recall_for_a_colleague_on_hold():
    text = recall("leg-1", a_held_call(user="102", number="102"), an_office(), "pbx.example")
    assert "fsctl_peer=user+102," in text and "name='Hold∶ Bernd Brandt',origination_caller_id_number=102}" in text


@given(st.text(), st.text(), st.text())
def test_no_name_gets_out_of_its_place_in_a_recall(caller, number, own):
    office = an_office(users={"101": replace(builders.ANNA, name=own)})
    text = recall("leg-1", a_held_call(name=caller, number=number), office, "pbx.example")
    dial_string, applications, dialplan = separate(text)
    dial = parse_dial_string(dial_string)
    (((target,),),) = dial.branches
    assert (target.endpoint, target.variables, dialplan) == ("user/101@pbx.example", {}, "inline")
    assert len(dial.variables) == 13
    assert [each.partition("=")[0] for each in applications.split(",")] == [
        "set_profile_var:callee_id_name", "set_profile_var:callee_id_number", "park"]
    assert "$" not in text
