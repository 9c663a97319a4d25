"""What a process and all its descendants have used of the processors, as the operating system counts it."""

import os
import time
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process, its children, and theirs."""
    found = [pid]
    for parent in found:
        for task in _tasks(parent):
            found += [int(child) for child in _read(task / "children").split()]
    return found


def used(pid: int) -> float:
    """Seconds of one process with all its threads, and of the children it has buried.

    ``stat`` counts threads that have ended, in steps of 10 ms; ``schedstat`` counts ns, of those that live.
    """
    stat = _read(Path(f"/proc/{pid}/stat")).rpartition(")")[2].split()
    if not stat:
        return 0.0
    fine = sum(int((_read(task / "schedstat").split() or ["0"])[0]) for task in _tasks(pid))
    own, buried = (int(stat[11]) + int(stat[12])) * _TICK, (int(stat[13]) + int(stat[14])) * _TICK
    return max(own, fine / 1e9) + buried


def used_by_family(pid: int) -> dict[int, float]:
    """Seconds of each process."""
    return {each: used(each) for each in family(pid)}


def wait_idle(pid: int, most_seconds: float = 20.0) -> None:
    """Until a process and its descendants have done hardly anything for a fifth of a second."""
    deadline = time.monotonic() + most_seconds
    before = sum(used_by_family(pid).values())
    while time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
        now = sum(used_by_family(pid).values())
        if now - before < _IDLE_SHARE * _LOOK_SECONDS:
            return
        before = now


_LOOK_SECONDS = 0.2
_IDLE_SHARE = 0.03


def _tasks(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/task").iterdir())
    except OSError:  # it has ended
        return []


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
