"""Keeps the lamps of desk phones that fsctl answers for; those of people FreeSWITCH keeps itself.

FreeSWITCH tells by PRESENCE_PROBE that a phone has subscribed to ``slot+701``, ``night+berlin``, ``hunt+sales`` or
``assistant+130``, and makes a NOTIFY of each PRESENCE_IN (sofia_presence.c:1423). Subscriptions outlive a restart of
either side and nobody tells of them then, so every lamp is published whenever a link comes up.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final, TypeVar

import gevent

from fsctl.errors import FsctlError
from fsctl.model import lamps
from fsctl.model.lamp_names import split
from fsctl.model.office import Office
from fsctl.store.database import Store
from fsctl.store.watchers import Watcher, unwatch, watch, watchers
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.upkeep.alarms import Alarms
from fsctl.switch.upkeep.lamp_marks import Marks
from fsctl.switch.upkeep.lamps_at import LampsAt

log = logging.getLogger(__name__)

#: What else the link has to hear.
EVENTS: Final = ("PRESENCE_PROBE",)

#: Seconds after which the time of day is looked at again: clocks are set, and machines sleep.
_LONGEST_SECONDS: Final = 60.0

#: So many lamps are looked at before others have their turn.
_AT_ONCE: Final = 100

Each = TypeVar("Each")

#: A lamp by its name, at the phones of one person or, with None, at all.
_Lamp = tuple[str, str | None]

#: What of an office is no setting.
_FIELDS: Final = tuple(each for each in fields(Office) if each.name != "settings")


class Lamps:
    """Of all FreeSWITCHes that this process is linked to."""

    def __init__(
        self, store: Store, current_office: Callable[[], Office], heard: HeardHere, now: Callable[[], datetime]
    ) -> None:
        self._store, self._current_office, self._heard, self._now = store, current_office, heard, now
        self._switches: dict[str, LampsAt] = {}
        self._greenlet: gevent.Greenlet | None = None
        #: Those that have come up, and of which nothing was told yet.
        self._new: set[str] = set()
        self._marks = Marks()
        self._changed = set[lamps.Mark]()
        self._alarms = Alarms[_Lamp](again=True)
        #: Of subscriptions, by the FreeSWITCH and the Call-ID.
        self._expiries = Alarms[tuple[str, str]](again=False)
        self._generation = -1
        self._office: Office | None = None
        heard.followed.always(self._take_call)

    def start(self) -> None:
        """Follow what changes."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Leave the lamps as they are."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def linked(self, node: str, link: EventSocket) -> None:
        """The link to ``node`` is up: publish everything."""
        link.subscribe(*EVENTS)
        switch = LampsAt(link, link.api("global_getvar domain").strip())
        try:
            for each in watchers(self._store, node, self._now()):
                self._add(node, switch, each)
        except FsctlError as error:
            log.error("each watcher's own lamps stay as they are until their phones subscribe again: %s", error)
        self._switches[node] = switch
        self._new.add(node)
        self._heard.changed()

    def probed(self, node: str, event: Mapping[str, str]) -> None:
        """A phone subscribed, or did so again, or leaves: it alone is answered."""
        switch = self._switches.get(node)
        name = event.get("to", "").partition("@")[0]
        call_id, user = event.get("sub-call-id", ""), event.get("from", "").partition("@")[0]
        if switch is None or not call_id or split(name) is None:
            return
        office, at = self._current_office(), self._now()
        self._take_calls()
        lit = lamps.lit(name, user, office, self._marks, at)
        if lamps.personal(name, office):
            expires = event.get("expires", "")
            seconds = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 9 else 0
            watcher = Watcher(call_id, name, user, at + timedelta(seconds=seconds))
            self._remember(node, switch, watcher, ends=not seconds)
            if seconds and self._alarms.arm((name, user), lamps.next_instant(name, user, office, at)):
                self._heard.changed()
        # Last, so that who sees something is remembered even if this process dies now.
        switch.answer(name, lit, call_id)

    def _remember(self, node: str, switch: LampsAt, watcher: Watcher, *, ends: bool) -> None:
        switch.remove(watcher.call_id)
        try:
            if ends:
                unwatch(self._store, watcher.call_id)
            else:
                self._add(node, switch, watcher)
                watch(self._store, watcher, node, self._now())
        except FsctlError as error:
            log.error("the subscription to %s will be forgotten with this process: %s", watcher.lamp, error)

    def _add(self, node: str, switch: LampsAt, watcher: Watcher) -> None:
        switch.add(watcher)
        self._expiries.arm((node, watcher.call_id), watcher.until)

    def _run(self) -> None:
        while True:
            news = self._heard.news()
            try:
                self._follow()
            except Exception:  # whatever it is, the next look may do
                log.exception("the lamps could not be brought up to date")
                self._office, self._new = None, set(self._switches)
                gevent.sleep(1)
            else:
                self._heard.wait_change(self._alarms.seconds(self._now(), _LONGEST_SECONDS), after=news)

    def _follow(self) -> None:
        """Look at the lamps that may show something else by now, and at no others. A link that broke meanwhile is
        published anew when it is back.
        """
        office, at = self._current_office(), self._now()
        self._take_calls()
        changed, self._changed = self._changed, set()
        concerned = self._by_office(office, at) | self._alarms.due(at)
        concerned |= {(lamps.marked(mark, office), None) for mark in changed}
        for node, call_id in self._expiries.due(at):
            if (switch := self._switches.get(node)) is not None:
                switch.remove(call_id)
        if not self._heard.known():
            self._office = None
            return
        fresh, self._new = self._new & self._switches.keys(), set()
        for node in fresh:
            switch = self._switches[node]
            for name in _in_turns({*lamps.shared(office), *switch.by_lamp}):
                self._tell([switch], (name, None), office, at)
        rest = [switch for node, switch in list(self._switches.items()) if node not in fresh]
        for lamp in _in_turns(concerned):
            if lamp[0]:  # else it is about no lamp
                self._tell(rest, lamp, office, at)
        self._office = office

    def _take_call(self, uuid: str) -> None:
        """Keep up the marks that a channel makes."""
        self._changed |= self._marks.change(uuid, self._heard.call(uuid))

    def _take_calls(self) -> None:
        """Keep up those of all channels, of which nobody told one by one."""
        if (generation := self._heard.generation()) != self._generation:
            self._generation = generation
            self._changed |= self._marks.replace(self._heard.current().calls)

    def _by_office(self, office: Office, at: datetime) -> set[_Lamp]:
        """The lamps for which another office or another setting may count."""
        before = self._office
        if before is office:
            return set()
        if before is not None and all(
                getattr(before, each.name) is getattr(office, each.name) for each in _FIELDS):
            old, new = before.settings.values, office.settings.values
            return {lamps.switched(path) for path in old.keys() | new.keys() if old.get(path) != new.get(path)}
        self._alarms.clear()
        watched = {name for switch in self._switches.values() for name in switch.by_lamp}
        return {(name, None) for name in (*lamps.shared(office), *watched)}

    def _tell(self, switches: Iterable[LampsAt], lamp: _Lamp, office: Office, at: datetime) -> None:
        """Tell what is not shown yet: all of them, and each who watches it or, with his extension, one of these."""
        name, alone = lamp
        for_all = lamps.lit_for_all(name, office, self._marks, at)
        for switch in switches:
            if for_all is not None:
                switch.show(name, for_all)
            for watcher in switch.watching(name, alone):
                lit = lamps.lit(name, watcher.user, office, self._marks, at)
                switch.show(name, lit, watcher.call_id)
                self._alarms.arm((name, watcher.user), lamps.next_instant(name, watcher.user, office, at))
        if alone is None:
            self._alarms.arm(lamp, lamps.next_instant(name, "", office, at))


def _in_turns(many: Collection[Each]) -> Iterator[Each]:
    """All of them, with turns for others between: the lamps of ten thousand people take a second."""
    for number, each in enumerate(many, start=1):
        yield each
        if not number % _AT_ONCE:
            gevent.sleep(0)
