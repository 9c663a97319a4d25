"""What calls on hold are about is found among many, and tells the same as all calls would."""

import random
from dataclasses import replace
from datetime import timedelta

import gevent
import pytest

from fsctl.model import hold_recall
from fsctl.model.live import LiveCall
from fsctl.model.sections import Defaults
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import Calls, LiveTable
from fsctl.switch.upkeep.holding import Holding
from tests.unit.builders import AT, an_office

OFFICE = an_office(office=Defaults(hold_recall_seconds=30))


class Counted(Calls):
    """Channels, and how often they were looked at."""

    looks = 0

    def get(self, *key):
        self.looks += 1
        return super().get(*key)

    def values(self):
        self.looks += len(self)
        return super().values()


@pytest.fixture
def table():
    table = LiveTable("a")
    table.know(True)
    return table


def talk(number, **facts):
    """Two channels of a talk."""
    one = LiveCall(f"a{number}", "101" if number % 2 else None, f"b{number}", "inbound", "talking", AT)
    other = LiveCall(f"b{number}", f"{200 + number}", f"a{number}", "outbound", "talking", AT)
    return replace(one, **facts), other


def looks(of_talks):
    """How often channels are looked at when one of so many talks is put on hold."""
    table = LiveTable("a")
    holding = Holding(HeardHere([table]))
    table.know(True)
    for number in range(of_talks):
        for call in talk(number):
            table._set(call)
    holding.view()
    table.calls, calls = Counted(), table.calls
    for uuid, call in calls.items():
        table.calls[uuid] = call
    table.calls.looks = 0
    table._set(talk(4, user="102", state="held")[0])
    assert {call.uuid for call in holding.view().calls} == {"a4", "b4"}
    return table.calls.looks


def test_other_talks_cost_nothing():
    assert looks(10) == looks(1000)


@pytest.mark.parametrize("seed", range(20))
def test_all_calls_would_tell_the_same(table, seed):
    chance, heard = random.Random(seed), HeardHere([table])
    holding = Holding(heard)
    names = [f"{side}{number}" for number in range(5) for side in "ab"]
    for _ in range(150):
        uuid = chance.choice(names)
        match chance.randrange(12):
            case 0:
                table.know(not table.known)
            case 1 if table.known:
                table.lose([uuid], AT)
                table.ended.clear()
            case _ if table.known:  # else there are no events
                table._set(LiveCall(
                    uuid, chance.choice(["101", "102", None]), chance.choice([*names, None]), "inbound",
                    chance.choice(["held", "talking", "ringing"]), AT - timedelta(seconds=chance.randrange(60)),
                    recalls=chance.choice([*names, *[None] * 20])))
        if chance.random() < 0.5:
            few, every, rung = holding.view(), heard.current(), {"a0": AT - timedelta(seconds=40)}
            for told in (hold_recall.answered, hold_recall.pointless):
                assert sorted(map(str, told(OFFICE, few))) == sorted(map(str, told(OFFICE, every)))
            assert hold_recall.due(OFFICE, few, AT, rung) == hold_recall.due(OFFICE, every, AT, rung)
            assert hold_recall.next_look(OFFICE, few, AT, {}) == hold_recall.next_look(OFFICE, every, AT, {})


def test_while_nobody_holds_other_calls_wake_nobody(table):
    heard = HeardHere([table])
    holding, woken = Holding(heard), []

    def look():
        while True:
            news = heard.news()
            woken.append({call.uuid for call in holding.view().calls})
            holding.wait_change(60, news)

    def tell(*calls):
        for call in calls:
            table._set(call)
        heard.changed()
        gevent.sleep(0.01)  # no time passes, and whoever is woken runs

    looking = gevent.spawn(look)
    try:
        tell(*talk(1), *talk(2))
        tell(talk(2, name="A")[0])
        assert woken == [set()]
        tell(talk(1, state="held")[0])
        tell(talk(2)[0])
        tell(talk(1)[0])
        assert woken == [set(), {"a1", "b1"}, {"a1", "b1"}, set()]
        tell(talk(2, name="A")[0])
        tell(talk(3, recalls="a2")[0])
        assert len(woken) == 5
    finally:
        looking.kill()
