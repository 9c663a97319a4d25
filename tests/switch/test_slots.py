"""The books of parked calls against what FreeSWITCH has: each repair is made once it is certain, and says why."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fsctl.model.live import LiveCall
from fsctl.model.sections import GroupPark
from fsctl.store import parked
from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from fsctl.store.parked import Entry
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import LiveTable
from fsctl.switch.upkeep.slots import Slots
from tests.unit.builders import SALES, an_office
from tests.wire.peer import eventually

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
#: Long enough ago that a call has arrived in its slot, or will never do so.
EARLIER = NOW - timedelta(minutes=1)
OFFICE = an_office(groups={"sales": replace(SALES, park=GroupPark(extensions=("701", "702"), recall_seconds=60))})


class Link:
    """The event socket of a FreeSWITCH, as far as repairs need it."""

    def __init__(self, *, broken: bool = False) -> None:
        self.said: list[str] = []
        self._broken = broken

    def bgapi(self, text: str) -> str:
        self.said.append(text)
        if self._broken:
            raise SwitchError("the link is gone")
        return "+OK"


class Books:
    """A database, what the links have heard, and one controller's Slots."""

    def __init__(self, store: Store, log: pytest.LogCaptureFixture) -> None:
        self.store, self._log = store, log
        self.tables = [LiveTable("a"), LiveTable("b")]
        for table in self.tables:
            table.know(True)
        self.links = {"a": Link(), "b": Link()}
        self.office = OFFICE
        self.slots = Slots(store, "one", lambda: self.office, HeardHere(self.tables), lambda: NOW)

    def noted(self, uuid: str, slot: str, at: datetime = EARLIER, node: str = "one") -> None:
        assert parked.put(self.store, Entry(slot, uuid, "sales", "+4915", "101", 60), node, at)

    def waits(self, uuid: str, slot: str, switch: int = 0, **changes: object) -> None:
        call = LiveCall(uuid, None, None, "inbound", "parked", NOW, number="+4916", slot=slot or None, parker="102",
                        node=self.tables[switch].node)
        self.tables[switch].calls[uuid] = replace(call, **changes)  # type: ignore[arg-type]

    def talks(self, uuid: str) -> None:
        self.waits(uuid, "", state="talking")

    def round(self, times: int = 1) -> list[str]:
        """Compare; what was logged about it."""
        self._log.clear()
        for _ in range(times):
            self.slots.round(self._link)
        return self.logged()

    def logged(self) -> list[str]:
        return [record.getMessage() for record in self._log.records]

    def places(self) -> dict[str, str]:
        return {row["slot"]: row["uuid"] for row in parked.list_parked(self.store)}

    def _link(self, node: str) -> EventSocket | None:
        return self.links.get(node)  # type: ignore[return-value]


@pytest.fixture
def books(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Books]:
    caplog.set_level(logging.INFO)
    store = open_database(str(tmp_path / "db"))
    migrate(store)
    yield Books(store, caplog)
    store.close()


def test_what_is_right_is_left_alone(books: Books) -> None:
    books.noted("u", "701")
    books.waits("u", "701")
    before = parked.list_parked(books.store)
    assert books.round(3) == [] and parked.list_parked(books.store) == before
    assert not books.links["a"].said


# ---- a slot whose call does not wait there any more ------------------------------------------------------


def test_a_call_that_is_gone_frees_its_slot_once_that_is_certain(books: Books) -> None:
    books.noted("u", "701", NOW)
    assert books.round() == [] and books.places() == {"701": "u"}
    assert books.round() == ["slot 701 is free: the call that waited there is gone"]
    assert books.places() == {}
    assert books.round() == []


def test_a_call_that_was_only_missing_keeps_its_slot(books: Books) -> None:
    books.noted("u", "701")
    assert books.round() == []
    books.waits("u", "701")
    assert books.round() == []
    del books.tables[0].calls["u"]
    assert books.round() == [] and books.places() == {"701": "u"}


@pytest.mark.parametrize(("at", "freed"), [
    (EARLIER, True), (NOW - timedelta(seconds=15, milliseconds=1), True), (NOW - timedelta(seconds=15), False),
    (NOW, False),
])
def test_a_call_that_lives_but_waits_there_no_more(books: Books, at: datetime, freed: bool) -> None:
    """Unless it may still be on its way: who parks it hears that first."""
    books.noted("u", "701", at)
    books.talks("u")
    assert books.round() == []
    assert books.round() == (["slot 701 is free: its call waits there no more"] if freed else [])
    assert books.places() == ({} if freed else {"701": "u"})


def test_each_of_them_is_told(books: Books) -> None:
    for number in range(3):
        books.noted(f"gone{number}", f"70{number}")
        books.noted(f"talks{number}", f"71{number}")
        books.talks(f"talks{number}")
    assert books.round(2) == [
        *(f"slot 70{number} is free: the call that waited there is gone" for number in range(3)),
        *(f"slot 71{number} is free: its call waits there no more" for number in range(3))]


def test_what_a_command_line_noted_is_anybodys(books: Books) -> None:
    books.noted("u", "701", node="")
    assert books.round(2) == ["slot 701 is free: the call that waited there is gone"]


def test_what_another_controller_noted_is_left_to_it(books: Books) -> None:
    books.noted("u", "701", node="two")
    assert books.round(2) == [] and books.places() == {"701": "u"}


@pytest.mark.parametrize("switch", [0, 1])
def test_while_a_switch_cannot_be_reached_nothing_is_repaired(books: Books, switch: int) -> None:
    books.noted("gone", "701")
    books.waits("new", "702", 1 - switch)
    books.tables[switch].know(False)
    assert books.round(2) == [] and books.places() == {"701": "gone"}
    books.tables[switch].know(True)
    assert len(books.round(2)) == 2 and books.places() == {"702": "new"}


# ---- a call of which the books say nothing ---------------------------------------------------------------


@pytest.mark.parametrize(("slot", "parker", "switch", "changes", "group", "caller", "seconds"), [
    ("701", "102", 0, {}, "sales", "+4916", 60),
    ("701", "102", 1, {"user": "120"}, "sales", "120", 60),
    ("102", "101", 0, {}, None, "+4916", 45),
    ("102", None, 0, {"number": ""}, None, None, 45),
])
def test_a_call_that_nobody_has_noted_gets_its_slot(
    books: Books, slot: str, parker: str | None, switch: int, changes: dict[str, str], group: str | None,
    caller: str | None, seconds: int,
) -> None:
    books.waits("u", slot, switch, parker=parker, **changes)
    assert books.round() == []  # it may be fetched in this moment, and the link has not told yet
    assert books.round() == [f"slot {slot} has the call u: it waits there, and nobody had noted that"]
    (row,) = parked.list_parked(books.store)
    assert row == {
        "slot": slot, "group": group, "caller": caller, "parker": parker, "uuid": "u",
        "since": NOW.isoformat(timespec="milliseconds"),
        "recall_at": (NOW + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")}
    assert parked.waiting(books.store, "one") == {"u": slot}
    assert books.round() == [] and not books.links["a"].said


@pytest.mark.parametrize(("slot", "switch"), [("701", "a"), ("701", "b"), ("799", "a")])
def test_a_call_without_a_place_comes_back(books: Books, slot: str, switch: str) -> None:
    books.noted("first", "701")
    books.waits("first", "701")
    books.waits("u", slot, "ab".index(switch))
    assert books.round() == []
    assert books.round() == [f"call u comes back: it waits in {slot}, which is another call's or no slot"]
    assert books.links[switch].said == [f"uuid_transfer u recall+{slot} XML fsctl"]
    assert not books.links["ab".replace(switch, "")].said
    assert books.places() == {"701": "first"}


def test_a_call_comes_back_when_there_is_a_link_again(books: Books) -> None:
    books.waits("u", "799")
    link = books.links.pop("a")
    assert books.round(2) == [] and not link.said
    books.links["a"] = broken = Link(broken=True)
    assert len(books.round()) == len(broken.said) == 1
    books.links["a"] = link
    assert len(books.round()) == len(link.said) == 1


@pytest.mark.parametrize("occupied", [False, True])
def test_a_call_that_waits_elsewhere_than_it_was_noted(books: Books, occupied: bool) -> None:
    """Two phones have parked it, or its controller died between noting and parking."""
    books.noted("u", "702")
    books.waits("u", "701")
    if occupied:
        books.noted("first", "701")
        books.waits("first", "701")
    books.round(2)
    if occupied:
        assert set(books.links["a"].said) == {"uuid_transfer u recall+701 XML fsctl"}
    else:
        assert books.places() == {"701": "u"}


def test_two_controllers_at_one_switch(books: Books) -> None:
    books.noted("u", "701", node="two")
    books.waits("u", "701")
    before = parked.list_parked(books.store)
    assert books.round(2) == []
    assert parked.list_parked(books.store) == before and parked.waiting(books.store, "two") == {"u": "701"}


# ---- what the links tell ---------------------------------------------------------------------------------

FETCHED = {"Event-Name": "CHANNEL_BRIDGE", "Unique-ID": "u", "variable_fsctl_slot": "701"}
GAVE_UP = {"Event-Name": "CHANNEL_HANGUP_COMPLETE", "Unique-ID": "u", "variable_fsctl_recall_seconds": "60"}


@pytest.mark.parametrize("event", [FETCHED, GAVE_UP])
def test_who_is_fetched_or_gives_up_waits_no_more(books: Books, event: dict[str, str]) -> None:
    books.noted("u", "701")
    books.noted("other", "702")
    books.slots(event)
    assert books.places() == {"701": "u", "702": "other"}, "the link is not held up"
    eventually(lambda: books.places() == {"702": "other"}, "its slot is not free")
    assert books.logged() == []


@pytest.mark.parametrize("event", [
    FETCHED | {"variable_fsctl_slot": ""}, FETCHED | {"Event-Name": "CHANNEL_CALLSTATE"},
    FETCHED | {"Event-Name": "CHANNEL_HANGUP_COMPLETE"}, GAVE_UP | {"variable_fsctl_recall_seconds": ""},
    GAVE_UP | {"Event-Name": "CHANNEL_BRIDGE"}, GAVE_UP | {"Event-Name": "CHANNEL_UNBRIDGE"},
    {"Event-Name": "CHANNEL_BRIDGE"}, {},
])
def test_other_events_free_nothing(books: Books, event: dict[str, str]) -> None:
    books.noted("u", "701")
    books.noted("last", "702")
    books.slots(event)
    books.slots(FETCHED | {"Unique-ID": "last"})
    eventually(lambda: "702" not in books.places(), "the slot of the last one is not free")
    assert books.places() == {"701": "u"}


def test_a_restarted_switch_has_no_parked_calls(books: Books) -> None:
    for uuid, slot, node in (("u", "702", "one"), ("v", "701", "two"), ("kept", "703", "one")):
        books.noted(uuid, slot, node=node)
    books.slots.restarted(("u", "v", "never-parked"))
    assert books.logged() == [f"slot {slot} is free: the switch was restarted" for slot in ("701", "702")]
    assert books.places() == {"703": "kept"}


def test_a_database_that_fails_is_told_and_not_the_links_trouble(books: Books) -> None:
    with books.store.transaction():
        books.store.sql("DROP TABLE parked_call")
    (compared,) = books.round()
    assert compared.startswith("the slots could not be compared with the switch: the database ")
    books.slots.restarted(("u",))
    books.slots(GAVE_UP)
    eventually(lambda: len(books.logged()) == 3, "nobody was told")
    assert all(line.startswith("slots stay occupied until the next comparison: ") for line in books.logged()[1:])
