"""Fetching a parked call on the switch: by exactly one, and out of nobody's talk."""

from typing import Any
from unittest.mock import Mock, patch

import pytest

from fsctl.model.actions import Connect, Party
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Taken
from fsctl.switch.calls import talk
from fsctl.switch.calls.verbs import parking
from tests.switch.commanded import Commanded
from tests.unit.builders import a_call

OWN, CALLER = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"
ANOTHER = "0000000c-0000-4000-8000-000000000003"
WAITS = {"fsctl_slot": "701", "last_bridge_to": ""}


class Session(Commanded):
    """The connection of who fetches, and the variables of who waits."""

    uuid = OWN

    def __init__(self, variables: dict[str, str] | None) -> None:
        super().__init__()
        self.caller = None if variables is None else dict(variables)
        self._bond = ""

    def api(self, text: str, timeout: float | None = 5) -> str:
        self.said.append(text)
        command, uuid, *rest = text.split(" ")
        if uuid == OWN:
            return self._bond if rest == ["last_bridge_to"] else "_undef_"
        if command == "uuid_exists":
            return "false" if self.caller is None else "true"
        if self.caller is None:
            return "-ERR No such channel!"
        if command == "uuid_getvar":
            return self.caller.get(rest[0]) or "_undef_"
        if command == "uuid_setvar":
            self.caller[rest[0]] = " ".join(rest[1:])
        if command == "uuid_bridge":
            self._bond, self.caller["signal_bond"] = uuid, OWN
        return "+OK"


def fetch(session: Session) -> tuple[Any, Any]:
    """What became of it, and what was looked up and changed outside of the call."""
    control = Mock(session=session, call=a_call("slot:701", user="101"))
    control.party.return_value = Party("Anna", "101")
    control.party_at.return_value = Party("Lee", "+4915")
    with patch.object(talk, "follow", return_value=None):
        return parking.connect(control, Connect(CALLER, "701")), control.state


def test_who_waits_is_fetched_and_waits_no_more() -> None:
    session = Session(WAITS)
    outcome, state = fetch(session)
    assert outcome == Answered(Destination("retrieve", "701"))
    assert session.caller is not None
    assert session.caller["signal_bond"] == OWN
    assert not session.caller["fsctl_slot"] and not session.caller["fsctl_moved"]
    assert session.said[0] == "multiset ^^;initial_callee_id_name=Lee;initial_callee_id_number=+4915"  # for the answer
    assert f"uuid_setvar_multi {OWN} initial_callee_id_name=;initial_callee_id_number=" in session.said
    state.unpark.assert_called_once_with(CALLER)
    state.release_all.assert_called_once()


@pytest.mark.parametrize("gone", [
    None,
    pytest.param({"fsctl_slot": "", "last_bridge_to": ANOTHER}, id="fetched by another one"),
    pytest.param({"fsctl_slot": "701", "last_bridge_to": ANOTHER}, id="taken back"),
    pytest.param({"fsctl_slot": "702", "last_bridge_to": ""}, id="in another slot"),
])
def test_who_waits_there_no_more_is_left_alone(gone: dict[str, str] | None) -> None:
    """The claim alone does not tell: who was faster has given it back by then, and the link may not have told yet."""
    session = Session(gone)
    outcome, state = fetch(session)
    assert outcome == Taken()
    assert session.caller == gone
    assert not any(text.startswith("uuid_bridge") for text in session.said)
    state.unpark.assert_not_called()
    state.release_all.assert_called_once()
