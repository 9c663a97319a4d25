"""Group calls on the switch: how members are rung, and what becomes of who calls."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import gevent
import pytest
from gevent.event import Event as Signal

from fsctl.model.actions import Enter, Gather, Leg, Party
from fsctl.model.destination import Destination, parse
from fsctl.model.group_calls import room_of
from fsctl.model.outcomes import Answered, Busy, CallerGone, Moved, NoAnswer, Offline, Rejected, Taken
from fsctl.simulator.dialplan.dialstring import parse as parse_dial_string
from fsctl.store import claims
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate
from fsctl.switch.calls import connecting
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.office_state import StoreState
from fsctl.switch.calls.supervision import FOLLOWS_SECONDS
from fsctl.switch.calls.verbs import group_calls as verbs
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import ROOMS, LiveTable
from fsctl.switch.session import call_session
from fsctl.switch.session.ownership import Away, TooLate
from fsctl.switch.wire import group_calls as wire
from fsctl.switch.wire import sounds
from fsctl.switch.wire.phones import Phone
from tests.switch.commanded import Commanded
from tests.unit.builders import ANNA, AT, a_call, an_office

OWN, OTHER = "0000000a-0000-4000-8000-000000000001", "0000000b-0000-4000-8000-000000000002"
MOBILE, DEVICE = "+491701234567", "+491709876543"
TO = Destination("conference", "crew")
DESK = Leg(parse("user:102"), 30)
BESIDE = Leg(Destination("number", DEVICE), 30, "provider", confirm="en", show=Party("", "+49305550102"), whose="102",
             sent_by=parse("user:102"))
LINE = Leg(Destination("number", MOBILE), 30, "provider", confirm="de", show=Party("", "+49305550100"), sent_by=TO)
ANNAS = Leg(parse("user:101"), 30)
SHOWN = Party("Krisenstab - Anna Adler", "380")
OFFICE = an_office(users=an_office().users | {"101": replace(ANNA, devices=("+491700000001",))})


OUTSIDE = {"user": None, "external": True, "by": None}


# ---- what FreeSWITCH is told ----------------------------------------------------------------------------


def phone(leg: Leg, endpoint: str = "sofia/phones/sip:102@10.0.0.1:5060", uuid: str = OTHER) -> Phone:
    return Phone(uuid, leg, endpoint)


GATEWAY = "sofia/gateway/provider/491701234567"
VALUES = {"domain": "fs.example", "fsctl_prompts": "/prompts", "fsctl_trunk_srtp": "optional"}
TOLD = wire.calls("380", OWN)


def originated(*phones: Phone, show: Party = SHOWN, seconds: int = 30) -> str:
    return wire.originate(phones, show, seconds, TOLD, "380", OFFICE, VALUES)


def test_the_command_that_rings_a_colleague() -> None:
    told = "execute_on_blind_transfer='execute_extension transferred XML fsctl'"
    assert originated(phone(DESK)) == (
        "bgapi originate {^^;originate_timeout=31;ignore_early_media=true;outbound_redirect_fatal=true;"
        "hangup_after_bridge=true;hangup_after_conference=true;conference_controls=none;fsctl_group=380;"
        f"fsctl_group_caller={OWN};origination_caller_id_name='Krisenstab - Anna Adler';"
        "origination_caller_id_number=380}"
        f"[^^;origination_uuid={OTHER};fsctl_leg=user+102;origination_callee_id_name='Bernd Brandt';"
        "origination_callee_id_number='102';sip_ignore_remote_cid='true';dialed_user='102';dialed_domain='fs.example';"
        "sip_invite_domain='fs.example';presence_id='102@fs.example';force_transfer_context='default';"
        "user_context='default';fsctl_site='berlin';fsctl_name='Bernd Brandt';fsctl_extension='102';"
        f"{told};outbound_caller_id_number='+49305550100']sofia/phones/sip:102@10.0.0.1:5060 gather+380 XML fsctl"
    )


@pytest.mark.parametrize(("leg", "name", "party"), [
    (LINE, MOBILE, MOBILE), (BESIDE, "Bernd Brandt", "102"),
])
def test_the_command_that_rings_outside(leg: Leg, name: str, party: str) -> None:
    text = originated(phone(leg, GATEWAY))
    ((((target,),),)) = parse_dial_string(text.removeprefix("bgapi originate ").removesuffix(
        " gather+380 XML fsctl")).branches
    told = target.variables
    assert leg.sent_by is not None and leg.show is not None
    assert {key: told[key] for key in (
        "origination_uuid", "fsctl_leg", "group_confirm_key", "fsctl_external", "fsctl_sent_by", "rtp_secure_media",
        "origination_caller_id_number", "origination_callee_id_name", "origination_callee_id_number",
    )} == {
        "origination_uuid": OTHER, "fsctl_leg": f"number+{leg.target.name}", "group_confirm_key": "1",
        "fsctl_external": "true", "fsctl_sent_by": f"{leg.sent_by.kind}+{leg.sent_by.name}",
        "rtp_secure_media": "optional", "origination_caller_id_number": leg.show.number,
        "origination_callee_id_name": name, "origination_callee_id_number": party}
    assert told["group_confirm_file"] == sounds.press_1(leg.confirm).replace("${fsctl_prompts}", "/prompts")
    assert told["execute_on_answer"] == "execute_extension keys XML fsctl"
    assert "," in told["group_confirm_file"]  # of a tone: a comma parts nothing here


def test_where_no_1_is_asked_for() -> None:
    text = originated(phone(replace(LINE, confirm="", show=None), GATEWAY))
    assert "group_confirm" not in text and "execute_on_answer" not in text
    assert text.count("origination_caller_id_number=") == 1


def test_all_telephones_of_a_member_ring_by_one_command() -> None:
    text = originated(phone(DESK), phone(DESK, "sofia/phones/sip:102@10.0.0.2:5060", OWN), phone(BESIDE, GATEWAY))
    assert text.count("originate ") == 1 and text.count("}") == 1 and text.count("[^^;") == 3
    assert text.count("]sofia/phones/sip:102@10.0.0.1:5060,[^^;") == 1
    assert text.count("]sofia/phones/sip:102@10.0.0.2:5060,[^^;") == 1
    assert text.endswith(f"]{GATEWAY} gather+380 XML fsctl")


@pytest.mark.parametrize("name", [
    "a;b", "a,b", "a}b", "a]b", "a'b", "a\\b", "${domain}", "a\nb", "^^:x", "a&b", "a|b", "a:_:b", '"x"',
    "x;fsctl_external=true",
])
def test_hostile_names(name: str) -> None:
    """Neither in who is shown nor in a group's, or a person's own."""
    text = originated(phone(DESK), show=Party(f"Krisenstab - {name}", "380';x"))
    head = text.removeprefix("bgapi originate {^^;").partition("}")[0].split(";")
    assert [each.partition("=")[0] for each in head] == [
        "originate_timeout", "ignore_early_media", "outbound_redirect_fatal", "hangup_after_bridge",
        "hangup_after_conference", "conference_controls", "fsctl_group", "fsctl_group_caller",
        "origination_caller_id_name", "origination_caller_id_number"]
    shown = head[8].partition("=")[2]
    assert re.fullmatch(r"'[^'\\;,{}\[\]$|&\n\"^]*'", shown), shown
    assert head[9] == "origination_caller_id_number=380"
    assert "fs.example" not in head[8]


def test_what_is_not_known_is_nothing() -> None:
    text = wire.originate([phone(LINE, GATEWAY)], SHOWN, 30, TOLD, "380", OFFICE, {})
    assert "${" not in text and "rtp_secure_media=''" in text


@pytest.mark.parametrize("bad", ["380 x", "380;x", "", "${x}", "380\n"])
def test_no_extension_can_be_more_than_a_word(bad: str) -> None:
    for use in (wire.entering, lambda text: wire.calls(text, OWN), lambda text: wire.calls("380", text)):
        with pytest.raises(ValueError, match="dial string"):
            use(bad)


def test_what_the_caller_is_told() -> None:
    action = Gather("crew", ((DESK,),), SHOWN, 30)
    assert wire.prepare(action, "380", OWN, OFFICE) == (
        f"uuid_setvar_multi {OWN} fsctl_group=380;fsctl_group_caller={OWN};fsctl_group_seconds=31;"
        f"api_reporting_hook=hash delete/fsctl_group/{OWN};hangup_after_conference=true;conference_controls=none;"
        "initial_callee_id_name=Krisenstab;initial_callee_id_number=380")
    assert wire.prepare(replace(action, group="gone"), "380", OWN, OFFICE).endswith(
        "initial_callee_id_name=380;initial_callee_id_number=380")


def test_where_whoever_enters_goes() -> None:
    assert wire.entering("380") == "gather+380 XML fsctl"


# ---- ringing ------------------------------------------------------------------------------------------


class Execution:
    """What was executed, which ends by ``uuid_break``, by a transfer, or not at all."""

    def __init__(self, session: "Session") -> None:
        self._session = session

    def wait(self, seconds: float) -> dict[str, str]:
        if not self._session.over.wait(seconds):
            raise gevent.Timeout(seconds)
        if self._session.ends_by is not None:
            raise self._session.ends_by
        return {"Event-Name": "CHANNEL_EXECUTE_COMPLETE"}


class Session(Commanded):
    """The caller's connection, and a switch at which some people are registered at so many phones."""

    uuid = OWN

    def __init__(self, registered: dict[str, int] | None = None, audio: str = "none") -> None:
        super().__init__()
        self.facts: dict[str, str] = {}
        self.audio = audio
        self.over, self.ends_by = Signal(), None
        self.deaf = 0
        self.registered = {"101": 1, "102": 1} if registered is None else registered
        #: The legs that are, in the order in which they were rung: their UUIDs.
        self.legs: list[str] = []
        self.there: set[str] = set()
        self.answers: dict[str, str] = {}
        self.after_hangup = False

    def api(self, text: str, timeout: float | None = 5) -> str:
        self.said.append(text)
        command, _, rest = text.partition(" ")
        if command == "sofia_contact":
            address, _, key = rest.rpartition("/")
            who = address.partition("/")[2].partition("@")[0]
            phones = range(self.registered.get(who, 0))
            return "".join(f"{key}sofia/phones/sip:{who}@10.0.0.{at}:5060," for at in phones)
        if text.startswith("bgapi originate"):
            new = re.findall("origination_uuid=([^;]+)", text)
            self.legs += new
            self.there |= set(new)
        if command == "uuid_break":
            self.deaf -= 1
            if self.deaf < 0:
                self.over.set()
        if command == "uuid_exists":
            return self.answers.get(text, "true" if rest in self.there else "false")
        if text in self.answers:
            return self.answers[text]
        return {"global_getvar domain": "fs.example\n", "global_getvar fsctl_prompts": "/prompts\n",
                "global_getvar fsctl_trunk_srtp": "optional\n"}.get(text, "+OK")

    def execute(self, *command: str) -> Execution:  # type: ignore[override]
        super().execute(*command)
        return Execution(self)

    def wait_event(self, names: set[str], timeout: float | None = None) -> dict[str, str]:
        raise call_session.CallerGone("NORMAL_CLEARING")

    def wait_hangup(self, timeout: float | None = None) -> str:
        self.after_hangup = True
        return "NORMAL_CLEARING"

    def gathered(self, by: str = "gathered") -> None:
        """He is called away, as the dialplan does."""
        self.ends_by = Away(Moved(by))
        self.over.set()


class Office:
    """A caller's control, with a database and what the link hears."""

    def __init__(self, session: Session, folder: Path, **changes: Any) -> None:
        self.session = session
        self.store = open_database(str(folder / "db"))
        migrate(self.store)
        self.table = LiveTable("one")
        self.table.know(True)
        self.progress = Mock()
        call = replace(a_call("conference:crew", "101", "380"), **{"uuid": OWN} | changes)
        self.state = StoreState(self.store, "one", lambda: AT, HeardHere([self.table]))
        self.control = CallControl(session, call, OFFICE, self.state, self.progress)  # type: ignore[arg-type]

    def hears(self, name: str, uuid: str, **more: str) -> None:
        leg = "number+" + MOBILE if uuid in self.outside else "user+102"
        self.table.apply({
            "Event-Name": name, "Unique-ID": uuid, "Call-Direction": "outbound", "variable_fsctl_leg": leg,
            "variable_fsctl_group": "380", "variable_fsctl_group_caller": OWN, "Channel-Call-State": "RINGING",
            "Answer-State": "ringing", "Event-Date-Timestamp": "1"} | more)

    outside: frozenset[str] = frozenset()

    def begins(self, *uuids: str) -> None:
        for uuid in uuids:
            self.hears("CHANNEL_CREATE", uuid)

    def ends(self, uuid: str, cause: str = "USER_BUSY", **more: str) -> None:
        self.session.there.discard(uuid)
        self.hears("CHANNEL_HANGUP_COMPLETE", uuid, **{"Hangup-Cause": cause} | more)

    def comes(self, uuid: str) -> None:
        self.hears("CHANNEL_ANSWER", uuid, **{"Answer-State": "answered"})
        self.hears("CUSTOM", uuid, **{"Event-Subclass": ROOMS, "Conference-Name": "group-380", "Action": "add-member"})

    def gather(self, *members: tuple[Leg, ...], seconds: int = 30) -> "gevent.Greenlet[Any]":
        action = Gather("crew", members or ((DESK,), (LINE,)), SHOWN, seconds)
        began = gevent.spawn(verbs.gather, self.control, action)
        gevent.sleep(0)  # until it waits
        return began


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def here(session: Session, tmp_path: Path) -> Iterator[Office]:
    here = Office(session, tmp_path)
    yield here
    here.store.close()


def kills(session: Session) -> list[str]:
    return sorted(text for text in session.said if text.startswith("uuid_kill"))


def test_in_which_order_it_begins(here: Office, session: Session) -> None:
    began = here.gather((DESK,), (LINE,))
    said = [text for text in session.said if not text.startswith(("sofia_contact", "global_getvar"))]
    desk, line = session.legs
    assert [text.partition(" ")[0] for text in said] == [
        "sched_del", "sched_transfer", "uuid_setvar_multi", "ring_ready", "bgapi", "bgapi", "sleep"]
    assert said[1] == f"sched_transfer +40 {OWN} failsafe_380 XML fsctl" and said[-1] == "sleep 32000"
    assert f"origination_uuid={desk};fsctl_leg=user+102" in said[4] and f"origination_uuid={line}" in said[5]
    assert f"fsctl_group_caller={OWN}" in said[4] and "optional" in said[5] and "originate_timeout=31" in said[4]
    assert "dialed_domain='fs.example'" in said[4] and "/prompts/de/press-1" in said[5]
    began.kill()


@pytest.mark.parametrize(("audio", "hears"), [
    ("none", "sleep 32000"), ("impossible", "sleep 32000"), ("early", f"playback {sounds.RINGING}"),
    ("answered", f"playback {sounds.RINGING}"),
])
def test_what_the_caller_hears(tmp_path: Path, audio: str, hears: str) -> None:
    here = Office(Session(audio=audio), tmp_path)
    began = here.gather()
    assert here.session.said[-1] == hears
    began.kill()
    here.store.close()


@pytest.mark.parametrize(("members", "registered", "rung"), [
    (((DESK,),), {}, None), (((DESK,), (ANNAS,)), {"101": 1}, ["user+101"]),
    (((DESK,), (ANNAS,)), {"101": 1, "102": 2}, ["user+102", "user+102", "user+101"]),
    (((DESK, BESIDE),), {}, [f"number+{DEVICE}"]), (((DESK, BESIDE),), {"102": 1}, ["user+102", f"number+{DEVICE}"]),
])
def test_who_is_not_registered_holds_nobody_up(
    tmp_path: Path, members: tuple[tuple[Leg, ...], ...], registered: dict[str, int], rung: list[str] | None
) -> None:
    here = Office(Session(registered), tmp_path)
    began = here.gather(*members)
    commands = [text for text in here.session.said if text.startswith("bgapi")]
    assert all("fsctl_leg=" in text for text in commands)
    asked = {text.partition("/")[2].partition("@")[0].partition("/")[0] for text in here.session.said
             if text.startswith("sofia_contact")}
    assert asked == {leg.target.name for member in members for leg in member if leg.trunk is None}
    assert [leg for text in commands for leg in re.findall(r"fsctl_leg=([^;]+)", text)] == (rung or [])
    if rung is None:
        outcome = began.get(timeout=1)
        assert outcome == Offline() and [str(leg.target) for leg in outcome.legs] == ["user:102"]
        assert not any(text.startswith(("sched", "ring_ready")) for text in here.session.said)
    began.kill()
    here.store.close()


@pytest.mark.parametrize(("causes", "outcome"), [
    (("USER_BUSY", "USER_BUSY"), Busy()), (("NO_ANSWER", "USER_BUSY"), NoAnswer()),
    (("CALL_REJECTED", "CALL_REJECTED"), Rejected("CALL_REJECTED")),
    (("USER_NOT_REGISTERED", "GATEWAY_DOWN"), Offline()), (("USER_NOT_REGISTERED", "USER_BUSY"), Busy()),
])
@pytest.mark.parametrize("deaf", [0, 3])
def test_all_of_them_end_at_once(
    here: Office, session: Session, causes: tuple[str, str], outcome: Any, deaf: int
) -> None:
    """Nobody waits for the time to be over, even if the first who says so was too early."""
    session.deaf = deaf
    began = here.gather()
    here.begins(*session.legs)
    here.ends(session.legs[0], causes[0])
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert not any(text.startswith("uuid_break") for text in session.said)
    here.ends(session.legs[1], causes[1])
    assert began.get(timeout=3) == outcome
    assert not kills(session) and session.said.count(f"uuid_break {OWN}") == deaf + 1
    gevent.sleep(3)
    assert session.said.count(f"uuid_break {OWN}") == deaf + 1


def test_to_be_called_elsewhere_is_no_way_in(here: Office, session: Session) -> None:
    """And decides nothing for the others."""
    began = here.gather()
    here.begins(*session.legs)
    here.ends(session.legs[0], "REQUESTED_CHAN_UNAVAIL", variable_sip_redirect_contact_user_0="103",
              variable_sip_redirect_contact_0="<sip:103@x>")
    here.ends(session.legs[1], "NO_ANSWER")
    assert began.get(timeout=3) == NoAnswer()


def test_all_are_called_elsewhere(here: Office, session: Session) -> None:
    began = here.gather((DESK,))
    here.begins(*session.legs)
    here.ends(session.legs[0], "REQUESTED_CHAN_UNAVAIL", variable_sip_redirect_contact_user_0="103")
    assert began.get(timeout=3) == Rejected()


def test_a_leg_that_could_not_begin_is_told_by_nobody(here: Office, session: Session) -> None:
    began = here.gather()
    session.there.clear()
    gevent.sleep(FOLLOWS_SECONDS / 2)
    assert not began.ready() and not any(text.startswith("uuid_exists") for text in session.said)
    assert began.get(timeout=3) == Offline() and not kills(session)


def test_nor_does_one_count_that_began_meanwhile(here: Office, session: Session) -> None:
    began = here.gather()
    session.there.clear()
    here.begins(session.legs[0])
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert not began.ready()
    assert [text for text in session.said if text.startswith("uuid_exists")] == [f"uuid_exists {session.legs[1]}"]
    here.ends(session.legs[0])
    assert began.get(timeout=3) == Busy()


def test_nor_one_that_begins_in_this_very_moment(here: Office, session: Session) -> None:
    began = here.gather((DESK,))
    ask = session.api

    def api(text: str, timeout: float | None = 5) -> str:
        if text.startswith("uuid_exists"):
            here.begins(*session.legs)
            return "false"
        return ask(text, timeout)

    session.api = api  # type: ignore[method-assign]
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert not began.ready()
    here.ends(session.legs[0])
    assert began.get(timeout=3) == Busy()


def test_while_the_first_one_is_there_the_end_of_the_others_says_nothing(here: Office, session: Session) -> None:
    began = here.gather()
    here.begins(*session.legs)
    here.comes(session.legs[0])
    here.ends(session.legs[1])
    gevent.sleep(FOLLOWS_SECONDS * 2)
    assert f"uuid_break {OWN}" not in session.said and not began.ready()
    session.gathered()
    assert began.get(timeout=3) == Answered(TO)


def test_keys_of_the_caller_are_sounds_in_the_room(tmp_path: Path) -> None:
    here = Office(Session(audio="early"), tmp_path, **OUTSIDE)
    here.control.hear_keys()
    began = here.gather()
    assert here.session.said.count("stop_dtmf") == 1
    assert here.session.said.index("stop_dtmf") < here.session.said.index("ring_ready")
    began.kill()
    here.store.close()


def test_their_time_is_over(here: Office, session: Session) -> None:
    """Who was asked for a 1 is stopped, too."""
    began = here.gather()
    here.begins(*session.legs)
    here.hears("CHANNEL_ANSWER", session.legs[1], **{"Answer-State": "answered"})
    session.over.set()
    assert began.get(timeout=3) == NoAnswer()
    assert kills(session) == sorted(f"uuid_kill {uuid} NO_ANSWER" for uuid in session.legs)


def test_when_nobody_came_the_next_one_begins_another(here: Office, session: Session) -> None:
    """And whoever hears so meanwhile is not called into that."""
    assert here.state.claim("conference:crew", here.control.call)
    began = here.gather((DESK,))
    here.begins(*session.legs)
    here.ends(session.legs[0])
    assert claims.holder_of(here.store, "conference:crew") == OWN
    assert began.get(timeout=3) == Busy()
    assert claims.holder_of(here.store, "conference:crew") is None
    assert session.said[-1] == f"uuid_setvar_multi {OWN} fsctl_group=;fsctl_group_caller=;fsctl_group_seconds="


def test_while_it_goes_on_it_is_claimed(here: Office, session: Session) -> None:
    assert here.state.claim("conference:crew", here.control.call)
    began = here.gather((DESK,))
    here.begins(*session.legs)
    here.comes(session.legs[0])
    session.gathered()
    assert began.get(timeout=3) == Answered(TO)
    assert claims.holder_of(here.store, "conference:crew") == OWN
    assert not any("fsctl_group_caller=;" in text for text in session.said)


@pytest.mark.parametrize("linked", [True, False])
def test_nobody_tells_that_their_time_is_over(here: Office, session: Session, linked: bool) -> None:
    began = here.gather(seconds=6)
    if linked:
        here.begins(*session.legs)
    gevent.sleep(10.9)
    assert not began.ready()
    assert began.get(timeout=1) == NoAnswer() and f"uuid_break {OWN}" in session.said
    assert kills(session) == sorted(f"uuid_kill {uuid} NO_ANSWER" for uuid in session.legs)


def entered(here: Office) -> list[str]:
    """What the journal was told, in order."""
    return [f"{name} {getattr(each[0], 'by', each[0])}" for name, each, _ in here.progress.mock_calls]


def test_the_first_one_answers(here: Office, session: Session) -> None:
    began = here.gather()
    here.begins(*session.legs)
    here.comes(session.legs[0])
    session.gathered()
    assert began.get(timeout=3) == Answered(TO)
    assert entered(here) == ["answered conference:crew", "entered user:102"] and not kills(session)


def test_who_comes_later_is_told_and_each_once(here: Office, session: Session) -> None:
    here.outside = frozenset()
    gone = Signal()
    session.wait_event = lambda *_: gone.wait() and _gone()  # type: ignore[method-assign,assignment]
    began = here.gather((DESK, BESIDE), (ANNAS,))
    here.begins(*session.legs)
    here.comes(session.legs[1])
    session.gathered()
    gevent.sleep(0.1)
    assert entered(here) == ["answered conference:crew", "entered user:102"]
    here.comes(session.legs[2])
    here.hears("CHANNEL_CALLSTATE", session.legs[2], **{"Channel-Call-State": "HELD", "Answer-State": "answered"})
    assert here.table.calls[session.legs[2]].state == "held"
    here.ends(session.legs[0], "LOSE_RACE")
    assert entered(here) == ["answered conference:crew", "entered user:102", "entered user:101"]
    gevent.sleep(5)
    assert not any(text.startswith(("uuid_break", "uuid_kill")) for text in session.said)
    gone.set()
    assert began.get(timeout=3) == Answered(TO)


def _gone() -> Any:
    raise call_session.CallerGone("NORMAL_CLEARING")


def test_whoever_takes_him_elsewhere_ends_the_ringing(here: Office, session: Session) -> None:
    """Else who answered would take him out of his talk."""
    began = here.gather()
    here.begins(*session.legs)
    session.gathered(OTHER)
    with pytest.raises(Away):
        began.get(timeout=3)
    assert kills(session) == sorted(f"uuid_kill {uuid} NO_ANSWER" for uuid in session.legs)
    for uuid in session.legs:
        here.ends(uuid)
    session.there.clear()
    gevent.sleep(5)
    assert f"uuid_break {OWN}" not in session.said and not here.progress.mock_calls


@pytest.mark.parametrize("end", [TooLate(), call_session.CallerGone("x"), call_session.Disconnected("x")])
def test_who_is_not_ours_any_more_is_left_alone(here: Office, session: Session, end: Exception) -> None:
    """In the fail-safe the telephones ring on."""
    began = here.gather()
    session.ends_by = end  # type: ignore[assignment]
    session.over.set()
    with pytest.raises(type(end)):
        began.get(timeout=3)
    session.there.clear()
    gevent.sleep(5)
    assert not any(text.startswith(("uuid_break", "uuid_kill")) for text in session.said)


# ---- joining ------------------------------------------------------------------------------------------


ANOTHER_RUN = "0000000e-0000-4000-8000-000000000005"
ROOM, COUNT = room_of("380"), "conference group-380 list count"
NO_ROOM = "-ERR Conference group-380 not found\n"


def enter(here: Office, again: bool = False, there: bool = True) -> Any:
    here.session.answers[f"uuid_getvar {OWN} conference_name"] = ROOM if there else "-ERR No such channel!"
    return verbs.enter(here.control, Enter("crew", again))


def holds(here: Office, uuid: str = OTHER) -> None:
    assert claims.take(here.store, "conference:crew", uuid, "one", AT)


@pytest.mark.parametrize(("count", "holder", "alive"), [
    ("2\n", OTHER, True), ("2\n", OTHER, False), ("1", None, False), ("0", None, False), (NO_ROOM, OTHER, True),
])
def test_he_is_sent_to_the_room(here: Office, session: Session, count: str, holder: str | None, alive: bool) -> None:
    session.answers[COUNT] = count
    if holder:
        holds(here, holder)
    if alive:
        session.there.add(OTHER)
    assert enter(here) == Answered(TO)
    at = session.said.index("transfer gather+380 XML fsctl")
    assert session.said[:at] == [
        COUNT, f"uuid_exists {holder or 'nobody'}", f"uuid_setvar {OWN} fsctl_group 380",
        f"uuid_setvar {OWN} fsctl_group_caller {holder or 'nobody'}", f"uuid_setvar {OWN} hangup_after_conference true",
        f"uuid_setvar {OWN} conference_controls none", f"sched_del {OWN}"]
    assert entered(here) == ["answered conference:crew"]
    assert claims.holder_of(here.store, "conference:crew") == holder


@pytest.mark.parametrize(("known", "kept"), [(False, None), (True, OTHER)])
def test_a_claim_of_who_is_gone_is_nobodys(here: Office, session: Session, known: bool, kept: str | None) -> None:
    """Unless the link tells that it lives, since FreeSWITCH may have another one."""
    session.answers[COUNT] = NO_ROOM
    holds(here)
    if known:
        here.begins(OTHER)
    assert enter(here) == Taken() and claims.holder_of(here.store, "conference:crew") == kept
    assert session.said == [COUNT, f"uuid_exists {OTHER}"] and not here.progress.mock_calls


def test_where_nobody_has_a_claim_and_nobody_is_there_it_is_over(here: Office, session: Session) -> None:
    session.answers[COUNT] = NO_ROOM
    assert enter(here) == Taken() and session.said == [COUNT, "uuid_exists nobody"]


@pytest.mark.parametrize(("told", "peer", "joins"), [
    (ANOTHER_RUN, "", True), (f"{ANOTHER_RUN}\n", "", True), ("_undef_", "", False),
    ("-ERR No such channel!\n", "", False),
    (ANOTHER_RUN, OWN, False),
])
def test_one_that_a_shell_began_waits_for_those_who_are_rung(
    here: Office, session: Session, told: str, peer: str, joins: bool
) -> None:
    session.answers |= {COUNT: NO_ROOM, f"uuid_getvar {OTHER} fsctl_group_run": told}
    here.hears("CHANNEL_CREATE", OTHER, variable_fsctl_group_caller=peer)
    assert enter(here) == (Answered(TO) if joins else Taken())
    said = [text for text in session.said if "fsctl_group" in text and "uuid_setvar" in text]
    assert said == ([f"uuid_setvar {OWN} fsctl_group 380", f"uuid_setvar {OWN} fsctl_group_run {ANOTHER_RUN}"]
                    if joins else [])


def test_it_is_over_in_this_very_moment(here: Office, session: Session) -> None:
    session.answers[COUNT] = "2"
    assert enter(here, there=False) == CallerGone() and session.after_hangup and not here.progress.mock_calls


def test_who_never_arrives(here: Office, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connecting, "SECONDS", 0.1)
    session.answers[COUNT] = "2"
    session.answers[f"uuid_getvar {OWN} conference_name"] = "_undef_"
    assert verbs.enter(here.control, Enter("crew")) == CallerGone()


@pytest.mark.parametrize(("been", "changes", "shown", "may"), [
    (["101", "102"], {}, "", True), (["102"], {}, "", False), ([], {}, "", False),
    (["+491700000001"], {}, "", True),  # at her telephone outside
    ([MOBILE], OUTSIDE | {"caller": Party("", MOBILE)}, "", True),
    (["01701234567"], OUTSIDE | {"caller": Party("", MOBILE)}, "0170 1234567", True),  # as his trunk writes it
    ([MOBILE], OUTSIDE | {"caller": Party("", "+4930")}, "", False),
    (["101"], OUTSIDE | {"caller": Party("", "+491700000001")}, "", True),
    (["101"], OUTSIDE | {"caller": Party("", "+491700000009")}, "", False),
    ([""], OUTSIDE | {"caller": Party("", "")}, "", False),
    (["102"], {"user": "199"}, "", False),
])
def test_who_was_there_may_come_back(
    tmp_path: Path, been: list[str], changes: dict[str, Any], shown: str, may: bool
) -> None:
    here = Office(Session(), tmp_path, **changes)
    here.session.answers[COUNT], here.session.facts["Caller-Caller-ID-Number"] = "2", shown
    here.table.been[ROOM] = set(been)
    assert enter(here, again=True) == (Answered(TO) if may else Busy())
    assert ("transfer gather+380 XML fsctl" in here.session.said) is may
    here.table.been["group-381"] = here.table.been.pop(ROOM)
    assert enter(here, again=True) == Busy() and enter(here) == Answered(TO)
    here.store.close()


def test_while_it_only_rings_nobody_was_there(here: Office, session: Session) -> None:
    session.answers[COUNT] = NO_ROOM
    session.there.add(OTHER)
    holds(here)
    assert (enter(here, again=True), enter(here)) == (Busy(), Answered(TO))
