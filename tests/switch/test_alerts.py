"""How phones are told to ring silently: by whom they say they are, and by nothing that could be more than a value."""

import re

import pytest

from fsctl.model.actions import Leg, Party, Ring
from fsctl.model.destination import parse
from fsctl.simulator.dialplan.dialstring import parse as parse_dial_string
from fsctl.switch.wire.alerts import DEFAULTS, find, types
from fsctl.switch.wire.dialstring import bridge
from fsctl.switch.wire.phones import arrange
from tests.unit.builders import a_call, an_office

SILENT = Leg(parse("user:102"), 30, alert="silent")
DEVICE = Leg(parse("number:+4917"), 30, "provider", whose="102", alert="silent")
ASSISTANTS = (Leg(parse("user:101"), 15), Leg(parse("user:120"), 15))
RING = Ring((ASSISTANTS,), Party("", ""), screening=(SILENT, DEVICE))
DESK, SOFT = "sofia/phones/sip:102@10.0.0.1:5060", "sofia/tls/sip:102@10.0.0.2:5060"
CONTACTS = {"102": (DESK, SOFT), "101": ("sofia/phones/sip:101@10.0.0.3:5060",),
            "120": ("sofia/phones/sip:120@10.0.0.4:5060",)}


class Switch:
    """``clients`` is what each phone calls itself."""

    def __init__(self, setting, **clients):
        self.setting, self.clients, self.asked = setting, clients, 0

    def __call__(self, texts):
        self.asked += 1
        return [self._one(text) for text in texts]

    def _one(self, text):
        if text.startswith("global_getvar "):
            return {"domain": "pbx.example\n", "fsctl_alert_silent": self.setting}[text.split()[1]]
        profile, key, name = re.fullmatch("sofia_contact ([a-z]+)/102@pbx.example/([0-9a-f]+)~(.+)", text).groups()
        found = [each for each, client in self.clients.items() if name.lower() in client.lower()]
        endpoints = {"desk": DESK, "soft": SOFT}
        told = [f"{key}{endpoints[each]}" for each in found if endpoints[each].startswith(f"sofia/{profile}/")]
        return ",".join(told) or "error/user_not_registered"


@pytest.mark.parametrize(("setting", "desk", "soft"), [
    ("all", "all", "all"),
    ("all|Yealink=theirs", "theirs", "all"),
    ("all|Linphone=theirs", "all", "theirs"),
    ("all|SIP-T46=first|Yealink=second", "first", "all"),
    ("all|Yealink=first|SIP-T46=second", "first", "all"),
    ("all|Yealink=one|Linphone=two", "one", "two"),
    ("all|Yealink=", "", "all"),
    ("|Yealink=theirs", "theirs", ""),
])
def test_each_phone_by_its_own_name(setting, desk, soft):
    switch = Switch(setting, desk="Yealink SIP-T46S 66.86", soft="Linphone/5")
    assert find(RING, CONTACTS, switch) == {SILENT: {DESK: desk, SOFT: soft}}


@pytest.mark.parametrize("nothing", ["", "\n", "-ERR no reply\n"])
def test_without_a_setting(nothing):
    switch = Switch(nothing, desk="Yealink SIP-T46S", soft="Linphone/5")
    assert find(RING, CONTACTS, switch)[SILENT] == {
        DESK: "ringtone-9", SOFT: "<http://127.0.0.1>;info=silent"}
    assert switch.asked == 2


def test_who_rings_as_ever_costs_no_question():
    switch = Switch("all")
    assert find(Ring((ASSISTANTS,), Party("", "")), CONTACTS, switch) == {}
    assert switch.asked == 0


def test_somebody_without_a_phone():
    assert find(RING, {}, Switch("all|Yealink=theirs")) == {SILENT: {}}


@pytest.mark.parametrize("setting", [
    "a'", "a,b='", "a]", "[a", "a}", "{a", "${system(rm)}", "$a", "a\\", "a\nX-Forged: b", "a:_:b", "a^^b", 'a"', "a\0",
    "ä", "a(b", "a" * 201, "a|Yealink", "a|=b", "a|Yea link=b", "a|Yea~link=b", "a|Y'=b", "a|Yealink=b'", "a||",
    "a%2Cb",
])
def test_what_could_be_more_than_a_value_does_not_count(setting):
    assert types("silent", setting) == types("silent", DEFAULTS["silent"])


@pytest.mark.parametrize(("setting", "told"), [
    ("<http://127.0.0.1>;info=silent", "<http://127.0.0.1>;info=silent"),
    ("&lt;http://127.0.0.1&gt;;info=silent", "<http://127.0.0.1>;info=silent"),
    ("<urn:alert:service:normal>", "<urn:alert:service:normal>"), (" Silent Ring ", "Silent Ring"),
    ("ring_silent", "ring_silent"), ("a:_b", "a:_b"), ("a" * 200, "a" * 200),
])
def test_what_may_be_set(setting, told):
    assert types("silent", setting) == (("", told),)


def dialled(setting):
    """The dial string, each leg's endpoint with its variables."""
    found = find(RING, CONTACTS, Switch(setting))
    text = bridge(RING, arrange(RING, CONTACTS, an_office(), found), an_office(), a_call("user:102"))
    legs = [target for branch in parse_dial_string(text).branches for stage in branch for target in stage]
    return {leg.endpoint: leg.variables for leg in legs if not leg.endpoint.startswith("pickup/")}


def test_the_dial_string_tells_only_who_shall_ring_otherwise():
    value = "<http://127.0.0.1>;info=silent"
    told = {endpoint: variables.get("alert_info") for endpoint, variables in dialled(value).items()}
    assert {endpoint for endpoint, value in told.items() if value} == {DESK, SOFT}
    assert told[DESK] == value


def test_an_empty_value_is_no_header():
    assert not any("alert_info" in variables for variables in dialled("|X=y").values())


def test_who_only_sees_the_call_outlasts_all_stages():
    seconds = {endpoint: int(variables["leg_timeout"]) for endpoint, variables in dialled("all").items()}
    assert seconds[DESK] > seconds[CONTACTS["101"][0]] + seconds[CONTACTS["120"][0]]


def test_nobody_sees_a_call_that_rings_nowhere():
    assert arrange(RING, {"102": (DESK,)}, an_office()) == ()
