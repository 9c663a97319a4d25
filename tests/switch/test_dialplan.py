"""What is generated for FreeSWITCH: read back as XML, with the conditions run as FreeSWITCH would."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial

import pytest

from fsctl.errors import FsctlError
from fsctl.model.destination import parse
from fsctl.model.sections import Intercept, InterceptRule, Schedule
from fsctl.simulator.dialplan.pcre import compiled
from fsctl.switch.generated import registered
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_xml
from fsctl.switch.generated.directory import users_xml
from fsctl.switch.wire import dialstring
from tests.switch.test_dialstring import CONTACTS
from tests.unit.builders import ANNA, BERLIN, PROVIDER, SALES, THAMES, an_office

PASSWORDS = {"101": "a", "102": "b", "120": "c"}


def run(xml: str, fields: dict[str, str]) -> list[str]:
    """The actions of the first extension all of whose conditions match, ``$1`` filled in."""
    for extension in ET.fromstring(xml):
        actions: list[str] = []
        for condition in extension:
            expression = compiled(_expanded(condition.get("expression", ""), fields))
            found = expression.search(_filled(condition.get("field", ""), fields))
            tag = "action" if found else "anti-action"
            for action in condition.findall(tag):
                data = re.sub(r"\$(\d)", partial(_group, found), action.get("data", ""))
                actions.append(f"{action.get('application')} {data}".strip())
            if not found and condition.get("break") != "never":
                break
        else:
            return actions
    return []


def _group(found: "re.Match[str] | None", number: "re.Match[str]") -> str:
    return (found[int(number[1])] or "") if found and int(number[1]) <= found.re.groups else ""


def _filled(field: str, fields: dict[str, str]) -> str:
    if "${" not in field:
        return fields.get(field, "")
    return fields[field] if field in fields else _expanded(field, fields)


def _expanded(field: str, fields: dict[str, str]) -> str:
    return re.sub(r"\$\{(\w+)\}", lambda name: fields.get(name[1], ""), field)


def bridged(actions: list[str]) -> str:
    """The argument of the one ``bridge``, or nothing."""
    found = [action.removeprefix("bridge ") for action in actions if action.startswith("bridge ")]
    assert len(found) <= 1
    return found[0] if found else ""


def emergency_legs(number, *gateways):
    """One after the other, each again without encryption; each gateway with what its legs are told besides."""
    rounds = [f",{encryption},origination_privacy=screen" for encryption in
              ("rtp_secure_media='${fsctl_trunk_srtp}'", "rtp_secure_media_outbound=forbidden")]
    legs = "|".join(emergency_leg(number, gateway, encryption + more)
                    for gateway, more in gateways for encryption in rounds)
    return f"{{no_throttle_limits=true}}{legs}"


def emergency_leg(number, gateway, more):
    shown = f"origination_callee_id_name='{number}',origination_callee_id_number='{number}'"
    shown += ",sip_ignore_remote_cid='true'"
    told = f"{shown},api_on_media='uuid_ring_ready ${{uuid}}',signal_bond='${{fsctl_bond}}',{NOTES}"
    return f"[fsctl_leg=number+{number},{told}{more}]sofia/gateway/{gateway}/{number}"


NOTES = "execute_on_blind_transfer='execute_extension transferred XML fsctl'"
LAST_OF_THE_SITE = ",leg_progress_timeout=20"
PROVIDER_112 = emergency_legs("112", ("provider", LAST_OF_THE_SITE), ("thames", ""))


@pytest.mark.parametrize(
    ("site", "dialled", "dial"),
    [
        ("berlin", "112", PROVIDER_112),
        ("berlin", "0112", PROVIDER_112),
        ("berlin", "999", ""),
        ("berlin", "00112", ""),
        ("berlin", "1123", ""),
        ("london", "999", emergency_legs("999", ("thames", LAST_OF_THE_SITE), ("provider", ""))),
        ("london", "112", ""),
        ("", "112", PROVIDER_112),
        ("elsewhere", "0110", emergency_legs("110", ("provider", LAST_OF_THE_SITE), ("thames", ""))),
        ("", "999", ""),
    ],
)
def test_emergency(site, dialled, dial):
    actions = run(emergency_xml(an_office()), {"fsctl_site": site, "destination_number": dialled})
    assert bridged(actions) == dial
    if dial:
        assert "set rtp_secure_media_inbound=optional" in actions
        assert actions.index("sched_cancel") < actions.index("unset socket_resume") < len(actions) - 1
        assert {"set fsctl_emergency=true", f"set fsctl_emergency_number={dialled.lstrip('0')}"} <= set(actions)
        assert actions[-1] == "hangup NORMAL_TEMPORARY_FAILURE"


@pytest.mark.parametrize(
    ("site", "service", "number"),
    [
        ("berlin", "service:sos", "112"),
        ("berlin", "Service:SOS.Police", "110"),
        ("berlin", "service:sos.police.municipal", "110"),
        ("berlin", "service:sos.ambulance", "112"),
        ("london", "service:sos", "999"),
        ("london", "service:sos.police", "999"),
        ("", "service:sos.fire", "112"),
        ("berlin", "service:sosfire", ""),
        ("berlin", "service:sos.", ""),
        ("berlin", "service:counseling", ""),
        ("berlin", "other:sos", ""),
    ],
)
def test_emergency_by_the_name_of_the_service(site, service, number):
    fields = {"fsctl_site": site, "destination_number": "101", "sip_req_uri": f"nobody@{service}"}
    actions = run(emergency_xml(an_office()), fields)
    assert (f"/{number}" in bridged(actions)) if number else not actions
    if number:
        told = {f"set_profile_var destination_number={number}", f"set fsctl_emergency_number={number}"}
        assert told <= set(actions) and "$1" not in bridged(actions)
        dialled = run(emergency_xml(an_office()), {"fsctl_site": site, "destination_number": number})
        assert [action for action in actions if "destination_number" not in action] == dialled


@pytest.mark.parametrize(
    ("own", "shown"),
    [("+49305550101", "${outbound_caller_id_number}"), ("", "+49305550100")],
)
def test_emergency_shows_a_number_that_can_be_called_back(own, shown):
    fields = {"fsctl_site": "berlin", "destination_number": "112", "outbound_caller_id_number": own}
    assert f"set effective_caller_id_number={shown}" in run(emergency_xml(an_office()), fields)


def test_emergency_without_a_trunk_is_not_silent():
    actions = run(emergency_xml(an_office(trunks={})), {"fsctl_site": "berlin", "destination_number": "112"})
    assert bridged(actions) == ""
    assert actions[-2] == "execute_extension tone_no_way XML fsctl"


@pytest.mark.parametrize(
    ("external", "dialled", "people"),
    [
        ("", "101", "101"),
        ("true", "101", "101"),
        ("", "300", "101+102"),
        ("true", "+49305550101", "101"),
        ("true", "49305550101", "101"),
        ("true", "0049305550101", "101"),
        ("true", "0305550101", "101"),
        ("", "00305550101", "101"),
        ("true", "+49305550100", "101+102"),
        ("true", "+49305550300", "101+102"),
        ("", "999", ""),
        ("", "001701234567", ""),
        ("true", "001701234567", ""),
        ("", "*98", ""),
        ("true", "701", ""),
        ("", "1012", ""),
        ("", "x101", ""),
    ],
)
def test_the_failsafe_rings_people_and_nothing_else(external, dialled, people):
    fields = {"fsctl_external": external, "destination_number": f"ring_{dialled}"}
    actions = run(failsafe_xml(an_office()), fields)
    assert bridged(actions) == (registered.DIAL if people else "")
    found = [action for action in actions if action.startswith("execute_extension")]
    assert set(found) <= {f"execute_extension {f'people_{people}' if people else 'tone_no_way'} XML fsctl",
                          "execute_extension back_${fsctl_transferred_by} XML fsctl"}
    if people:
        bridge = actions.index(f"bridge {registered.DIAL}")
        assert actions.index("unset fsctl_phones") < actions.index(found[0]) < bridge


@pytest.mark.parametrize("count", [1, 2, 8, 9, 17, 100])
def test_all_of_so_many_people_are_looked_for(count):
    people = [str(101 + number) for number in range(count)]

    xml = failsafe_xml(an_office(users={each: replace(ANNA, extension=each) for each in people}))

    def phones(destination, depth=0):
        assert depth < 16  # FreeSWITCH's limit (switch_core_session_execute_exten)
        for action in run(xml, {"destination_number": destination}):
            if action == "set fsctl_person=" + destination.removeprefix("phones_"):
                yield action.partition("=")[2]
            elif action.startswith("execute_extension") and "contacts" not in action:
                yield from phones(action.split()[1], depth + 1)

    assert list(phones("people_" + "+".join(people))) == people


@pytest.mark.parametrize(("contact", "rung"), CONTACTS)
def test_a_contact_that_could_be_more_than_an_address_is_not_rung_here_either(contact, rung):
    key = "c4fe0d15-ea5e-4b1d-9a3e-5a3f2c1d0b9a"
    before = registered._BEFORE.replace("${fsctl_key}", key).replace("${fsctl_person}", "101")
    first, last = "sofia/phones/sip:101@10.0.0.8", "sofia/office-2/sip:101@10.0.0.9"
    answer = ",".join(f"{before}{each}" for each in (first, f"sofia/phones/{contact}", last))
    fields = {"destination_number": "contacts", "fsctl_key": key, registered._ASKED: f"{answer},"}
    (told,) = run(failsafe_xml(an_office()), fields)
    expected = (first, f"sofia/phones/{contact}", last) if rung else (first, last)
    assert told == "set fsctl_phones=${fsctl_phones}" + "".join(f"{before}{each}," for each in expected)


@pytest.mark.parametrize(("members", "phones"), [(1, 9), (14, 9), (15, 8), (63, 2), (100, 1), (300, 1)])
def test_no_group_has_more_phones_than_freeswitch_rings_at_once(members, phones):
    people = [str(101 + number) for number in range(members)]
    users = {each: replace(ANNA, extension=each) for each in people}
    xml = failsafe_xml(an_office(users=users, groups={"sales": replace(SALES, members=tuple(people))}))
    before = "[^^;fsctl_key=k;x=y]"
    answer = "".join(f"{before}sofia/phones/sip:101@10.0.0.{number}," for number in range(10))
    (told,) = run(xml, {"destination_number": "contacts", "fsctl_key": "k", registered._ASKED: answer})
    assert told.count("sofia/") == phones


def test_a_leg_is_told_what_the_directory_says_of_its_person():
    office = an_office(users={"101": replace(ANNA, name="Anna (Empfang); x", privacy=True)})
    actions = run(failsafe_xml(office), {"destination_number": "phones_101"})
    (told,) = (action for action in actions if "fsctl_told" in action)
    variables = dict(each.split("=", 1) for each in told.removeprefix("set fsctl_told=").split(";"))
    (entry,) = ET.fromstring(users_xml(office, PASSWORDS)).iter("user")
    written = {each.get("name"): each.get("value") for each in entry.iter("variable")}
    named = ("fsctl_name", "Anna (Empfang) x")
    assert named in written.items() and variables.pop("fsctl_name") == "Anna  Empfang  x"
    assert written.items() - variables.items() == {named}
    assert variables["presence_privacy"] == "true" and variables["fsctl_leg"] == "user+101"
    assert variables.pop("origination_callee_id_name") == "Anna  Empfang  x"
    assert dialstring.registered("101", office, "d") == {
        name: value.replace("$${domain}", "d") for name, value in variables.items()
        if name not in ("fsctl_leg", "api_on_media", "signal_bond", "api_on_answer_by")
    } | dict([named]) | {"origination_callee_id_name": named[1]}


def test_who_has_no_phone_adds_none():
    fields = {"destination_number": "contacts", "fsctl_key": "k", registered._ASKED: "error/user_not_registered,"}
    assert run(failsafe_xml(an_office()), fields) == ["unset fsctl_person"]


def test_what_needs_the_controller_is_refused_by_a_tone():
    for dialled in ("*98", "001701234567", "701", "380"):
        actions = run(failsafe_xml(an_office()), {"destination_number": f"ring_{dialled}"})
        assert actions[-1] == "hangup NORMAL_TEMPORARY_FAILURE", dialled


def intercepted(reroute=None, *calls, during=None):
    rule = InterceptRule(calls=calls or ("all",), during=during, reroute=reroute and parse(reroute))
    return Intercept(inbound=(InterceptRule(calls=("+4917012345*",), reroute=parse("user:120")), rule))


@pytest.mark.parametrize(("dialled", "anna", "sales", "people"), [
    ("101", intercepted(), {}, None), ("101", intercepted(None, "internal"), {}, "101"),
    ("101", intercepted(during="open"), {}, "101"), ("101", intercepted("user:102"), {}, "102"),
    ("101", intercepted("number:+49305550300"), {}, "102"), ("101", intercepted("mailbox:102"), {}, None),
    ("101", intercepted("user:101"), {}, "101"), ("101", intercepted("number:+491701234567"), {}, None),
    ("101", intercepted("number:+49305550100"), {}, None), ("101", intercepted("user:199"), {}, None),
    ("101", intercepted("hunt:gone"), {}, None), ("101", intercepted("hunt:sales"), {}, "102"),
    ("101", intercepted("hunt:sales"), {"intercept": intercepted("user:120")}, None),  # sent on once only
    ("300", intercepted(), {}, "102"), ("300", intercepted("user:120"), {}, "102"),
    ("300", Intercept(), {"members": ("120",), "intercept": intercepted()}, None),
    ("300", Intercept(), {"intercept": intercepted("user:120")}, "120"),
    ("300", Intercept(), {"intercept": intercepted("user:101")}, "101"),  # who is of the group
    ("101", Intercept(), {"intercept": intercepted("user:101")}, "101"),
    ("102", Intercept(), {"intercept": intercepted("user:101")}, "101"),
    ("00305550100", Intercept(), {"intercept": intercepted("user:120")}, "120"),
    ("102", Intercept(), {"intercept": intercepted()}, None), ("120", Intercept(), {"intercept": intercepted()}, "120"),
])
def test_nobody_is_rung_whose_calls_are_all_intercepted(dialled, anna, sales, people):
    office = an_office(groups={"sales": replace(SALES, **sales)}, schedules={"open": Schedule(key="open")})
    office = replace(office, users=office.users | {"101": replace(ANNA, intercept=anna)})
    actions = run(failsafe_xml(office), {"fsctl_external": "", "destination_number": f"ring_{dialled}"})
    assert bridged(actions) == (registered.DIAL if people else "")
    assert f"execute_extension {f'people_{people}' if people else 'tone_no_way'} XML fsctl" in actions
    assert "execute_extension back_${fsctl_transferred_by} XML fsctl" in actions


@pytest.mark.parametrize("reception", [None, "mailbox:102", "attendant:102", "user:199", "hunt:gone", "user:101"])
def test_a_reception_where_nobody_can_be_rung(reception):
    anna, berlin = replace(ANNA, intercept=intercepted()), replace(BERLIN, reception=reception and parse(reception))
    office = an_office(sites={"berlin": berlin})
    office = replace(office, users=office.users | {"101": anna})
    assert bridged(run(failsafe_xml(office), {"destination_number": "ring_00305550100"})) == ""


def test_a_group_of_outside_members_rings_nobody():
    office = an_office(groups={"sales": replace(SALES, members=("+491701234567",))})
    assert bridged(run(failsafe_xml(office), {"destination_number": "ring_300"})) == ""


def test_who_may_register():
    root = ET.fromstring(users_xml(an_office(), PASSWORDS))
    anna, bernd, hannah = root.iter("user")
    facts = {variable.get("name"): variable.get("value") for variable in anna.iter("variable")}
    assert facts == {
        "user_context": "fsctl_default", "fsctl_site": "berlin", "presence_id": "101@$${domain}",
        "fsctl_name": "Anna Adler", "fsctl_extension": "101",
        "outbound_caller_id_number": "+49305550101",
        "execute_on_blind_transfer": "execute_extension transferred XML fsctl",
    }
    shown = {user.get("id"): user.find(".//variable[@name='outbound_caller_id_number']").get("value")
             for user in (bernd, hannah)}
    assert shown == {"102": PROVIDER.caller_id, "120": THAMES.caller_id}


def test_hostile_names_and_passwords_stay_what_they_are():
    office = an_office(users={"101": replace(ANNA, name="<x>\" & ${system(rm)} $${domain}")})
    text = users_xml(office, {"101": "a<b>&\"${c}$${d}'"})
    assert "$${d}" not in text
    user = next(ET.fromstring(text).iter("user"))
    assert user.find("params/param").get("value") == "a<b>&\"${c}$${d}'"
    assert user.find(".//variable[@name='fsctl_name']").get("value") == "x + system(rm) domain"


@pytest.mark.parametrize("password", ["", "a\nb", "<X-PRE-PROCESS cmd='exec'", "a\ue000b"])
def test_passwords_that_freeswitch_could_not_read_are_refused(password):
    with pytest.raises(FsctlError, match="password"):
        users_xml(an_office(), PASSWORDS | {"101": password})
