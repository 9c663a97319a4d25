"""Keys in a talk: which belong together, whose count, and that a code is done once, whatever else goes on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count

import gevent
import gevent.event
import pytest

from fsctl.errors import FsctlError
from fsctl.model.codes import Codes
from fsctl.model.live import LiveCall
from fsctl.store import claims
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.store.journal_table import list_calls
from fsctl.switch.calls import connecting
from fsctl.switch.in_talk import hearing, performing
from fsctl.switch.in_talk.hearing import TalkCodes
from fsctl.switch.link.live import KEY
from tests.switch.talks import ALL, HELD, HOLDS, LEE, MAX, OWN, TALK, Switch, recording_office
from tests.unit.builders import AT

#: All that is done for ``*44`` begins with this.
RECORDS = f"uuid_record {OWN} start '/srv/office/recordings/20261123T100000.000Z_{LEE}.wav'"


class Clock:
    """What the keys wait by, instead of gevent: time that goes by only when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[tuple[float, int, Callable[[], object]]] = []
        self.at_work: list[gevent.Greenlet] = []
        self._count = count()

    def spawn_later(self, seconds: float, run: Callable[..., None], *of: object) -> gevent.Greenlet:
        later = gevent.Greenlet(run, *of)
        self._later(seconds, later.start)
        return later

    def sleep(self, seconds: float) -> None:
        over = gevent.event.Event()
        self._later(seconds, over.set)
        over.wait()

    def Greenlet(self, run: Callable[..., None], *of: object) -> gevent.Greenlet:
        self.at_work.append(gevent.Greenlet(run, *of))
        return self.at_work[-1]

    def passes(self, seconds: float) -> None:
        """All that is due by then happens, and what comes of it."""
        until = self.now + seconds
        while self.due and min(self.due)[0] <= until:
            first = min(self.due)
            self.due.remove(first)
            self.now = first[0]
            first[2]()
            gevent.sleep(0)
            gevent.sleep(0)
        self.now = until
        with gevent.Timeout(10):
            while not all(each.dead for each in self.at_work):
                gevent.sleep(0.001)

    def _later(self, seconds: float, happens: Callable[[], object]) -> None:
        self.due.append((self.now + seconds, next(self._count), happens))


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(hearing, "gevent", found)
    monkeypatch.setattr(Keys, "clock", found, raising=False)
    return found


class Keys(Switch):
    """What is pressed there, and what one controller makes of it. Time goes by between the keys, for both."""

    clock: Clock

    def __init__(self, store: Store, *calls: LiveCall, node: str = "one") -> None:
        super().__init__(*calls)
        self.store, self.office = store, recording_office()
        self.journal = Journal(store, node)
        self.journal.start()
        self.codes = TalkCodes(store, self.journal, lambda: self.office, self.heard, node, lambda: AT)
        self.at, self.sequence = AT, 100

    def key(self, key: str, uuid: str = OWN, gap: float = 0.1, late: float | None = None, **event: str) -> None:
        """``late`` is after how long this process hears of it, if that is another time than ``gap``."""
        self.at += timedelta(seconds=gap)
        self.sequence += 1
        self.clock.passes(gap if late is None else late)
        self.hear(**{"Event-Name": KEY, "Unique-ID": uuid, "DTMF-Digit": key, "Event-Sequence": str(self.sequence),
                     "Event-Date-Timestamp": str(int(self.at.timestamp() * 1e6))} | event)

    def keys(self, keys: str, uuid: str = OWN, **more: float) -> None:
        for key in keys:
            self.key(key, uuid, **more)

    def hear(self, **event: str) -> None:
        self.codes(self.link, event)  # type: ignore[arg-type]

    def done(self, seconds: float = 4) -> list[str]:
        """The commands for which somebody has dialled something, without those that tell people of it."""
        self.clock.passes(seconds)
        self.at += timedelta(seconds=seconds)
        return self.link.after("uuid_displace", "uuid_setvar", "global_getvar", "file_exists", "uuid_getvar", "sched")

    def written(self) -> list[tuple[str, str, str, str]]:
        self.journal.stop()
        rows = [(row["caller"], row["dialled"], row["result"], row["state"]) for row in list_calls(self.store)]
        return rows[::-1]


@pytest.fixture
def here(store: Store) -> Keys:
    return Keys(store, *TALK)


# ---- which keys belong together ------------------------------------------------------------------------


def test_a_code(here: Keys, store: Store) -> None:
    here.keys("*44")
    assert here.done() == [RECORDS]
    assert here.written() == [("101", "*44", f"recording:20261123T100000.000Z_{LEE}.wav", "ended")]
    assert not claims.list_claims(store)


@pytest.mark.parametrize("keys", ["44", "1", "*4", "*440", "5*44", "*44*", "*98", "*72102", "A", "#"])
def test_keys_that_are_for_the_other_side(here: Keys, keys: str) -> None:
    here.keys(keys)
    assert here.done() == [] and not here.link.said and here.written() == []


@pytest.mark.parametrize(("gap", "together"), [(0.0, True), (1.0, True), (1.99, True), (2.0, False), (5.0, False)])
def test_a_pause(here: Keys, gap: float, together: bool) -> None:
    here.keys("*44", gap=gap)
    assert here.done() == ([RECORDS] if together else [])


@pytest.mark.parametrize(("gaps", "late", "together"), [
    ((0.5, 0.5, 0.5), 0.0, True), ((3.0, 3.0, 3.0), 0.0, False), ((0.5, 0.5, 0.5), 1.9, True),
    ((0.5, 0.5, 0.5), 5.0, True), ((0.5, 2.0, 0.5), 5.0, False),
    ((0.5, 2.1, 0.5), 0.1, False), ((5.0, 0.5, 0.5), 0.1, True),
])
def test_a_pause_is_one_by_the_clock_of_the_switch(
    here: Keys, gaps: tuple[float, ...], late: float, together: bool
) -> None:
    for key, gap in zip("*44", gaps, strict=True):
        here.key(key, gap=gap, late=late)
    assert here.done() == ([RECORDS] if together else [])


@pytest.mark.parametrize("before", ["1", "*68", "*", "12345"])
def test_what_was_pressed_before_a_pause_is_none_of_it(here: Keys, before: str) -> None:
    here.keys(before)
    here.key("*", gap=2.5)
    here.keys("44")
    assert here.done()[-1:] == [RECORDS]


@pytest.mark.parametrize("keys", ["*44", "*68", "*68102"])
def test_when_it_is_done(store: Store, keys: str) -> None:
    here = Keys(store, *ALL)
    here.keys(keys)
    assert here.done(2.04) == []
    assert len(here.done(0.02)) == 1


def test_digits_that_come_in_time_belong_to_it(store: Store) -> None:
    here = Keys(store, *ALL)
    here.keys("*68102", gap=1.9)
    assert here.done() == [f"uuid_transfer {MAX} park+102 XML fsctl"]


@pytest.mark.parametrize(("gap", "codes"), [(1.5, 0), (2.5, 2)])
def test_a_code_after_another(here: Keys, gap: float, codes: int) -> None:
    here.keys("*44")
    here.key("*", gap=gap)
    here.keys("44")
    assert here.done() == [RECORDS] * codes


@pytest.mark.parametrize("late", [0.9, 1.9, 2.04])
def test_a_late_key_makes_it_none(here: Keys, late: float) -> None:
    """Nothing was done yet by then; not even where this process hears of it too late."""
    here.keys("*44")
    here.key("1", gap=min(late, 1.9), late=late)
    assert here.done() == []


def test_a_key_that_comes_too_late_for_that(here: Keys) -> None:
    here.keys("*44")
    here.key("1", gap=1.9, late=2.06)
    assert here.done() == [RECORDS]


@pytest.mark.parametrize(("seconds", "done"), [(2, True), (8, True), (9, False), (3600, False), (-60, True)])
def test_what_nobody_expects_any_more(here: Keys, seconds: int, done: bool) -> None:
    """By FreeSWITCH's clock, whatever that of this process says."""
    here.keys("*44", gap=0.0)
    here.link.epoch = f"{int(AT.timestamp()) + seconds}\n"
    assert here.done() == ([RECORDS] if done else [])


def test_keys_without_a_time_or_digit(here: Keys) -> None:
    for key in "*44":
        here.key(key, **{"Event-Date-Timestamp": "x"})
    here.hear(**{"Event-Name": KEY, "Unique-ID": OWN})
    assert here.done() == [RECORDS]


def test_what_else_is_told_of_a_channel_is_no_key(here: Keys) -> None:
    here.keys("*4")
    here.hear(**{"Event-Name": "CHANNEL_CALLSTATE", "Unique-ID": OWN, "DTMF-Digit": "9"})
    here.hear(**{"Event-Name": KEY, "DTMF-Digit": "9"})
    here.hear()
    here.keys("4")
    assert here.done() == [RECORDS]


# ---- whose keys count ----------------------------------------------------------------------------------


def talk(own: dict[str, object] | None = None, other: dict[str, object] | None = None) -> tuple[LiveCall, ...]:
    return replace(TALK[0], **(own or {})), replace(TALK[1], **(other or {}))  # type: ignore[arg-type]


@pytest.mark.parametrize("calls", [
    talk(), talk({"direction": "inbound"}), talk(other={"user": "102", "number": "102"}), talk(other={"number": ""}),
    talk({"user": "120"}, {"number": "112"}),  # no emergency number where she is
    talk({"peer": None, "room": "group-380"}), talk({"peer": None, "room": "three-way-x"}),
    talk(other={"state": "held"}), talk({"number": "112"}),
])
def test_who_is_heard(store: Store, calls: tuple[LiveCall, ...]) -> None:
    here = Keys(store, *calls)
    here.keys("*44")
    assert [each.split()[0] for each in here.done() if "play" not in each] == ["uuid_record"]


@pytest.mark.parametrize("calls", [
    (), talk()[1:], talk({"user": None}), talk({"user": "199"}), talk({"user": ""}),  # nobody, or of no office
    *(talk({"state": state}) for state in ("ringing", "held", "parked")), talk({"slot": "701"}),
    talk({"state": "held", "peer": None, "room": "group-380"}),
    talk({"slot": "701", "peer": None, "room": "group-380"}),
    talk({"peer": None}), talk({"peer": "x"}), talk()[:1],
    talk(other={"state": "ringing"}), talk(other={"slot": "701"}),
    talk(other={"number": "112"}), talk(other={"number": "110", "user": None}),
    talk({"user": "120"}, {"number": "999"}),
])
def test_who_is_not_heard(store: Store, calls: tuple[LiveCall, ...]) -> None:
    here = Keys(store, *calls)
    for uuid in (OWN, LEE):
        here.keys("*44", uuid)
        assert here.done() == [] and not here.link.entries
    assert here.written() == []


def test_the_keys_of_two_phones_are_apart(store: Store) -> None:
    here = Keys(store, TALK[0], replace(TALK[1], user="102", number="102"))
    for own, other in zip("*44", "*98", strict=True):
        here.key(own, gap=0.05)
        here.key(other, LEE, gap=0.05)
    assert here.done() == [RECORDS]
    for key in "*44":
        here.key(key, gap=0.05)
        here.key(key, LEE, gap=0.05)
    assert [each.split()[1] for each in here.done()] == [OWN, LEE]


@pytest.mark.parametrize("when", ["amid", "after"])
def test_who_hangs_up_amid_it_dials_nothing(here: Keys, when: str) -> None:
    here.keys("*4" if when == "amid" else "*44")
    here.hear(**{"Event-Name": "CHANNEL_HANGUP_COMPLETE", "Unique-ID": OWN})
    here.keys("4" if when == "amid" else "")
    assert here.done() == []


def test_another_one_who_hangs_up_is_no_matter(here: Keys) -> None:
    here.keys("*44")
    here.hear(**{"Event-Name": "CHANNEL_HANGUP_COMPLETE", "Unique-ID": MAX})
    here.hear(**{"Event-Name": "CHANNEL_HANGUP_COMPLETE"})
    assert here.done() == [RECORDS]


@pytest.mark.parametrize("meanwhile", [
    {"state": "held"}, {"peer": None}, {"user": "199"}, {"slot": "701"},
])
def test_whose_talk_is_over_before_it_is_done(here: Keys, meanwhile: dict[str, object]) -> None:
    here.keys("*44")
    here.change(OWN, **meanwhile)
    assert here.done() == [] and not here.link.entries and here.written() == []


def test_keys_of_before_a_hold_are_forgotten(here: Keys) -> None:
    here.keys("*4")
    here.change(OWN, state="held")
    here.key("4")
    here.change(OWN, state="talking")
    assert here.done() == []
    here.keys("*4")
    here.change(OWN, state="held")
    here.key("9")
    here.change(OWN, state="talking")
    here.keys("*44")
    assert here.done() == [RECORDS]


# ---- several controllers, and what fails ---------------------------------------------------------------


def both(store: Store) -> tuple[Keys, Keys]:
    one, two = (Keys(store, *TALK, node=node) for node in ("one", "two"))
    two.link.entries = one.link.entries
    return one, two


def test_of_two_controllers_one_does_it(store: Store) -> None:
    """Both hear the same events of one switch."""
    one, two = both(store)
    for _ in range(2):
        for key in "*44":
            one.key(key)
            two.key(key, late=0)
        assert sorted((*one.done(), *two.done())) == [RECORDS]
    assert not claims.list_claims(store)


def test_a_slower_controller_does_not_do_it_again(store: Store) -> None:
    one, two = both(store)
    one.keys("*44")
    assert one.done() == [RECORDS]
    two.keys("*44", late=0)
    assert two.done() == []


def test_what_is_asked_is_of_these_keys(here: Keys) -> None:
    here.keys("*44")
    here.done()
    here.keys("*44")
    here.done()
    assert here.link.entries == {f"keys-{OWN}-{number}" for number in (103, 106)}


def test_an_office_that_does_not_allow_it_by_then(here: Keys) -> None:
    here.keys("*44")
    here.office = recording_office(record=False)
    here.clock.passes(3)
    assert here.link.said == [
        "global_getvar fsctl_prompts", "file_exists /prompts/de/not-possible.wav",
        f"uuid_displace {OWN} start 'file_string:///prompts/de/not-possible.wav' 60 mux"]
    assert here.written() == [("101", "*44", "announcement:not-possible", "ended")]


@pytest.mark.parametrize("changes", [{"users": {}}, {"codes": Codes(record="*45")}])
def test_an_office_without_the_person_or_the_code_by_then(here: Keys, changes: dict[str, object]) -> None:
    here.keys("*44")
    here.office = replace(here.office, **changes)  # type: ignore[arg-type]
    assert here.done() == []


def test_an_office_that_has_the_code_since_the_last_key(here: Keys) -> None:
    here.keys("*4")
    here.office = replace(here.office, codes=Codes(record="*45"))
    here.keys("5")
    assert here.done() == [RECORDS]


@pytest.mark.parametrize(("error", "traced"), [(FsctlError("no"), False), (RuntimeError("no"), True)])
def test_whatever_happens_the_talk_goes_on(
    here: Keys, store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
    error: Exception, traced: bool,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(performing, "PERFORMERS", {each: fail for each in performing.PERFORMERS})
    here.keys("*44")
    assert here.done() == []
    assert caplog.messages == ["*44, dialled by 101 in a talk: no"]
    assert bool(caplog.records[0].exc_info) is traced
    assert [row[3] for row in here.written()] == ["ended"] and not claims.list_claims(store)
    monkeypatch.undo()


@pytest.mark.parametrize(("silent", "said"), [
    (" ", ["keys pressed in a talk: the link is gone"]),
    ("uuid_", [
        "*44, dialled in a talk: the link is gone", "101 does not hear what became of *44: the link is gone"]),
])
def test_a_link_that_is_silent_holds_nothing_up(
    here: Keys, caplog: pytest.LogCaptureFixture, silent: str, said: list[str]
) -> None:
    here.link.silent = silent
    here.keys("*44")
    assert here.done() == [] and caplog.messages == said
    here.link.silent = ""
    here.keys("*44")
    assert here.done() == [RECORDS]


def test_where_the_link_is_not_connected_nothing_is_asked(here: Keys, caplog: pytest.LogCaptureFixture) -> None:
    here.link.connected = False
    here.keys("*44")
    assert here.done() == [] and not here.link.entries and not caplog.messages


def test_a_channel_whose_name_is_no_word(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    here = Keys(store, replace(TALK[0], uuid="x y"), replace(TALK[1], peer="x y"))
    here.keys("*44", "x y")
    assert here.done() == [] and not here.link.said
    assert len(caplog.messages) == 1 and caplog.messages[0].startswith("keys pressed in a talk: ")


def test_what_a_code_has_claimed_is_free_afterwards(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "SECONDS", 0.05)  # nobody comes to the room
    here = Keys(store, *HELD, *TALK)
    here.keys("*15")
    assert f"uuid_kill {HOLDS} NORMAL_CLEARING" in here.done()
    assert not claims.list_claims(store)
    assert [row[1] for row in here.written()] == ["*15"]


# ---- what is at work -----------------------------------------------------------------------------------


@pytest.fixture
def go_on(here: Keys) -> gevent.event.Event:
    """The switch does not answer before this is set; the test's time goes by all the same."""
    found = gevent.event.Event()

    def happens(text: str) -> None:
        if text == RECORDS:
            here.clock.at_work.clear()
            found.wait()

    here.link.happens = happens
    return found


def test_one_code_at_a_time(here: Keys, go_on: gevent.event.Event) -> None:
    here.keys("*44")
    assert here.done() == [RECORDS]
    here.keys("*44")
    assert here.done() == []
    go_on.set()
    here.codes.stop()
    here.keys("*44")
    assert here.done() == [RECORDS]
    assert len(here.written()) == 2


def test_at_the_end_what_is_done_is_done(here: Keys, go_on: gevent.event.Event) -> None:
    here.keys("*44")
    here.done()
    gevent.spawn(go_on.set)
    here.codes.stop()
    assert [each.split()[0] for each in here.link.after()] == ["uuid_displace", "uuid_displace"]
    assert [row[3] for row in here.written()] == ["ended"]


def test_at_the_end_nobody_waits_for_ever(
    here: Keys, go_on: gevent.event.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "_END_SECONDS", 0.01)
    here.keys("*44")
    here.done()
    with gevent.Timeout(5):
        here.codes.stop()
    assert here.link.after() == []
    go_on.set()


@pytest.mark.parametrize("keys", ["*44", "*4"])
def test_at_the_end_keys_are_forgotten(here: Keys, keys: str) -> None:
    here.keys(keys)
    here.codes.stop()
    assert here.done() == [] and not here.link.entries


def test_a_link_that_is_up_again(here: Keys) -> None:
    """What was pressed at a channel whose end nobody has heard is forgotten, and nothing else."""
    here.keys("*4")
    here.codes.linked()
    here.key("4")
    assert here.done() == [RECORDS]
    here.keys("*4")
    here.lose(OWN)
    here.codes.linked()
    here.put(*TALK)
    here.key("4")
    assert here.done() == []
