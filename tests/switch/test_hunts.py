"""Hunt groups on the links: how long a caller waits, and who is idle since when."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import gevent
import pytest

from fsctl.errors import Unreachable
from fsctl.model.actions import Reserve, Survey, Wait
from fsctl.model.hunting import Standing
from fsctl.model.live import LiveCall
from fsctl.model.outcomes import Failed
from fsctl.store import hunt_standing, hunts
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.switch.calls.hunt_store import Idleness, StoreHunts
from fsctl.switch.calls.hunt_waiting import LOOK_SECONDS
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import LiveTable
from fsctl.switch.session.call_session import CallerGone
from tests.unit.builders import AT, SALES, a_call, an_office
from tests.unit.test_growth import work

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CALL = a_call("hunt:sales")


@pytest.fixture
def store(tmp_path):
    store = open_database(str(tmp_path / "fsctl.sqlite"))
    migrate(store)
    yield store
    store.close()


class Session:
    """A session whose caller may have hung up."""

    gone = False

    @contextmanager
    def telling_end(self, told):
        self.hangs_up = told
        if not self.gone:
            yield
        if self.gone:
            raise CallerGone("ORIGINATOR_CANCEL")


@pytest.fixture
def table():
    table = LiveTable("switch")
    table.know(True)
    return table


@pytest.fixture
def heard(table):
    return HeardHere([table])


def set_state(table, heard, user, state, uuid="u1"):
    if state:
        table.calls[uuid] = LiveCall(uuid, user, None, "outbound", state, AT)
    else:
        table.calls.remove(uuid)
    table.version += 1
    table.on_channel(uuid)
    heard.changed()


def waiting(store, heard, wait, session=None):
    """A greenlet that waits since now, and is waiting when this returns."""
    shell = StoreHunts(store, "n", lambda: NOW, heard)
    greenlet = gevent.spawn(shell.wait, wait, heard.current(), session or Session())
    gevent.sleep(0)
    return greenlet


def test_a_change_of_a_members_channels_wakes(store, table, heard):
    set_state(table, heard, "101", "talking")
    greenlet = waiting(store, heard, Wait("sales", ("101",), (), 60))
    set_state(table, heard, "102", "talking", "u2")
    gevent.sleep(0.01)
    assert not greenlet.ready(), "that is no member it waits for"
    set_state(table, heard, "101", None)
    greenlet.get(timeout=LOOK_SECONDS / 2)


def test_what_changed_before_it_waits_is_not_missed(store, table, heard):
    set_state(table, heard, "101", "talking")
    before = heard.current()
    set_state(table, heard, "101", None)
    StoreHunts(store, "n", lambda: NOW, heard).wait(Wait("sales", ("101",), (), 60), before, Session())


def test_one_channel_more_frees_nobody_and_its_end_does(store, table, heard):
    """As after a call that was just taken: nothing was known of the talk when the caller looked."""
    greenlet = waiting(store, heard, Wait("sales", ("101",), (), 60))
    set_state(table, heard, "101", "talking")
    gevent.sleep(0.01)
    assert not greenlet.ready()
    set_state(table, heard, "101", None)
    greenlet.get(timeout=LOOK_SECONDS / 2)


def test_a_channel_that_nobody_tells_of_is_missed_soon(store, table, heard):
    set_state(table, heard, "101", "talking")
    greenlet = waiting(store, heard, Wait("sales", ("101",), (), 60))
    table.clear()
    heard.changed()
    greenlet.get(timeout=3 * LOOK_SECONDS)


def test_nobody_looks_on_when_nobody_waits(store, heard):
    shell = StoreHunts(store, "n", lambda: NOW, heard)
    hunts.reserve(store, "sales", "101", 0, "other", "n", NOW)
    shell.wait(Wait("sales", ("101",), ("101",), 0.01), heard.current(), Session())
    gevent.sleep(2 * LOOK_SECONDS)
    assert shell._waiting._looking is None and not shell._waiting._by_member


@pytest.mark.parametrize("waiters", [1, 200])
def test_changes_elsewhere_cost_waiting_callers_nothing(store, table, heard, waiters, monkeypatch):
    set_state(table, heard, "101", "talking")
    shell = StoreHunts(store, "n", lambda: NOW, heard)
    wait = Wait("sales", ("101",), (), 60)
    greenlets = [gevent.spawn(shell.wait, wait, heard.current(), Session()) for _ in range(waiters)]
    gevent.sleep(0)
    read = []
    monkeypatch.setattr(store.database, "execute_sql", lambda *sql: read.append(sql))
    done = work(lambda: [set_state(table, heard, f"2{number}", "talking", f"u{number}") for number in range(2, 22)])
    gevent.sleep(0)
    assert done < 20 * 100 and not read and not any(greenlet.ready() for greenlet in greenlets)
    set_state(table, heard, "101", None)
    gevent.joinall(greenlets, timeout=5, raise_error=True)
    assert all(greenlet.ready() for greenlet in greenlets)


def test_a_reservation_that_ends_wakes_at_once_here(store, heard):
    hunts.reserve(store, "sales", "101", 0, "other", "n", NOW)
    shell = StoreHunts(store, "n", lambda: NOW, heard)
    greenlet = gevent.spawn(shell.wait, Wait("sales", ("101",), ("101",), 60), heard.current(), Session())
    gevent.sleep(0)
    shell.free(["101"], a_call_of("other"))
    greenlet.get(timeout=LOOK_SECONDS / 2)


def test_and_soon_when_another_process_ends_it(store, heard):
    hunts.reserve(store, "sales", "101", 0, "other", "n", NOW)
    greenlet = waiting(store, heard, Wait("sales", ("101",), ("101",), 60))
    hunts.free_members(store, ["101"], "other")
    greenlet.get(timeout=3 * LOOK_SECONDS)


def a_call_of(uuid):
    return replace(CALL, uuid=uuid)


def test_waiting_has_an_end_and_ends_with_the_caller(store, heard):
    waiting(store, heard, Wait("sales", ("101",), (), 0.05)).get(timeout=1)
    session = Session()
    greenlet = waiting(store, heard, Wait("sales", ("101",), (), 60), session)
    session.gone = True
    session.hangs_up()
    with pytest.raises(CallerGone):
        greenlet.get(timeout=LOOK_SECONDS / 2)


def test_a_database_that_fails_stops_no_call(tmp_path, heard):
    store = open_database(str(tmp_path / "empty.sqlite"))  # without tables
    shell = StoreHunts(store, "n", lambda: NOW, heard)
    with pytest.raises(Unreachable):
        hunt_standing.read_standing(store, "sales", ("101",))
    seen = shell.survey(Survey("sales", ("101",)), CALL)
    assert (seen.standing, seen.at) == (Standing(), NOW)
    assert shell.reserve(Reserve("sales", "101", 0), CALL) == Failed()
    shell.accepted("sales", "101", "leg", None, CALL)
    shell.free(["101"], CALL)
    shell.parted("leg")
    store.close()


# ---- idleness -------------------------------------------------------------------------------------------


def ended(seconds=60, name="CHANNEL_HANGUP_COMPLETE", answered=True, **variables):
    moment = NOW + timedelta(seconds=seconds)
    return {"Event-Name": name, "Unique-ID": "leg", "Call-Direction": "outbound", "variable_fsctl_leg": "user+101",
            "Event-Date-Timestamp": str(int(moment.timestamp() * 1e6)),
            "Caller-Channel-Answered-Time": str(int(NOW.timestamp() * 1e6) if answered else 0), **variables}


def idleness(store, **hunt):
    group = replace(SALES, hunt=replace(SALES.hunt, **hunt))
    return Idleness(store, lambda: an_office(groups={"sales": group}))


def idle_since(store, member, **options):
    return hunt_standing.read_standing(store, "sales", (member,), **options).tally(member).idle_since


def note(idleness, event):
    idleness(event)
    gevent.wait(timeout=2)  # what it spawned has ended


@pytest.mark.parametrize(("event", "noted"), [
    (ended(), True), (ended(answered=False), False), (ended(name="CHANNEL_BRIDGE"), False),
    (ended(variable_fsctl_leg="user+120"), False),
    (ended(variable_fsctl_leg="", variable_user_name="101", **{"Call-Direction": "inbound"}), True),
])
def test_the_end_of_any_talk_of_a_member(store, event, noted):
    note(idleness(store, idle_counts="all"), event)
    assert idle_since(store, "101", all_calls=True) == (NOW + timedelta(seconds=60) if noted else None)


def test_other_calls_are_not_noted_where_they_do_not_count(store):
    note(idleness(store, idle_counts="group"), ended())
    assert idle_since(store, "101", all_calls=True) is None


def test_the_end_of_a_groups_call_whose_controller_was_killed(store):
    hunts.accept(store, "sales", "101", "a", "leg", "n", NOW)
    note(idleness(store), ended(variable_fsctl_hunt="sales"))
    assert idle_since(store, "101") == NOW + timedelta(seconds=60)
