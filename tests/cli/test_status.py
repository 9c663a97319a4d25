"""``fsctl status``: what the switch says, and what the database says when it says nothing."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from fsctl import sample
from fsctl.cli.status import Seen, _row, state_of
from fsctl.model.live import Live, LiveCall
from fsctl.switch.link.registrations import Registration, read
from tests.live.simulated import Simulated
from tests.unit.builders import ANNA, AT, an_office

pytestmark = pytest.mark.slow

#: Anna, and whom she monitors in the sample office.
MONITORED = ("101", "102", "103", "130")

CALLER = "+4915112345678"


def status(folder, *words, switch="127.0.0.1:1"):
    done = subprocess.run(
        [sys.executable, "-m", "fsctl", "status", *words, "--switch", switch, "--database", str(folder / "db")],
        capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def office(tmp_path):
    """A database that holds the sample office, in a folder."""
    (tmp_path / "office.toml").write_text(sample.text(), "utf-8")
    subprocess.run([sys.executable, "-m", "fsctl", "office", "apply", str(tmp_path / "office.toml"), "--database",
                    str(tmp_path / "db")], check=True, capture_output=True)
    return tmp_path


def test_the_phones_of_a_person(office):
    lab = Simulated()
    try:
        lab.phones("101", "102")
        lab.others("101")
        _, told, _ = status(office, "101", "--json", switch=f"127.0.0.1:{lab.esl_port}")
        _, nobody, _ = status(office, "103", "--json", switch=f"127.0.0.1:{lab.esl_port}")
        _, words, _ = status(office, "101", "--addresses", switch=f"127.0.0.1:{lab.esl_port}")
    finally:
        lab.close()
    rows = {row["user"]: row for row in json.loads(told)}
    assert rows["101"]["phones"] == 2 * [{"client": "simulated telephone", "transport": "udp", "expires_seconds": 3600}]
    assert "phones" not in rows["102"]
    assert {row["user"]: row.get("phones") for row in json.loads(nobody)}["103"] == []
    assert "101: simulated telephone by udp at sip:101@127.0.0.1:20000, registered for 3600 s more\n" in words


@pytest.mark.parametrize(("told", "found"), [
    ("", []), ("Invalid Profile!\n", []),
    ("<registration><status>Registered(TCP)(unknown) exp(x) expsecs(-3)</status></registration>",
     [Registration("", "tcp", 0, "")]),
    ("<registration><agent>A&amp;B ${x}\x1b[31m</agent><contact>\"x\" &lt;sip:1@2;a=b&gt;</contact>"
     "<status>Registered(TLS)(unknown) exp(x) expsecs(60)</status></registration>",
     [Registration("A+B x 31m", "tls", 60, "sip:1@2;a=b")]),
    ("<registration><call-id></registration><registration><b></call-id><status>no</status></registration>", []),
])
def test_what_phones_say_of_themselves_is_made_harmless(told, found):
    assert list(read(told)) == found


def test_what_the_switch_says(office):
    lab = Simulated()
    try:
        lab.phones("101", "102", "103", "130")
        call = lab.phone("101").call("102")
        lab.phone("102").ringing().answer()
        call.wait_answered()
        lab.outside(CALLER).call("+49305550130")
        lab.phone("130").ringing()
        code, shown, _ = status(office, "--json", switch=f"127.0.0.1:{lab.esl_port}")
    finally:
        lab.close()
    rows = {row["user"]: row for row in json.loads(shown)}
    assert code == 0
    assert {user: (row["state"], row["with"]) for user, row in rows.items()} == {
        "101": ("busy", "102"), "102": ("busy", "101"), "103": ("free", None), "130": ("ringing", CALLER),
        **{user: ("offline", None) for user in ("104", "131", "132", "120")},
    }
    assert rows["101"] == {
        "user": "101", "name": "Anna Adler", "state": "busy", "with": "102", "for": None, "dnd": False,
        "forward": {"busy": "mailbox:101", "no-answer": "mailbox:101", "offline": "number:+491701234567"},
    }


def test_without_a_switch_the_database_still_speaks(office):
    code, shown, complaint = status(office, "101", "--json")
    rows = json.loads(shown)
    assert (code, {row["user"]: row["state"] for row in rows}) == (3, dict.fromkeys(MONITORED, "unknown"))
    assert "can't be reached" in complaint and "Traceback" not in complaint
    code, shown, _ = status(office, "101")
    assert code == 3 and shown.splitlines()[1].split()[:4] == ["101", "Anna", "Adler", "unknown"]


def test_somebody_who_is_not_there(office):
    code, _, complaint = status(office, "999")
    assert code == 1 and "there is no user 999" in complaint


def test_what_people_have_set_shows_where_they_are_in_no_call(office):
    lab = Simulated()
    database = ["--database", str(office / "db")]
    for words in (["dnd", "on", "102"], ["forward", "set", "103", "101"], ["dnd", "on", "103"]):
        subprocess.run([sys.executable, "-m", "fsctl", *words, *database], check=True)
    watching = subprocess.Popen(
        [sys.executable, "-m", "fsctl", "status", "101", "--watch", "--switch", f"127.0.0.1:{lab.esl_port}", *database],
        stdout=subprocess.PIPE, text=True)
    try:
        lab.phones("101", "102", "103", "130")
        rows = [watching.stdout.readline().split() for _ in range(5)]
        call = lab.phone("130").call("101")
        lab.phone("101").ringing()
        later = [watching.stdout.readline() for _ in range(2)]
        call.hang_up()
    finally:
        watching.terminate()
        watching.communicate()
        lab.close()
    assert "do not disturb" in " ".join(rows[2]) and "diverted" in rows[3]
    assert "ringing" in "".join(later) and "do not disturb" not in "".join(later)


@pytest.mark.parametrize(("privacy", "partner"), [(False, "102"), (True, None)])
def test_privacy_and_a_call_parked_for_somebody(privacy, partner):
    office = an_office(users={"101": replace(ANNA, privacy=privacy)})
    live = Live((LiveCall("u", "102", None, "inbound", "parked", AT, slot="101"),))
    row = _row("101", office, Seen(live, {"101"}), {})
    assert (row["state"], row["with"]) == ("parked for", partner)


def call(state, direction="outbound"):
    return LiveCall("u", "101", None, direction, state, AT)


@pytest.mark.parametrize(("calls", "registered", "state"), [
    ((), True, "free"),
    ((), False, "offline"),
    (("ringing",), True, "ringing"),
    (("ringing",), False, "ringing"),
    (("held",), True, "on hold"),
    (("held", "ringing"), True, "ringing"),
    (("ringing", "held", "talking"), True, "busy"),
    (("parked",), True, "busy"),
])
def test_one_word_for_all_channels(calls, registered, state):
    assert state_of([call(each) for each in calls], registered)[0] == state


def test_who_calls_is_busy():
    assert state_of([call("held"), call("ringing", "inbound")], True)[0] == "busy"
