"""What processes have in memory, and how often they wake."""

import re
from pathlib import Path

from load import cpu

_RESIDENT = re.compile(r"(?m)^VmRSS:\s*(\d+) kB$")
_WOKEN = re.compile(r"(?m)^voluntary_ctxt_switches:\s*(\d+)$")


def resident(pid: int) -> int:
    """Bytes of a process and its descendants; what they share counts at each."""
    return sum(1024 * _told(_RESIDENT, Path(f"/proc/{each}/status")) for each in cpu.family(pid))


def woken(pid: int) -> int:
    """How often all threads of a process and its descendants have begun to sleep by now."""
    tasks = (task for each in cpu.family(pid) for task in Path(f"/proc/{each}/task").glob("*/status"))
    return sum(_told(_WOKEN, task) for task in tasks)


def _told(what: re.Pattern[str], status: Path) -> int:
    try:
        found = what.search(status.read_text())
    except OSError:  # it has ended
        return 0
    return int(found[1]) if found else 0
