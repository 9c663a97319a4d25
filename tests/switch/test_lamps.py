"""Which lamps are looked at and told after a change, and that nothing is looked at while nothing changes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import gevent
import pytest

from fsctl.errors import FsctlError
from fsctl.model import lamps as model
from fsctl.model.destination import parse
from fsctl.model.live import LiveCall
from fsctl.model.office import Office
from fsctl.model.sections import GroupPark, NightService, Schedule
from fsctl.model.settings import Setting, Settings, hunt_path, left_value, night_path
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.store.settings import change_setting, read_settings
from fsctl.store.snapshot import Snapshots
from fsctl.store.watchers import Watcher, watch
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import LiveTable
from fsctl.switch.upkeep.hold_recall import HoldRecall
from fsctl.switch.upkeep.lamps import Lamps
from fsctl.switch.upkeep.office_watch import OfficeWatch
from tests.unit.builders import ANNA, BERLIN, LONDON, SALES, an_office
from tests.virtual_time import leaping
from tests.wire.peer import eventually

#: A Monday at noon; the office closes at 18:00.
NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)
CLOSES = NOON + timedelta(hours=6)
PEOPLE = tuple(str(2000 + number) for number in range(1000))
HUNT = replace(SALES, members=PEOPLE, park=GroupPark(extensions=("701", "702"), recall_seconds=60))
OFFICE = an_office(
    users={each: replace(ANNA, extension=each, numbers=()) for each in PEOPLE},
    groups=an_office().groups | {"sales": HUNT},
    sites={"berlin": replace(BERLIN, night=NightService(to=parse("user:2000"), outside="open")),
           "london": replace(LONDON, night=NightService(to=parse("user:2000")))},
    schedules={"open": Schedule(key="open", weekly={"mon-fri": ("08:00-18:00",)})},
)
#: All that show the same to everybody: of the people, the two slots, two sites and a group call.
SHARED = len(PEOPLE) + 5


class Link(EventSocket):
    """The event socket of a FreeSWITCH, as far as lamps need it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, bool, str]] = []
        self.at: list[float] = []
        self.down = False
        self.meanwhile: Callable[[], None] = lambda: None

    def api(self, text: str, timeout: float | None = None) -> str:
        return "pbx.example"

    def subscribe(self, *names: str) -> None:
        pass

    def sendevent(self, name: str, headers) -> None:
        if self.down:
            raise SwitchError("the link is gone")
        self.told.append((headers["unique-id"], headers["answer-state"] == "confirmed", headers.get("call-id", "")))
        self.at.append(time.monotonic())
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()


class Here:
    """The lamps of an office of a thousand people, at a clock that begins at noon."""

    def __init__(self, store: Store, looked: list[str]) -> None:
        self.store, self.looked = store, looked
        self.office: Office | None = OFFICE
        self.asked = 0
        self.table, self.link = LiveTable("a"), Link()
        self.heard = HeardHere([self.table])
        self.began, self.ahead = time.monotonic(), timedelta()
        self.lamps = Lamps(store, self.current, self.heard, self.now)

    def now(self) -> datetime:
        return NOON + self.ahead + timedelta(seconds=time.monotonic() - self.began)

    def current(self) -> Office:
        self.asked += 1
        if self.office is None:
            raise FsctlError("no office")
        return self.office

    def comes_up(self, link: Link | None = None) -> None:
        self.link = link or self.link
        self.table.know(True)
        self.heard.changed()
        self.lamps.linked("a", self.link)

    def calm(self) -> None:
        """What is told or looked at from now on is what the next change does."""
        eventually(lambda: len(self.link.told) >= SHARED, "not all lamps were told")
        gevent.sleep(0.1)
        self.link.told.clear()
        self.looked.clear()

    def told(self, *expected: tuple[str, bool, str]) -> None:
        eventually(lambda: self.link.told == list(expected), "something else was told")
        gevent.sleep(0.1)
        assert self.link.told == list(expected)

    def becomes(self, *calls: LiveCall) -> None:
        for call in calls:
            self.table._set(call)
        self.heard.changed()

    def switched(self, path: str, value: str) -> None:
        assert self.office is not None
        values = {**self.office.settings.values, path: Setting(value, "op", self.now())}
        self.office = replace(self.office, settings=Settings(values))
        self.heard.changed()

    def watches(self, user: str, lamp: str = "hunt+sales", expires: str = "3600") -> None:
        self.lamps.probed("a", {"to": f"{lamp}@x", "from": f"{user}@x", "sub-call-id": f"c{user}", "expires": expires})


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the lamps that were worked out."""
    names: list[str] = []

    def counted(work: Callable) -> Callable:
        def count(name, *rest):
            names.append(name)
            return work(name, *rest)
        return count

    for each in ("lit", "lit_for_all"):
        monkeypatch.setattr(model, each, counted(getattr(model, each)))
    return names


@pytest.fixture
def here(store: Store, looked: list[str]) -> Iterator[Here]:
    here = Here(store, looked)
    with leaping():
        here.lamps.start()
        yield here
        here.lamps.stop()


def call(uuid: str, user: str | None = None, **changes: object) -> LiveCall:
    return replace(LiveCall(uuid, user, None, "inbound", "talking", NOON), **changes)


def test_a_link_that_comes_up_is_told_everything(here: Here) -> None:
    here.becomes(call("a", slot="701", state="parked"))
    here.comes_up()
    eventually(lambda: len(here.link.told) == SHARED, "not all lamps were told")
    assert {name for name, lit, _ in here.link.told if lit} == {"slot+701"}
    again = Link()
    here.table.know(False)
    here.heard.changed()
    here.comes_up(again)
    eventually(lambda: len(again.told) == SHARED, "not all lamps were told")


def test_a_parked_call_has_its_own_lamp_looked_at_and_no_other(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.becomes(call("a", slot="701", state="parked"))
    here.told(("slot+701", True, ""))
    assert set(here.looked) == {"slot+701"} and len(here.looked) <= 2
    here.table.lose(["a"], NOON)
    here.heard.changed()
    here.told(("slot+701", True, ""), ("slot+701", False, ""))
    assert len(here.looked) <= 4


def test_a_person_on_a_call_is_told_nothing_but_of_a_parked_call(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.becomes(call("own", "2005"), call("a", slot="2005", state="parked"))
    here.told(("slot+2005", True, ""))
    here.table.lose(["a"], NOON)
    here.heard.changed()
    here.told(("slot+2005", True, ""))
    here.table.lose(["own"], NOON)
    here.heard.changed()
    here.told(("slot+2005", True, ""), ("slot+2005", False, ""))


def test_what_changes_while_a_lamp_is_told_is_told_next(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.link.meanwhile = lambda: here.becomes(call("a", slot="701", state="parked"))
    here.switched(night_path("london"), "on")
    here.told(("night+london", True, ""), ("slot+701", True, ""))


def test_a_group_call_goes_on_while_anybody_is_in_it(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.becomes(call("a", room="group-380"), call("b", room="group-380"))
    here.told(("conference+crew", True, ""))
    here.becomes(call("a"))
    here.told(("conference+crew", True, ""))
    here.becomes(call("b"))
    here.told(("conference+crew", True, ""), ("conference+crew", False, ""))


def test_calls_that_are_gone_when_the_link_compares_have_no_lamps(here: Here) -> None:
    here.comes_up()
    here.becomes(call("a", slot="701", state="parked"))
    here.calm()
    here.table.replace([])
    here.heard.changed()
    here.told(("slot+701", False, ""))


def test_a_switched_night_is_looked_at_alone(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.switched(night_path("london"), "on")
    here.told(("night+london", True, ""))
    assert set(here.looked) == {"night+london"}
    here.switched("dnd.2005", "on")
    gevent.sleep(1)
    assert set(here.looked) == {"night+london"}


def test_who_leaves_a_group_has_his_own_lamp_looked_at(here: Here) -> None:
    for number, user in enumerate(PEOPLE):
        watch(here.store, Watcher(f"c{user}", "hunt+sales", user, NOON + timedelta(hours=1 + number)), "a", NOON)
    here.comes_up()
    eventually(lambda: len(here.link.told) == SHARED + len(PEOPLE), "not all were told")
    here.calm()
    here.switched(hunt_path("sales", "2005"), left_value())
    here.told(("hunt+sales", False, "c2005"))
    assert here.looked == ["hunt+sales", "hunt+sales"]  # for all, where it is nothing, and for him


def test_another_office_has_all_lamps_looked_at_and_those_told_that_differ(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.office = replace(OFFICE, sites=OFFICE.sites | {"london": replace(LONDON, night=OFFICE.sites["berlin"].night)},
                          schedules={"open": Schedule(key="open")})
    here.heard.changed()
    eventually(lambda: len(here.link.told) >= 2, "nothing was told")
    assert sorted(here.link.told) == [("night+berlin", True, ""), ("night+london", True, "")]


def test_a_night_by_schedule_is_told_when_it_begins(here: Here) -> None:
    here.comes_up()
    here.calm()
    gevent.sleep((CLOSES - here.now()).total_seconds() - 1)
    assert here.link.told == []
    gevent.sleep(2)
    assert here.link.told == [("night+berlin", True, "")]
    assert here.link.at[-1] - here.began == pytest.approx(6 * 3600, abs=0.1)


def test_a_member_who_comes_back_by_himself_is_told_then(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.switched(hunt_path("sales", "2005"), left_value(NOON + timedelta(minutes=10)))
    gevent.sleep(0.1)
    here.watches("2005")
    here.told(("hunt+sales", False, "c2005"))
    gevent.sleep(599)
    assert here.link.told == [("hunt+sales", False, "c2005")]
    gevent.sleep(2)
    assert here.link.told == [("hunt+sales", False, "c2005"), ("hunt+sales", True, "c2005")]


@pytest.mark.parametrize("ahead", [timedelta(hours=8), -timedelta(hours=6)], ids=["on", "back"])
def test_a_clock_that_is_set_is_noticed_within_a_minute(here: Here, ahead: timedelta) -> None:
    here.comes_up()
    here.calm()
    here.ahead = ahead
    gevent.sleep(61)
    assert here.link.told == [("night+berlin", True, "")]


def test_a_clock_that_is_set_back_ends_no_subscription(here: Here) -> None:
    here.comes_up()
    here.watches("2005")
    here.calm()
    here.ahead = timedelta(seconds=-1)
    gevent.sleep(61)
    here.switched(hunt_path("sales", "2005"), left_value())
    here.told(("hunt+sales", False, "c2005"))


@pytest.mark.parametrize("expires", ["0", "60"], ids=["who leaves", "who does not subscribe anew"])
def test_who_watches_no_more_is_told_no_more(here: Here, expires: str) -> None:
    here.comes_up()
    here.calm()
    here.watches("2005")
    here.watches("2005", expires=expires)
    here.told(("hunt+sales", True, "c2005"), ("hunt+sales", True, "c2005"))
    gevent.sleep(121)
    here.switched(hunt_path("sales", "2005"), left_value())
    here.told(("hunt+sales", True, "c2005"), ("hunt+sales", True, "c2005"))


def test_what_failed_is_looked_at_again(here: Here) -> None:
    here.comes_up()
    here.calm()
    here.office = None
    here.becomes(call("a", slot="701", state="parked"))
    gevent.sleep(0.5)
    here.office = OFFICE
    here.told(("slot+701", True, ""))


def test_a_link_that_breaks_is_not_asked_for_each_lamp(here: Here) -> None:
    here.link.down = True
    here.comes_up()
    gevent.sleep(1)
    here.link.down = False
    here.becomes(call("a", slot="701", state="parked"))
    gevent.sleep(1)
    assert here.link.told == []
    here.comes_up(Link())
    eventually(lambda: len(here.link.told) == SHARED, "not all lamps were told")


def test_nobody_looks_in_an_idle_minute(here: Here) -> None:
    recalls = HoldRecall(here.store, Journal(here.store, "one"), here.current, here.heard, "one", here.now)
    recalls.start()
    here.comes_up()
    here.calm()
    before, began = here.asked, time.monotonic()
    gevent.sleep(60 - 1e-3)
    assert time.monotonic() - began >= 59
    assert here.asked - before <= 4
    assert here.looked == []
    recalls.stop()


def test_who_is_woken_by_a_change_is_given_the_changed_office(here: Here) -> None:
    """Whoever looked at the database just before."""
    snapshots, seen = Snapshots(here.store, clock=lambda: 0.0), []
    watched = OfficeWatch(here.store, snapshots.renewed, lambda: seen.append(snapshots.current().settings))
    watched.start()
    gevent.sleep(1)
    snapshots.current()
    change_setting(here.store, night_path("london"), "on", "op", here.now())
    gevent.sleep(1)
    watched.stop()
    assert [len(settings.values) for settings in seen] == [0, 1]


def test_what_another_process_switches_shows_within_half_a_second(here: Here) -> None:
    changes: list[float] = []

    def changed() -> None:
        changes.append(time.monotonic())
        here.office = replace(OFFICE, settings=Settings(read_settings(here.store)))
        here.heard.changed()

    watched = OfficeWatch(here.store, lambda: None, changed)
    watched.start()
    here.comes_up()
    here.calm()
    changes.clear()
    gevent.sleep(60)
    assert changes == []
    switched = time.monotonic()
    change_setting(here.store, night_path("london"), "on", "op", here.now())
    here.told(("night+london", True, ""))
    assert here.link.at[-1] - switched <= 0.5
    watched.stop()
