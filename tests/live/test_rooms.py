"""Three in a conference, and two of them connected by a bridge again: what FreeSWITCH does by command.

A has called B, C has a call of its own: none of them knows anything of it.
"""

import json

import pytest

from tests.live.scenarios import channels, talk
from tests.wire.peer import eventually

ROOM = "three-1"

#: Who is left when one leaves, in the order in which they are to be bridged. B's leg, which was rung and is sent into
#: the room, goes first: second, the other phone would show its own number.
LEFT = {"A": "BC", "B": "AC", "C": "BA"}


class Three:
    """Their lines at the phones, and their channels at the switch."""

    def __init__(self, lab):
        self._lab = lab
        a, b = talk(lab, "101", "102")
        c, helper = talk(lab, "103", "104")
        self.lines = {"A": a, "B": b, "C": c}
        self.channels = dict(zip("ABC", (*channels(lab, "102"), channels(lab, "104")[0]), strict=True))
        for who, both in (("A", "-both "), ("C", "")):
            self.api(f"uuid_transfer {self.channels[who]} {both}conference:{ROOM}@default+flags{{mintwo}} inline")
        helper.wait_ended()
        self.all_hear("ABC")

    def api(self, command):
        answer = self._lab.switch.api(command)
        assert answer.startswith("+OK"), answer
        return answer

    def hears(self, one, other):
        return self.lines[one].hears(self.lines[other])

    def all_hear(self, who):
        """Each the others, nobody himself, and nobody those who are not here."""
        for one in who:
            for other in "ABC":
                wanted = other in who and other != one
                eventually(lambda: self.hears(one, other) is wanted, f"{one} hears {other}, or does not", 5)

    def leave(self, who):
        self.lines[who].hang_up()
        self.lines[who].wait_ended()
        rest = [self.channels[each] for each in LEFT[who]]
        eventually(lambda: sorted(self.members()) == sorted(rest), f"{who} is still in the room", 3)

    def members(self):
        """The channels in the room; none where there is no room."""
        answer = self._lab.switch.api(f"conference {ROOM} json_list")
        return [each["uuid"] for each in json.loads(answer)[0]["members"]] if answer.startswith("[") else []

    def bridge(self, who):
        """Those two again, without the room."""
        first, second = (self.channels[each] for each in who)
        for uuid in (first, second):
            self.api(f"uuid_setvar_multi {uuid} hangup_after_conference=false;hangup_after_bridge=true")
        self.api(f"uuid_bridge {first} {second}")
        eventually(lambda: not self.members(), "there is a room still", 3)
        self.all_hear(who)


@pytest.fixture
def three(lab, controller):
    lab.phones("101", "102", "103", "104")
    return Three(lab)


@pytest.mark.parametrize("leaver", LEFT)
def test_who_is_left_talks_on_in_the_room_until_one_of_them_leaves(three, leaver):
    three.leave(leaver)
    first, second = LEFT[leaver]
    three.all_hear(LEFT[leaver])
    three.lines[first].hang_up()
    three.lines[second].wait_ended()


@pytest.mark.parametrize("hangs_up", [0, 1])
@pytest.mark.parametrize("leaver", LEFT)
def test_who_is_left_is_bridged_and_sees_with_whom(lab, three, leaver, hangs_up):
    three.leave(leaver)
    three.bridge(LEFT[leaver])
    shown = {"A": "101", "B": "102", "C": "103"}
    first, second = LEFT[leaver]
    for one, other in ((first, second), (second, first)):
        eventually(lambda: three.lines[one].display[1] == shown[other], f"{one}: {three.lines[one].display}", 3)
    three.lines[LEFT[leaver][hangs_up]].hang_up()
    three.lines[LEFT[leaver][1 - hangs_up]].wait_ended()


@pytest.mark.parametrize("mover", [0, 1])
@pytest.mark.parametrize("leaver", LEFT)
def test_who_is_left_and_bridged_can_transfer(lab, three, leaver, mover):
    three.leave(leaver)
    three.bridge(LEFT[leaver])
    moves, goes = three.lines[LEFT[leaver][mover]], three.lines[LEFT[leaver][1 - mover]]
    moves.transfer("104")
    third = lab.phone("104").ringing()
    third.answer()
    moves.wait_ended()
    eventually(lambda: goes.hears(third) and third.hears(goes), "they do not hear each other", 5)
    third.hang_up()
    goes.wait_ended()


@pytest.mark.parametrize("holder", [0, 1])
@pytest.mark.parametrize("leaver", LEFT)
def test_who_is_left_and_bridged_can_hold(three, leaver, holder):
    three.leave(leaver)
    three.bridge(LEFT[leaver])
    holds, waits = (three.lines[LEFT[leaver][each]] for each in (holder, 1 - holder))
    holds.hold()
    holds.unhold()
    three.all_hear(LEFT[leaver])
    waits.hang_up()
    holds.wait_ended()


@pytest.mark.parametrize("who", LEFT)
def test_who_transfers_from_the_room_only_leaves_it(lab, three, who):
    three.lines[who].transfer("104")
    three.lines[who].wait_ended()
    three.all_hear(LEFT[who])
    lab.phone("104").quiet(0.5)


def test_who_is_muted_is_not_heard(three):
    """Named by its channel: nobody needs to know its number in the room."""
    for command, heard in (("mute", False), ("unmute", True)):
        three.api(f"conference {ROOM} {command} uuid={three.channels['C']}")
        for one in "AB":
            eventually(lambda: three.hears(one, "C") is heard, f"{command}: {one} hears C, or does not", 3)
        assert three.hears("C", "A") and three.hears("A", "B")


def test_who_holds_is_not_heard_in_the_room_and_nobody_hears_music(three):
    three.lines["B"].hold()
    eventually(lambda: not three.hears("A", "B"), "A hears B on hold", 3)
    assert three.hears("A", "C") and three.hears("C", "A") and not three.hears("C", "B")
    three.lines["B"].unhold()
    three.all_hear("ABC")


def test_a_tone_in_the_room(three):
    three.api(f"conference {ROOM} play tone_stream://%(300,0,700)")
    three.all_hear("ABC")


def test_the_room_is_cleared(lab, three):
    three.api(f"conference {ROOM} hup all")
    for line in three.lines.values():
        line.wait_ended()
    assert lab.switch.api(f"conference {ROOM} json_list") == f"-ERR Conference {ROOM} not found\n"
