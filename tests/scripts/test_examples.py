"""The examples for cron and systemd do what they say: their commands are run as they stand."""

import json
import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from fsctl import sample
from fsctl.cli.serve import BEATS
from fsctl.switch.capacity import MOST_CALLS, OTHER_FILES
from fsctl.switch.controller import DRAIN_SECONDS

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "scripts" / "examples"


def jobs():
    """Each line of the crontab that has a command: when, and what the shell gets, as cron would read it."""
    for line in (EXAMPLES / "night.crontab").read_text("utf-8").splitlines():
        if line and not line.startswith("#") and not re.match(r"\w+=", line):
            *when, command = line.split(maxsplit=5)
            yield pytest.param(when, command.replace("\\%", "%"), id=command)


@pytest.fixture
def shell(tmp_path):
    """Runs a command where ``fsctl`` is this one, with the sample office; gives its exit code and all it says."""
    binary = tmp_path / "fsctl"
    binary.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fsctl "$@"\n', "utf-8")
    binary.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:/usr/bin:/bin", "FSCTL_DATABASE": str(tmp_path / "office.sqlite"),
                   "TMPDIR": str(tmp_path), "PYTHONPATH": os.getcwd(), "HOME": str(tmp_path)}

    def run(*command):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout + done.stderr

    (tmp_path / "office.toml").write_text(sample.text(), "utf-8")
    assert run("fsctl", "office", "apply", str(tmp_path / "office.toml"))[0] == 0
    run.folder = tmp_path
    return run


@pytest.mark.parametrize(("when", "command"), list(jobs()))
def test_each_job_of_the_crontab(shell, when, command):
    assert all(re.fullmatch(r"[\d*/,a-z-]+", field) for field in when)
    code, says = shell("/bin/sh", "-c", command)
    assert code == 0, says
    assert "\x1b" not in says
    again = shell("/bin/sh", "-c", command)
    assert again == (0, "")  # the second time there is nothing to do, and no mail
    if "status" in command:
        rows = json.loads((shell.folder / "fsctl-night.json").read_text("utf-8"))
        assert [row["site"] for row in rows] == ["berlin", "london"]


def unit(kind):
    parser = ConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read(EXAMPLES / f"fsctl-night@.{kind}", "utf-8")
    return parser


def analysed(*arguments):
    """The exit code of ``systemd-analyze``, and all it says."""
    done = subprocess.run(["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_what_the_service_starts(shell):
    binary, *arguments = unit("service")["Service"]["ExecStart"].split()
    assert Path(binary).name == "fsctl"
    assert shell("fsctl", *(part.replace("%i", "london") for part in arguments))[0] == 0
    london = json.loads(shell("fsctl", "night", "status", "london", "--json")[1])[0]
    assert (london["on"], london["until"][11:]) in [(True, "23:59:00+00:00"), (True, "23:59:00+01:00")]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_what_systemd_says_of_the_units(shell):
    for kind in ("service", "timer"):
        text = (EXAMPLES / f"fsctl-night@.{kind}").read_text("utf-8")
        text = text.replace("/usr/local/bin/fsctl", str(shell.folder / "fsctl")).replace("User=fsctl\n", "")
        (shell.folder / f"fsctl-night@.{kind}").write_text(text, "utf-8")
    units = [str(shell.folder / f"fsctl-night@london.{kind}") for kind in ("service", "timer")]
    for kind in ("service", "timer"):
        os.symlink(shell.folder / f"fsctl-night@.{kind}", shell.folder / f"fsctl-night@london.{kind}")
    assert "fsctl-night" not in analysed("verify", "--man=no", *units)[1]
    assert analysed("calendar", unit("timer")["Timer"]["OnCalendar"])[0] == 0


@pytest.fixture
def controller(shell):
    """The unit of the controller, where ``fsctl`` is this one."""
    text = (EXAMPLES / "fsctl.service").read_text("utf-8")
    (shell.folder / "fsctl.service").write_text(text.replace("/opt/fsctl/bin/fsctl", str(shell.folder / "fsctl")))
    return shell.folder / "fsctl.service"


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_what_systemd_says_of_the_controller(controller):
    """No word about it, and little that a controller taken over could do to the machine (0: nothing, 10: all)."""
    assert "fsctl.service" not in analysed("verify", "--man=no", controller)[1]
    code, says = analysed("security", "--offline=true", "--threshold=15", controller)
    assert code == 0, says


def test_the_controller_is_given_the_time_that_it_needs():
    """To have calls decided and rung for when it is told to stop, and to miss more than one beat."""
    said = (EXAMPLES / "fsctl.service").read_text("utf-8")
    seconds = {name: int(number) for name, number in re.findall(r"(?m)^(WatchdogSec|TimeoutStopSec)=(\d+)$", said)}
    assert seconds["TimeoutStopSec"] > DRAIN_SECONDS
    assert seconds["WatchdogSec"] / BEATS > 2
    assert re.search(r"(?m)^Type=notify$", said)
    assert int(re.search(r"(?m)^LimitNOFILE=(\d+)$", said)[1]) >= MOST_CALLS + OTHER_FILES
