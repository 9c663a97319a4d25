"""Whom a caller is told to talk with, by all that is known of the leg at the other end."""

from types import SimpleNamespace
from unittest.mock import Mock

import pytest

from fsctl.model.destination import Destination
from fsctl.model.live import LiveCall
from fsctl.model.outcomes import Answered
from fsctl.store.database import open_database
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import show
from fsctl.store.migrations import migrate
from fsctl.switch.calls import talk
from fsctl.switch.calls.trace import Trace
from fsctl.switch.link.live import Ended
from fsctl.switch.session.call_session import CallerGone
from tests.unit.builders import AT, a_call

OWN, LEG = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"
ANOTHER = "0000000c-0000-4000-8000-000000000003"
BRIDGE = {"Event-Name": "CHANNEL_BRIDGE", "Unique-ID": OWN, "Bridge-A-Unique-ID": OWN, "Bridge-B-Unique-ID": LEG}
GONE = "-ERR No such channel!\n"


def heard(user=None, number="", withheld=False):
    return LiveCall(LEG, user, OWN, "inbound", "talking", AT, number=number, withheld=withheld)


def talks(progress, *events, variables=None, call=None, ended=None):
    """A parked caller's talk, as these events tell it."""
    told = iter(events)

    def wait_event(names):
        assert names == {"CHANNEL_BRIDGE", "CHANNEL_UNPARK"}
        if (event := next(told, None)) is None:
            raise CallerGone
        return event

    def api(text):
        return GONE if variables is None else variables.get(text.split()[-1], "_undef_")

    session = Mock(uuid=OWN, wait_event=wait_event, api=api)
    state = SimpleNamespace(call=lambda uuid: call, ended=lambda uuid: ended)
    control = Mock(session=session, progress=progress, state=state, call=a_call("user:102"))
    talk.wait(control)
    return control.hunted.parted.call_count


@pytest.mark.parametrize(("known", "by"), [
    ({"variables": {"fsctl_leg": "user+103"}}, "user:103"),
    ({"variables": {"fsctl_extension": "103"}}, "user:103"),
    ({"call": heard("103", "103")}, "user:103"),
    ({"variables": {}, "call": heard(number="+4915112345678")}, "number:+4915112345678"),
    ({"ended": Ended(LEG, "103", "NORMAL_CLEARING", 0, "", AT)}, "user:103"),
    ({"call": heard(number="+4915112345678", withheld=True)}, None),
    ({"ended": Ended(LEG, None, "NORMAL_CLEARING", 0, "", AT)}, None),
    ({}, None),
])
def test_who_fetched(known, by):
    progress = Mock()
    talks(progress, BRIDGE, **known)
    ((told,), _), = progress.fetched.call_args_list
    assert (str(told) if told else None) == by


@pytest.mark.parametrize("bond", ["none", "", "_undef_"])
def test_what_is_no_leg_fetches_nobody(bond):
    """FreeSWITCH tells so when a phone that was called with such a bond leaves its park."""
    progress = Mock()
    talks(progress, {"Event-Name": "CHANNEL_UNPARK", "Unique-ID": OWN, "variable_signal_bond": bond})
    assert not progress.mock_calls


def test_who_talked_before_the_call_was_parked_again_has_not_fetched_it():
    progress = Mock()
    parked = {"Event-Name": "CHANNEL_UNPARK", "Unique-ID": OWN, "variable_fsctl_moved": "park-701"}
    talks(progress, BRIDGE, parked, BRIDGE, call=None, ended=None)
    assert [name for name, *_ in progress.mock_calls] == ["fetched", "parked", "fetched"]
    progress = Mock()
    who = iter((heard("103", "103"), None))
    state = SimpleNamespace(call=lambda uuid: next(who), ended=lambda uuid: None)
    told = iter((BRIDGE, parked, BRIDGE))
    session = Mock(uuid=OWN, api=lambda text: GONE)
    session.wait_event = lambda names: next(told, None) or _gone()
    talk.wait(Mock(session=session, progress=progress, state=state, call=a_call("user:102")))
    assert [each.args for each in progress.fetched.call_args_list] == [(Destination("user", "103"),), (None,)]


@pytest.mark.parametrize("by", ["join:130", "barge_in:103"])
def test_somebody_joins_and_two_are_left(by):
    """Of whom the first connection tells, and what comes then is a transfer again."""
    kind, _, name = by.partition(":")
    joins = {"Event-Name": "CHANNEL_UNPARK", "Unique-ID": OWN, "variable_fsctl_moved": f"{kind}-{name}"}
    progress = Mock()
    assert talks(progress, BRIDGE, joins, BRIDGE | {"Bridge-B-Unique-ID": ANOTHER}, BRIDGE,
                 variables={"fsctl_leg": "user+104"}) == 4
    assert [(name, *map(str, args)) for name, args, _ in progress.mock_calls] == [
        ("fetched", "user:104"), ("joined", by), ("two_left", "user:104"), ("connected", "user:104")]


def test_who_has_joined_talks_with_who_is_left():
    progress = Mock()
    told = iter((BRIDGE, BRIDGE | {"Bridge-B-Unique-ID": ANOTHER}))
    session = Mock(uuid=OWN, api=lambda text: "user+104", wait_event=lambda names: next(told, None) or _gone())
    assert talk.three(Mock(session=session, progress=progress), Destination("barge_in", "101")) is None
    assert [(name, *map(str, args)) for name, args, _ in progress.mock_calls] == [
        ("two_left", "user:104"), ("connected", "user:104")]


def _gone():
    raise CallerGone


@pytest.mark.parametrize(("fetched", "connected", "result", "steps"), [
    (None, "no", "park:701", [("park:701", "parked"), ("", "")]),
    (Destination("user", "103"), "no", "user:103", [("park:701", "parked"), ("user:103", "answered")]),
    (Destination("user", "103"), None, "user:103", [("park:701", "parked"), ("user:103", "answered"), ("", "")]),
])
def test_where_nobody_is_known_the_journal_names_nobody(tmp_path, fetched, connected, result, steps):
    store = open_database(str(tmp_path / "journal"))
    migrate(store)
    journal = Journal(store, "one")
    journal.start()
    trace = Trace(a_call("user:102"), journal, lambda: None, Mock(known=True, saw_others=False), "101")
    trace.answered(Answered(Destination("user", "102")))
    trace.parked("701")
    trace.fetched(fetched)
    if connected != "no":
        trace.connected(connected)
    trace.end(None, "NORMAL_CLEARING")
    journal.stop()
    row = show(store, "c0ffee")
    assert row["result"] == result
    assert [(step["target"], step["outcome"]) for step in row["steps"] if step.get("unplanned")] == steps
    store.close()
