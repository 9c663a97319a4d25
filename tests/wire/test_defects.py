"""Each defect of greenswitch is shown on greenswitch as it is, and shown to be absent here."""

import subprocess
import sys

import pytest

from tests.wire.defects import FREEZES, ROWS
from tests.wire.stacks import Safe

pytestmark = pytest.mark.slow

ON_PLAIN = [sys.executable, "-W", "ignore", "-m", "tests.wire.defects"]


@pytest.fixture(scope="module")
def plain() -> dict[str, str]:
    """What greenswitch as it is came to, in processes of its own: its greenlets die there, and its hub freezes."""
    said = {}
    freezing = {}
    for name, row in ROWS.items():
        if row.complaint == FREEZES:
            freezing[name] = subprocess.Popen([*ON_PLAIN, name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        tame = [name for name in ROWS if name not in freezing]
        done = subprocess.run([*ON_PLAIN, *tame], capture_output=True, text=True, timeout=90, check=True)
        said = dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)
        for name, process in freezing.items():
            # All the others are done, each with limits like this one's: gevent's timeouts don't fire in it any more.
            said[name] = FREEZES if process.poll() is None else "ended"
    finally:
        for process in freezing.values():
            process.kill()
            process.communicate()
    return said


@pytest.mark.parametrize("name", ROWS)
def test_greenswitch_has_the_defect(name: str, plain: dict[str, str]) -> None:
    assert ROWS[name].complaint in plain[name]


@pytest.mark.parametrize("name", ROWS)
def test_the_session_has_not(name: str) -> None:
    ROWS[name].scenario(Safe())
