"""What FreeSWITCH is told of a group call."""

import re
from dataclasses import replace

import pytest

from fsctl.model.actions import Gather, Leg, Party
from fsctl.simulator.dialplan.dialstring import parse as parse_dial_string
from fsctl.switch.wire import group_calls as wire
from fsctl.switch.wire import sounds
from fsctl.switch.wire.phones import Phone
from tests.switch.gathering import (
    BESIDE,
    DESK,
    LINE,
    MOBILE,
    OFFICE,
    OTHER,
    OWN,
    SHOWN,
)


def phone(leg: Leg, endpoint: str = "sofia/phones/sip:102@10.0.0.1:5060", uuid: str = OTHER) -> Phone:
    return Phone(uuid, leg, endpoint)


GATEWAY = "sofia/gateway/provider/491701234567"
VALUES = {"domain": "fs.example", "fsctl_prompts": "/prompts", "fsctl_trunk_srtp": "optional"}
TOLD = wire.calls("380", OWN)


def originated(*phones: Phone, show: Party = SHOWN, seconds: int = 30) -> str:
    return wire.originate(phones, show, seconds, TOLD, "380", OFFICE, VALUES)


def test_the_command_that_rings_a_colleague() -> None:
    told = "execute_on_blind_transfer='execute_extension transferred XML fsctl'"
    assert originated(phone(DESK)) == (
        "bgapi originate {^^;originate_timeout=31;ignore_early_media=true;outbound_redirect_fatal=true;"
        "hangup_after_bridge=true;hangup_after_conference=true;conference_controls=none;fsctl_group=380;"
        f"fsctl_group_caller={OWN};origination_caller_id_name='Krisenstab - Anna Adler';"
        "origination_caller_id_number=380}"
        f"[^^;origination_uuid={OTHER};fsctl_leg=user+102;origination_callee_id_name='Bernd Brandt';"
        "origination_callee_id_number='102';sip_ignore_remote_cid='true';dialed_user='102';dialed_domain='fs.example';"
        "sip_invite_domain='fs.example';presence_id='102@fs.example';force_transfer_context='fsctl_default';"
        "user_context='fsctl_default';fsctl_site='berlin';fsctl_name='Bernd Brandt';fsctl_extension='102';"
        f"{told};outbound_caller_id_number='+49305550100']sofia/phones/sip:102@10.0.0.1:5060 gather+380 XML fsctl"
    )


@pytest.mark.parametrize(("leg", "name", "party"), [
    (LINE, MOBILE, MOBILE), (BESIDE, "Bernd Brandt", "102"),
])
def test_the_command_that_rings_outside(leg: Leg, name: str, party: str) -> None:
    text = originated(phone(leg, GATEWAY))
    ((((target,),),)) = parse_dial_string(text.removeprefix("bgapi originate ").removesuffix(
        " gather+380 XML fsctl")).branches
    told = target.variables
    assert leg.sent_by is not None and leg.show is not None
    assert {key: told[key] for key in (
        "origination_uuid", "fsctl_leg", "group_confirm_key", "fsctl_external", "fsctl_sent_by", "rtp_secure_media",
        "origination_caller_id_number", "origination_callee_id_name", "origination_callee_id_number",
    )} == {
        "origination_uuid": OTHER, "fsctl_leg": f"number+{leg.target.name}", "group_confirm_key": "1",
        "fsctl_external": "true", "fsctl_sent_by": f"{leg.sent_by.kind}+{leg.sent_by.name}",
        "rtp_secure_media": "optional", "origination_caller_id_number": leg.show.number,
        "origination_callee_id_name": name, "origination_callee_id_number": party}
    assert told["group_confirm_file"] == sounds.press_1(leg.confirm).replace("${fsctl_prompts}", "/prompts")
    assert told["execute_on_answer"] == "execute_extension keys XML fsctl"
    assert "," in told["group_confirm_file"]  # of a tone: a comma parts nothing here


def test_where_no_1_is_asked_for() -> None:
    text = originated(phone(replace(LINE, confirm="", show=None), GATEWAY))
    assert "group_confirm" not in text and "execute_on_answer" not in text
    assert text.count("origination_caller_id_number=") == 1


def test_all_telephones_of_a_member_ring_by_one_command() -> None:
    text = originated(phone(DESK), phone(DESK, "sofia/phones/sip:102@10.0.0.2:5060", OWN), phone(BESIDE, GATEWAY))
    assert text.count("originate ") == 1 and text.count("}") == 1 and text.count("[^^;") == 3
    assert text.count("]sofia/phones/sip:102@10.0.0.1:5060,[^^;") == 1
    assert text.count("]sofia/phones/sip:102@10.0.0.2:5060,[^^;") == 1
    assert text.endswith(f"]{GATEWAY} gather+380 XML fsctl")


@pytest.mark.parametrize("name", [
    "a;b", "a,b", "a}b", "a]b", "a'b", "a\\b", "${domain}", "a\nb", "^^:x", "a&b", "a|b", "a:_:b", '"x"',
    "x;fsctl_external=true",
])
def test_hostile_names(name: str) -> None:
    """Neither in who is shown nor in a group's, or a person's own."""
    text = originated(phone(DESK), show=Party(f"Krisenstab - {name}", "380';x"))
    head = text.removeprefix("bgapi originate {^^;").partition("}")[0].split(";")
    assert [each.partition("=")[0] for each in head] == [
        "originate_timeout", "ignore_early_media", "outbound_redirect_fatal", "hangup_after_bridge",
        "hangup_after_conference", "conference_controls", "fsctl_group", "fsctl_group_caller",
        "origination_caller_id_name", "origination_caller_id_number"]
    shown = head[8].partition("=")[2]
    assert re.fullmatch(r"'[^'\\;,{}\[\]$|&\n\"^]*'", shown), shown
    assert head[9] == "origination_caller_id_number=380"
    assert "fs.example" not in head[8]


def test_what_is_not_known_is_nothing() -> None:
    text = wire.originate([phone(LINE, GATEWAY)], SHOWN, 30, TOLD, "380", OFFICE, {})
    assert "${" not in text and "rtp_secure_media=''" in text


@pytest.mark.parametrize("bad", ["380 x", "380;x", "", "${x}", "380\n"])
def test_no_extension_can_be_more_than_a_word(bad: str) -> None:
    for use in (wire.entering, lambda text: wire.calls(text, OWN), lambda text: wire.calls("380", text)):
        with pytest.raises(ValueError, match="dial string"):
            use(bad)


def test_what_the_caller_is_told() -> None:
    action = Gather("crew", ((DESK,),), SHOWN, 30)
    assert wire.prepare(action, "380", OWN, OFFICE, 1000.9) == (
        f"uuid_setvar_multi {OWN} fsctl_group=380;fsctl_group_caller={OWN};fsctl_group_until=1031;"
        f"api_reporting_hook=hash delete/fsctl_group/{OWN};hangup_after_conference=true;conference_controls=none;"
        "initial_callee_id_name=Krisenstab;initial_callee_id_number=380")
    assert wire.prepare(replace(action, group="gone"), "380", OWN, OFFICE, 0).endswith(
        "initial_callee_id_name=380;initial_callee_id_number=380")


def test_where_whoever_enters_goes() -> None:
    assert wire.entering("380") == "gather+380 XML fsctl"
