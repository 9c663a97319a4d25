"""Taking over what an assistant handles on the switch: out of that talk alone, and her phone is free then."""

from typing import Any
from unittest.mock import ANY, Mock, patch

import pytest

from fsctl.model.actions import Party, TakeOver
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, Moved, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.verbs import executive_calls
from fsctl.switch.session.call_session import CallerGone
from tests.switch.commanded import Commanded
from tests.unit.builders import a_call

OWN, CALLER = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"
ASSISTANT, ANOTHER = "0000000c-0000-4000-8000-000000000003", "0000000d-0000-4000-8000-000000000004"
BRIDGE, KILL = f"uuid_bridge {CALLER} {OWN}", f"uuid_kill {ASSISTANT}"
FREE = f"uuid_setvar_multi {CALLER} park_after_bridge=;park_timeout="
MARK, UNMARK = f"uuid_setvar {CALLER} fsctl_moved {OWN}", f"uuid_setvar {CALLER} fsctl_moved"


class Session(Commanded):
    """The executive's connection, and with whom the caller talks; None: the caller is gone.

    ``bridges`` is what becomes of ``uuid_bridge``: nothing at all, an answer alone, an answer and the caller hangs up,
    or both are connected after so many looks.
    """

    uuid = OWN

    def __init__(self, bond: str | None = ASSISTANT, bridges: int | str = 0) -> None:
        super().__init__()
        self.bond, self._bridges = bond, bridges
        self.own, self.moved = "", ""

    def api(self, text: str, timeout: float | None = 5) -> str:
        self.said.append(text)
        command, uuid, *rest = text.split(" ")
        if (uuid, rest) == (OWN, ["last_bridge_to"]):
            if isinstance(self._bridges, int) and BRIDGE in self.said:
                self._bridges -= 1
                self.own = CALLER if self._bridges < 0 else self.own
            return self.own or "_undef_"
        if uuid == CALLER and self.bond is None:
            return "-ERR No such channel!"
        if command == "uuid_exists":
            return "false" if self._bridges == "gone" else "true"
        if (uuid, rest) == (CALLER, ["signal_bond"]):
            return f"{self.bond}\n"
        if uuid == CALLER and rest[:1] == ["fsctl_moved"]:
            self.moved = "".join(rest[1:])
        if command == "uuid_bridge":
            return "-ERR Invalid uuid" if self._bridges == "refused" else "+OK"
        return "+OK"


def a_control(session: Session) -> Any:
    control = Mock(session=session, call=a_call("code:take_over", user="130"))
    control.party.return_value = Party("Erika", "130")
    control.party_at.return_value = Party("Lee", "+4915")
    return control


def take_over(session: Session, *, follows: Any = None) -> tuple[Any, Any]:
    """What became of it, and what was looked up and changed outside of the call."""
    control = a_control(session)
    with (patch.object(talk, "follow", return_value=follows), patch.object(talk, "target_of", return_value=None),
          patch.object(connecting, "SECONDS", 0.05), patch.object(connecting, "_LOOK_SECONDS", 0.001)):
        return executive_calls.take_over(control, TakeOver(CALLER, ASSISTANT, "131")), control


def released(control: Any) -> bool:
    return [each.args for each in control.state.release_all.call_args_list] == [(control.call,)]


@pytest.mark.parametrize("looks", [0, 3])
@pytest.mark.parametrize("follows", [None, Moved("u")])
def test_both_talk_and_the_assistants_phone_is_free(looks: int, follows: Any) -> None:
    session = Session(bridges=looks)
    outcome, control = take_over(session, follows=follows)
    assert outcome == (follows or Answered(Destination("take_over", "131")))
    assert not session.moved and released(control)
    looked = [at for at, text in enumerate(session.said) if text == f"uuid_getvar {OWN} last_bridge_to"]
    assert len(looked) == looks + 1
    steps = [session.said.index(each) for each in (MARK, BRIDGE)]
    steps += [looked[-1], session.said.index(KILL)]
    assert steps == sorted(steps)
    assert session.said.index(FREE) > looked[-1]


def test_each_sees_the_other() -> None:
    session = Session()
    take_over(session)
    assert session.said[:3] == [
        "multiset ^^;initial_callee_id_name=Lee;initial_callee_id_number=+4915",
        "set_profile_var caller_id_name=Erika", "set_profile_var caller_id_number=130"]


@pytest.mark.parametrize("bond", [
    None, pytest.param(ANOTHER, id="with somebody else"), pytest.param("_undef_", id="with nobody"),
    pytest.param("", id="with nobody that is told"),
])
def test_not_where_the_two_talk_no_more(bond: str | None) -> None:
    """The policy saw them talk, and the claim is no proof: a transfer asks for none."""
    session = Session(bond)
    outcome, control = take_over(session)
    assert outcome == Taken() and released(control)
    assert not {MARK, BRIDGE, KILL} & set(session.said)
    control.progress.answered.assert_not_called()


@pytest.mark.parametrize("bridges", ["refused", "never", "gone"])
def test_what_fails_leaves_their_talk_alone(bridges: str) -> None:
    """And nobody in silence: where FreeSWITCH had begun, the executive's own call ends."""
    session = Session(bridges=bridges)
    outcome, control = take_over(session)
    assert outcome == Taken() and released(control)
    assert MARK in session.said and UNMARK in session.said and not session.moved
    assert KILL not in session.said
    assert (f"uuid_kill {OWN} NORMAL_CLEARING" in session.said) is (bridges != "refused")
    assert session.said[-1] == FREE  # else he would wait alone when his talk is over
    assert session.said.count(f"uuid_exists {CALLER}") == {"refused": 0, "gone": 1}.get(bridges, ANY)
    control.progress.answered.assert_not_called()


def test_a_caller_who_hangs_up_before_he_is_marked() -> None:
    session = Session()
    ask = session.api
    session.api = lambda text, timeout=5: "-ERR No such channel!" if text == MARK else ask(text)  # type: ignore[method-assign]
    outcome, control = take_over(session)
    assert outcome == Taken() and released(control)
    assert BRIDGE not in session.said and KILL not in session.said


def test_an_executive_who_hangs_up_amid_it_keeps_no_claim() -> None:
    session = Session()
    control = a_control(session)
    control.run.side_effect = CallerGone  # while he is answered
    with pytest.raises(CallerGone):
        executive_calls.take_over(control, TakeOver(CALLER, ASSISTANT, "131"))
    assert released(control)
    assert MARK not in session.said and KILL not in session.said
