"""explain, the dialplan and the fail-safe read what is dialled alike, at sites in six countries."""

import re
from collections import Counter
from datetime import UTC, datetime

import pytest

from fsctl.facts.assumed import assumed_call
from fsctl.model import contexts
from fsctl.model.destination import Destination
from fsctl.simulator.dialplan.interpreter import Action, Dialplan, Facts, preprocess
from fsctl.switch.generated.conf import dialplan_file, text_of
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_xml
from tests import countries

OFFICE = countries.office()
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


def dialplan() -> Dialplan:
    made = {"/dialplan/emergency.xml": emergency_xml(OFFICE), "/dialplan/failsafe.xml": failsafe_xml(OFFICE)}
    file, told = dialplan_file(), {"FSCTL_DIRECTORY": "", "domain": "d"}
    read = preprocess(text_of(str(file)), told, lambda path: made.get(path) or text_of(path), file.parent)
    return Dialplan(read)


PLAN = dialplan()


def hunted(context: str, profile: dict[str, str], variables: dict[str, str]) -> list[Action]:
    def tell(action: Action) -> None:
        name, _, value = action.data.partition("=")
        profile[name] = value

    def expand(text: str) -> str:
        return re.sub(r"\$\{([^}]+)\}", lambda name: variables.get(name[1], profile.get(name[1], "")), text)

    return PLAN.hunt(context, Facts(lambda name: profile.get(name, ""), expand, tell))


def by_the_dialplan(caller: str, dialled: str) -> str:
    """What becomes of it without a controller: ``emergency:112``, ``rings 201``, ``refused`` or ``nobody``."""
    user = OFFICE.users.get(caller)
    variables = {"fsctl_site": user.site, "user_name": caller} if user else {"fsctl_external": "true"}
    profile = {"destination_number": dialled, "caller_id_number": caller, "caller_id_name": "x"}
    told = {}
    for action in hunted(contexts.DEFAULT if user else contexts.PUBLIC, profile, variables):
        name, _, value = action.data.partition("=")
        told |= {name: value} if action.application == "set" else {action.application: action.data}
    if "fsctl_emergency_number" in told:
        return f"emergency:{told['fsctl_emergency_number']}"
    if "socket" not in told:
        return "refused"
    handed = told["sched_transfer"].split()[1].removeprefix("failsafe_")
    for action in hunted("fsctl", {"destination_number": f"ring_{handed}"}, variables):
        if action.data.startswith("people_"):
            return "rings " + action.data.split()[0].removeprefix("people_")
    return "nobody"


def by_explain(caller: str, dialled: str) -> str:
    to = assumed_call(caller, dialled, OFFICE, lambda zone: AT).to
    match to:
        case Destination("emergency"):
            return str(to)
        case Destination("user", name):
            return f"rings {name}"
        case Destination("site", name):
            return f"rings {OFFICE.sites[name].reception.name}"
        case Destination("hunt", name):
            return f"rings {'+'.join(OFFICE.groups[name].members)}"
    return "nobody"


def test_ten_thousand_pairs():
    seen = Counter()
    for caller, dialled in countries.pairs(10_000, seed=12):
        explained, found = by_explain(caller, dialled), by_the_dialplan(caller, dialled)
        assert found == explained or (found, explained) == ("refused", "nobody"), (caller, dialled)
        seen[re.match("[a-z]+", found)[0]] += 1
    assert all(seen[each] > 200 for each in ("emergency", "rings", "nobody", "refused")), seen


@pytest.mark.parametrize(("caller", "dialled", "to"), countries.BY_HAND)
def test_by_hand(caller, dialled, to):
    assert str(assumed_call(caller, dialled, OFFICE, lambda zone: AT).to) == to
    assert by_the_dialplan(caller, dialled) in (by_explain(caller, dialled), "refused")
