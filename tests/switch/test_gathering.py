"""Group calls on the switch: how members are rung, and what becomes of who calls."""

import re
from pathlib import Path
from typing import Any

import gevent
import pytest
from gevent.event import Event as Signal

from fsctl.model.actions import Leg
from fsctl.model.outcomes import Answered, Busy, NoAnswer, Offline, Rejected
from fsctl.store import claims
from fsctl.switch.calls.supervision import FOLLOWS_SECONDS
from fsctl.switch.session import call_session
from fsctl.switch.session.ownership import Away, TooLate
from fsctl.switch.wire import sounds
from tests.switch.gathering import (
    ANNAS,
    BESIDE,
    DESK,
    DEVICE,
    LINE,
    OTHER,
    OUTSIDE,
    OWN,
    TO,
    Office,
    Session,
    entered,
)


def kills(session: Session) -> list[str]:
    return sorted(text for text in session.said if text.startswith("uuid_kill"))


def test_in_which_order_it_begins(here: Office, session: Session) -> None:
    began = here.gather((DESK,), (LINE,))
    said = [text for text in session.said if not text.startswith(("sofia_contact", "global_getvar"))]
    desk, line = session.legs
    assert [text.partition(" ")[0] for text in said] == [
        "sched_del", "sched_transfer", "uuid_setvar_multi", "ring_ready", "bgapi", "bgapi", "sleep"]
    assert said[1] == f"sched_transfer +40 {OWN} failsafe_380 XML fsctl" and said[-1] == "sleep 32000"
    assert f"origination_uuid={desk};fsctl_leg=user+102" in said[4] and f"origination_uuid={line}" in said[5]
    assert f"fsctl_group_caller={OWN}" in said[4] and "optional" in said[5] and "originate_timeout=31" in said[4]
    assert "dialed_domain='fs.example'" in said[4] and "/prompts/de/press-1" in said[5]
    began.kill()


@pytest.mark.parametrize(("audio", "hears"), [
    ("none", "sleep 32000"), ("impossible", "sleep 32000"), ("early", f"playback {sounds.RINGING}"),
    ("answered", f"playback {sounds.RINGING}"),
])
def test_what_the_caller_hears(tmp_path: Path, audio: str, hears: str) -> None:
    here = Office(Session(audio=audio), tmp_path)
    began = here.gather()
    assert here.session.said[-1] == hears
    began.kill()
    here.store.close()


@pytest.mark.parametrize(("members", "registered", "rung"), [
    (((DESK,),), {}, None), (((DESK,), (ANNAS,)), {"101": 1}, ["user+101"]),
    (((DESK,), (ANNAS,)), {"101": 1, "102": 2}, ["user+102", "user+102", "user+101"]),
    (((DESK, BESIDE),), {}, [f"number+{DEVICE}"]), (((DESK, BESIDE),), {"102": 1}, ["user+102", f"number+{DEVICE}"]),
])
def test_who_is_not_registered_holds_nobody_up(
    tmp_path: Path, members: tuple[tuple[Leg, ...], ...], registered: dict[str, int], rung: list[str] | None
) -> None:
    here = Office(Session(registered), tmp_path)
    began = here.gather(*members)
    commands = [text for text in here.session.said if text.startswith("bgapi")]
    assert all("fsctl_leg=" in text for text in commands)
    asked = {text.partition("/")[2].partition("@")[0].partition("/")[0] for text in here.session.said
             if text.startswith("sofia_contact")}
    assert asked == {leg.target.name for member in members for leg in member if leg.trunk is None}
    assert [leg for text in commands for leg in re.findall(r"fsctl_leg=([^;]+)", text)] == (rung or [])
    if rung is None:
        outcome = began.get(timeout=1)
        assert outcome == Offline() and [str(leg.target) for leg in outcome.legs] == ["user:102"]
        assert not any(text.startswith(("sched", "ring_ready")) for text in here.session.said)
    began.kill()
    here.store.close()


@pytest.mark.parametrize(("causes", "outcome"), [
    (("USER_BUSY", "USER_BUSY"), Busy()), (("NO_ANSWER", "USER_BUSY"), NoAnswer()),
    (("CALL_REJECTED", "CALL_REJECTED"), Rejected("CALL_REJECTED")),
    (("USER_NOT_REGISTERED", "GATEWAY_DOWN"), Offline()), (("USER_NOT_REGISTERED", "USER_BUSY"), Busy()),
])
@pytest.mark.parametrize("deaf", [0, 3])
def test_all_of_them_end_at_once(
    here: Office, session: Session, causes: tuple[str, str], outcome: Any, deaf: int
) -> None:
    """Nobody waits for the time to be over, even if the first who says so was too early."""
    session.deaf = deaf
    began = here.gather()
    here.begins(*session.legs)
    here.ends(session.legs[0], causes[0])
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert not any(text.startswith("uuid_break") for text in session.said)
    here.ends(session.legs[1], causes[1])
    assert began.get(timeout=3) == outcome
    assert not kills(session) and session.said.count(f"uuid_break {OWN}") == deaf + 1
    gevent.sleep(3)
    assert session.said.count(f"uuid_break {OWN}") == deaf + 1


def test_to_be_called_elsewhere_is_no_way_in(here: Office, session: Session) -> None:
    """And decides nothing for the others."""
    began = here.gather()
    here.begins(*session.legs)
    here.ends(session.legs[0], "REQUESTED_CHAN_UNAVAIL", variable_sip_redirect_contact_user_0="103",
              variable_sip_redirect_contact_0="<sip:103@x>")
    here.ends(session.legs[1], "NO_ANSWER")
    assert began.get(timeout=3) == NoAnswer()


def test_all_are_called_elsewhere(here: Office, session: Session) -> None:
    began = here.gather((DESK,))
    here.begins(*session.legs)
    here.ends(session.legs[0], "REQUESTED_CHAN_UNAVAIL", variable_sip_redirect_contact_user_0="103")
    assert began.get(timeout=3) == Rejected()


def test_a_leg_that_could_not_begin_is_told_by_nobody(here: Office, session: Session) -> None:
    began = here.gather()
    session.there.clear()
    gevent.sleep(FOLLOWS_SECONDS / 2)
    assert not began.ready() and not any(text.startswith("uuid_exists") for text in session.said)
    assert began.get(timeout=3) == Offline() and not kills(session)


def test_nor_does_one_count_that_began_meanwhile(here: Office, session: Session) -> None:
    began = here.gather()
    session.there.clear()
    here.begins(session.legs[0])
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert not began.ready()
    assert [text for text in session.said if text.startswith("uuid_exists")] == [f"uuid_exists {session.legs[1]}"]
    here.ends(session.legs[0])
    assert began.get(timeout=3) == Busy()


def test_nor_one_that_begins_in_this_very_moment(here: Office, session: Session) -> None:
    began = here.gather((DESK,))
    ask = session.api

    def api(text: str, timeout: float | None = 5) -> str:
        if text.startswith("uuid_exists"):
            here.begins(*session.legs)
            return "false"
        return ask(text, timeout)

    session.api = api  # type: ignore[method-assign]
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert not began.ready()
    here.ends(session.legs[0])
    assert began.get(timeout=3) == Busy()


def test_while_the_first_one_is_there_the_end_of_the_others_says_nothing(here: Office, session: Session) -> None:
    began = here.gather()
    here.begins(*session.legs)
    here.comes(session.legs[0])
    here.ends(session.legs[1])
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert f"uuid_break {OWN}" not in session.said and not began.ready()
    session.gathered()
    assert began.get(timeout=3) == Answered(TO)


def test_keys_of_the_caller_are_sounds_in_the_room(tmp_path: Path) -> None:
    here = Office(Session(audio="early"), tmp_path, **OUTSIDE)
    here.control.hear_keys()
    began = here.gather()
    assert here.session.said.count("stop_dtmf") == 1
    assert here.session.said.index("stop_dtmf") < here.session.said.index("ring_ready")
    began.kill()
    here.store.close()


def test_their_time_is_over(here: Office, session: Session) -> None:
    """Who was asked for a 1 is stopped, too."""
    began = here.gather()
    here.begins(*session.legs)
    here.hears("CHANNEL_ANSWER", session.legs[1], **{"Answer-State": "answered"})
    session.over.set()
    assert began.get(timeout=3) == NoAnswer()
    assert kills(session) == sorted(f"uuid_kill {uuid} NO_ANSWER" for uuid in session.legs)


def test_when_nobody_came_the_next_one_begins_another(here: Office, session: Session) -> None:
    """And whoever hears so meanwhile is not called into that."""
    assert here.state.claim("conference:crew", here.control.call)
    began = here.gather((DESK,))
    here.begins(*session.legs)
    here.ends(session.legs[0])
    assert claims.holder_of(here.store, "conference:crew") == OWN
    assert began.get(timeout=3) == Busy()
    assert claims.holder_of(here.store, "conference:crew") is None
    assert session.said[-1] == f"uuid_setvar_multi {OWN} fsctl_group=;fsctl_group_caller=;fsctl_group_until="


def test_while_it_goes_on_it_is_claimed(here: Office, session: Session) -> None:
    assert here.state.claim("conference:crew", here.control.call)
    began = here.gather((DESK,))
    here.begins(*session.legs)
    here.comes(session.legs[0])
    session.gathered()
    assert began.get(timeout=3) == Answered(TO)
    assert claims.holder_of(here.store, "conference:crew") == OWN
    assert not any("fsctl_group_caller=;" in text for text in session.said)


@pytest.mark.parametrize("linked", [True, False])
def test_nobody_tells_that_their_time_is_over(here: Office, session: Session, linked: bool) -> None:
    began = here.gather(seconds=6)
    if linked:
        here.begins(*session.legs)
    gevent.sleep(10.9)
    assert not began.ready()
    assert began.get(timeout=1) == NoAnswer() and f"uuid_break {OWN}" in session.said
    assert kills(session) == sorted(f"uuid_kill {uuid} NO_ANSWER" for uuid in session.legs)


def test_the_first_one_answers(here: Office, session: Session) -> None:
    began = here.gather()
    here.begins(*session.legs)
    here.comes(session.legs[0])
    session.gathered()
    assert began.get(timeout=3) == Answered(TO)
    assert entered(here) == ["answered conference:crew", "entered user:102"] and not kills(session)


def test_who_comes_later_is_told_and_each_once(here: Office, session: Session) -> None:
    here.outside = frozenset()
    gone = Signal()
    session.wait_event = lambda *_: gone.wait() and _gone()  # type: ignore[method-assign,assignment]
    began = here.gather((DESK, BESIDE), (ANNAS,))
    here.begins(*session.legs)
    here.comes(session.legs[1])
    session.gathered()
    gevent.sleep(0.1)
    assert entered(here) == ["answered conference:crew", "entered user:102"]
    here.comes(session.legs[2])
    here.hears("CHANNEL_CALLSTATE", session.legs[2], **{"Channel-Call-State": "HELD", "Answer-State": "answered"})
    assert here.table.calls[session.legs[2]].state == "held"
    here.ends(session.legs[0], "LOSE_RACE")
    assert entered(here) == ["answered conference:crew", "entered user:102", "entered user:101"]
    gevent.sleep(5)
    assert not any(text.startswith(("uuid_break", "uuid_kill")) for text in session.said)
    gone.set()
    assert began.get(timeout=3) == Answered(TO)


def _gone() -> Any:
    raise call_session.CallerGone("NORMAL_CLEARING")


def test_whoever_takes_him_elsewhere_ends_the_ringing(here: Office, session: Session) -> None:
    """Else who answered would take him out of his talk."""
    began = here.gather()
    here.begins(*session.legs)
    session.gathered(OTHER)
    with pytest.raises(Away):
        began.get(timeout=3)
    assert kills(session) == sorted(f"uuid_kill {uuid} NO_ANSWER" for uuid in session.legs)
    for uuid in session.legs:
        here.ends(uuid)
    session.there.clear()
    gevent.sleep(5)
    assert f"uuid_break {OWN}" not in session.said and not here.progress.mock_calls


@pytest.mark.parametrize("end", [TooLate(), call_session.CallerGone("x"), call_session.Disconnected("x")])
def test_who_is_not_ours_any_more_is_left_alone(here: Office, session: Session, end: Exception) -> None:
    """In the fail-safe the telephones ring on."""
    began = here.gather()
    session.ends_by = end  # type: ignore[assignment]
    session.over.set()
    with pytest.raises(type(end)):
        began.get(timeout=3)
    session.there.clear()
    gevent.sleep(5)
    assert not any(text.startswith(("uuid_break", "uuid_kill")) for text in session.said)
