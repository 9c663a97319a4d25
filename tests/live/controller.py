"""``fsctl serve`` as a process beside the lab, and what its journal says."""

import json
import os
import subprocess
import sys
import threading
import time
import tomllib
from dataclasses import replace
from datetime import UTC, datetime

from fsctl.public_holidays import holiday
from fsctl.schema import structure
from fsctl.store.calls import list_calls
from fsctl.store.database import open_database
from fsctl.store.settings import change_setting, list_settings
from tests.live import offices
from tests.live.replay import explained


class Controller:
    """``fsctl serve`` beside the lab, with the sample office in a database of its own."""

    #: All there were, for what their journals say.
    made = []

    def __init__(self, lab, folder, office=offices.OFFICE):
        self.environment = {
            **os.environ, "FSCTL_DATABASE": str(folder / "office.sqlite"),
            "FSCTL_SWITCH": f"127.0.0.1:{lab.esl_port}", "FSCTL_ESL_PASSWORD": "ClueCon",
            "FSCTL_LISTEN": f"127.0.0.1:{lab.socket_port}",
        }
        self._file = folder / "office.toml"
        self._offices = []
        self._explained = set()
        self.apply(office)
        self.store = open_database(self.environment["FSCTL_DATABASE"])
        self.process, self.log = None, []
        self.made.append(self)

    def fsctl(self, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "fsctl", *arguments], env=self.environment, capture_output=True, check=True)
        return done.stdout

    def refused(self, *arguments):
        """What a command says that does nothing."""
        done = subprocess.run(
            [sys.executable, "-m", "fsctl", *arguments], env=self.environment, capture_output=True, text=True)
        assert done.returncode == 1, done
        return done.stderr

    def apply(self, office):
        """Another office file."""
        self._file.write_text(office, "utf-8")
        self.fsctl("office", "apply", str(self._file))
        self._offices.append((datetime.now(UTC), replace(structure(tomllib.loads(office)), holidays=holiday)))

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
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fsctl", "serve", *options], env=self.environment, stderr=subprocess.PIPE, text=True)
        assert self.process.stderr.readline() == "ready\n"
        self.log = []
        threading.Thread(target=self._read, args=(self.process.stderr,), daemon=True).start()

    def _read(self, stream):
        for line in stream:
            self.log.append(line)

    def wait_for_workers(self):
        """Until each of two workers knows what the link tells."""
        self.wait_for_log("this worker hears the switches", count=2)

    def wait_for_log(self, text, seconds=10, count=1):
        deadline = time.monotonic() + seconds
        while sum(text in line for line in self.log) < count:
            assert time.monotonic() < deadline, f"no {text!r} in {self.log}"
            time.sleep(0.05)

    def signal(self, number):
        self.process.send_signal(number)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def forget_settings(self):
        """As if nobody had switched anything."""
        for setting in list_settings(self.store):
            change_setting(self.store, setting["path"], None, "test", datetime.now(UTC))

    def calls(self, limit):
        """The newest calls of the journal."""
        return list_calls(self.store, limit)

    def wait_for_call(self, seconds=10, **expected):
        """The newest call, once the journal says of it what is expected."""
        deadline = time.monotonic() + seconds
        while True:
            found = list_calls(self.store, 1)
            if found and all(found[0][key] == value for key, value in expected.items()):
                return found[0]
            assert time.monotonic() < deadline, f"the journal says {found}, not {expected}"
            time.sleep(0.02)

    def wait_for_step(self, action, target, outcome, seconds=10, count=0):
        """Until the last step of the newest call is this, and it has ``count`` of them at least."""
        deadline = time.monotonic() + seconds
        while True:
            found = [[step[key] for key in ("action", "target", "outcome")]
                     for call in list_calls(self.store, 1) for step in call["steps"]]
            if found[-1:] == [[action, target, outcome]] and len(found) >= count:
                return
            assert time.monotonic() < deadline, f"the steps are {found}"
            time.sleep(0.02)
