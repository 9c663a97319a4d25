"""What a process and all its descendants have used of the processors, as the operating system counts it."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

_SETTLE_SECONDS, _LOOK_SECONDS, _PATIENCE_SECONDS = 1.0, 0.1, 20.0
#: Of a processor.
_HARDLY = 0.1

_TICK = 1 / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """The process, its children, and theirs."""
    found = [pid]
    for parent in found:  # which grows meanwhile
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


def machine() -> float:
    """Seconds of all processors together, whoever used them."""
    user, nice, system, _, _, irq, softirq, steal = map(int, _read(Path("/proc/stat")).split()[1:9])
    return (user + nice + system + irq + softirq + steal) * _TICK


def total(pid: int) -> float:
    """Seconds of all of them."""
    return sum(used_by_family(pid).values())


def idle_shares(pids: Sequence[int], seconds: float = 1.0) -> dict[int, float]:
    """What each uses of a processor now that nobody wants anything of it, once it has settled."""
    time.sleep(_SETTLE_SECONDS)
    before, start = [total(pid) for pid in pids], time.monotonic()
    time.sleep(seconds)
    elapsed = time.monotonic() - start
    return {pid: (total(pid) - used) / elapsed for pid, used in zip(pids, before, strict=True)}


def wait_idle(pid: int, idle: float) -> None:
    """Until it does hardly more than when it is ``idle``."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    before = total(pid)
    while time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
        now = total(pid)
        if now - before < (idle + _HARDLY) * _LOOK_SECONDS:
            return
        before = now


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
