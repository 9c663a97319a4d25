"""Point 17: a call that is parked by dialling a code waits in its slot before its parker hears so.

tests/live/test_park.py has the same with telephones.
"""

from contextlib import nullcontext
from unittest.mock import Mock, patch

import pytest

from fsctl.model.actions import Park
from fsctl.model.live import LiveCall
from fsctl.model.outcomes import Failed, Parked
from fsctl.switch.calls.verbs import parking
from tests.switch.commanded import Commanded
from tests.unit.builders import AT, a_call

HELD, OWN = "0000000b-0000-4000-8000-000000000002", "0000000a-0000-4000-8000-000000000001"


class Session(Commanded):
    """The connection of who parks; ``answers`` by the first word of a command about who is held, +OK by default."""

    uuid = OWN

    def __init__(self, **answers):
        super().__init__()
        self._answers = answers

    def api(self, text, timeout=5):
        self.said.append(text)
        return self._answers.get(text.split(" ")[0], "_undef_" if "getvar" in text else "+OK")

    def hangup(self, *_):
        self.said.append("hangup")

    def wait_hangup(self, **_):
        pass


def park(session, states=("talking", "parked")):
    """What became of it, and the state of which it was asked."""
    control, seen = Mock(session=session, call=a_call("code:park", user="101")), iter(states)

    def call(uuid):
        session.said.append(f"{uuid} is {(state := next(seen))}")
        return LiveCall(uuid, None, None, "inbound", state, AT)

    def follow(uuids, told):
        told(*uuids)
        return nullcontext()

    control.state.call, control.state.follow = call, follow
    def play(_, says):
        session.said.append(f"{says.announcement} {says.digits}")

    with patch.object(parking.speech, "play", play):
        return parking.park(control, Park("103", "101", 45, language="de", uuid=HELD)), control.state


def test_point_17_who_is_held_waits_there_before_the_parker_is_answered():
    session = Session()
    outcome, _ = park(session)
    assert outcome == Parked("103")
    order = ["uuid_transfer", f"{HELD} is talking", f"{HELD} is parked", "answer", "parked 103", "hangup"]
    assert [each for each in session.said if each.startswith(tuple(order))] == [
        f"uuid_transfer {HELD} park+103 XML fsctl", *order[1:]]


@pytest.mark.parametrize("answers", [{"uuid_transfer": "-ERR"}, {"uuid_setvar": "-ERR", "uuid_transfer": "-ERR"},
                                     {"uuid_getvar": "park-701"}])
def test_point_17_the_slot_is_free_again_where_it_fails(answers):
    session = Session(**answers)
    outcome, state = park(session)
    assert outcome == Failed()
    state.unpark.assert_called_once_with(HELD)
    assert "answer" not in session.said
