"""What a code in a talk makes the switch do: beside the talk, and nothing where somebody is gone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
import pytest

from fsctl.errors import Unreachable
from fsctl.model.actions import Claim, EndJoined, Hangup, Park, Play, Push, Record, Reroute, ThreeWay
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Failed, Parked, Performed, Recorded, Taken, Won
from fsctl.store import claims, parked
from fsctl.store.database import Store
from fsctl.switch.calls import connecting
from fsctl.switch.in_talk import talk
from fsctl.switch.in_talk.performing import Performer
from fsctl.switch.in_talk.talk import telling_all
from fsctl.switch.link.live import ROOMS
from fsctl.switch.link.prompts import Missed
from fsctl.switch.session import moving
from fsctl.switch.upkeep import recorded_talks
from fsctl.switch.upkeep.recorded_talks import RecordedTalks
from tests.switch.asked import Asked
from tests.switch.talks import ALL, HELD, HOLDS, LEE, MAX, OWN, TALK, Switch, recording_office
from tests.unit.builders import AT

GONE = "-ERR No such channel!\n"
FOLDER = "/srv/office/recordings"
NAME = f"20261123T100000.000Z_{LEE}.wav"
ROOM = f"three-way-{LEE}"
ENTRY = f"conference:{ROOM}@fsctl+flags{{mintwo|dist-dtmf}}"


@pytest.fixture
def switch() -> Switch:
    return Switch(*ALL)


@pytest.fixture(autouse=True)
def missed(monkeypatch: pytest.MonkeyPatch) -> Missed:
    fresh = Missed()
    monkeypatch.setattr(talk, "MISSED", fresh)
    return fresh


def perform(switch: Switch, store: Store, action: Any, dialled: str = "*44", **office: Any) -> Any:
    return Performer(switch.talk(store, dialled, recording_office(**office))).perform(action)


def hears(uuid: str, *files: str) -> str:
    return f"uuid_displace {uuid} start 'file_string://{'!'.join(files)}' 60 mux"


def tone(uuid: str, hertz: int) -> str:
    return f"uuid_displace {uuid} start 'tone_stream://%(400,0,{hertz})' 4 mux"


# ---- what he hears -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("there", "play", "files", "warned"), [
    ("true", Play("parked", "de", "701"), ["/p/de/parked.wav", *(f"/p/de/digits/{each}.wav" for each in "701")], []),
    ("true\n", Play("not-possible", "en"), ["/p/en/not-possible.wav"], []),
    ("true", Play("closed", "de", file="zu.wav"), ["/p/zu.wav"], []),
    ("true", Play("parked", "de", "7';x"), ["/p/de/parked.wav", "/p/de/digits/7.wav"], []),
    ("false", Play("parked", "de", "7"), [
        "tone_stream://%(120,60,660);%(120,60,880);%(240,200,1320)", "/p/de/digits/7.wav"], ["de/parked.wav"]),
    ("-ERR", Play("not-possible", "de"), ["/p/de/not-possible.wav"], []),  # nobody knows
    ("false\n", Play("not-possible", "de"), ["tone_stream://%(330,15,950);%(330,15,1400);%(330,1000,1800)"],
     ["de/not-possible.wav"]),
])
def test_he_alone_hears_it(
    switch: Switch, store: Store, caplog: pytest.LogCaptureFixture, there: str, play: Play, files: list[str],
    warned: list[str],
) -> None:
    switch.link.answers |= {"global_getvar fsctl_prompts": "/p\n", "file_exists": there}
    for _ in range(2):
        assert perform(switch, store, play) == Performed()
        assert switch.link.after() == [
            "global_getvar fsctl_prompts", f"file_exists /p/{play.file or f'{play.language}/{play.announcement}.wav'}",
            hears(OWN, *files)]
    assert [each.args for each in caplog.records] == [(f"${{fsctl_prompts}}/{each}",) for each in warned]


@pytest.mark.parametrize(("own", "said"), [
    (TALK[0], [tone(OWN, 1400), tone(LEE, 1400)]), (replace(TALK[0], peer=None), [tone(OWN, 1400)]),
    (replace(TALK[0], room="join-x"), ["conference join-x play tone_stream://%(400,0,1400)"]),
])
def test_all_hear_a_tone(own: Any, said: list[str]) -> None:
    assert telling_all(own, "tone_stream://%(400,0,1400)") == said


# ---- every verb ----------------------------------------------------------------------------------------

PARK = Park("102", "101", 45, "sales", "moh", ("101", "102"), "de", MAX)
PUSH = Push("130", "101", 12, "130", "de", MAX)
THREE = ThreeWay(OWN, LEE, MAX, HOLDS, "101", True)
VERBS = [Play("parked", "de"), PARK, PUSH, THREE, EndJoined((OWN, LEE)), Record(OWN, True), Record(OWN, False)]


@pytest.mark.parametrize("action", VERBS, ids=lambda each: type(each).__name__)
def test_a_link_that_does_not_answer(
    switch: Switch, store: Store, caplog: pytest.LogCaptureFixture, action: Any
) -> None:
    """What cannot be said has happened all the same."""
    switch.link.silent = " "
    said = isinstance(action, Play)
    assert perform(switch, store, action, "*68102") == (Performed() if said else Failed())
    assert caplog.messages == [
        "101 does not hear what became of *68102: the link is gone" if said else
        "*68102, dialled in a talk: the link is gone"]


def test_a_verb_that_nobody_performs_there(switch: Switch, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    assert perform(switch, store, Hangup("busy")) == Failed()
    assert caplog.messages == ["*44, dialled in a talk: nothing does hangup there"] and switch.link.said == []


@pytest.mark.parametrize(("uuid", "bond", "still"), [
    (MAX, HOLDS, True), (MAX, f"{HOLDS}\n", True), (MAX, LEE, False), (MAX, "_undef_", False), (MAX, "", False),
    (MAX, GONE, False), ("unknown", "", False), ("unknown", HOLDS, False),
])
def test_who_is_still_with_whom(switch: Switch, store: Store, uuid: str, bond: str, still: bool) -> None:
    switch.link.answers[f"uuid_getvar {uuid} signal_bond"] = bond
    assert switch.talk(store, "*68").still_with(uuid) is still


def test_a_claim(switch: Switch, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert perform(switch, store, Claim("call:x")) == Won()
    claims.take(store, "call:y", "another", "one", AT)
    assert perform(switch, store, Claim("call:y")) == Taken()

    def unreachable(*_: object) -> None:
        raise Unreachable("gone")

    monkeypatch.setattr(claims, "take", unreachable)
    assert perform(switch, store, Claim("call:z")) == Failed()
    assert switch.link.said == []


def test_a_code_leads_nowhere_else(switch: Switch, store: Store) -> None:
    Performer(switch.talk(store, "*44")).rerouted(Reroute(Destination("user", "102")))
    assert switch.link.said == []


def test_a_talk_of_three_is_ended(switch: Switch, store: Store) -> None:
    assert perform(switch, store, EndJoined((OWN, LEE))) == Performed()
    assert switch.link.said == [f"uuid_kill {each} NORMAL_CLEARING" for each in (OWN, LEE)]


# ---- park ----------------------------------------------------------------------------------------------


def slots(store: Store) -> list[tuple[str, str]]:
    return [(row["slot"], row["uuid"]) for row in parked.list_parked(store)]


BOND = f"uuid_getvar {MAX} signal_bond"
UNMARKED = f"uuid_setvar {MAX} fsctl_moved"
SENT = [BOND, f"uuid_getvar {MAX} fsctl_moved", f"uuid_setvar {MAX} fsctl_moved park-102", f"sched_del {MAX}",
        f"uuid_setvar {MAX} fsctl_parker 101", f"uuid_setvar {MAX} fsctl_recall_seconds 45",
        f"uuid_setvar {MAX} fsctl_recall_people 101+102", f"uuid_setvar {MAX} fsctl_music",
        f"uuid_transfer {MAX} park+102 XML fsctl"]


def test_whom_he_holds_waits(switch: Switch, store: Store) -> None:
    assert perform(switch, store, PARK) == Parked("102")
    assert switch.link.said == [*SENT, "global_getvar fsctl_prompts", "file_exists /prompts/de/parked.wav", hears(
        OWN, "/prompts/de/parked.wav", *(f"/prompts/de/digits/{each}.wav" for each in "102"))]
    assert slots(store) == [("102", MAX)]


@pytest.mark.parametrize(("answers", "last"), [
    ({f"uuid_setvar {MAX} fsctl_moved": GONE}, f"sched_del {MAX}"),  # is gone
    ({f"uuid_getvar {MAX} fsctl_moved": "push-130\n"}, f"uuid_getvar {MAX} fsctl_moved"),  # is sent on already
    ({f"uuid_transfer {MAX}": GONE}, UNMARKED),
    ({BOND: LEE}, BOND), ({BOND: "_undef_"}, BOND),  # talks with another by now, or with nobody
])
def test_who_cannot_be_parked_has_no_slot(
    switch: Switch, store: Store, answers: dict[str, str], last: str
) -> None:
    switch.link.answers |= answers
    assert perform(switch, store, PARK) == Failed()
    assert switch.link.said[-1] == last and slots(store) == []


@pytest.mark.parametrize("mark", ["", "_undef_", "not one of these", LEE])
def test_a_mark_of_another_kind_is_no_way(switch: Switch, store: Store, mark: str) -> None:
    switch.link.answers[f"uuid_getvar {MAX} fsctl_moved"] = mark
    assert perform(switch, store, PARK) == Parked("102")


def test_a_slot_that_another_call_has(switch: Switch, store: Store) -> None:
    parked.put(store, parked.Entry("102", "x", "", "", "", 600), "one", AT)
    assert perform(switch, store, PARK) == Taken()
    assert switch.link.said == [] and slots(store) == [("102", "x")]


def test_without_the_database_nothing_is_parked(
    switch: Switch, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object) -> None:
        raise Unreachable("gone")

    monkeypatch.setattr(parked, "put", unreachable)
    assert perform(switch, store, PARK) == Failed()
    assert switch.link.said == []


# ---- push ----------------------------------------------------------------------------------------------

PUSHED = f"uuid_transfer {MAX} push+130 XML fsctl"


def push(switch: Switch, store: Store, action: Push = PUSH) -> tuple[Any, list[str]]:
    """What came of it, and the commands but for those that mark and tell channels of it."""
    return perform(switch, store, action, "#63130"), switch.link.after("uuid_setvar", "sched", "uuid_getvar", "global",
                                                                      "file_exists")


def test_whom_he_holds_is_handed_over(switch: Switch, store: Store) -> None:
    assert push(switch, store) == (Performed(), [PUSHED, hears(OWN, "/prompts/de/handed-over.wav")])


def test_the_talk_itself_is_handed_over_and_he_hears_nothing(switch: Switch, store: Store) -> None:
    """His phone is free by then."""
    switch.put(*TALK)
    assert push(switch, store, replace(PUSH, uuid=LEE)) == (Performed(), [f"uuid_transfer {LEE} push+130 XML fsctl"])


@pytest.mark.parametrize("ends", [True, False])
def test_who_has_just_asked_the_executive_talks_with_him_no_more(
    switch: Switch, store: Store, monkeypatch: pytest.MonkeyPatch, ends: bool
) -> None:
    """First his talk ends, so that his phone can ring; which does not take for ever."""
    monkeypatch.setattr(moving, "MOVE_SECONDS", 5.0 if ends else 0.05)
    switch.change(LEE, user="130")
    told: list[bool] = []

    def happens(text: str) -> None:
        if text == f"uuid_kill {OWN} NORMAL_CLEARING" and ends:
            gevent.spawn(switch.lose, LEE)
        elif text == PUSHED:
            told.append(LEE in switch.table.calls)

    switch.link.happens = happens
    came, said = push(switch, store)
    assert came == Performed() and said == [
        f"uuid_kill {OWN} NORMAL_CLEARING", PUSHED, *[hears(OWN, "/prompts/de/handed-over.wav")] * (not ends)]
    assert told == [not ends]


@pytest.mark.parametrize("answers", [
    {f"uuid_setvar {MAX} fsctl_moved": GONE}, {f"uuid_getvar {MAX} fsctl_moved": "park-701"},
    {BOND: LEE}, {BOND: "_undef_"},
])
def test_who_is_gone_is_not_handed_over(switch: Switch, store: Store, answers: dict[str, str]) -> None:
    """Nor does the talk with the executive end for that."""
    switch.change(LEE, user="130")
    switch.link.answers |= answers
    assert push(switch, store) == (Failed(), [])


def test_who_could_not_be_handed_over_is_marked_no_more(switch: Switch, store: Store) -> None:
    switch.link.answers[PUSHED] = GONE
    assert perform(switch, store, PUSH, "#63130") == Failed()
    assert switch.link.said[-2:] == [PUSHED, UNMARKED]


def test_whoever_is_handed_over_is_marked_before_the_talk_with_the_executive_ends(
    switch: Switch, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moving, "MOVE_SECONDS", 0.01)
    switch.change(LEE, user="130")
    perform(switch, store, PUSH, "#63130")
    said = switch.link.said
    assert said.index(f"uuid_setvar {MAX} fsctl_moved push-130") < said.index(f"uuid_kill {OWN} NORMAL_CLEARING")


def test_where_nobody_talks_with_him_any_more_the_held_one_is_handed_over_all_the_same(
    switch: Switch, store: Store
) -> None:
    switch.change(OWN, peer=None)
    assert push(switch, store)[0] == Performed()


# ---- three ---------------------------------------------------------------------------------------------

BONDS = {f"uuid_getvar {OWN} signal_bond": f"{LEE}\n", f"uuid_getvar {HOLDS} signal_bond": f"{MAX}\n"}
TRIO = (OWN, LEE, MAX)


def three(
    switch: Switch, store: Store, answers: dict[str, str] | None = None, arrive: Any = TRIO, gone: Any = (),
    tone: bool = True, room: str = ROOM,
) -> Any:
    """``arrive`` are those who are in the room after a while, ``gone`` those who are there no more."""
    switch.link.answers |= BONDS | (answers or {})

    def arrives() -> None:
        for uuid in arrive:
            gevent.sleep(0)
            switch.change(uuid, room=room, peer=None)
        switch.lose(*gone)

    def happens(text: str) -> None:
        if text.startswith(f"uuid_transfer {MAX}"):
            gevent.spawn(arrives)

    switch.link.happens = happens
    return perform(switch, store, replace(THREE, tone=tone), "*15")


def unmarked(switch: Switch) -> bool:
    """The last that is said of each mark takes it back, and that it is to be taken back later, too."""
    return all(
        [each for each in switch.link.said if f"fsctl_moved-{uuid}" in each or f"{uuid} fsctl_moved" in each][-2:]
        == [f"uuid_setvar {uuid} fsctl_moved", f"sched_del fsctl_moved-{uuid}"] for uuid in TRIO)


@pytest.fixture
def not_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever does not come is not waited for so long."""
    monkeypatch.setattr(connecting, "SECONDS", 0.1)


@pytest.mark.parametrize("tone", [True, False])
def test_three_talk(switch: Switch, store: Store, tone: bool) -> None:
    assert three(switch, store, tone=tone) == Performed()
    assert f"uuid_setvar {OWN} fsctl_moved three_way-101" in switch.link.said and unmarked(switch)
    there = "conference_controls=none;hangup_after_conference=true"
    said = switch.link.after("sched", *(f"uuid_setvar {each} fsctl_moved" for each in TRIO))
    moves = [
        *(f"uuid_setvar_multi {each} {there}" for each in TRIO), f"uuid_transfer {OWN} -both {ENTRY} inline",
        f"uuid_transfer {MAX} {ENTRY} inline", f"uuid_kill {HOLDS} NORMAL_CLEARING"]
    assert moves in switch.link.packets
    asked = [f"uuid_getvar {each} fsctl_moved" for each in (LEE, MAX)]
    assert said == [*asked, *BONDS, *moves, *[f"conference {ROOM} play tone_stream://%(300,0,700)"] * tone]


@pytest.mark.parametrize("answers", [
    *({f"uuid_setvar {uuid} fsctl_moved three_way-101": GONE} for uuid in TRIO),
    {f"uuid_getvar {OWN} signal_bond": "_undef_"}, {f"uuid_getvar {OWN} signal_bond": MAX},
    {f"uuid_getvar {HOLDS} signal_bond": "_undef_"}, {f"uuid_getvar {HOLDS} signal_bond": LEE},
    {f"uuid_getvar {OWN} signal_bond": GONE}, {f"uuid_getvar {HOLDS} signal_bond": GONE},
])
def test_not_where_one_is_gone_or_talks_with_another(switch: Switch, store: Store, answers: dict[str, str]) -> None:
    assert three(switch, store, answers) == Taken()
    assert not [each for each in switch.link.said if each.startswith(("uuid_transfer", "uuid_kill", "conference"))]
    assert unmarked(switch)


@pytest.mark.parametrize("answers", [
    {f"uuid_getvar {LEE} fsctl_moved": "park-701"}, {f"uuid_getvar {MAX} fsctl_moved": "push-130"}])
def test_not_where_one_is_on_the_way_elsewhere(switch: Switch, store: Store, answers: dict[str, str]) -> None:
    """Whoever marked him still needs that."""
    assert three(switch, store, answers) == Taken()
    assert not [each for each in switch.link.said if each.startswith(("uuid_setvar", "uuid_transfer", "uuid_kill"))]


@pytest.mark.parametrize(("arrive", "gone", "room"), [
    ((OWN, LEE), (MAX,), ROOM), ((), (LEE,), ROOM), ((OWN, LEE), (), ROOM), ((LEE, MAX), (), ROOM), (TRIO, (), "other"),
    ((), (), ROOM),
])
@pytest.mark.usefixtures("not_long")
def test_not_all_of_them_arrive(switch: Switch, store: Store, arrive: Any, gone: Any, room: str) -> None:
    """Whoever is there goes on."""
    assert three(switch, store, arrive=arrive, gone=gone, room=room) == Taken()
    assert not [each for each in switch.link.said if each.startswith("conference")]
    assert unmarked(switch)


def test_it_is_not_waited_for_who_is_gone(switch: Switch, store: Store) -> None:
    with gevent.Timeout(1):
        assert three(switch, store, arrive=(), gone=(MAX,)) == Taken()


# ---- recording -----------------------------------------------------------------------------------------


def record(switch: Switch, store: Store, on: bool = True, **office: Any) -> Any:
    return perform(switch, store, Record(OWN, on), **office)


@pytest.mark.parametrize("folder", [FOLDER, "/srv/Büro 1"])
def test_it_is_recorded(switch: Switch, store: Store, folder: str) -> None:
    path = f"{folder}/{NAME}" if folder == FOLDER else f"{folder}/recordings/{NAME}"
    found = record(switch, store, folder=folder if folder != FOLDER else "/srv/office")
    assert found == Recorded(NAME)
    assert switch.link.packets == [switch.link.said] == [[
        f"uuid_setvar_multi {OWN} RECORD_MIN_SEC=0;enable_file_write_buffering=false;fsctl_recording={path}",
        f"uuid_record {OWN} start '{path}'", tone(OWN, 1400), tone(LEE, 1400)]]


def test_a_call_whose_name_is_none(switch: Switch, store: Store) -> None:
    """The file is named by the code's own call."""
    switch.put(replace(TALK[1], uuid="it's"), replace(TALK[0], peer="it's"))
    assert record(switch, store) == Recorded(NAME.replace(LEE, "c0ffee"))


def test_who_does_not_hear_the_tone(switch: Switch, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    switch.link.answers[f"uuid_displace {LEE}"] = "-ERR no\n"
    assert record(switch, store) == Recorded(NAME)
    assert caplog.messages == [
        f"no tone, or it is heard already, says that {LEE} is recorded: {tone(LEE, 1400)}: -ERR no"]


def test_the_file_is_named_by_who_called(switch: Switch, store: Store) -> None:
    switch.change(OWN, direction="inbound")
    assert record(switch, store) == Recorded(NAME.replace(LEE, OWN))


@pytest.mark.parametrize("folder", ["", "/srv/it's", "/srv/a;b", "/srv/${x}"])
def test_nowhere_to_record_to(switch: Switch, store: Store, caplog: pytest.LogCaptureFixture, folder: str) -> None:
    assert record(switch, store, folder=folder) == Failed()
    assert switch.link.said == []
    where = f"{folder}/recordings" if folder else ""
    assert caplog.messages == [
        f"nothing can be recorded in {where!r}; name a folder as [office] recordings, and apply the file again"]


@pytest.mark.parametrize("answer", [GONE, "-ERR Cannot record session!\n", ""])
def test_the_switch_does_not_record(
    switch: Switch, store: Store, caplog: pytest.LogCaptureFixture, answer: str
) -> None:
    """The channel tells of none."""
    switch.link.answers[f"uuid_record {OWN} start"] = answer
    assert record(switch, store) == Failed()
    assert switch.link.said[4:] == [f"uuid_setvar {OWN} fsctl_recording"]
    assert caplog.messages == [
        f"FreeSWITCH could not record {FOLDER}/{NAME}: {answer.strip()}; may it write there?"]


@pytest.mark.parametrize(("path", "stop"), [
    (f"{FOLDER}/{NAME}", f"'{FOLDER}/{NAME}'"), ("/srv/a b.wav", "'/srv/a b.wav'"), ("_undef_", "all"), ("", "all"),
    (GONE, "all"), ("/srv/it's.wav", "all"), ("relative.wav", "all"),
])
def test_it_is_recorded_no_longer(switch: Switch, store: Store, path: str, stop: str) -> None:
    """What FreeSWITCH has ended by itself is ended as well."""
    switch.link.answers |= {f"uuid_getvar {OWN} fsctl_recording": f"{path}\n", "uuid_record": "-ERR Cannot record!"}
    assert record(switch, store, on=False, record=False, folder="") == Performed()
    assert switch.link.said == [
        f"uuid_getvar {OWN} fsctl_recording", f"uuid_setvar {OWN} fsctl_recording", f"uuid_record {OWN} stop {stop}",
        tone(OWN, 900), tone(LEE, 900)]


# ---- who comes in --------------------------------------------------------------------------------------

BRIDGE = {"Event-Name": "CHANNEL_BRIDGE", "Unique-ID": OWN}
COMES = {"Event-Name": "CUSTOM", "Event-Subclass": ROOMS, "Action": "add-member", "Unique-ID": MAX}
BOTH = [tone(OWN, 1400), tone(LEE, 1400)]
IN_ROOM = tuple(replace(each, room="join-x", peer=None) for each in (*TALK, HELD[1]))
ALL_IN_ROOM = ["conference join-x play tone_stream://%(400,0,1400)"]


def with_(calls: Any, uuid: str, **changes: Any) -> Any:
    return tuple(replace(each, **changes) if each.uuid == uuid else each for each in calls)


def hear(switch: Switch, *events: dict[str, str], by: RecordedTalks | None = None) -> list[str]:
    telling = by or RecordedTalks(switch.heard)
    for event in events:
        telling(switch.link, event)  # type: ignore[arg-type]
    gevent.sleep(0)
    return switch.link.after()


@pytest.mark.parametrize(("calls", "event", "said"), [
    (with_(TALK, OWN, recorded="x.wav"), BRIDGE, BOTH), (with_(TALK, LEE, recorded="x.wav"), BRIDGE, BOTH[::-1]),
    (TALK, BRIDGE, []), (with_(ALL, MAX, recorded="x.wav"), BRIDGE, []),
    (with_(TALK[:1], OWN, recorded="x.wav", peer=None), BRIDGE, []),
    (with_(TALK, OWN, recorded="x.wav"), BRIDGE | {"Event-Name": "CHANNEL_UNBRIDGE"}, []),
    (with_(TALK, OWN, recorded="x.wav"), BRIDGE | {"Unique-ID": MAX}, []),
    (with_(TALK, OWN, recorded="x.wav"), {"Event-Name": "CHANNEL_BRIDGE"}, []),
    (with_(IN_ROOM, OWN, recorded="x.wav"), COMES, ALL_IN_ROOM),
    (with_(IN_ROOM, MAX, recorded="x.wav"), COMES, ALL_IN_ROOM),
    (IN_ROOM, COMES, []),
    (with_(IN_ROOM[:2], OWN, recorded="x.wav"), COMES, []),  # is not there yet
    (with_(with_(IN_ROOM, OWN, recorded="x.wav"), OWN, room="join-y"), COMES, []),
    (with_(IN_ROOM, OWN, recorded="x.wav"), COMES | {"Event-Subclass": "fsctl::parked"}, []),
    (with_(ALL, OWN, recorded="x.wav"), COMES, []),
])
def test_who_comes_into_a_talk_that_is_recorded_hears_so(calls: Any, event: dict[str, str], said: list[str]) -> None:
    assert hear(Switch(*calls), event) == said


def test_of_other_events_no_recording_is_looked_for() -> None:
    """Each look for what is not there reads a whole event."""
    event = Asked(BRIDGE)
    hear(Switch(*TALK), event)
    assert event.names and not event.names & {"Record-File-Path", "variable_fsctl_recording"}


def test_a_link_that_fails_then_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    switch = Switch(*with_(TALK, OWN, recorded="x.wav"))
    switch.link.silent = "displace"
    assert hear(switch, BRIDGE) == []
    assert caplog.messages == [f"nobody hears whether the talk of {OWN} is recorded: the link is gone"]


START = {"Event-Name": "RECORD_START", "Unique-ID": OWN, "Record-File-Path": "/srv/x.wav",
         "variable_fsctl_recording": "/srv/x.wav"}
STOP = {"Event-Name": "RECORD_STOP", "Unique-ID": OWN, "Answer-State": "answered", "Record-File-Path": "/srv/x.wav",
        "variable_fsctl_recording": "/srv/x.wav"}


def test_who_has_heard_it_does_not_hear_it_again() -> None:
    switch = Switch(*with_(ALL, OWN, recorded="x.wav"))
    telling = RecordedTalks(switch.heard)
    assert hear(switch, START, BRIDGE, by=telling) == []
    switch.change(OWN, peer=MAX)
    assert hear(switch, BRIDGE | {"Event-Sequence": "1"}, by=telling) == [tone(OWN, 1400), tone(MAX, 1400)]
    switch.change(OWN, peer=LEE)
    assert hear(switch, BRIDGE | {"Event-Sequence": "2"}, by=telling) == []


def test_a_recording_after_another_is_told_anew() -> None:
    switch = Switch(*with_(ALL, OWN, recorded="x.wav"))
    telling = RecordedTalks(switch.heard)
    hear(switch, START, by=telling)
    switch.change(OWN, peer=MAX)
    assert hear(switch, STOP | {"variable_fsctl_recording": ""}, START, by=telling) == []
    switch.change(OWN, peer=LEE)
    assert hear(switch, BRIDGE, by=telling) == BOTH


def test_another_recording_of_the_same_channel_is_none_of_it() -> None:
    """A message in a mailbox, say."""
    switch = Switch(*with_(ALL, OWN, recorded="x.wav"))
    telling = RecordedTalks(switch.heard)
    hear(switch, START, by=telling)
    switch.change(OWN, peer=MAX)
    other = {"Record-File-Path": "/mail/1.wav"}
    assert hear(switch, START | other, STOP | other, BRIDGE, by=telling) == [tone(OWN, 1400), tone(MAX, 1400)]


def test_of_two_controllers_one_tells_a_newcomer() -> None:
    one, two = (Switch(*with_(TALK, OWN, recorded="x.wav")) for _ in range(2))
    two.link.entries = one.link.entries
    told = [RecordedTalks(each.heard) for each in (one, two)]
    for number in "12":
        event = BRIDGE | {"Event-Sequence": number}
        assert [hear(each, event, by=by) for each, by in zip((one, two), told, strict=True)] == (
            [BOTH, []] if number == "1" else [[], []])
    assert one.link.entries == {f"recorded-{OWN}-1"}


# ---- one that breaks off -------------------------------------------------------------------------------

BROKEN = [f"uuid_setvar {OWN} fsctl_recording", tone(OWN, 900), tone(LEE, 900)]


@pytest.mark.parametrize(("events", "said"), [
    ((START, STOP), BROKEN), ((STOP,), BROKEN),  # however long this process has been there
    ((START, STOP | {"variable_fsctl_recording": ""}), []),  # somebody has ended it
    ((START, STOP | {"variable_fsctl_recording": "/srv/y.wav"}), []),
    ((START, STOP | {"Answer-State": "hangup"}), []),
    ((START, STOP | {"Record-File-Path": "/mail/1.wav"}), []),  # not one by the code
    ((START, STOP | {"Unique-ID": "unknown"}), []), ((START | {"Unique-ID": ""}, STOP | {"Unique-ID": ""}), []),
])
def test_a_recording_that_breaks_off_is_told(
    caplog: pytest.LogCaptureFixture, events: Any, said: list[str]
) -> None:
    assert hear(Switch(*with_(TALK, OWN, recorded="x.wav")), *events) == said
    assert caplog.messages == ["FreeSWITCH records /srv/x.wav no more; is there room on its disk?"] * bool(said)


def test_of_two_controllers_one_tells_that_it_broke_off() -> None:
    one, two = (Switch(*with_(TALK, OWN, recorded="x.wav")) for _ in range(2))
    two.link.entries = one.link.entries
    assert [hear(each, START, STOP | {"Event-Sequence": "9"}) for each in (one, two)] == [BROKEN, []]


# ---- what is left of those before ----------------------------------------------------------------------


def test_files_are_finished_at_the_first_link_and_after_a_restart(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a thread of its own, so that a full folder holds no call up; not where nobody knows the folder."""
    told = list[Any]()
    monkeypatch.setattr(recorded_talks, "mend", lambda *arguments: told.append(arguments))
    telling = RecordedTalks(Switch(*with_(TALK, OWN, recorded="x.wav")).heard)
    for folder in ("", "/srv/a", "/srv/a", "restarted", "", "/srv/b", "/srv/b"):
        if folder == "restarted":
            telling.restarted()
        else:
            telling.linked(folder)
        gevent.get_hub().threadpool.join()
    assert told == [(Path("/srv/a"), ["x.wav"]), (Path("/srv/b"), ["x.wav"])]
