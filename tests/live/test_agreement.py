"""What is dialled from real phones at sites in six countries is read by FreeSWITCH's PCRE as explain reads it."""

import re
import time
from pathlib import Path

import pytest

from tests import countries
from tests.live.conftest import PREFIX
from tests.live.lab import Lab
from tests.live.sip_phone import SipLine
from tests.switch.test_agreement import OFFICE, by_explain

#: So many calls at once: each needs some seconds to hear that nobody has such a number.
AT_ONCE = 50
CALLER = "+4915112345678"


@pytest.fixture(scope="module")
def freeswitch():
    """Nobody listens where fsctl should: the dialplan and the fail-safe alone decide."""
    lab = Lab(Path(PREFIX or ""), OFFICE)
    lab.phones(*OFFICE.users)
    yield lab
    lab.close()


def became(lab: Lab, calls: dict[str, SipLine]) -> dict[str, str]:
    """By the mark of each call: ``emergency:112``, ``rings 201``, ``refused`` or ``nobody``."""
    found: dict[str, str] = {}
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(mark not in found and not calls[mark].ended for mark in calls):
        for uuid in re.findall(r"^([0-9a-f-]{36}),inbound,", lab.switch.api("show channels"), re.M):
            facts = dict(re.findall(r"^(variable_\S+?): (.*)$", lab.switch.api(f"uuid_dump {uuid}"), re.M))
            if what := _what(facts):
                found[facts["variable_sip_h_X-Pair"]] = what
        time.sleep(0.05)
    return {mark: found.get(mark, "refused") for mark in calls}


def _what(facts: dict[str, str]) -> str:
    if number := facts.get("variable_fsctl_emergency_number"):
        return f"emergency:{number}"
    application = facts.get("variable_current_application"), facts.get("variable_current_application_data", "")
    match application:
        case "bridge", legs:
            people = dict.fromkeys(re.findall(r"fsctl_leg(?:=|%3D)user(?:\+|%2B)(\d+)", legs))
            return f"rings {'+'.join(people)}"
        case "playback", _:
            return "nobody"
    return ""


def test_three_hundred_pairs(freeswitch):
    lab, wrong, seen = freeswitch, [], set()
    pairs = list(countries.pairs(300, seed=2026))
    for first in range(0, len(pairs), AT_ONCE):
        calls = {}
        for index, (caller, dialled) in enumerate(pairs[first:first + AT_ONCE], first):
            phone = lab.phone(caller) if caller in OFFICE.users else lab.outside(caller)
            calls[str(index)] = phone.call(dialled, headers={"X-Pair": str(index)})
        for mark, what in became(lab, calls).items():
            explained = by_explain(*pairs[int(mark)])
            seen.add(re.match("[a-z]+", what)[0])
            if what != explained and (what, explained) != ("refused", "nobody"):
                wrong.append((*pairs[int(mark)], what, explained))
        lab.hang_up_all()
    assert not wrong, wrong
    assert seen == {"emergency", "rings", "nobody", "refused"}
