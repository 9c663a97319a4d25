"""``fsctl serve`` for the lab, and what its journal says."""

import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from fsctl import clock
from fsctl.cli import cli
from fsctl.cli.steps import recorded_json
from fsctl.errors import FsctlError, Unreachable
from fsctl.public_holidays import holiday
from fsctl.schema import structure
from fsctl.store.database import open_database
from fsctl.store.journal_table import list_calls
from fsctl.store.settings import change_setting, list_settings
from fsctl.switch import controller as switch
from tests.live import offices
from tests.live.replay import explained
from tests.live.simulated import Simulated
from tests.virtual_time import ahead, leaping

#: What must be the same without a controller, for a test that kills it where it is not to be ``alive``.
WITH_AND_WITHOUT = pytest.mark.parametrize("alive", [True, False], ids=["with fsctl", "fail-safe"])


def in_words(row):
    """A call of the journal with the reasons of its steps as ``fsctl calls show`` tells them."""
    return row | {"steps": [recorded_json(step) for step in row["steps"]]}


class Process:
    """``fsctl serve`` as its users run it."""

    def __init__(self, environment, options, told):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.shifted", f"{ahead()}", "serve", *options], env=environment,
            stderr=subprocess.PIPE, text=True)
        assert self.process.stderr.readline() == "ready\n"
        threading.Thread(target=self._read, args=(self.process.stderr, told), daemon=True).start()

    def _read(self, stream, told):
        for line in stream:
            told(line)

    @property
    def alive(self):
        return self.process.poll() is None

    @property
    def children(self):
        """The processes that it has started itself."""
        parent = self.process.pid
        return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]

    def end(self):
        """Kill it, and wait until those whom it leaves behind have noticed."""
        orphans = self.children if self.alive else ()
        self.process.kill()
        self.process.wait()
        with leaping(False):
            while any(Path(f"/proc/{pid}").exists() for pid in orphans):
                time.sleep(0.02)


class Here(logging.Handler):
    """The same in this process, where no time is lost by waiting (tests/virtual_time.py)."""

    def __init__(self, environment, told):
        super().__init__()
        self._told, self.alive = told, True
        logging.getLogger("fsctl").addHandler(self)
        logging.getLogger("fsctl").setLevel(logging.INFO)
        self._store = open_database(environment["FSCTL_DATABASE"])
        address, link = (("127.0.0.1", int(environment[name].rpartition(":")[2])) for name in ("FSCTL_LISTEN", "FSCTL_SWITCH"))
        self._controller = switch.Controller(
            self._store, address, [link], environment["FSCTL_ESL_PASSWORD"], node=f"{socket.gethostname()} {environment['FSCTL_LISTEN']}")
        self._controller.start()

    def emit(self, record):
        self._told(self.format(record) + "\n")

    def end(self):
        logging.getLogger("fsctl").removeHandler(self)
        self._controller.stop(0)
        self._store.close()
        self.alive = False


class Controller:
    """``fsctl serve`` for the lab, with the sample office in a database of its own.

    At the simulator it runs in this process, unless it is started with options or is to be ``apart``: a process can be
    stopped and killed.
    """

    #: All there were, for what their journals say.
    made = []

    def __init__(self, lab, folder, office=offices.OFFICE, apart=False):
        self.environment = {
            **os.environ, "FSCTL_DATABASE": str(folder / "office.sqlite"),
            "FSCTL_SWITCH": f"127.0.0.1:{lab.esl_port}", "FSCTL_ESL_PASSWORD": "ClueCon",
            "FSCTL_LISTEN": f"127.0.0.1:{lab.socket_port}",
        }
        self._lab, self.apart = lab, apart
        self._file = folder / "office.toml"
        self._offices = []
        self._explained = set()
        self._before = set()
        self.apply(office)
        self.store = open_database(self.environment["FSCTL_DATABASE"])
        self._body, self.log = None, []
        self.made.append(self)

    @property
    def alive(self):
        return self._body is not None and self._body.alive

    @property
    def process(self):
        """Of one that is apart."""
        return self._body.process

    @property
    def children(self):
        """The processes that it has started itself."""
        return self._body.children

    def fsctl(self, *arguments):
        """What a command prints."""
        code, printed, said = self.run(*arguments)
        assert code == 0, f"{arguments}: {said}"
        return printed

    def refused(self, *arguments):
        """What a command says that does nothing."""
        code, _, said = self.run(*arguments)
        assert code == 1, said
        return said

    def run(self, *arguments):
        """Exit code, output and errors of a command, which runs here as it would in a process of its own."""
        done = CliRunner(env=self.environment).invoke(cli, arguments, prog_name="fsctl")
        if isinstance(done.exception, FsctlError):
            return 3 if isinstance(done.exception, Unreachable) else 1, done.stdout, f"fsctl: {done.exception}\n"
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def apply(self, office):
        """Another office file."""
        self._file.write_text(office, "utf-8")
        self.fsctl("office", "apply", str(self._file))
        self._offices.append((clock.now(), replace(structure(tomllib.loads(office)), holidays=holiday)))

    def office_at(self, moment):
        """The office as it was at an instant."""
        return [office for since, office in self._offices if since <= moment][-1]

    def check_journal(self):
        """``explain`` says of all calls that have ended since the last time what the journal says of them."""
        for row in list_calls(self.store, 100_000):
            if row["state"] == "ended" and row["uuid"] not in self._explained:
                self._explained.add(row["uuid"])
                explained(row, self.office_at, self.store)

    def night(self, site):
        """What ``fsctl night status`` says of a site."""
        return json.loads(self.fsctl("night", "status", site, "--json"))[0]

    def start(self, *options):
        self.log = []
        here = isinstance(self._lab, Simulated) and not options and not self.apart
        if isinstance(self._lab, Simulated):
            self._lab.hurry(not here)
        self._body = (
            Here(self.environment, self.log.append) if here
            else Process(self.environment, options, self.log.append))

    def new_test(self):
        """The calls that there are were other tests'."""
        self._before = {row["uuid"] for row in list_calls(self.store, 100_000)}

    def _rows(self, limit):
        """The newest calls of this test, newest first. Those of other tests that ended meanwhile may lie between."""
        rows = list_calls(self.store, limit + 20)
        return [row for row in rows if row["uuid"] not in self._before][:limit]

    def be(self, *, apart):
        """Running, and where it is wanted; one that was killed starts again."""
        if self.alive and isinstance(self._lab, Simulated) and apart != self.apart:
            self.end()
        self.apart = apart
        if not self.alive:
            self.start()
            self.wait_for_log("linked to the switch")

    def end(self):
        """However it runs."""
        if self._body is not None:
            self._body.end()

    def wait_for_workers(self):
        """Until each of two workers knows what the link tells."""
        self.wait_for_log("this worker hears the switches", count=2)

    def wait_for_log(self, text, seconds=10, count=1):
        deadline = time.monotonic() + seconds
        while sum(text in line for line in self.log) < count:
            assert time.monotonic() < deadline, f"no {text!r} in {self.log}"
            time.sleep(0.05)

    def signal(self, number):
        assert self.apart or isinstance(self._body, Process), "mark the test with `apart`"
        self.process.send_signal(number)

    def kill(self):
        assert self.apart or isinstance(self._body, Process), "mark the test with `apart`"
        self.end()

    def forget_settings(self):
        """As if nobody had switched anything."""
        for setting in list_settings(self.store):
            change_setting(self.store, setting["path"], None, "test", clock.now())

    def calls(self, limit):
        """The newest calls of the journal that are of this test."""
        return [in_words(row) for row in self._rows(limit)]

    def wait_for_call(self, seconds=10, **expected):
        """The newest call, once the journal says of it what is expected."""
        deadline = time.monotonic() + seconds
        while True:
            time.sleep(0.02)  # longer than the journal gathers: the newest call is to be there
            found = self._rows(1)
            if found and all(found[0][key] == value for key, value in expected.items()):
                return in_words(found[0])
            assert time.monotonic() < deadline, f"the journal says {found}, not {expected}"

    def wait_for_step(self, action, target, outcome, seconds=10, count=0):
        """Until the last step of the newest call is this, and it has ``count`` of them at least."""
        deadline = time.monotonic() + seconds
        while True:
            found = [[step[key] for key in ("action", "target", "outcome")]
                     for call in self._rows(1) for step in call["steps"]]
            if found[-1:] == [[action, target, outcome]] and len(found) >= count:
                return
            assert time.monotonic() < deadline, f"the steps are {found}"
            time.sleep(0.02)
