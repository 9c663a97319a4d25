"""Where scenarios run: the simulator always, and a real FreeSWITCH if FREESWITCH names its install prefix."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import offices
from tests.live.controller import Controller
from tests.live.lab import Lab
from tests.live.replay import COUNTS
from tests.live.simulated import Simulated

PREFIX = os.environ.get("FREESWITCH")

#: What makes no sense without SIP. test_freeswitch.py says once that it did not run.
collect_ignore = [] if PREFIX else [
    f"test_{name}.py" for name in ("agreement", "attacks", "away", "clients", "contacts", "existing", "external_address", "keys", "offers", "plain_trunk", "secure_trunk", "sip", "trunks")]


@pytest.fixture(scope="session")
def certificates(tmp_path_factory) -> Path:
    """As docs/freeswitch.md makes them for a trial."""
    folder = tmp_path_factory.mktemp("certificates")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", "key.pem", "-out", "cafile.pem"], cwd=folder, check=True, capture_output=True)
    (folder / "agent.pem").write_text((folder / "cafile.pem").read_text() + (folder / "key.pem").read_text())
    (folder / "key.pem").unlink()
    return folder


@pytest.fixture(scope="session", params=["simulator", "freeswitch"] if PREFIX else ["simulator"])
def _lab(request: pytest.FixtureRequest) -> Iterator[Lab | Simulated]:
    lab = Lab(Path(PREFIX or "")) if request.param == "freeswitch" else Simulated()
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _explained():
    """After each test: explain says of every call that has ended what the journal says."""
    yield
    for controller in Controller.made:
        controller.check_journal()


@pytest.fixture(scope="session", autouse=True)
def _all_explained():
    """The journal may be written after the test; then its calls are compared with the next one's, or at the end."""
    yield
    for controller in Controller.made:
        controller.check_journal()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A failure shows what the controller logged, and the way of its last calls."""
    report = yield
    if report.when == "call" and report.failed:
        for controller in Controller.made[-1:]:
            ways = [f"{row['caller']} → {row['dialled']} {row['state']} {row['result']}: "
                    + "; ".join(f"{step['action']} {step['target']} {step['outcome']}" for step in row["steps"])
                    for row in controller.calls(4)]
            report.sections.append(("controller", "".join(controller.log) + "\n".join(ways)))
    return report


def pytest_terminal_summary(terminalreporter):
    if COUNTS:
        terminalreporter.write_line("journal and explain: " + ", ".join(
            f"{count} {what}" for what, count in COUNTS.most_common()))


@pytest.fixture
def lab(_lab: Lab | Simulated) -> Iterator[Lab | Simulated]:
    """Telephones and a trunk; nobody listens where fsctl should."""
    yield _lab
    _lab.hang_up_all()


@pytest.fixture(scope="module")
def running(_lab, request, tmp_path_factory):
    """With the office file OFFICE of the test's module, where it has one."""
    office = getattr(request.module, "OFFICE", offices.OFFICE)
    controller = Controller(_lab, tmp_path_factory.mktemp("controller"), office)
    yield controller
    controller.end()


@pytest.fixture
def controller(running, lab, request):
    """A running controller; one that was killed or stopped runs again for the next test."""
    lab.phone("101"), lab.phone("102")
    apart = request.node.get_closest_marker("apart") is not None
    running.be(apart=apart)
    running.new_test()
    yield running
    if apart and running.alive:
        running.signal(signal.SIGCONT)


@pytest.fixture
def watching(lab):
    """Subscribes, and ends that after the test: all along the lamp was the same, and one document followed the other."""
    watches = []

    def watch(user, lamp):
        watches.append(lab.phone(user).watch(lamp))
        return watches[-1]

    yield watch
    for each in watches:
        each.close()
        assert len(set(each.entities)) == 1, each.entities
        assert not getattr(each, "faults", []), each.faults
