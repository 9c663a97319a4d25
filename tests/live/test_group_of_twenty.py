"""A group call of as many as there may be: twenty members, each with a telephone of his own."""

import os
import re
import time
import tomllib
from pathlib import Path

import pytest

from fsctl.schema import structure
from tests.live import offices
from tests.live.lab import Lab
from tests.live.simulated import Simulated
from tests.live.sip_phone import SipLine, heard_by
from tests.live.test_executive_calls import journal
from tests.wire.peer import eventually

PREFIX = os.environ.get("FREESWITCH")
MEMBERS = [str(number) for number in range(201, 221)]
_PEOPLE = "".join(f'\n[users.{each}]\nname = "Member {each}"\nsite = "berlin"\n' for each in MEMBERS)

#: Two groups: the crew, and the watch with half of its members and 104.
OFFICE = offices.changed(
    offices.OFFICE,
    ('members = ["101", "102", "130", "+491701234567"]', f"members = {MEMBERS}".replace("'", '"')),
    ("answer_seconds = 30", "answer_seconds = 6"),
    ('callers = "members" ', 'callers = "site" '),
) + _PEOPLE + f"""
[groups.watch]
name = "Wache"
site = "berlin"
members = {MEMBERS[:10]}
[groups.watch.conference]
extension = "381"
answer_seconds = 6
callers = "site"
tone = false
""".replace("'", '"')


@pytest.fixture(scope="module", params=["simulator", "freeswitch"] if PREFIX else ["simulator"])
def _lab(request):
    office = structure(tomllib.loads(OFFICE))
    lab = Lab(Path(PREFIX or ""), office) if request.param == "freeswitch" else Simulated(office)
    lab.phones("101", "102", "104", *MEMBERS)
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    controller.forget_settings()
    controller.wait_for_log("linked")


def ringing(lab, members=MEMBERS):
    return {each: lab.phone(each).ringing() for each in members}


def size(lab, room="group-380"):
    count = lab.switch.api(f"conference {room} list count").strip()
    return int(count) if count.isdigit() else 0


def one_speaks_to_all(lab, lines):
    """One of these, whom all others hear, and nobody else."""
    if isinstance(lines[0], SipLine):
        speakers, silent = [], 0
        for line, tones in zip(lines, heard_by(*lines), strict=True):
            speakers += tones
            silent += not tones
        return silent == 1 and len(speakers) == len(lines) - 1 and len(set(speakers)) == 1
    room, channels = lab.switch.rooms["group-380"], [line.channel for line in lines]
    return sorted(sum(room.hears(one, other) for other in channels) for one in channels) == [0, *[1] * (len(lines) - 1)]


def test_all_ring_within_a_second(lab, controller):
    began = time.monotonic()
    call = lab.phone("101").call("380")
    lines = ringing(lab)
    took = time.monotonic() - began
    if isinstance(lab, Lab):
        after = sorted(line.started_ringing_after for line in lines.values())
        print(f"\nthe first rings after {after[0]:.3f} s, the last after {after[-1]:.3f} s")
        assert after[-1] < 1
    assert took < 3
    for line in lines.values():
        line.answer()
    call.wait_answered()
    eventually(lambda: size(lab) == 21, "not all are in it", 5)
    call.hang_up()
    for each in MEMBERS[:-2]:
        lines[each].hang_up()
    eventually(lambda: size(lab) == 2, "they do not go on", 5)
    one, other = (lines[each] for each in MEMBERS[-2:])
    eventually(lambda: one.hears(other) and other.hears(one), "the last two do not hear each other", 5)
    one.hang_up()
    other.wait_ended()
    found = journal(controller, caller="101", dialled="380", result="conference:crew")
    assert {step["target"] for step in found["steps"] if step["action"] == "join"} == {
        f"user:{each}" for each in MEMBERS}


def test_everybody_hears_everybody(lab, controller):
    """A tone at a time, since twenty together drown each other."""
    call = lab.phone("101").call("380")
    lines = [call, *(line for line in ringing(lab).values())]
    for line in lines[1:]:
        line.answer()
    eventually(lambda: size(lab) == 21, "not all are in it", 5)
    lab.switch.api("conference group-380 mute all")
    for uuid in re.findall(r";([0-9a-f-]{36});", lab.switch.api("conference group-380 list")):
        lab.switch.api(f"conference group-380 unmute uuid={uuid}")
        eventually(lambda: one_speaks_to_all(lab, lines), f"not all hear {uuid}, or others too", 10)
        lab.switch.api(f"conference group-380 mute uuid={uuid}")
    lab.switch.api("conference group-380 hup all")
    for line in lines:
        line.wait_ended()


def test_two_groups_with_common_members_at_once(lab, controller):
    call, other = lab.phone("101").call("380"), lab.phone("102").call("381")
    first, second = {}, {}
    for each in MEMBERS:
        first[each] = lab.phone(each).ringing()
    for each in MEMBERS[:10]:
        second[each] = lab.phone(each).ringing()
        for line in (first[each], second[each]):
            if line.shown_number == "381":
                second[each] = line
            else:
                first[each] = line
        assert first[each].shown_name == "Krisenstab - Anna Adler"
        assert second[each].shown_name == "Wache - Bernd Brandt"
    first["201"].answer(), second["202"].answer()
    call.wait_answered(), other.wait_answered()
    eventually(lambda: call.hears(first["201"]) and other.hears(second["202"]), "they do not hear each other", 5)
    assert not call.hears(second["202"]) and not other.hears(first["201"])
    for each in (call, other):
        each.hang_up()
    for line in (*first.values(), *second.values()):
        line.wait_ended()
    assert journal(controller, caller="102", dialled="381")["result"] == "conference:watch"
