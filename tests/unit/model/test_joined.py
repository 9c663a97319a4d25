"""The rooms of talks that a third one has joined."""

from typing import get_args

import pytest

from fsctl.model.group_calls import room_of as room_of_group
from fsctl.model.joined import Kind, in_order, joined_by, room_of, whose
from fsctl.model.live import Live, LiveCall
from tests.unit.builders import AT


def channel(uuid, user=None, room=None, direction="inbound"):
    return LiveCall(uuid, user, None, direction, "talking", AT, room=room)


def test_a_room_tells_whose_talk_it_is():
    rooms = [room_of("lee", kind) for kind in get_args(Kind)]
    assert len({*rooms, room_of_group("lee")}) == 4 and room_of("lee") == room_of("lee", "join")
    assert [whose(room) for room in rooms] == ["lee", "lee", "lee"]


@pytest.mark.parametrize("room", [room_of_group("380"), "lee", "", "x-join-lee", "barge-lee", "barge_in-lee"])
def test_other_rooms_are_nobodys_talk(room):
    assert whose(room) == ""


@pytest.mark.parametrize(("rooms", "found"), [
    (["join-lee"], "join-lee"), (["barge-in-lee"], ""), ([None], ""), ([], ""), ([room_of_group("380")], ""),
    (["x-join-lee"], ""), (["barge-in-lee", None, "join-max"], "join-max"),
])
def test_which_an_executive_has_joined(rooms, found):
    """Only as one: dialled again where he is a colleague's third, his code ends nothing."""
    his = (channel(str(at), "130", room) for at, room in enumerate(rooms))
    assert joined_by("130", Live((channel("hers", "131", "join-hers"), *his))) == found


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize(("rung", "order"), [
    ((), ("lee", "ann", "max")), (("lee",), ("ann", "max", "lee")), (("ann", "lee"), ("max", "lee", "ann")),
])
def test_in_which_order_who_is_left_is_connected(kind, rung, order):
    """Whether somebody was rung is told of those in that room alone."""
    room = room_of("lee", kind)
    live = Live(tuple(channel(uuid, None, room, "outbound" if uuid in rung else "inbound")
                      for uuid in ("max", "ann", "lee")) + (channel("max", None, "join-x", "outbound"),))
    assert in_order(["max", "ann", "lee"], room, live) == order
