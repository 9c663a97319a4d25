"""The callers who wait for members of hunt groups in this process, each woken by what concerns him alone."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from typing import Final

import gevent
from gevent.event import Event as Signal

from fsctl.errors import FsctlError
from fsctl.model.actions import Wait
from fsctl.model.live import Live, LiveCall
from fsctl.switch.link.calls_now import Heard

#: What other processes free is seen after so many seconds; what this one does, and what its links hear, at once.
LOOK_SECONDS: Final = 0.5

#: Which of some members are reserved; FsctlError if that cannot be known.
ReservedOf = Callable[[Collection[str]], Collection[str]]


class Waiter:
    """One who waits. ``woken`` is set once somebody for whom he waits may have become free."""

    def __init__(self, wait: Wait) -> None:
        self.members, self.reserved = frozenset(wait.members), frozenset(wait.reserved)
        self.woken = Signal()


class Waiting:
    """Knows them by the members for whom they wait, so that changes at other phones cost nothing.

    What other processes free is looked up for all of them at once, and only while there are some.
    """

    def __init__(self, heard: Heard, reserved_of: ReservedOf) -> None:
        self._heard, self._reserved_of = heard, reserved_of
        self._by_member: defaultdict[str, set[Waiter]] = defaultdict(set)
        self._waiters: set[Waiter] = set()
        self._last: dict[str, LiveCall] = {}  # the channels of those members, as they were
        self._looking: gevent.Greenlet | None = None
        heard.followed.always(self._channel_changed)

    def begin(self, wait: Wait, since: Live) -> Waiter:
        """From now on; he is woken if something has changed after ``since``, too."""
        waiter = Waiter(wait)
        self._waiters.add(waiter)
        now = self._heard.current()
        for member in waiter.members:
            self._by_member[member].add(waiter)
            self._last.update((call.uuid, call) for call in now.at(member))
        if (since is not now and _channels(wait.members, since) - _channels(wait.members, now)) or self._freed(waiter):
            waiter.woken.set()
        if self._looking is None:
            self._looking = gevent.spawn(self._look)
        return waiter

    def end(self, waiter: Waiter) -> None:
        """He waits no longer."""
        self._waiters.discard(waiter)
        for member in waiter.members:
            self._by_member[member].discard(waiter)
            if not self._by_member[member]:
                del self._by_member[member]

    def freed(self, members: Iterable[str]) -> None:
        """This process has ended their reservations."""
        for member in members:
            for waiter in self._by_member.get(member, ()):
                if member in waiter.reserved:
                    waiter.woken.set()

    def _channel_changed(self, uuid: str) -> None:
        if not self._waiters:
            return
        before, now = self._last.pop(uuid, None), self._heard.call(uuid)
        if now is not None and (now.user in self._by_member or now.number in self._by_member):
            self._last[uuid] = now
        if before is not None:
            self._compare(before, now)

    def _compare(self, before: LiveCall, now: LiveCall | None) -> None:
        """Who has one channel more is no freer; who has one less, or one that does something else, may be."""
        left = {before.user, before.number}
        if now is not None and now.state == before.state:
            left -= {now.user, now.number}
        for member in left:
            for waiter in self._by_member.get(member or "", ()):
                waiter.woken.set()

    def _look(self) -> None:
        try:
            while self._waiters:
                gevent.sleep(LOOK_SECONDS)
                awaited = frozenset[str]().union(*(each.reserved for each in self._waiters))
                with suppress(FsctlError):
                    self.freed(awaited - frozenset(self._reserved_of(awaited)) if awaited else ())
                for uuid in tuple(self._last):  # of some no link tells by themselves: FreeSWITCH was restarted
                    self._channel_changed(uuid)
        finally:
            self._looking = None
            self._last.clear()

    def _freed(self, waiter: Waiter) -> bool:
        """Whether one of those who were reserved has become free since that was seen."""
        with suppress(FsctlError):
            return bool(waiter.reserved and waiter.reserved - frozenset(self._reserved_of(waiter.reserved)))
        return False


def _channels(members: Iterable[str], live: Live) -> set[tuple[str, str]]:
    return {(call.uuid, call.state) for member in members for call in live.at(member)}
