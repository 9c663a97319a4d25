"""``fsctl demo`` tells what the journal says, a line a call, and whether that is right."""

import os
import re
import select
import subprocess
import sys
import time
from contextlib import suppress

import pytest
from click.testing import CliRunner

from fsctl.cli import demo as module
from fsctl.cli.demo_calls import DAY, Hour, Sample
from fsctl.errors import FsctlError

pytestmark = pytest.mark.slow

LINE = re.compile(r"\+?[0-9*#]+ → \+?[0-9*#]+: [a-z]+(:\S+)? \(.+\)")


def start(stdout, stdin=subprocess.DEVNULL):
    return subprocess.Popen(
        [sys.executable, "-m", "fsctl", "demo"], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
        start_new_session=True)


def test_without_a_terminal_it_prints_a_line_a_call_as_it_happens():
    process = start(subprocess.PIPE)
    lines = []
    for line in process.stdout:
        lines.append((time.monotonic(), line.decode().rstrip("\n")))
    errors = process.stderr.read().decode()
    assert process.wait(20) == 0, errors
    assert errors == ""
    assert [text.partition(" (")[0] for _, text in lines] == [
        f"{call.caller} → {call.dialled}: {call.result}" for hour in DAY for call in hour.calls]
    assert all(LINE.fullmatch(text) for _, text in lines)
    assert lines[-1][0] - lines[0][0] > 0.5  # not all at once


class Terminal:
    """Types, and reads what is shown."""

    PROMPT = re.compile(r"(?:^|\n)[A-Z][a-z]{2} \d\d:\d\d > $")

    def __init__(self):
        self._here, there = os.openpty()
        self.process = start(there, stdin=there)
        os.close(there)
        self._shown = ""

    def _more(self):
        """What comes within a tenth of a second; the end of a terminal is an error on Linux."""
        with suppress(OSError):
            return os.read(self._here, 4096) if select.select([self._here], [], [], 0.1)[0] else b""
        return b""

    def until_prompt(self, seconds=60):
        """What was shown up to the next prompt."""
        deadline = time.monotonic() + seconds
        data = b""
        while not self.PROMPT.search(text := data.decode("utf-8", "ignore").replace("\r", "")):
            assert time.monotonic() < deadline, text
            assert self.process.poll() is None, text
            data += self._more()
        return text

    def type(self, line):
        """Type a line; what is shown up to the next prompt, as lines without the one that was typed."""
        os.write(self._here, f"{line}\n".encode())
        return self.until_prompt().split("\n")[1:-1]

    def end(self, typed):
        """The last words after typing what ends it."""
        os.write(self._here, typed)
        data = b""
        while (more := self._more()) or self.process.poll() is None:
            data += more
        os.close(self._here)
        assert (self.process.wait(20), self.process.stderr.read()) == (0, b"")
        return data.decode().replace("\r", "")


@pytest.fixture(scope="module")
def terminals():
    """Those that were begun, the last of which may be at work still."""
    begun = []
    yield begun
    for terminal in begun:
        if terminal.process.poll() is None:
            terminal.end(b"\x04")
        terminal.process.stderr.close()


@pytest.fixture
def terminal(terminals):
    """One that has seen the day; its phones are on the hook before and after each test."""
    if not terminals or terminals[-1].process.poll() is not None:
        terminals.append(Terminal())
        terminals[-1].introduction = terminals[-1].until_prompt()
    return terminals[-1]


def test_with_a_terminal_it_says_what_one_sees_and_when(terminal):
    lines = terminal.introduction.split("\n")
    first = next(index for index, line in enumerate(lines) if LINE.fullmatch(line))
    assert "simulated switch" in "".join(lines[:first])
    assert [line for line in lines if re.match(r"\d\d:\d\d, ", line)] == [f"{hour.clock}, {hour.title}" for hour in DAY]
    assert "`help`" in lines[-2]


def test_a_conversation(terminal):
    assert terminal.type("call 101 102") == ["101 calls 102", "102 rings: Anna Adler 101"]
    assert terminal.type("answer") == ["101 talks with 102", "102 talks with 101"]
    assert terminal.type("hold 102") == ["101 talks with 102, who holds", "102 holds 101"]
    assert terminal.type("resume") == ["101 talks with 102", "102 talks with 101"]
    rows = [line.split() for line in terminal.type("status")]
    assert [row[3:5] for row in rows if row[0] in ("101", "102")] == [["busy", "102"], ["busy", "101"]]
    assert terminal.type("hang up")[-1] == "101 → 102: user:102 (102 is Bernd Brandt)"


def test_transfers(terminal):
    terminal.type("call 101 102")
    terminal.type("answer 102")
    assert "103 rings: Anna Adler 101" in terminal.type("transfer 103 102")
    assert "102 rings: Wiederanruf - Anna Adler 101" in terminal.type("decline")
    assert "101 talks with 102" in terminal.type("answer 102")
    assert terminal.type("hang up 102")[-1].startswith("101 → 102: user:102")
    terminal.type("call 101 102")
    terminal.type("answer")
    terminal.type("hold 102")
    terminal.type("call 102 103")
    terminal.type("answer")
    assert "103 talks with 101" in terminal.type("connect 102")
    assert "101 → 102: user:103 (user 102 transferred the call)" in terminal.type("hang up 103")


def test_the_clock_moves_and_night_comes_with_it(terminal):
    terminal.type("at 2026-11-24T10:00")
    assert " rings: Verkauf" in "".join(terminal.type("call +4915112345678 +49305550100"))
    terminal.type("hang up +4915112345678")
    terminal.type("clock 19:00")
    assert terminal.type("call +4915112345678 +49305550100") == ["+4915112345678 is asked for a key"]
    terminal.type("press 0")
    lines = terminal.type("answer 101")
    assert "101 talks with +4915112345678" in lines
    terminal.type("hang up 101")
    terminal.type("clock 10:00")
    assert terminal.type("night on")[0].startswith("berlin: on (")
    assert terminal.type("explain +4915112345678 +49305550100")[-1].startswith("result: ")
    assert terminal.type("night auto")[0].startswith("berlin: off (")


@pytest.mark.parametrize(("typed", "says"), [
    ("dance", "dance is no command; there are call, answer, decline, hang up, press, hold, resume, transfer, connect, "
              "clock, at, night, explain, calls, status, help, quit"),
    ("call 101", "so it is written: call CALLER DIALLED"),
    ("help me", "so it is written: help"),
    ("call 999 101", "999 is no phone: extensions are 101, 102, 103, 104, 130, 131, 132, 120; "
                     "an outside one has a + before its number"),
    ("answer 101", "101 is no phone that rings"), ("hang up", "no phone has a call"),
    ("press x", "x are no keys; there are 0-9 * #"),
    ("clock 25:00", "25:00 is no time of day; it is written as 18:30"),
    ("at Christmas", "Christmas is no time; it is written as 2026-12-24T18:00"),
    ("night maybe", "so it is written: night on|off|auto, and a site may follow: berlin, london"),
    ("night on paris", "so it is written: night on|off|auto, and a site may follow: berlin, london"),
    ("", None),
])
def test_what_cannot_be_done_is_told(terminal, typed, says):
    assert terminal.type(typed) == ([says] if says else [])


def test_the_end_of_the_input_is_the_end(terminal):
    assert len(terminal.type("help")) == 17
    assert "fsctl explain" in terminal.end(b"\x04")


@pytest.mark.parametrize(("call", "says"), [
    (Sample("101", "777", "user:102"), "101 → 777: announcement:unknown-number (777 is not a number of the office)"),
    (Sample("101", "102", "user:102", "102", "declined"), "101 → 102: mailbox:102 (mailbox of Bernd Brandt)"),
])
def test_when_the_journal_says_something_else_it_fails(monkeypatch, call, says):
    monkeypatch.setattr(module, "DAY", (Hour("09:00", "", (call,)),))
    done = CliRunner().invoke(module.demo)
    assert done.output == f"{says}\n"
    assert isinstance(done.exception, FsctlError)
    assert f"{call.caller} → {call.dialled} should be {call.result}" in str(done.exception)
