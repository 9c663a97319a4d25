"""What is generated for FreeSWITCH: read back as XML, with the conditions run as FreeSWITCH would."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from fsctl.errors import FsctlError
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_xml
from fsctl.switch.generated.directory import directory_xml
from tests.unit.builders import ANNA, PROVIDER, SALES, THAMES, an_office

PASSWORDS = {"101": "a", "102": "b", "120": "c"}


def run(xml: str, fields: dict[str, str]) -> list[str]:
    """The actions of the first extension all of whose conditions match, ``$1`` filled in."""
    for extension in ET.fromstring(xml):
        actions: list[str] = []
        for condition in extension:
            found = re.search(condition.get("expression", ""), _filled(condition.get("field", ""), fields))
            tag = "action" if found else "anti-action"
            for action in condition.findall(tag):
                data = action.get("data", "").replace("$1", found[1] if found and found.groups() else "")
                actions.append(f"{action.get('application')} {data}".strip())
            if not found and condition.get("break") != "never":
                break
        else:
            return actions
    return []


def _filled(field: str, fields: dict[str, str]) -> str:
    if "${" not in field:
        return fields.get(field, "")
    return re.sub(r"\$\{(\w+)\}", lambda name: fields.get(name[1], ""), field)


def bridged(actions: list[str]) -> str:
    """The argument of the one ``bridge``, or nothing."""
    found = [action.removeprefix("bridge ") for action in actions if action.startswith("bridge ")]
    assert len(found) <= 1
    return found[0] if found else ""


PROVIDER_112 = "[fsctl_leg=number+112]sofia/gateway/provider/112"
THAMES_999 = "[fsctl_leg=number+999,leg_progress_timeout=6]sofia/gateway/thames/999"


@pytest.mark.parametrize(
    ("site", "dialled", "dial"),
    [
        ("berlin", "112", PROVIDER_112),
        ("berlin", "0112", PROVIDER_112),
        ("berlin", "999", ""),
        ("berlin", "00112", ""),
        ("berlin", "1123", ""),
        ("london", "999", f"{THAMES_999}|[fsctl_leg=number+999]sofia/gateway/provider/999"),
        ("london", "112", ""),
        ("", "112", PROVIDER_112),
        ("elsewhere", "0110", "[fsctl_leg=number+110]sofia/gateway/provider/110"),
        ("", "999", ""),
    ],
)
def test_emergency(site, dialled, dial):
    actions = run(emergency_xml(an_office()), {"fsctl_site": site, "destination_number": dialled})
    assert bridged(actions) == dial
    if dial:
        assert actions.index("sched_cancel") < actions.index("unset socket_resume") < len(actions) - 1
        assert {"set fsctl_emergency=true", f"set fsctl_emergency_number={dialled.lstrip('0')}"} <= set(actions)
        assert actions[-1] == "hangup NORMAL_TEMPORARY_FAILURE"


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
    assert actions[-2].startswith("playback tone_stream://")


def user(extension: str) -> str:
    return f"[fsctl_leg=user+{extension}]user/{extension}@$${{domain}}"


ALL = f"{user('101')},{user('102')}"


@pytest.mark.parametrize(
    ("external", "dialled", "dial"),
    [
        ("", "101", user("101")),
        ("true", "101", user("101")),
        ("", "300", ALL),
        ("true", "+49305550101", user("101")),
        ("true", "49305550101", user("101")),
        ("true", "0049305550101", user("101")),
        ("true", "0305550101", user("101")),
        ("", "00305550101", user("101")),
        ("true", "+49305550100", ALL),
        ("true", "+49305550300", ALL),
        ("", "999", ""),
        ("", "001701234567", ""),
        ("true", "001701234567", ""),
        ("", "*98", ""),
        ("true", "701", ""),
        ("", "1012", ""),
        ("", "x101", ""),
    ],
)
def test_the_failsafe_rings_people_and_nothing_else(external, dialled, dial):
    fields = {"fsctl_external": external, "destination_number": f"ring_{dialled}"}
    assert bridged(run(failsafe_xml(an_office()), fields)) == dial


def test_what_needs_the_controller_is_refused_by_a_tone():
    for dialled in ("*98", "001701234567", "701", "380"):
        actions = run(failsafe_xml(an_office()), {"destination_number": f"ring_{dialled}"})
        assert actions[-1] == "hangup NORMAL_TEMPORARY_FAILURE", dialled


def test_a_group_of_outside_members_rings_nobody():
    office = an_office(groups={"sales": replace(SALES, members=("+491701234567",))})
    assert bridged(run(failsafe_xml(office), {"destination_number": "ring_300"})) == ""


def test_who_may_register():
    root = ET.fromstring(directory_xml(an_office(), PASSWORDS))
    anna, bernd, hannah = root.iter("user")
    facts = {variable.get("name"): variable.get("value") for variable in anna.iter("variable")}
    assert facts == {
        "user_context": "default", "fsctl_site": "berlin", "presence_id": "101@$${domain}",
        "effective_caller_id_name": "Anna Adler", "effective_caller_id_number": "101",
        "outbound_caller_id_number": "+49305550101",
    }
    shown = {user.get("id"): user.find(".//variable[@name='outbound_caller_id_number']").get("value")
             for user in (bernd, hannah)}
    assert shown == {"102": PROVIDER.caller_id, "120": THAMES.caller_id}


def test_hostile_names_and_passwords_stay_what_they_are():
    office = an_office(users={"101": replace(ANNA, name="<x>\" & ${system(rm)} $${domain}")})
    text = directory_xml(office, {"101": "a<b>&\"${c}$${d}'"})
    assert "$${d}" not in text
    user = next(ET.fromstring(text).iter("user"))
    assert user.find("params/param").get("value") == "a<b>&\"${c}$${d}'"
    assert user.find(".//variable[@name='effective_caller_id_name']").get("value") == "x + system(rm) domain"


@pytest.mark.parametrize("password", ["", "a\nb", "<X-PRE-PROCESS cmd='exec'", "a\ue000b"])
def test_passwords_that_freeswitch_could_not_read_are_refused(password):
    with pytest.raises(FsctlError, match="password"):
        directory_xml(an_office(), PASSWORDS | {"101": password})
