"""What the switch shall do later: ``sched_transfer``, ``sched_hangup``."""

import itertools
from collections.abc import Callable

import gevent

#: Seconds that a process gets to react, however fast the switch's own clock runs.
REACTION_SECONDS = 2.0


class Schedule:
    """Tasks by number, in groups named by the UUID of their channel. ``speed`` divides the switch's own times.

    What waits for a process, a watchdog or a lease, is shortened less, since processes do not run faster.
    """

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._numbers = itertools.count(1)
        self._tasks: dict[int, tuple[str, gevent.Greenlet]] = {}

    def seconds(self, seconds: float) -> float:
        """How long a ring or a recording of so many seconds takes here."""
        return seconds / self.speed

    def patience(self, seconds: float) -> float:
        """How long it takes here until a process counts as too late that had so many seconds."""
        return min(seconds, seconds / self.speed + REACTION_SECONDS)

    def add(self, group: str, seconds: float, run: Callable[[], None]) -> int:
        """Do it after so many seconds; its number."""
        number = next(self._numbers)

        def due() -> None:
            self._tasks.pop(number, None)
            run()

        self._tasks[number] = (group, gevent.spawn_later(self.patience(seconds), due))
        return number

    def delete(self, key: str) -> int:
        """Drop a task by its number, or all of a group; how many."""
        found = [number for number, (group, _) in self._tasks.items() if key in (group, str(number))]
        for number in found:
            self._tasks.pop(number)[1].kill(block=False)
        return len(found)

    def groups(self) -> list[str]:
        """The group of each task."""
        return [group for group, _ in self._tasks.values()]

    def stop(self) -> None:
        """Drop everything."""
        for number in list(self._tasks):
            self.delete(str(number))
