"""Codes dialled in a talk: whom one holds is parked, handed over or brought in, and the talk goes on."""

import json

import gevent
import pytest

from fsctl.store.claims import list_claims
from tests.live import offices
from tests.live.test_barge_in import TALKS, by_outside, in_it, joins, leaves
from tests.live.test_executive_calls import CALLER, answered, journal, over, talk, together
from tests.live.test_joined_talks import connected, parks
from tests.wire.peer import eventually

OFFICE = offices.EXECUTIVES


@pytest.fixture(autouse=True)
def _as_the_file_says(controller, lab):
    lab.phones("103", "102", "101", "104", "130", "131", "132")
    controller.forget_settings()
    controller.apply(OFFICE)
    controller.wait_for_log("linked")


def asks(lab, line, user="101", dialled="102"):
    """Whoever is at this line holds the call and asks a colleague; his second line, and the colleague's."""
    line.hold()
    second = lab.phone(user).call(dialled)
    other = lab.phone(dialled).ringing()
    answered(second, other)
    return second, other


def parked(controller):
    return {row["slot"]: row["caller"] for row in json.loads(controller.fsctl("park", "list", "--json"))}


def waits(controller, slot, caller):
    eventually(lambda: parked(controller) == {slot: caller}, f"nobody waits in {slot}", 6)


def dials(controller, line, keys, result, user="101"):
    """In the talk at this line; what the journal says of it, which has it as a call of its own, with this result."""
    known = {row["uuid"] for row in controller.calls(1000)}
    line.press(keys)

    def found():
        rows = [row for row in controller.calls(4) if row["uuid"] not in known and row["state"] == "ended"]
        return [row for row in rows if (row["caller"], row["dialled"]) == (user, keys)]

    eventually(found, f"the journal has no {keys}", 10)
    row = found()[0]
    assert row["result"].startswith(result), row
    return row


# ---- park --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("begun", TALKS)
def test_whom_i_hold_is_parked(lab, controller, begun):
    line, call = begun(lab)
    second, other = asks(lab, line, dialled="103")
    dials(controller, second, "*68102", "park:102")
    waits(controller, "102", parked_as(begun))
    together(second, other)
    assert other.keys == "*68102"
    line.wait_ended()
    fetched = lab.phone("102").call("*88102")
    together(call, fetched)
    over(controller, fetched, call)
    together(second, other)


def parked_as(begun):
    return {"by_colleague": "104", "to_colleague": "104", "by_outside": CALLER, "to_outside": "+49301234567"}[begun.__name__]


@pytest.mark.parametrize(("keys", "slot"), [("*68", "101"), ("*58", "701"), ("*68103#", "103")])
def test_where_it_waits(lab, controller, keys, slot):
    line, call = by_outside(lab)
    second, other = asks(lab, line)
    dials(controller, second, keys, f"park:{slot}")
    waits(controller, slot, CALLER)
    together(call, lab.phone("102").call(f"*88{slot}"))


# ---- hand over ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", ["#63", "#63130", "#63130#"])
def test_whom_i_hold_is_handed_over(lab, controller, keys):
    call, line = talk(lab)
    second, other = asks(lab, line, "131", "104")
    dials(controller, second, keys, "push:130", "131")
    his = lab.phone("130").ringing(3)
    together(second, other)
    answered(call, his)
    over(controller, his, call)


def test_a_talk_is_handed_over(lab, controller):
    call, line = talk(lab)
    line.press("#63")
    his = lab.phone("130").ringing(6)
    line.wait_ended()
    answered(call, his)
    over(controller, his, call)


def test_whom_she_has_just_asked(lab, controller):
    """The executive puts down, and his phone rings with the caller at once."""
    call, line = talk(lab)
    second, other = asks(lab, line, "131", "130")
    second.press("#63")
    his = lab.phone("130").ringing(6)
    other.wait_ended()
    answered(call, his)
    over(controller, his, call)


def test_it_comes_back(lab, controller):
    call, line = talk(lab)
    second, other = asks(lab, line, "131", "104")
    second.press("#63")
    his = lab.phone("130").ringing(6)
    his.reject()
    back = lab.phone("131").ringing(8)
    together(second, other)
    answered(call, back)
    over(controller, back, call)


# ---- three -------------------------------------------------------------------------------------------------------


def three(lab, controller, begun=by_outside):
    line, call = begun(lab)
    second, other = asks(lab, line)
    dials(controller, second, "*15", "three_way:101")
    in_it(second, other, call)
    line.wait_ended()
    return second, other, call


@pytest.mark.parametrize("begun", TALKS)
@pytest.mark.parametrize("who", [0, 1, 2], ids=["who brought them together", "whom he asked", "whom he held"])
def test_three_talk(lab, controller, begun, who):
    lines = three(lab, controller, begun)
    eventually(lambda: not list_claims(controller.store), "a claim stays", 3)
    left = leaves(who, lines)
    connected(lab, *left)
    over(controller, *left)


def test_an_executive_ends_what_he_has_joined(lab, controller):
    call, line = talk(lab)
    his = joins(lab, call, line, user="130", dialled="*15")
    dials(controller, his, "*15", "code:join", "130")
    for each in (call, line, his):
        each.wait_ended()


def test_keys_go_on_to_both(lab, controller):
    second, other, call = three(lab, controller)
    second.press("123")
    eventually(lambda: (other.keys, call.keys) == ("*15123", "123"), f"{other.keys} {call.keys}", 5)


def test_who_is_left_can_park(lab, controller):
    second, other, call = three(lab, controller)
    left = leaves(0, (second, other, call))
    connected(lab, *left)
    parks(lab, controller, other, call)


def test_the_journal_tells_it(lab, controller):
    second, other, call = three(lab, controller)
    connected(lab, *leaves(0, (second, other, call)))
    over(controller, call, other)
    found = journal(controller, caller=CALLER)
    told = [step["reason"] for step in found["steps"]]
    assert told[-2:] == ["user 101 made it a talk of three", "of the three one has left the talk"], told


# ---- what is none ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [
    "0*6810", "*44*68102", "*98", "*72100", "#64130104", "1234567890", "*28", "*15103", "*581", "*441"])
def test_other_keys_do_nothing(lab, controller, keys):
    """As a bank asks for them; even while one holds a call."""
    line, call = by_outside(lab)
    second, other = asks(lab, line)
    second.press(keys)
    eventually(lambda: other.keys == keys, "the keys do not arrive", 5)
    gevent.sleep(2.5)
    dials(controller, second, "*68104", "park:104")  # the next of which the journal knows
    assert controller.calls(1)[0]["dialled"] == "*68104" and not [
        row for row in controller.calls(3) if row["dialled"] == keys]
    together(second, other)


@pytest.mark.parametrize("after", [0.3, 0.8, 1.3])
def test_keys_that_follow(lab, controller, after):
    """They are a menu's, and no code any more."""
    line, call = by_outside(lab)
    second, other = asks(lab, line)
    second.press("*58")
    eventually(lambda: other.keys == "*58", "the keys do not arrive", 5)
    gevent.sleep(after)
    second.press("1")
    gevent.sleep(4)
    assert not parked(controller)
    dials(controller, second, "*58", "park:701")


def test_a_slot_that_there_is_not(lab, controller):
    line, call = by_outside(lab)
    second, other = asks(lab, line)
    dials(controller, second, "*681020", "announcement:not-possible")
    together(second, other)
    line.unhold()
    together(line, call)


@pytest.mark.parametrize("keys", ["*68102", "*58", "*15", "#63", "*68"])
def test_who_holds_nobody(lab, controller, keys):
    line, call = by_outside(lab)
    dials(controller, line, keys, "announcement:")
    together(line, call)
    assert call.keys == keys and not parked(controller)


def test_nobody_outside_dials_codes(lab, controller):
    line, call = by_outside(lab)
    second, other = asks(lab, line)
    before = controller.calls(1)[0]
    call.press("*68102")
    gevent.sleep(4)
    assert controller.calls(1)[0]["uuid"] == before["uuid"] and not parked(controller)
    together(second, other)


@pytest.mark.parametrize(("user", "keys"), [("101", "*68"), ("101", "*58"), ("101", "*15"), ("131", "#63")])
def test_who_calls_for_help_is_left_alone(lab, controller, user, keys):
    line = lab.phone(user).call("112")
    call = lab.outside("112").ringing()
    answered(line, call)
    second, other = asks(lab, line, user, "103")
    dials(controller, second, keys, "announcement:not-possible", user)
    line.press("*44")
    gevent.sleep(3)
    together(second, other)
    line.unhold()
    together(line, call)
    assert controller.calls(1)[0]["dialled"] == keys
