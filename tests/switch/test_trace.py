"""What the journal says of a call, from what the switch reported."""

from dataclasses import replace

import pytest

from fsctl.cli.steps import recorded_json, step_line
from fsctl.facts.recorded import MOST_SEEN, call_of, step_of
from fsctl.model.actions import Ask, Leave, Leg, Party, Play, Reroute, Ring
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall, Looked
from fsctl.model.outcomes import Answered, Busy, LegEnd, Offline, Performed, Redirected, Rejected
from fsctl.model.reasons import NONE, plain, reason
from fsctl.route import Planned, Step
from fsctl.store.database import open_database
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import show
from fsctl.store.migrations import migrate
from fsctl.switch.calls.trace import Trace
from tests.unit.builders import AT, a_call

RING = Planned(
    Ring(((Leg(Destination("user", "101"), 20),), (Leg(Destination("user", "102"), 20),)), Party("", "")),
    Step("hunt_group", "ring", "user:101, user:102", plain("all members")),
    (Step("emergency", "pass", "hunt:sales", NONE),))
FORWARD = Planned(
    Reroute(Destination("user", "103")), Step("forwarding", "reroute", "user:103", plain("is busy")),
    (Step("do_not_disturb", "pass", "user:101", plain("can be disturbed")),))


@pytest.fixture
def journalled(tmp_path):
    """Runs a scenario with a journal, and gives what it says of the call."""
    def run(scenario):
        store = open_database(str(tmp_path / "journal.sqlite"))
        migrate(store)
        journal = Journal(store, "one")
        journal.start()
        scenario(journal)
        journal.stop()
        row = show(store, "c0ffee")
        store.close()
        return row
    return run


def a_trace(journal, live=None, **changes):
    call = a_call("hunt:sales", **changes)
    return Trace(call, journal, lambda: None, Looked(live or Live(), call.uuid), call.user or "")


def a_live_call(uuid, peer=None):
    return LiveCall(uuid, "102", peer, "outbound", "ringing", AT, number="+4915112345678", name="Eve")


@pytest.mark.parametrize(("outcome", "word", "detail"), [
    (Answered(Destination("user", "102")), "answered", "user:102"),
    (Rejected("USER_NOT_THERE"), "rejected", "USER_NOT_THERE"),
    (Redirected("103"), "redirected", "103"), (Offline(), "offline", ""),
])
def test_a_step_has_what_became_of_it(journalled, outcome, word, detail):
    def scenario(journal):
        trace = a_trace(journal)
        trace.begin(RING)
        trace.came_to(RING, outcome)

    row = journalled(scenario)
    assert [(step["outcome"], step["detail"]) for step in row["steps"]] == [(word, detail)]


def test_what_became_of_each_who_was_rung_and_how_many_were_not(journalled):
    legs = (LegEnd(Destination("user", "101"), "busy", "USER_BUSY", 486), LegEnd(Destination("user", "102"), "offline"))

    def scenario(journal):
        trace = a_trace(journal)
        trace.begin(RING)
        trace.left_out(3)
        trace.came_to(RING, Busy(legs=legs))

    (step,) = journalled(scenario)["steps"]
    assert (step["outcome"], step["left_out"]) == ("busy", 3)
    assert step["legs"] == [{"target": "user:101", "became": "busy", "cause": "USER_BUSY", "status": 486},
                            {"target": "user:102", "became": "offline"}]
    assert "[too many phones: 3 did not ring]" in step_line(recorded_json(step))


def test_who_answered_stays_whatever_the_plan_says_afterwards(journalled):
    def scenario(journal):
        trace = a_trace(journal)
        trace.begin(RING)
        trace.answered(Answered(Destination("user", "102")))
        trace.connected(Destination("user", "104"))
        trace.came_to(RING, Answered(Destination("user", "101")))
        trace.end(None, "NORMAL_CLEARING")

    row = journalled(scenario)
    assert [(step["policy"], step["detail"], "unplanned" in step) for step in row["steps"]] == [
        ("hunt_group", "user:102", False), ("transfer", "user:104", True)]
    assert row["result"] == "user:104"


def test_passed_policies_stand_before_their_step_in_the_part_that_asked_them(journalled):
    def scenario(journal):
        first = a_trace(journal)
        first.begin(FORWARD)
        first.begin(RING)
        a_trace(journal).begin(FORWARD)

    parts = journalled(scenario)["parts"]
    assert [(part["first"], [(each["policy"], each["before"]) for each in part["passed"]]) for part in parts] == [
        (0, [("do_not_disturb", 0), ("emergency", 1)]), (2, [("do_not_disturb", 2)])]
    assert {key: parts[0][key] for key in ("at", "user", "external", "dialled", "transferred_by", "saw_others")} == {
        "at": AT.isoformat(), "user": "102", "external": False, "dialled": "sales", "transferred_by": None,
        "saw_others": False}
    assert call_of(parts[0]) == a_call("hunt:sales")


def test_each_thing_is_written_once_and_what_became_of_a_step_by_itself(journalled):
    written = []

    def scenario(journal):
        journal.update = lambda uuid, *facts, **more: written.append(
            ([(fact.step, sorted(fact.body)) for fact in facts], more))
        trace = a_trace(journal)
        for planned in (FORWARD, RING):
            trace.begin(planned)
        trace.came_to(RING, Offline())
        trace.answered(Answered(Destination("user", "102")))
        trace.came_to(RING, Answered(Destination("user", "102")))

    journalled(scenario)
    step = ["action", "passed", "policy", "reason", "target"]
    assert written == [
        ([(0, step)], {"state": None, "result": None}),
        ([(1, step)], {"state": None, "result": None}),
        ([(1, ["outcome"])], {"state": None, "result": ""}),
        ([(1, ["detail", "outcome"])], {"state": "talking", "result": "user:102"}),
    ]


def test_an_announcement_after_which_a_call_is_sent_on_is_not_where_it_ended(journalled):
    said = Planned(Play("closed", "de"), Step("intercept", "play", "announcement:closed", plain("all calls")), ())
    results = []

    def scenario(journal):
        journal.update = lambda uuid, *facts, state, result: results.append((state, result))
        trace = a_trace(journal)
        trace.begin(said)
        trace.came_to(said, Performed())
        trace.begin(said)
        trace.begin(FORWARD)

    journalled(scenario)
    assert results == [(None, None), (None, "announcement:closed"), (None, None), (None, "")]


@pytest.mark.parametrize(("asked", "result"), [(True, "gone"), (False, "announcement:closed")])
def test_who_hangs_up_when_he_is_asked_is_gone_whatever_he_has_heard(journalled, asked, result):
    said = Planned(Play("closed", "de"), Step("intercept", "play", "announcement:closed", plain("all calls")), ())
    ask = Planned(Ask("press-0", "de", 1), Step("intercept", "ask", "announcement:press-0", NONE), ())

    def scenario(journal):
        trace = a_trace(journal)
        trace.begin(said)
        trace.came_to(said, Performed())
        if asked:
            trace.begin(ask)
        trace.gone("ORIGINATOR_CANCEL")

    assert journalled(scenario)["result"] == result


@pytest.mark.parametrize(("planned", "executive"), [
    (RING, None), (FORWARD, None), (replace(RING, action=replace(RING.action, executive="130")), "130"),
    (replace(FORWARD, action=replace(FORWARD.action, on_behalf="130")), "130"),
])
def test_for_whom_a_step_is(journalled, planned, executive):
    (step,) = journalled(lambda journal: a_trace(journal).begin(planned))["steps"]
    assert step.get("for") == executive


def test_what_an_operator_should_know_of_at_once_is_logged(journalled, caplog):
    why = reason("outside_loops.too_many", most=8, cause="user:101")
    told = Planned(RING.action, replace(RING.step, reason=why), ())
    journalled(lambda journal: [a_trace(journal).begin(each) for each in (RING, told)])
    said = [(each.levelname, each.getMessage()) for each in caplog.records if each.name == Trace.__module__]
    assert said == [("WARNING", f"call c0ffee: {why}")]


def test_a_part_that_another_connection_has_taken_over_writes_no_more(journalled):
    def scenario(journal):
        first = a_trace(journal)
        first.begin(RING)
        first.give_up()
        a_trace(journal).begin(FORWARD)
        first.came_to(RING, Offline())
        first.end("gone", "NORMAL_CLEARING")

    row = journalled(scenario)
    assert [(step["policy"], step["outcome"]) for step in row["steps"]] == [("hunt_group", ""), ("forwarding", "")]
    assert (row["state"], row["cause"]) == ("ringing", None)


@pytest.mark.parametrize(("others", "looks", "saw"), [
    (1, True, 1), (1, False, None), (MOST_SEEN + 1, True, None), (0, True, None),
])
def test_other_calls_are_noted_where_somebody_looked_and_there_were_few(journalled, others, looks, saw):
    live = Live((a_live_call("c0ffee"), a_live_call("own leg", peer="c0ffee"),
                 *(a_live_call(f"other {index}") for index in range(others)))[: 2 + others])

    def scenario(journal):
        looked = Looked(live, "c0ffee")
        trace = Trace(a_call("hunt:sales"), journal, lambda: None, looked, "102")
        if looks:
            looked.of("101")
        trace.begin(RING)

    (part,) = journalled(scenario)["parts"]
    assert part["saw_others"] is (looks and others > 0)
    assert len(part.get("saw", ())) == (saw + 2 if saw else 0)
    assert not any(each.get("name") or each.get("number") for each in part.get("saw", ()))


def test_a_view_passes_on_what_is_known():
    assert Looked(Live(known=False), "x").known is False
    assert Looked(Live(), "x").known is True


def test_who_comes_into_a_group_call(journalled):
    def scenario(journal):
        trace = a_trace(journal, user="101")
        trace.answered(Answered(Destination("conference", "crew")))
        trace.entered(Destination("user", "102"))
        trace.entered(Destination("number", "+491701234567"))
        trace.end(None, "NORMAL_CLEARING")

    row = journalled(scenario)
    assert (row["state"], row["result"]) == ("ended", "conference:crew")
    assert [(step["policy"], step["action"], step["target"]) for step in row["steps"]][1:] == [
        ("group_call", "join", "user:102"), ("group_call", "join", "number:+491701234567")]


@pytest.mark.parametrize(("by", "policy", "who"), [
    ("join:130", "executive_join", "user:130"), ("barge_in:103", "barge_in", "user:103"),
])
@pytest.mark.parametrize(("left", "outcome", "result"), [("user:104", "answered", "user:104"), ("", "", "user:102")])
def test_somebody_joins_and_two_are_left(journalled, by, policy, who, left, outcome, result):
    states = []

    def scenario(journal):
        update = journal.update
        journal.update = lambda *told, state, result: (
            states.append((state, result)), update(*told, state=state, result=result))
        trace = a_trace(journal)
        trace.begin(RING)
        trace.answered(Answered(Destination("user", "102")))
        trace.joined(Destination(*by.split(":")))
        trace.two_left(Destination(*left.split(":")) if left else None)
        trace.end(None, "NORMAL_CLEARING")

    row = journalled(scenario)
    assert [(step["policy"], step["action"], step["target"], step["outcome"], str(step_of(step).reason))
            for step in row["steps"]][1:] == [
        (policy, "join", who, "", f"user {who[5:]} joined the talk"),
        (policy, "connect", left, outcome, str(reason("switch.third_left")))]
    assert (row["state"], row["result"]) == ("ended", result)
    assert states[1:] == [("talking", "user:102"), ("talking", None), ("talking", left or None)]


@pytest.mark.parametrize(("kind", "policy"), [("join", "executive_join"), ("barge_in", "barge_in")])
def test_who_has_joined_talks_with_who_is_left(journalled, kind, policy):
    def scenario(journal):
        trace = a_trace(journal)
        trace.answered(Answered(Destination(kind, "131")))
        trace.two_left(Destination("user", "104"))

    row = journalled(scenario)
    assert row["result"] == "user:104"
    assert [(step["policy"], step["target"]) for step in row["steps"]][1:] == [(policy, "user:104")]


@pytest.mark.parametrize("there", ["taken", "given up", "hung up"])
def test_a_call_that_was_left_to_an_own_dialplan_went_there_whatever_became_of_it(journalled, there):
    leave = Planned(Leave("1000"), Step("own_dialplan", "leave", "own:1000", plain("it is no number of the office")))

    def scenario(journal):
        trace = a_trace(journal)
        trace.begin(leave)
        trace.handed_over()
        if there == "taken":
            trace.taken_elsewhere(Destination("own", "1000"))
        if there == "given up":
            trace.gone("ORIGINATOR_CANCEL")
        trace.came_to(leave, Performed())
        trace.end(None, "NORMAL_CLEARING")

    row = journalled(scenario)
    assert (row["state"], row["result"]) == ("ended", "own:1000")
    assert [(step["action"], step["outcome"]) for step in row["steps"]] == [("leave", "done")]
