"""What FreeSWITCH's completions say of a channel that another call has taken."""

import pytest

from fsctl.model.outcomes import Moved
from fsctl.switch.session import moving

TAKER = "1936dc8b-54be-4459-865c-da908a27eff3"
BRIDGED = f"1790000000:2d8252d7-aa61-46ae-9e40-14ba67f01efd:uuid_br:{TAKER}"
ROOM = "1790000000:2d8252d7-aa61-46ae-9e40-14ba67f01efd:bl_xfer:conference:r1@default+flags{mintwo}/default/inline"
FAILSAFE = "1790000000:2d8252d7-aa61-46ae-9e40-14ba67f01efd:bl_xfer:failsafe_102/fsctl/XML"


def completion(history="", mark=""):
    return {"variable_transfer_history": history, "variable_fsctl_moved": mark}


@pytest.mark.parametrize(("before", "now", "found"), [
    (completion(), completion(), None),
    (completion(BRIDGED), completion(BRIDGED), None),  # how this connection came to its channel
    (completion(), completion(mark="park"), Moved("park")),
    (completion(), completion(BRIDGED), Moved(TAKER)),
    (completion(ROOM), completion(f"ARRAY::{ROOM}|:{BRIDGED}"), Moved(TAKER)),
    (completion(), completion(ROOM), Moved("")),
    (completion(), completion(BRIDGED, mark="park"), Moved("park")),
    ({}, {}, None),
])
def test_who_took_it(before, now, found):
    assert moving.moved(now, before) == found


@pytest.mark.parametrize(("before", "now", "found"), [
    ("", FAILSAFE, True), (FAILSAFE, FAILSAFE, False), (BRIDGED, f"ARRAY::{BRIDGED}|:{FAILSAFE}", True),
    ("", f"ARRAY::{FAILSAFE}|:{BRIDGED}", False), ("", ROOM, False),
])
def test_whether_the_failsafe_has_it(before, now, found):
    assert moving.in_failsafe(completion(now), completion(before)) is found


class Commands:
    def __init__(self, answer):
        self.answer, self.sent = answer, []

    def api(self, text, timeout=5):
        self.sent.append(text)
        return self.answer

    def apis(self, commands):
        return [self.api(each) for each in commands]


def test_marking_stops_the_lease():
    commands = Commands("+OK\n")
    assert moving.mark(commands, "u-1", TAKER)
    assert commands.sent == [f"uuid_setvar u-1 fsctl_moved {TAKER}", "sched_del u-1"]


def test_what_is_gone_is_not_marked():
    commands = Commands("-ERR No such channel!\n")
    assert not moving.mark(commands, "u-1", TAKER)
    with moving.marked(commands, TAKER, "u-1", "u-2") as there:
        assert not there


@pytest.mark.parametrize("by", ["", "a b", "${x}", "x\n", "a" * 65])
def test_a_mark_is_a_word(by):
    with pytest.raises(ValueError):
        moving.mark(Commands("+OK"), "u-1", by)


@pytest.mark.parametrize(("by", "to"), [
    ("park-701", "park:701"), ("push-130", "push:130"), ("join-130", "join:130"), ("barge_in-101", "barge_in:101"),
    ("barge-in-101", None), ("barge_in-", None), ("barge_in-1x", None), ("barge_in-1 2", None), ("x-barge_in-1", None),
    ("take_over-101", None), (f"push-{'1' * 16}", None), (TAKER, None), ("", None), ("_undef_", None),
])
def test_what_a_mark_says_of_where_it_goes(by, to):
    """What is made of a destination is a mark, and tells it."""
    found = moving.sent_into(by)
    assert (found and str(found)) == to
    commands = Commands(f"{by}\n")
    assert moving.on_its_way(commands, "u-1") == found and commands.sent == ["uuid_getvar u-1 fsctl_moved"]
    if found:
        assert moving.into(found) == by and moving.mark(Commands("+OK"), "u-1", by)


def test_what_comes_to_nothing_is_marked_no_more():
    commands = Commands("+OK\n")
    moving.unmark(commands, "u-1")
    assert commands.sent == ["uuid_setvar u-1 fsctl_moved"]


@pytest.mark.parametrize("fails", [False, True])
def test_for_as_long_as_they_are_moved(fails):
    """FreeSWITCH would take the mark back itself, if nobody did."""
    commands, began = Commands("+OK\n"), 0
    try:
        with moving.marked(commands, TAKER, "u-1", "u-2") as there:
            assert there
            began = len(commands.sent)
            assert commands.sent[:5] == [
                "sched_del fsctl_moved-u-1", "sched_api +10 fsctl_moved-u-1 uuid_setvar u-1 fsctl_moved",
                "sched_del fsctl_moved-u-2", "sched_api +10 fsctl_moved-u-2 uuid_setvar u-2 fsctl_moved",
                f"uuid_setvar u-1 fsctl_moved {TAKER}"]
            if fails:
                raise TimeoutError
    except TimeoutError:
        assert fails
    assert commands.sent[began:] == [
        "uuid_setvar u-1 fsctl_moved", "sched_del fsctl_moved-u-1",
        "uuid_setvar u-2 fsctl_moved", "sched_del fsctl_moved-u-2"]
