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
from fsctl.switch.wire.contacts import Places, contacts, find, profiles, question
from fsctl.switch.wire.dialstring import bridge, prepare, recall
from fsctl.switch.wire.displays import ringing
from fsctl.switch.wire.phones import Phone, all_of, arrange, people, within_limit
from tests.unit import builders
from tests.unit.builders import AT, SALES, a_call, an_office

ANSWER = "api_on_answer='sched_del c0ffee'"
CALLED = "'uuid_setvar_multi c0ffee initial_callee_id_name=;initial_callee_id_number='"
PEER = f"outbound_redirect_fatal=true,api_on_answer_called={CALLED}"
NOTES = "execute_on_blind_transfer='execute_extension transferred XML fsctl'"


#: Each leg's own; see test_each_leg_that_answers_has_a_place_of_its_own.
SLOT = re.compile(",api_on_answer_by='uuid_setvar c0ffee fsctl_answered_[0-3] [0-9]+'")


def answering(name, number):
    return f"origination_callee_id_name='{name}',origination_callee_id_number='{number}',sip_ignore_remote_cid='true'"


#: What a leg whose early media are ignored is told, and besides that one of a branch with several stages.
MEDIA, RING = "api_on_media='uuid_ring_ready c0ffee'", ",api_on_ring='uuid_ring_ready c0ffee'"


def registered(extension, seconds, uuid="0", more=""):
    """A leg to a phone of a person, as the dial string has it."""
    at = "${domain}"
    name, number = {"101": ("Anna Adler", "+49305550101"), "102": ("Bernd Brandt", "+49305550100")}[extension]
    person = f"fsctl_name='{name}',fsctl_extension='{extension}',{NOTES},outbound_caller_id_number='{number}'"
    return (f"[origination_uuid={uuid},leg_timeout={seconds},fsctl_leg=user+{extension},{PEER},{ANSWER},{MEDIA}{more},"
            f"{answering(name, extension)},"
            f"dialed_user='{extension}',dialed_domain='{at}',sip_invite_domain='{at}',presence_id='{extension}@{at}',"
            f"force_transfer_context='fsctl_default',user_context='fsctl_default',fsctl_site='berlin',{person}]"
            f"sofia/phones/sip:{extension}@10.0.0.{uuid}:5060")


def line(more=f",{MEDIA}"):
    return (f"[origination_uuid=0,leg_timeout=31,fsctl_leg=number++4917,{PEER},{ANSWER}{more},"
            f"fsctl_external=true,{NOTES},"
            f"{answering('Anna Adler', '101')},rtp_secure_media='${{fsctl_trunk_srtp}}']sofia/gateway/provider/4917")


ANNA, BERND, MOBILE = registered("101", 21), registered("102", 11), line()
NOBODY = Party("", "")
SEVERAL = "{ignore_early_media=true}"


def leg(to: str, seconds: int, trunk: str | None = None) -> Leg:
    return Leg(parse(to), seconds, trunk)


def dial(ring, office, call, phones=1):
    """The dial string where everybody has so many phones, called 0, 1 …"""
    names = {each.name for leg in ring.legs for each in [leg.target]}
    contacts = {name: [f"sofia/phones/sip:{name}@10.0.0.{number}:5060" for number in range(phones)] for name in names}
    arranged = tuple(
        tuple(tuple(replace(phone, uuid=str(number)) for number, phone in enumerate(stage)) for stage in stages)
        for stages in arrange(ring, contacts, office))
    return SLOT.sub("", bridge(ring, arranged, office, call))


@pytest.mark.parametrize(
    ("party", "name", "number"),
    [
        (Party("Lee", "+4915"), "Lee", "+4915"),
        (Party("", "101"), "101", "101"),
        (Party("a;b=c", "x"), "a b c", "anonymous"),
    ],
)
def test_what_both_sides_see(party, name, number):
    """The caller while it rings, the called one from then on."""
    ring, office, call = Ring(((leg("user:101", 1),),), party), an_office(), a_call("user:101")
    shown = f"^^;effective_caller_id_name={name};effective_caller_id_number={number};initial_callee_id_"
    assert prepare(ring, office, call) == f"{shown}name=Anna Adler;initial_callee_id_number=101"
    assert prepare(replace(ring, called=party), office, call) == f"{shown}name={name};initial_callee_id_number={number}"


ONE, TWO = leg("user:101", 1), leg("user:102", 1)
DEVICE, LINE = Leg(parse("number:+4917"), 1, "provider", whose="101"), leg("number:+4917", 1, "provider")


@pytest.mark.parametrize(("legs", "called", "seen"), [
    ((ONE,), None, Party("Anna Adler", "101")),
    ((ONE, DEVICE), None, Party("Anna Adler", "101")),
    ((ONE, TWO), None, Party("Verkauf", "300")),
    ((LINE,), None, Party("Verkauf", "300")),
    ((leg("user:199", 1),), None, Party("Verkauf", "300")),
    ((ONE, TWO), Party("Sales", "300"), Party("Sales", "300")),
])
def test_whom_the_caller_sees_while_it_rings(legs, called, seen):
    ring = Ring(tuple((each,) for each in legs), NOBODY, called=called)
    assert ringing(ring, an_office(), a_call("user:101", dialled="300")) == seen


def test_whom_the_caller_of_a_group_sees():
    for legs in ((ONE,), (LINE,), (ONE, TWO)):
        ring = Ring(tuple((each,) for each in legs), NOBODY, "sales")
        assert ringing(ring, an_office(), a_call("user:101", dialled="+49305550300")) == Party("Verkauf", "300")


@pytest.mark.parametrize(("each", "seen"), [
    (ONE, ("Anna Adler", "101")), (DEVICE, ("Anna Adler", "101")), (LINE, ("Sales", "300"))])
def test_whom_the_caller_sees_who_talks(each, seen):
    text = dial(Ring(((each,),), NOBODY, called=Party("Sales", "300")), an_office(), a_call("user:101"))
    ((((target,),),)) = parse_dial_string(text).branches
    shown = [target.variables[f"origination_callee_id_{part}"] for part in ("name", "number")]
    assert tuple(shown) == seen and target.variables["sip_ignore_remote_cid"] == "true"


@pytest.mark.parametrize(
    ("branches", "argument"),
    [
        (((leg("user:101", 20),),), f"{SEVERAL}{ANNA}"),
        (((leg("number:+4917", 30, "provider"),),), line("")),
        (((leg("user:101", 20),), (leg("number:+4917", 30, "provider"),)), f"{SEVERAL}{ANNA},{MOBILE}"),
        (((leg("user:101", 20), leg("user:102", 10)),),
         f"{SEVERAL}{registered('101', 21, more=RING)}|{registered('102', 11, more=RING)}"),
        (((leg("user:101", 20), leg("user:102", 10)), (leg("number:+4917", 30, "provider"),)),
         f"{SEVERAL}{registered('101', 21, more=RING)}|{registered('102', 11, more=RING)}:_:{line(f',{MEDIA}{RING}')}"),
        (((replace(leg("number:+4917", 30, "provider"), progress_seconds=20, whose="101"),),),
         line("").replace(ANSWER, f"leg_progress_timeout=20,{ANSWER}")),
    ],
)
def test_dial_strings(branches, argument):
    assert dial(Ring(branches, Party("", "")), an_office(), a_call("user:101")) == argument


def test_an_emergency_call_is_never_without_a_way_for_want_of_encryption():
    plain = replace(leg("number:112", 30, "provider"), plain=True, identity="shown")
    ring, office, call = Ring(((plain,),), NOBODY), an_office(), a_call("emergency:112")
    assert ",rtp_secure_media_outbound=forbidden,origination_privacy=screen]sofia/" in dial(ring, office, call)
    assert "rtp_secure_media_inbound=optional" in prepare(ring, office, call)
    assert "rtp_secure_media" not in prepare(ring, office, a_call("number:+4917"))


@pytest.mark.parametrize("audio", ["none", "early"])
def test_the_legs_of_an_emergency_call_alone_pass_the_switchs_limits(audio):
    ring, office = Ring(((leg("number:112", 30, "provider"),),), NOBODY), an_office()

    def common(to):
        call = a_call(to)
        return parse_dial_string(bridge(ring, arrange(ring, {}, office), office, call, audio)).variables

    assert common("emergency:112") == common("number:+4917") | {"no_throttle_limits": "true"}
    assert "no_throttle_limits" not in common("number:+4917")


@pytest.mark.parametrize("audio", ["none", "early", "answered", "impossible"])
@pytest.mark.parametrize(("confirm", "hunt", "put_through"), [("", "", True), ("de", "", False), ("", "sales", False)])
def test_what_a_network_says_is_put_through_to_who_calls_it(audio, confirm, hunt, put_through):
    ring = Ring(((Leg(parse("number:+4917"), 30, "provider", confirm=confirm),),), NOBODY, hunt)
    text = bridge(ring, arrange(ring, {}, an_office()), an_office(), a_call("user:101"), audio)
    assert (SEVERAL not in text and MEDIA not in text) is (put_through and audio == "none")


def test_who_made_no_offer_has_to_confirm_that_he_was_answered():
    ring, office, call = Ring(((leg("user:101", 20),),), NOBODY), an_office(), a_call("user:101")
    found = {"101": ["sofia/phones/sip:101@10.0.0.0:5060"]}
    (((target,),),) = parse_dial_string(bridge(ring, arrange(ring, found, office), office, call, "impossible")).branches
    told = target.variables
    assert told["signal_bond"] == "none" and list(told).index("api_on_answer") < list(told).index("api_on_answer_ack")
    assert told["api_on_answer_ack"] == "sched_api +5 c0ffee uuid_kill c0ffee RECOVERY_ON_TIMER_EXPIRE"
    assert "bridge_pre_execute_aleg_app=sched_cancel" in prepare(ring, office, call, "impossible")


@pytest.mark.parametrize(("audio", "played"), [("none", False), ("early", True), ("answered", False)])
def test_who_hears_something_before_the_answer_hears_that_it_rings(audio, played):
    ring = Ring(((leg("user:101", 20),),), NOBODY)
    assert ("ringback=%(1000,4000,425)" in prepare(ring, an_office(), a_call("user:101"), audio)) is played


def test_two_phones_of_a_person_ring_side_by_side():
    one, two = leg("user:101", 20), leg("user:102", 10)
    anna, bernd = ",".join([ANNA, registered("101", 21, "1")]), ",".join([BERND, registered("102", 11, "1")])
    office, call = an_office(), a_call("user:101")
    assert dial(Ring(((one,),), NOBODY), office, call, 2) == f"{SEVERAL}{anna}"
    assert dial(Ring(((one,), (two,)), NOBODY), office, call, 2) == f"{SEVERAL}{anna},{bernd}"
    assert dial(Ring(((one, two), (one,)), NOBODY), office, call, 2) == f"{SEVERAL}{anna}|{bernd}:_:{anna}".replace(
        MEDIA, f"{MEDIA}{RING}")


def test_who_has_no_phone_is_no_stage_and_no_branch():
    one, two = leg("user:101", 20), leg("user:102", 10)
    contacts = {"102": ["sofia/phones/sip:102@10.0.0.0:5060"]}
    ring = Ring(((one, two), (one,)), NOBODY)
    (((phone,),),) = arrange(ring, contacts, an_office())
    assert phone.leg is two
    assert arrange(Ring(((one,),), NOBODY), contacts, an_office()) == ()


@pytest.mark.parametrize(("counts", "lines", "kept"), [
    ((1, 2), 1, (1, 2)), ((127,), 0, (127,)), ((128,), 0, (127,)), ((64, 64), 1, (63, 63)), ((100, 100), 0, (64, 63)),
    ((1, 300, 2), 4, (1, 120, 2)), ((1,) * 200, 0, (1,) * 127 + (0,) * 73),
])
def test_freeswitch_rings_only_so_many_at_once(counts, lines, kept):
    """Everybody's first phone comes before anybody's second."""
    found = {str(number): [f"{number}.{each}" for each in range(count)] for number, count in enumerate(counts)}
    people = tuple((leg(f"user:{who}", 20),) for who in found)
    ring = Ring(people + tuple((leg("number:+4917", 30, "provider"),) for _ in range(lines)), NOBODY)
    ringing = all_of(within_limit(arrange(ring, found, an_office())))
    assert tuple(sum(phone.leg.target.name == who for phone in ringing) for who in found) == kept


def test_of_branches_with_stages_so_many_ring_in_each():
    found = {who: [f"{who}.{each}" for each in range(130)] for who in ("101", "102", "103")}
    one, two, three = (leg(f"user:{who}", 20) for who in found)
    arranged = within_limit(arrange(Ring(((one, two), (three,)), NOBODY), found, an_office()))
    assert [[len(stage) for stage in branch] for branch in arranged] == [[127, 127], [127]]


@pytest.mark.parametrize(("hunt", "told"), [("sales_2", ",fsctl_hunt=sales_2"), ("süd", ""), ("a],x", ""), ("", "")])
def test_legs_tell_for_which_group_they_ring(hunt, told):
    text = dial(Ring(((leg("user:101", 20),),), NOBODY, hunt), an_office(), a_call("user:101"))
    assert text == SEVERAL + ANNA.replace(f",{ANSWER}", f"{told},{ANSWER}")


def test_legs_tell_whose_filtered_call_it_is_and_so_does_who_picks_it_up():
    marks = "fsctl_for=user+130,fsctl_executive=user+130,"
    text = dial(Ring(((leg("user:101", 20),),), NOBODY, executive="130"), an_office(), a_call("user:101"))
    assert text == SEVERAL + (
        f"[fsctl_picked_up=c0ffee,{marks}api_on_pickup_caller='sched_del c0ffee',api_on_pickup_called={CALLED}]"
        f"pickup/c0ffee,{ANNA.replace(ANSWER, marks + ANSWER)}")
    with pytest.raises(ValueError, match="cannot stand in a dial string"):
        dial(Ring(((leg("user:101", 20),),), NOBODY, executive="1],x"), an_office(), a_call("user:101"))


@pytest.mark.parametrize(("executive", "for_user", "told"), [
    ("130", "", "user+130"), ("", "140", "user+140"), ("130", "140", "user+130"), ("", "", None),
])
def test_the_caller_tells_whose_call_it_is(executive, for_user, told):
    ring = Ring(((leg("user:101", 20),),), NOBODY, executive=executive, for_user=for_user)
    found = re.search(";fsctl_for=([^;]+)", prepare(ring, an_office(), a_call("user:101")))
    assert (found[1] if found else None) == told


def test_each_leg_that_answers_has_a_place_of_its_own():
    legs = [Phone(str(number), leg("user:101", 20), "sofia/phones/x") for number in range(5)]
    text = bridge(Ring(((legs[0].leg,),), NOBODY), ((tuple(legs),),), an_office(), a_call("user:101"))
    assert re.findall("fsctl_answered_([0-3]) ([0-9]+)'", text) == [
        ("0", "0"), ("1", "1"), ("2", "2"), ("3", "3"), ("0", "4")]


def test_a_call_that_can_be_picked_up_has_a_leg_for_that():
    picked = an_office(groups={"sales": replace(SALES, pickup=True)})
    first = ("[fsctl_picked_up=c0ffee,api_on_pickup_caller='sched_del c0ffee',"
             f"api_on_pickup_called={CALLED}]pickup/c0ffee,")
    one, two = leg("user:101", 20), leg("user:102", 10)
    assert dial(Ring(((one,),), NOBODY), picked, a_call("user:101")) == f"{SEVERAL}{first}{ANNA}"
    assert dial(Ring(((one,), (two,)), NOBODY), picked, a_call("user:101")) == f"{SEVERAL}{first}{ANNA},{BERND}"
    # Each branch of several stages rings by itself, and ends with the last of its own phones.
    staged = Ring(((one, two), (leg("number:+4917", 30, "provider"),)), NOBODY)
    assert dial(staged, picked, a_call("user:101")) == (
        f"{SEVERAL}{first}{ANNA}|{first}{BERND}:_:{first}{MOBILE}".replace(MEDIA, f"{MEDIA}{RING}"))


@pytest.mark.parametrize(("to", "trunk", "has"), [
    ("user:120", None, False), ("user:101", None, True), ("number:+4917", "provider", False),
])
def test_which_calls_can_be_picked_up(to, trunk, has):
    users = an_office().users
    monitored = an_office(users=users | {"120": replace(users["120"], monitors=("101", "120"))})
    assert ("pickup/" in dial(Ring(((leg(to, 9, trunk),),), NOBODY), monitored, a_call(to))) is has


def test_numbers_in_the_form_a_trunk_wants():
    ring = Ring(((leg("number:+4917", 1, "thames"),), (leg("number:112", 1, "provider"),)), Party("", ""))
    endpoints = re.findall(r"\]([^,]*)", dial(ring, an_office(), a_call("user:101")))
    assert endpoints == ["sofia/gateway/thames/+4917", "sofia/gateway/provider/112"]


def test_a_target_that_is_no_word_is_refused():
    ring = Ring(((Leg(Destination("user", "101,loopback/x"), 1),),), Party("", ""))
    with pytest.raises(ValueError, match="cannot stand in a dial string"):
        dial(ring, an_office(), a_call("user:101"))
    with pytest.raises(ValueError, match="cannot stand in a dial string"):
        question(*people(ring.legs), "key")


def test_a_leg_that_asks_for_a_1_and_sees_somebody_else():
    asked = Leg(parse("number:+4917"), 30, "provider", confirm="de", show=Party("Jörg: 'x'", "+4930"))
    ring = Ring(((asked,),), Party("Lee", "1"))
    text = dial(ring, an_office(), a_call("user:101", user=None))
    prompt = "file_string://${fsctl_prompts}/de/press-1.wav!tone_stream://"
    assert f"group_confirm_key=1,group_confirm_file='{prompt}" in text
    assert "origination_caller_id_name='Jörg∶ x',origination_caller_id_number=+4930" in text
    assert "api_on_answer=" not in text
    assert prepare(ring, an_office(), a_call("user:101")).endswith(
        ";bridge_pre_execute_aleg_app=sched_cancel;bridge_pre_execute_bleg_app=stop_dtmf")


def a_held_call(**caller):
    about = {"user": None, "number": "+4915", "name": "Lee"} | caller
    return Held(LiveCall("h-1", "101", "c-1", "outbound", "held", AT),
                LiveCall(uuid="c-1", peer="h-1", direction="inbound", state="talking", since=AT, **about))


LEGS = {"leg-1": "sofia/phones/sip:101@10.0.0.5", "leg-2": "sofia/phones/sip:101@10.0.0.6"}


def test_a_recall():
    assert recall("j-1", LEGS, a_held_call(), an_office(), "pbx.example") == (
        "{originate_timeout=26,ignore_early_media=true,outbound_redirect_fatal=true,"
        "hangup_after_bridge=true,park_timeout=5:NORMAL_CLEARING,fsctl_leg=user+101,fsctl_recalls=h-1,"
        "fsctl_journal=j-1,"
        f"{answering('Anna Adler', '101')},"
        "dialed_user='101',dialed_domain='pbx.example',sip_invite_domain='pbx.example',presence_id='101@pbx.example',"
        "force_transfer_context='fsctl_default',user_context='fsctl_default',fsctl_site='berlin',"
        "fsctl_name='Anna Adler',fsctl_extension='101',"
        f"{NOTES},outbound_caller_id_number='+49305550101',"
        "origination_caller_id_name='Hold∶ Lee',origination_caller_id_number=+4915}"
        "[origination_uuid=leg-1]sofia/phones/sip:101@10.0.0.5,[origination_uuid=leg-2]sofia/phones/sip:101@10.0.0.6 "
        "'set_profile_var:callee_id_name=Anna Adler,set_profile_var:callee_id_number=101,park' inline")


def test_a_recall_for_a_colleague_on_hold():
    text = recall("j-1", LEGS, a_held_call(user="102", number="102"), an_office(), "pbx.example")
    assert "name='Hold∶ Bernd Brandt',origination_caller_id_number=102}" in text


@given(st.text(), st.text(), st.text())
def test_no_name_gets_out_of_its_place_in_a_recall(caller, number, own):
    office = an_office(users={"101": replace(builders.ANNA, name=own)})
    text = recall("j-1", LEGS, a_held_call(name=caller, number=number), office, "pbx.example")
    dial_string, applications, dialplan = separate(text)
    dial = parse_dial_string(dial_string)
    ((targets,),) = dial.branches
    assert {target.variables["origination_uuid"]: target.endpoint for target in targets} == LEGS
    assert len(dial.variables) == 24 and dialplan == "inline"
    assert [each.partition("=")[0] for each in applications.split(",")] == [
        "set_profile_var:callee_id_name", "set_profile_var:callee_id_number", "park"]
    assert "$" not in text


KEY = "c4fe0d15ea5e"

#: What phones register as, and whether that is rung.
CONTACTS = [
    ("sip:101@10.0.0.5", True),
    ("sip:101@10.0.0.5:5062;transport=tcp;ob", True),
    ("sip:gw+101@127.0.0.1:7406;transport=udp;gw=101", True),
    ("sip:101-0x55d0c8@192.168.1.7:42581", True),
    ("sip:101@192.0.2.1:1024;fs_nat=yes;fs_path=sip%3A101%40198.51.100.7%3A33219%3Btransport%3Dudp", True),
    ("sip:101@[2001:db8::7]:5060;line=h4k2", True),
    ("sip:10.0.0.5:5060;rinstance=6b2f", True),
    ("sip:x9f3k@phone_7.invalid;transport=ws;gr=urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", True),
    ("sip:(null)@127.0.0.1:5062", True),  # FreeSWITCH's own, of a contact without a user
    ("sip:101@10.0.0.5:1;pn-provider=apns;pn-param=AB12.org.linphone.voip&remote;pn-prid=00ff:voip&00ff:remote", True),
    ("sip:101/102@10.0.0.5", True), ("sip:101;line=1@10.0.0.5", True), ("sip:101@10.0.0.5;x=a/b", True),
    ("sip:101$@10.0.0.5", False),
    (f"sip:{'9' * 200}@10.0.0.5;x={'a' * 600}", True), ("sip:101@10.0.0.5" + ";a" * 400, True),
    ("", False), ("101", False), ("sip:", False), ("tel:+4930", False),
    ("sip:101@10.0.0.5,sofia/gateway/provider/0900123", False),
    ("sip:101@10.0.0.5|loopback/9", False),
    ("sip:101@10.0.0.5;x=:_:loopback/9", False),
    ("sip:101@10.0.0.5;a_:_:b", False),
    ("sip:101@${system(reboot)}", False), ("sip:$${x}@10.0.0.5", False), ("sip:%[a=b]@10.0.0.5", False),
    ("sip:101@10.0.0.5;a='b", False), ('sip:101@10.0.0.5;a="b"', False), ("sip:101@10.0.0.5;a=\\,b", False),
    ("sip:[a=b]101@10.0.0.5", False), ("sip:101@10.0.0.5 &park()", False), ("sip:101@10.0.0.5\n", False),
    ("sip:101@{x=y}10.0.0.5", False), (f"sip:{'9' * 2000}@10.0.0.5", False),
    ("sip:101@10.0.0.5;a=1:_", False), ("sip:101@10.0.0.5;x=[1", False),
]


@pytest.mark.parametrize(("contact", "rung"), CONTACTS)
def test_a_contact_that_could_be_more_than_an_address_is_not_rung(contact, rung):
    first, last = "sofia/phones/sip:101@10.0.0.8", "sofia/office-2/sip:101@10.0.0.9"
    answer = f"{KEY}{first},{KEY}sofia/phones/{contact},{KEY}{last}"
    assert contacts(answer, KEY) == ((first, f"sofia/phones/{contact}", last) if rung else (first, last))


@pytest.mark.parametrize("answer", [
    "error/user_not_registered", "error/facility_not_subscribed", "", "-ERR sofia_contact Command not found!\n",
])
def test_who_is_registered_nowhere(answer):
    assert contacts(answer, KEY) == ()


def test_the_profiles_of_an_answer():
    answer = f"{KEY}sofia/phones/sip:1@2,{KEY}sofia/internal_tls/sip:1@3,{KEY}sofia/phones/sip:1@4"
    assert profiles(answer, KEY) == ("phones", "internal_tls")
    assert question("101", "k", "internal_tls", "pbx.example") == "sofia_contact internal_tls/101@pbx.example/k"
    assert question("101", "k") == "sofia_contact */101/k"


def switch_with(phones, domain="pbx.example"):
    """Answers where they are registered: profiles and addresses by person; counts the rounds in which it is asked."""
    rounds = []

    def ask(texts):
        rounds.append(len(texts))
        return [answer(text) for text in texts]

    def answer(text):
        if text == "global_getvar domain":
            return f"{domain}\n"
        profile, who, at, key = re.fullmatch("sofia_contact (.+)/([0-9]+)(@.+)?/([0-9a-f]+)", text).groups()
        if (profile == "*") != (at is None) or at not in (None, f"@{domain}"):
            return "error/user_not_registered"
        return ",".join(f"{key}sofia/{each}/sip:{who}@{host}" for each, host in phones.get(who, ())
                        if profile in ("*", each)) or "error/user_not_registered"

    return ask, rounds


DESK_AND_SOFT = {"101": [("office", "10.0.0.1"), ("mobile", "10.0.0.2")], "102": [("office", "10.0.0.3")]}
FOUND = {"101": ["sofia/office/sip:101@10.0.0.1", "sofia/mobile/sip:101@10.0.0.2"],
         "102": ["sofia/office/sip:102@10.0.0.3"], "103": []}


def test_where_phones_were_found_last_all_is_asked_at_once():
    (ask, rounds), places = switch_with(DESK_AND_SOFT), Places()
    assert find(["101", "102", "103"], ask, places, "one") == FOUND and len(rounds) == 2
    assert find(["101", "102", "103"], ask, places, "one") == FOUND and len(rounds) == 3
    assert find(["103"], ask, places, "one") == {"103": []} and len(rounds) == 4
    assert find(["101"], ask, places, "another")["101"] == FOUND["101"] and len(rounds) == 6


@pytest.mark.parametrize(("phones", "domain"), [
    (DESK_AND_SOFT, "new.example"), ({"101": [("branch", "10.0.0.9")]}, "pbx.example"), ({}, "pbx.example"),
], ids=["the domain", "the profile", "nobody"])
def test_what_has_changed_since_is_found_all_the_same(phones, domain):
    (first, _), places = switch_with(DESK_AND_SOFT), Places()
    find(["101"], first, places, "one")
    (ask, _), (again, _) = switch_with(phones, domain), switch_with(phones, domain)
    assert find(["101", "102"], ask, places, "one") == find(["101", "102"], again)


@given(st.text())
def test_no_contact_gets_out_of_its_place(text):
    found = contacts(f"{KEY}sofia/phones/{text},", KEY)
    assert found in ((), (f"sofia/phones/{text}",))
    if found:
        ring = Ring(((leg("user:101", 20),),), NOBODY)
        argument = bridge(ring, arrange(ring, {"101": found}, an_office()), an_office(), a_call("user:101"))
        (((target,),),) = parse_dial_string(argument).branches
        assert target.endpoint == found[0] and argument.count("$") == 3


@given(st.from_regex(r"sip:[a-z%:_;=.@+~*!&\[\]-]{1,30}@[a-z0-9.:_;=%~-]{1,40}", fullmatch=True))
def test_nor_one_that_looks_like_an_address(text):
    test_no_contact_gets_out_of_its_place.hypothesis.inner_test(text)
