"""Joining a talk of two on the switch: all three in a conference, or nothing has happened and nobody is marked."""

from typing import Any
from unittest.mock import Mock, patch

import gevent
import pytest

from fsctl.model.actions import Join, Party
from fsctl.model.destination import Destination
from fsctl.model.live import LiveCall
from fsctl.model.outcomes import Answered, Moved, Taken
from fsctl.switch.calls import connecting, talk
from fsctl.switch.calls.verbs import joining
from fsctl.switch.session.call_session import CallerGone
from tests.switch.commanded import Commanded
from tests.unit.builders import AT, a_call

OWN, CALLER = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"
CALLED, ANOTHER = "0000000c-0000-4000-8000-000000000003", "0000000d-0000-4000-8000-000000000004"
BARGE_IN = Join(CALLER, CALLED, "101", "103", tone=True, kind="barge_in")
ROOM = f"barge-in-{CALLER}"
THERE = "conference_controls=none;hangup_after_conference=true"
ENTRY = "@fsctl+flags{mintwo|dist-dtmf}"
TRANSFER = f"uuid_transfer {CALLER} -both conference:{ROOM}{ENTRY} inline"
ASKED = [f"uuid_getvar {CALLER} signal_bond", *(f"uuid_getvar {each} fsctl_moved" for each in (CALLER, CALLED))]
LOOK = f"uuid_getvar {CALLER} conference_name"
GONE = "-ERR No such channel!"


BOTH = (CALLER, CALLED)


def marks(by: str = "barge_in-103") -> list[str]:
    """FreeSWITCH itself takes them back, if nobody else does."""
    marked = ((f"uuid_setvar {each} fsctl_moved {by}", f"sched_del {each}") for each in BOTH)
    later = ((f"sched_del fsctl_moved-{each}", f"sched_api +10 fsctl_moved-{each} uuid_setvar {each} fsctl_moved")
             for each in BOTH)
    return [*(command for pair in later for command in pair),
            *(command for pair in marked for command in pair)]


SENT = [*ASKED, *marks(), *(f"uuid_setvar_multi {each} {THERE}" for each in (CALLER, CALLED)),
        TRANSFER]
UNMARKED = [command for each in BOTH for command in (
    f"uuid_setvar {each} fsctl_moved", f"sched_del fsctl_moved-{each}")]


class Session(Commanded):
    """The connection of who joins, and with whom the caller talks; ``answers`` are what else FreeSWITCH says.

    The caller is in the room after so many looks.
    """

    uuid = OWN

    def __init__(self, bond: str = CALLED, looks: int = 0, answers: dict[str, str] | None = None) -> None:
        super().__init__()
        self.answers = {ASKED[0]: f"{bond}\n"} | (answers or {})
        self.marked: dict[str, str] = {}
        self._looks = looks

    def api(self, text: str, timeout: float | None = 5) -> str:
        self.said.append(text)
        command, uuid, *rest = text.split(" ")
        if text in self.answers:
            return self.answers[text]
        if command == "uuid_setvar" and rest[0] == "fsctl_moved":
            self.marked[uuid] = "".join(rest[1:])
        if text == LOOK:
            self._looks -= 1
            return f"{ROOM}\n" if self._looks == -1 else "_undef_"
        return "_undef_" if command == "uuid_getvar" else "+OK"

    def execute(self, *command: str, lock: bool = True) -> None:
        super().execute(*command, *([] if lock else ["at once"]))


def a_control(session: Session, at: str | None = None) -> Any:
    control = Mock(session=session, call=a_call("code:barge_in", user="103"))
    control.party.return_value = Party("Carl", "103")
    control.party_at.return_value = Party("Lee", "+4915")
    control.state.call.side_effect = {CALLER: LiveCall(CALLER, at, CALLED, "inbound", "talking", AT)}.get
    control.run.side_effect = session.said.append
    control.ownership.end_lease.side_effect = lambda: session.said.append("end the lease")
    return control


def join(session: Session, action: Join = BARGE_IN, *, follows: Any = None) -> tuple[Any, Any]:
    control = a_control(session)
    with (patch.object(talk, "three", return_value=follows) as three, patch.object(connecting, "SECONDS", 0.2),
          patch.object(connecting, "_LOOK_SECONDS", 0.001)):
        outcome = joining.join(control, action)
    assert three.call_args_list == ([] if outcome == Taken() else [((control, action.place),)])
    return outcome, control


def released(control: Any) -> bool:
    return [each.args for each in control.state.release_all.call_args_list] == [(control.call,)]


@pytest.mark.parametrize("looks", [0, 3])
@pytest.mark.parametrize("follows", [None, Moved("u")])
@pytest.mark.parametrize("tone", [True, False])
@pytest.mark.parametrize(("kind", "room", "by"), [
    ("barge_in", ROOM, "barge_in-103"), ("join", f"join-{CALLER}", "join-103"),
])
def test_three_talk(looks: int, follows: Any, tone: bool, kind: Any, room: str, by: str) -> None:
    session = Session(looks=looks)
    session.answers |= {LOOK: room} if kind == "join" else {}
    outcome, control = join(session, Join(CALLER, CALLED, "101", "103", tone, kind), follows=follows)
    assert outcome == (follows or Answered(Destination(kind, "101")))
    assert released(control) and not any(session.marked.values())
    control.progress.answered.assert_called_once_with(Answered(Destination(kind, "101")))
    control.party.assert_called_once_with("103")
    control.party_at.assert_called_once_with(CALLER)
    control.lease.assert_called_once()
    begins = session.said.index(ASKED[0])
    assert session.said[:begins] == [
        "multiset ^^;initial_callee_id_name=Lee;initial_callee_id_number=+4915",
        "set_profile_var caller_id_name=Carl", "set_profile_var caller_id_number=103", "answer",
        f"uuid_setvar_multi {OWN} initial_callee_id_name=;initial_callee_id_number="]
    assert session.said[begins:] == [
        *ASKED, *marks(by),
        f"uuid_setvar_multi {CALLER} {THERE}", f"uuid_setvar_multi {CALLED} {THERE}",
        f"uuid_transfer {CALLER} -both conference:{room}{ENTRY} inline",
        *[LOOK] * (looks + 1 if kind == "barge_in" else 1), *UNMARKED,
        "end the lease", f"multiset ^^;fsctl_done=true;{THERE}", f"conference {room}{ENTRY} at once",
        *[f"conference {room} play tone_stream://%(300,0,700)"] * tone]


def nothing_happened(session: Session) -> list[str]:
    """The two are marked no more; the commands since this call was answered."""
    outcome, control = join(session)
    assert outcome == Taken() and released(control) and not any(session.marked.values())
    control.progress.answered.assert_not_called()
    return session.said[session.said.index(ASKED[0]):]


@pytest.mark.parametrize("bond", [
    GONE, pytest.param(ANOTHER, id="with somebody else"), pytest.param("_undef_", id="with nobody"),
    pytest.param("", id="with nobody that is told"),
])
def test_not_where_the_two_talk_no_more(bond: str) -> None:
    """The policy saw them talk, and the claim is no proof: a transfer asks for none."""
    assert nothing_happened(Session(bond)) == ASKED


@pytest.mark.parametrize("mark", ["park-701", "push-130", "join-130", "barge_in-120"])
@pytest.mark.parametrize("asked", ASKED[1:])
def test_not_where_one_is_on_the_way_elsewhere(mark: str, asked: str) -> None:
    assert nothing_happened(Session(answers={asked: f"{mark}\n"})) == ASKED


@pytest.mark.parametrize("gone", BOTH)
def test_who_hangs_up_before_he_is_marked(gone: str) -> None:
    answers = {f"uuid_setvar {gone} fsctl_moved barge_in-103": GONE}
    assert nothing_happened(Session(answers=answers)) == [*ASKED, *marks(), *UNMARKED]


@pytest.mark.parametrize(("answers", "looks"), [({TRANSFER: GONE}, []), ({LOOK: GONE}, [LOOK])])
def test_who_does_not_arrive(answers: dict[str, str], looks: list[str]) -> None:
    assert nothing_happened(Session(answers=answers)) == [*SENT, *looks, *UNMARKED]


@pytest.mark.parametrize("room", ["_undef_", "group-380", f"join-{CALLER}"])
def test_how_long_he_may_take(room: str) -> None:
    said = nothing_happened(Session(answers={LOOK: room}))
    looked = said[len(SENT):-len(UNMARKED)]
    assert said == [*SENT, *looked, *UNMARKED] and len(looked) > 2 and set(looked) == {LOOK}


class Breaks(list[str]):
    """What was said, until something is, which raises this; ``gone``: whatever is said afterwards, too."""

    def __init__(self, amid: str, error: type[BaseException], gone: bool) -> None:
        super().__init__()
        self._amid, self._error, self._gone = amid, error, gone

    def append(self, text: str) -> None:
        super().append(text)
        if text == self._amid or (self._gone and self._amid in self):
            raise self._error


@pytest.mark.parametrize("amid", ["answer", TRANSFER, LOOK, f"conference {ROOM}{ENTRY} at once"])
@pytest.mark.parametrize(("error", "gone"), [(CallerGone, True), (gevent.Timeout, False)])
def test_where_it_breaks_off_no_claim_is_kept(amid: str, error: type[BaseException], gone: bool) -> None:
    session = Session()
    session.said = Breaks(amid, error, gone)
    control = a_control(session)
    with pytest.raises(error):
        joining.join(control, BARGE_IN)
    assert released(control) and (gone or not any(session.marked.values()))
    control.progress.answered.assert_not_called()


@pytest.mark.parametrize(("at", "seen"), [(None, CALLER), ("120", CALLER), ("101", CALLED)])
def test_he_sees_with_whom_the_one_talks_whom_he_has_dialled(at: str | None, seen: str) -> None:
    control = a_control(Session(ANOTHER), at)
    assert joining.join(control, BARGE_IN) == Taken()
    control.party_at.assert_called_once_with(seen)
