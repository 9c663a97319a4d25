"""When old calls are removed: in a while, in small steps with pauses, by the office of that moment."""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import gevent
import pytest

from fsctl.errors import Unreachable
from fsctl.store import old_calls
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import list_calls
from fsctl.store.office import write_tree
from fsctl.store.snapshot import Snapshots
from fsctl.switch.controller import Switches
from fsctl.switch.upkeep.old_calls import OldCalls
from load.journal_rows import fill
from tests.wire.peer import eventually

START = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Keeping:
    """A journal, its office, and who removes old calls; what that one did, and when."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store = store
        #: Seconds after the start, and how many calls were removed then.
        self.steps: list[tuple[float, int]] = []
        #: What happens after so many steps.
        self.then: dict[int, Callable[[], None]] = {}
        self.failing = False
        self.began = time.monotonic()
        self._remove = old_calls.remove
        monkeypatch.setattr(old_calls, "remove", self._step)
        self.upkeep = OldCalls(store, Snapshots(store).current, self.now)

    def now(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.began)

    def journal(self, calls: int) -> None:
        """Of ten days; the last call began an hour before the start."""
        fill(self.store, calls, START - 10 * DAY, START - timedelta(hours=1))

    def keep(self, days: int) -> None:
        write_tree(self.store, {"version": 1, "office": {"keep_calls_days": days}}, [], "me", self.now())

    def until(self, seconds: float) -> None:
        """As far after the start."""
        gevent.sleep(max(self.began + seconds - time.monotonic(), 0))

    def sizes(self) -> list[int]:
        return [removed for _, removed in self.steps]

    def left(self) -> int:
        return len(list_calls(self.store, 10_000))

    def _step(self, store: Store, before: datetime, at_most: int) -> int:
        if self.failing:
            raise Unreachable("the database is gone")
        removed = self._remove(store, before, at_most)
        self.steps.append((time.monotonic() - self.began, removed))
        self.then.get(len(self.steps), lambda: None)()
        return removed


@pytest.fixture
def keeping(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeping]:
    keeping = Keeping(store, monkeypatch)
    yield keeping
    keeping.upkeep.stop()


@pytest.mark.parametrize(("days", "left"), [(0, 240), (1, 23), (5, 120), (9, 217), (10, 240), (90, 240)])
def test_calls_are_kept_for_so_many_days(keeping: Keeping, days: int, left: int) -> None:
    keeping.journal(240)
    keeping.keep(days)
    keeping.upkeep.start()
    keeping.until(600)
    assert keeping.left() == pytest.approx(left, abs=2)


def test_nothing_at_first_then_small_steps_with_pauses_then_once_an_hour(keeping: Keeping) -> None:
    keeping.journal(240)
    keeping.keep(5)
    keeping.upkeep.start()
    keeping.until(299)
    assert keeping.steps == []
    keeping.until(3600)
    first, removed = len(keeping.steps), 240 - keeping.left()
    assert keeping.sizes() == [20] * (removed // 20) + [removed % 20]
    pauses = [later - earlier for (earlier, _), (later, _) in pairwise(keeping.steps)]
    assert len(pauses) > 4 and all(0.4 < pause < 60 for pause in pauses)
    keeping.until(4200)
    assert keeping.sizes()[first:] == [240 - removed - keeping.left()] != [0], "an hour later others are old"
    assert keeping.steps[-1][0] - keeping.steps[-2][0] >= 3600


def test_the_office_counts_as_it_is_at_each_step(keeping: Keeping) -> None:
    keeping.journal(240)
    keeping.keep(0)
    keeping.upkeep.start()
    keeping.until(400)
    assert (keeping.steps, keeping.left()) == ([], 240), "0: never"
    keeping.keep(1)
    keeping.then = {2: lambda: keeping.keep(0)}
    keeping.until(7000)
    assert (keeping.sizes(), keeping.left()) == ([20, 20], 200), "amid the work"
    keeping.keep(5)
    keeping.until(12000)
    assert keeping.left() == pytest.approx(120 - 3, abs=2), "three hours later"


def test_a_failing_database_is_told_once_and_tried_again(keeping: Keeping, caplog: pytest.LogCaptureFixture) -> None:
    keeping.journal(240)
    keeping.keep(9)
    keeping.failing = True
    keeping.upkeep.start()
    keeping.until(3 * 3600)
    assert [(each.levelno, each.getMessage()) for each in caplog.records] == [
        (logging.ERROR, "old calls stay for now: the database is gone")]
    assert not caplog.records[0].exc_info
    keeping.failing = False
    keeping.until(5 * 3600)
    assert keeping.left() < 220
    assert [each.getMessage() for each in caplog.records[1:]] == ["old calls are removed again"]


def test_the_work_ends_with_the_process(keeping: Keeping) -> None:
    keeping.journal(240)
    keeping.keep(1)
    keeping.upkeep.start()
    keeping.until(299)
    eventually(lambda: len(keeping.steps) == 2, "nothing is removed", 60)
    keeping.upkeep.stop()
    keeping.until(8000)
    assert (keeping.sizes(), keeping.left()) == ([20, 20], 200)


def test_nobody_waits_for_what_would_be_done_in_an_hour(keeping: Keeping) -> None:
    keeping.keep(1)
    keeping.upkeep.start()
    keeping.until(1000)
    assert keeping.sizes() == [0]
    keeping.upkeep.stop()
    assert time.monotonic() - keeping.began < 1003


def test_the_process_that_hears_the_switches_does_it(keeping: Keeping) -> None:
    keeping.journal(240)
    keeping.keep(1)
    store = keeping.store
    switches = Switches(store, Journal(store, "one"), [], "", "one", Snapshots(store), keeping.now)
    switches.start()
    keeping.until(600)
    switches.stop()
    assert keeping.left() == pytest.approx(23, abs=2)
