"""Who dials a group call that goes on, or begins, is in it."""

from pathlib import Path
from typing import Any

import pytest

from fsctl.model.actions import Enter, Party
from fsctl.model.group_calls import room_of
from fsctl.model.outcomes import Answered, Busy, CallerGone, Taken
from fsctl.store import claims
from fsctl.switch.calls import connecting
from fsctl.switch.calls.verbs import group_calls as verbs
from tests.switch.gathering import (
    MOBILE,
    OTHER,
    OUTSIDE,
    OWN,
    TO,
    Office,
    Session,
    entered,
)
from tests.unit.builders import AT

ANOTHER_RUN = "0000000e-0000-4000-8000-000000000005"
ROOM, COUNT = room_of("380"), "conference group-380 list count"
NO_ROOM = "-ERR Conference group-380 not found\n"


def enter(here: Office, again: bool = False, there: bool = True) -> Any:
    here.session.answers[f"uuid_getvar {OWN} fsctl_group"] = "_undef_"
    here.session.answers[f"uuid_getvar {OWN} conference_name"] = ROOM if there else "-ERR No such channel!"
    return verbs.enter(here.control, Enter("crew", again))


def holds(here: Office, uuid: str = OTHER) -> None:
    assert claims.take(here.store, "conference:crew", uuid, "one", AT)


WAITS, NOT_YET, NO_CHANNEL = "380\n", "_undef_\n", "-ERR No such channel!\n"


def waits(here: Office, *answers: str, uuid: str = OTHER) -> None:
    """What a channel says, one after the other, when it is asked whether it waits."""
    here.session.answers_in_turn[f"uuid_getvar {uuid} fsctl_group"] = list(answers)


@pytest.mark.parametrize(("count", "holder", "caller"), [
    ("2\n", OTHER, ""), ("1", None, ""), ("0", None, ""), (NO_ROOM, OTHER, OTHER),
])
def test_he_is_sent_to_the_room(here: Office, session: Session, count: str, holder: str | None, caller: str) -> None:
    session.answers[COUNT] = count
    if holder:
        holds(here, holder)
    waits(here, NOT_YET, WAITS)
    assert enter(here) == Answered(TO)
    at = session.said.index("transfer gather+380 XML fsctl")
    told = f"fsctl_group=380;fsctl_group_caller={caller}" if caller else "fsctl_group=380"
    assert session.said[at - 2 : at] == [
        f"uuid_setvar_multi {OWN} {told};hangup_after_conference=true;conference_controls=none", f"sched_del {OWN}"]
    assert entered(here) == ["answered conference:crew"]
    assert claims.holder_of(here.store, "conference:crew") == holder


def test_who_waits_is_known_by_those_who_ring_for_him(here: Office, session: Session) -> None:
    """Also where his controller has lost him, and his claim."""
    session.answers[COUNT] = NO_ROOM
    here.hears("CHANNEL_CREATE", "0000000e-0000-4000-8000-000000000005", variable_fsctl_group_caller=OTHER)
    waits(here, WAITS)
    assert enter(here) == Answered(TO)


@pytest.mark.parametrize(("known", "answers", "kept"), [
    (False, [NO_CHANNEL], None), (True, [NO_CHANNEL], OTHER), (True, [NOT_YET], None), (False, [NOT_YET], None),
    (True, ["381"], None),
])
def test_a_claim_of_who_waits_no_more_is_nobodys(
    here: Office, session: Session, known: bool, answers: list[str], kept: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless the link tells that he is at another FreeSWITCH."""
    monkeypatch.setattr(verbs, "_BEGINS_SECONDS", 0.05)
    session.answers[COUNT] = NO_ROOM
    holds(here)
    waits(here, *answers)
    if known:
        here.hears("CHANNEL_CREATE", OTHER, variable_fsctl_group="", variable_fsctl_group_caller="")
    assert enter(here) == Taken() and claims.holder_of(here.store, "conference:crew") == kept
    assert "transfer gather+380 XML fsctl" not in session.said and not here.progress.mock_calls


def test_where_nobody_has_a_claim_and_nobody_is_there_it_is_over(here: Office, session: Session) -> None:
    session.answers[COUNT] = NO_ROOM
    assert enter(here) == Taken() and session.said[-1] == COUNT


@pytest.mark.parametrize(("told", "peer", "joins"), [
    (ANOTHER_RUN, "", True), (f"{ANOTHER_RUN}\n", "", True), ("_undef_", "", False),
    ("-ERR No such channel!\n", "", False),
    (ANOTHER_RUN, OWN, False),
])
def test_one_that_a_shell_began_waits_for_those_who_are_rung(
    here: Office, session: Session, told: str, peer: str, joins: bool
) -> None:
    session.answers |= {COUNT: NO_ROOM, f"uuid_getvar {OTHER} fsctl_group_run": told}
    here.hears("CHANNEL_CREATE", OTHER, variable_fsctl_group_caller=peer)
    assert enter(here) == (Answered(TO) if joins else Taken())
    said = [text for text in session.said if "uuid_setvar_multi" in text]
    assert said == ([f"uuid_setvar_multi {OWN} fsctl_group=380;fsctl_group_run={ANOTHER_RUN};"
                     "hangup_after_conference=true;conference_controls=none"] if joins else [])


def test_it_is_over_in_this_very_moment(here: Office, session: Session) -> None:
    session.answers[COUNT] = "2"
    assert enter(here, there=False) == CallerGone() and session.after_hangup and not here.progress.mock_calls


def test_who_never_arrives(here: Office, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "SECONDS", 0.1)
    session.answers[COUNT] = "2"
    session.answers[f"uuid_getvar {OWN} conference_name"] = "_undef_"
    assert verbs.enter(here.control, Enter("crew")) == CallerGone()


@pytest.mark.parametrize(("been", "changes", "shown", "may"), [
    (["101", "102"], {}, "", True), (["102"], {}, "", False), ([], {}, "", False),
    (["+491700000001"], {}, "", True),  # at her telephone outside
    ([MOBILE], OUTSIDE | {"caller": Party("", MOBILE)}, "", True),
    (["01701234567"], OUTSIDE | {"caller": Party("", MOBILE)}, "0170 1234567", True),  # as his trunk writes it
    ([MOBILE], OUTSIDE | {"caller": Party("", "+4930")}, "", False),
    (["101"], OUTSIDE | {"caller": Party("", "+491700000001")}, "", True),
    (["101"], OUTSIDE | {"caller": Party("", "+491700000009")}, "", False),
    ([""], OUTSIDE | {"caller": Party("", "")}, "", False),
    (["102"], {"user": "199"}, "", False),
])
def test_who_was_there_may_come_back(
    tmp_path: Path, been: list[str], changes: dict[str, Any], shown: str, may: bool
) -> None:
    here = Office(Session(), tmp_path, **changes)
    here.session.answers[COUNT], here.session.facts["Caller-Caller-ID-Number"] = "2", shown
    here.table.been[ROOM] = set(been)
    assert enter(here, again=True) == (Answered(TO) if may else Busy())
    assert ("transfer gather+380 XML fsctl" in here.session.said) is may
    here.table.been["group-381"] = here.table.been.pop(ROOM)
    assert enter(here, again=True) == Busy() and enter(here) == Answered(TO)
    here.store.close()


def test_while_it_only_rings_nobody_was_there(here: Office, session: Session) -> None:
    session.answers[COUNT] = NO_ROOM
    waits(here, WAITS)
    holds(here)
    assert (enter(here, again=True), enter(here)) == (Busy(), Answered(TO))
