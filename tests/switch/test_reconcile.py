"""The books after controllers and switches were killed: nothing that lives is closed, nothing dead stays open."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from fsctl.model.live import LiveCall
from fsctl.model.reasons import from_json
from fsctl.store import claims
from fsctl.store.database import Store
from fsctl.store.journal_parts import Fact
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import list_calls, open_calls
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import LiveTable
from fsctl.switch.link.stranded import stranded
from fsctl.switch.upkeep.reconcile import Reconciler
from tests import payloads
from tests.switch.asked import Asked
from tests.unit.builders import an_office

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(minutes=1)
CALL = payloads.live("internal")
A = CALL[0]["Unique-ID"]
GONE = "00000000-0000-4000-8000-000000000001"


class Books:
    """A database with calls that a killed process has left, and the links of the next one."""

    def __init__(self, store: Store, tables: int = 1) -> None:
        self.store = store
        self.tables = [LiveTable(str(number)) for number in range(tables)]
        self.journal = Journal(store, "one")
        self.journal.start()
        self.reconciler = Reconciler(store, "one", self.journal, HeardHere(self.tables), lambda: NOW, an_office)

    def left(self, uuid: str, state: str, result: str | None = None, rings: str = "") -> None:
        step = [Fact("part", 0, {"policy": "extension", "action": "ring", "target": rings})] if rings else []
        self.journal.begin(uuid, *step, caller="101", dialled="102", at=EARLIER)
        self.journal.update(uuid, state=state, result=result)  # type: ignore[arg-type]
        self.written()

    def written(self) -> None:
        self.journal.stop()
        self.journal.start()

    def hear(self, *events: dict[str, str]) -> None:
        for event in events:
            self.tables[0].apply(event)
            self.reconciler(event)
        self.written()

    def rows(self) -> dict[str, tuple[str, str | None, str | None]]:
        return {call["uuid"]: (call["state"], call["result"], call["cause"]) for call in list_calls(self.store)}


@pytest.fixture
def books(store: Store) -> Iterator[Books]:
    books = Books(store)
    yield books
    books.journal.stop()


def test_what_a_dead_process_was_about_to_do_to_others_calls_it_does_no_more(books: Books, store: Store) -> None:
    """Its caller may talk for long. What is claimed of other things is his for as long as he is there."""
    for key, node in (("call:b", "one"), ("conference:crew", "one"), ("call:c", "another")):
        assert claims.take(store, key, A, node, NOW)
    books.reconciler.adopt()
    assert {each["key"] for each in claims.list_claims(store)} == {"conference:crew", "call:c"}


def test_where_no_call_was_left_no_event_is_looked_into(books: Books) -> None:
    books.reconciler.adopt()
    event = Asked(CALL[0])
    books.reconciler(event)
    assert not event.names


def test_a_talk_that_outlived_its_controller_is_journalled_to_its_end(books: Books) -> None:
    books.left(A, "talking", "user:102")
    books.reconciler.adopt()
    books.hear(*CALL[:9])
    for table in books.tables:
        table.know(True)
    books.reconciler.round()
    books.reconciler.round()
    assert books.rows() == {A: ("talking", "user:102", None)}
    books.hear(*CALL[9:])
    assert books.rows() == {A: ("ended", "user:102", "NORMAL_CLEARING")}


def test_a_call_that_rang_meanwhile_and_is_answered(books: Books) -> None:
    books.left(A, "ringing")
    books.reconciler.adopt()
    books.tables[0].know(True)
    books.hear(*CALL[:9])
    assert books.rows() == {A: ("talking", "user:102", None)}
    books.hear(*CALL[9:])
    assert books.rows() == {A: ("ended", "user:102", "NORMAL_CLEARING")}


def test_a_call_that_was_answered_while_nobody_heard(books: Books) -> None:
    """The next process finds it talking, or hears only of its end."""
    books.left(A, "ringing")
    books.reconciler.adopt()
    for event in CALL[:9]:
        books.tables[0].apply(event)
    books.tables[0].know(True)
    books.reconciler.round()
    books.written()
    assert books.rows() == {A: ("talking", "user:102", None)}


@pytest.mark.parametrize(("changes", "rings", "result", "told"), [
    ({}, "user:103", None, "user:102"),
    ({"variable_last_bridge_to": ""}, "user:103, user:104", None, "user:103"),
    ({"variable_last_bridge_to": GONE}, "mailbox:102", None, "mailbox:102"),
    ({"variable_last_bridge_to": "", "Hangup-Cause": "ORIGINATOR_CANCEL"}, "user:103", None, "gone"),
    ({"variable_last_bridge_to": ""}, "", None, "unknown: controller restarted"),
    ({}, "user:103", "announcement:blocked", "announcement:blocked"),
    ({"variable_fsctl_failsafe": "true"}, "user:103", None, None),
])
def test_a_call_of_which_only_the_end_is_heard(
    books: Books, changes: dict[str, str], rings: str, result: str | None, told: str | None
) -> None:
    books.left(A, "ringing", result, rings)
    books.reconciler.adopt()
    for event in CALL[:9]:  # an earlier process heard it
        books.tables[0].apply(event)
    (end,) = [event for event in CALL if event["Event-Name"] == "CHANNEL_HANGUP_COMPLETE" and event["Unique-ID"] == A]
    books.hear(end | {"variable_last_bridge_to": CALL[8]["Bridge-B-Unique-ID"]} | changes)
    assert books.rows()[A][:2] == ("ended", told)


ROOMS = [({"room": "group-380"}, "conference:crew"), ({"room": "group-300"}, None), ({"room": "group-999"}, None),
         ({"room": "join-101"}, None), ({"room": None}, None)]


@pytest.mark.parametrize(("there", "result"), ROOMS)
def test_a_call_that_has_come_into_a_group_call_while_nobody_heard(
    books: Books, there: dict[str, str | None], result: str | None
) -> None:
    books.left(A, "ringing")
    books.reconciler.adopt()
    books.tables[0].calls[A] = LiveCall(A, "101", None, "inbound", "talking", NOW, **there)  # type: ignore[arg-type]
    books.tables[0].know(True)
    books.reconciler.round()
    books.written()
    assert books.rows() == {A: ("talking" if result else "ringing", result, None)}
    if result:
        books.hear(*CALL[3:9])  # whom it talks with afterwards says nothing else
        assert books.rows() == {A: ("talking", result, None)}
    (end,) = [event for event in CALL if event["Event-Name"] == "CHANNEL_HANGUP_COMPLETE" and event["Unique-ID"] == A]
    books.hear(end)
    assert books.rows()[A][0] == "ended" and (not result or books.rows()[A][1] == result)


@pytest.mark.parametrize(("there", "result"), ROOMS)
def test_a_call_of_which_only_the_end_in_a_group_call_is_heard(
    books: Books, there: dict[str, str | None], result: str | None
) -> None:
    books.left(A, "ringing")
    books.reconciler.adopt()
    (end,) = [event for event in CALL if event["Event-Name"] == "CHANNEL_HANGUP_COMPLETE" and event["Unique-ID"] == A]
    books.hear(end | {"variable_conference_name": there["room"] or "", "variable_last_bridge_to": ""})
    assert books.rows()[A][:2] == ("ended", result or "unknown: controller restarted")


@pytest.mark.parametrize(("rings", "told"), [(False, ["fetched the call"]), (True, [])])
def test_a_parked_call_that_is_fetched_or_rings_back(books: Books, rings: bool, told: list[str]) -> None:
    """Whose recall rings has a connection of its own, which tells what becomes of it."""
    books.left(A, "parked", "park:701")
    books.reconciler.adopt()
    books.tables[0].know(True)
    if rings:
        books.left(A, "ringing")
    books.hear(*CALL[:9])
    books.rows()
    (row,) = list_calls(books.store, 9)
    assert [str(from_json(step["reason"])).partition(" 102 ")[2] for step in row["steps"]] == told


def test_the_call_of_a_living_controller_is_left_to_it(books: Books) -> None:
    books.reconciler.adopt()
    books.left(A, "ringing")
    books.hear(*CALL)
    assert books.rows() == {A: ("ringing", None, None)}


def test_what_is_gone_twice_is_closed_with_what_is_known(books: Books) -> None:
    books.left(GONE, "talking", "user:103")
    books.left(A, "ringing")
    books.hear(*CALL)  # its worker was killed; the link heard the end
    books.tables[0].know(True)
    books.reconciler.round()
    assert set(open_calls(books.store, "one")) == {GONE, A}  # once proves nothing
    books.reconciler.round()
    assert books.rows() == {
        GONE: ("ended", "user:103", ""), A: ("ended", "unknown: controller restarted", "NORMAL_CLEARING")}


@pytest.mark.parametrize("known", [(), (0,), (1,)])
def test_while_a_switch_cannot_be_reached_nothing_is_closed_or_released(store: Store, known: tuple[int, ...]) -> None:
    books = Books(store, tables=2)
    books.left(GONE, "talking")
    claims.take(store, "slot:701", GONE, "one", EARLIER)
    for number in known:
        books.tables[number].know(True)
    books.reconciler.round()
    books.reconciler.round()
    assert open_calls(store, "one") and claims.holder_of(store, "slot:701") == GONE
    books.journal.stop()


def test_claims_go_with_their_channel(books: Books) -> None:
    store = books.store
    books.hear(*CALL[:9])
    claims.take(store, "living", A, "one", EARLIER)
    claims.take(store, "gone", GONE, "one", EARLIER)
    claims.take(store, "of another", GONE, "two", EARLIER)
    claims.take(store, "fresh", GONE, "one", NOW)  # the link may not have heard of it
    books.tables[0].know(True)
    books.reconciler.round()
    books.reconciler.round()
    assert {row["key"] for row in claims.list_claims(store)} == {"living", "of another", "fresh"}


def test_a_restarted_switch_loses_all_it_had_at_once(books: Books) -> None:
    store = books.store
    books.left(A, "talking", "user:102")
    books.left(GONE, "talking", "user:103")
    claims.take(store, "slot:701", A, "one", EARLIER)
    claims.take(store, "slot:702", GONE, "one", EARLIER)
    books.reconciler.restarted((A,))
    assert open_calls(store, "one") == {GONE: "talking"}
    assert [row["key"] for row in claims.list_claims(store)] == ["slot:702"]
    assert books.rows()[A] == ("ended", "user:102", "")


def test_a_database_that_fails_is_not_the_links_trouble(books: Books, caplog: pytest.LogCaptureFixture) -> None:
    books.tables[0].know(True)
    with books.store.transaction():
        books.store.sql("DROP TABLE journal_call")
    books.reconciler.round()
    books.reconciler.restarted((A,))
    assert len(caplog.records) == 2


class Switch:
    """What the reconciler asks of an event socket."""

    def __init__(self, facts: dict[str, str], leased: bool = False) -> None:


        self.done: list[str] = []
        self._dump = json.dumps(facts)
        self._tasks = json.dumps({"rows": [{"task_group": facts["Unique-ID"]}] if leased else []})

    def apis(self, texts: Iterator[str]) -> list[str]:
        return [self._dump for _ in texts]

    def api(self, text: str) -> str:
        assert text == "show tasks as json"
        return self._tasks

    def bgapi(self, text: str) -> str:
        self.done.append(text)
        return "+OK"


PARKED = {
    **CALL[2], "Channel-State": "CS_EXECUTE", "variable_current_application": "socket",
    "variable_socket_host": "127.0.0.1", "variable_last_sched_id": "7",
    "variable_force_transfer_context": "fsctl_default",
}


@pytest.mark.parametrize(("changes", "leased", "to"), [
    ({}, False, "102"),
    ({"variable_current_application": "playback"}, False, "102"),
    ({"Channel-State": "CS_RESET", "variable_current_application": "unset"}, False, "102"),
    ({}, True, ""),
    ({"variable_signal_bond": GONE}, False, ""),
    ({"variable_current_application": "bridge"}, False, ""),
    ({"variable_current_application": "conference"}, False, ""),
    ({"variable_current_application": "voicemail"}, False, ""),
    ({"variable_fsctl_slot": "701"}, False, ""),
    ({"variable_fsctl_failsafe": "true"}, False, ""),
    ({"variable_fsctl_done": "true"}, False, ""),
    ({"variable_socket_host": ""}, False, ""),
    ({"variable_last_sched_id": ""}, False, ""),
    ({"variable_force_transfer_context": ""}, False, ""),
    ({"Caller-Context": "fsctl"}, False, ""),
    ({"Channel-State": "CS_EXCHANGE_MEDIA"}, False, ""),
    ({"Caller-Destination-Number": "102 XML public"}, False, ""),
])
def test_who_waits_for_a_controller_that_is_gone(changes: dict[str, str], leased: bool, to: str) -> None:
    assert stranded({**PARKED, **changes}, leased) == to


def test_who_waits_is_sent_on_once(books: Books) -> None:
    switch = Switch(PARKED)
    books.hear(*CALL[:3])
    for expected in (0, 1, 1, 1):
        books.reconciler.recover(switch, "0")  # type: ignore[arg-type]
        assert len(switch.done) == expected
    assert switch.done == [f"uuid_transfer {A} 102 XML fsctl_default"]


def test_who_is_served_between_two_looks_is_left(books: Books) -> None:
    books.hear(*CALL[:3])
    for leased in (False, True, False, True):
        switch = Switch(PARKED, leased)
        books.reconciler.recover(switch, "0")  # type: ignore[arg-type]
        assert not switch.done
