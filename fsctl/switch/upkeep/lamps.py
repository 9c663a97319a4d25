"""Keeps the lamps of desk phones that fsctl answers for; those of people FreeSWITCH keeps itself.

FreeSWITCH tells by PRESENCE_PROBE that a phone has subscribed to ``slot+701``, ``night+berlin``, ``hunt+sales`` or
``assistant+130``, and makes a NOTIFY of each PRESENCE_IN (sofia_presence.c:1423). Subscriptions outlive a restart of
either side and nobody tells of them then, so every lamp is published whenever a link comes up.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import gevent

from fsctl.errors import FsctlError
from fsctl.model import lamps
from fsctl.model.lamp_names import split
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.store.database import Store
from fsctl.store.watchers import Watcher, unwatch, watch, watchers
from fsctl.switch.link.calls_now import Heard
from fsctl.switch.link.event_socket import EventSocket, SwitchError

log = logging.getLogger(__name__)

#: What else the link has to hear.
EVENTS: Final = ("PRESENCE_PROBE",)

#: Seconds after which a change that nobody announces shows: night service by the clock, or switched elsewhere.
_LOOK_SECONDS: Final = 0.25


@dataclass(slots=True)
class _Switch:
    """One FreeSWITCH: who watches lamps that show each person something else, and what each lamp shows, by its name
    and, for these, the subscription.
    """

    link: EventSocket
    domain: str
    shown: dict[tuple[str, str], bool] = field(default_factory=dict)
    watchers: dict[str, Watcher] = field(default_factory=dict)


class Lamps:
    """Of all FreeSWITCHes that this process is linked to."""

    def __init__(
        self, store: Store, current_office: Callable[[], Office], heard: Heard, now: Callable[[], datetime]
    ) -> None:
        self._store, self._current_office, self._heard, self._now = store, current_office, heard, now
        self._switches: dict[str, _Switch] = {}
        self._greenlet: gevent.Greenlet | None = None

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
        switch = _Switch(link, link.api("global_getvar domain").strip())
        try:
            switch.watchers = {each.call_id: each for each in watchers(self._store, node, self._now())}
        except FsctlError as error:
            log.error("each watcher's own lamps stay as they are until their phones subscribe again: %s", error)
        self._switches[node] = switch
        self._publish(switch, self._current_office(), self._heard.current())

    def probed(self, node: str, event: Mapping[str, str]) -> None:
        """A phone subscribed, or did so again, or leaves: it alone is answered."""
        switch = self._switches.get(node)
        name = event.get("to", "").partition("@")[0]
        call_id, user = event.get("sub-call-id", ""), event.get("from", "").partition("@")[0]
        if switch is None or not call_id or split(name) is None:
            return
        office = self._current_office()
        if lamps.personal(name, office):
            expires = event.get("expires", "")
            seconds = int(expires) if expires.isascii() and expires.isdigit() and len(expires) < 9 else 0
            until = self._now() + timedelta(seconds=seconds)
            self._remember(node, switch, Watcher(call_id, name, user, until), ends=not seconds)
        # Last, so that who sees something is remembered even if this process dies now.
        _send(switch, name, lamps.lit(name, user, office, self._heard.current(), self._now()), call_id)

    def _remember(self, node: str, switch: _Switch, watcher: Watcher, *, ends: bool) -> None:
        switch.watchers.pop(watcher.call_id, None)
        try:
            if ends:
                unwatch(self._store, watcher.call_id)
            else:
                switch.watchers[watcher.call_id] = watcher
                watch(self._store, watcher, node, self._now())
        except FsctlError as error:
            log.error("the subscription to %s will be forgotten with this process: %s", watcher.lamp, error)

    def _run(self) -> None:
        while True:
            self._heard.wait_change(_LOOK_SECONDS)
            try:
                office, live = self._current_office(), self._heard.current()
                for switch in list(self._switches.values()):
                    self._publish(switch, office, live)
            except Exception:  # whatever it is, the next look may do
                log.exception("the lamps could not be brought up to date")
                gevent.sleep(1)

    def _publish(self, switch: _Switch, office: Office, live: Live) -> None:
        """Tell what is not shown yet. A link that broke meanwhile is published anew when it is back."""
        if not live.known:
            return
        at = self._now()
        wanted = {(name, ""): lit for name, lit in lamps.lamps(office, live, at).items()}
        for watcher in list(switch.watchers.values()):
            if watcher.until < at:
                del switch.watchers[watcher.call_id]
            wanted[watcher.lamp, watcher.call_id] = lamps.lit(watcher.lamp, watcher.user, office, live, at)
        for lamp, lit in wanted.items():
            if switch.shown.get(lamp) is not lit:
                if not _send(switch, lamp[0], lit, lamp[1]):
                    return
                switch.shown[lamp] = lit


def _send(switch: _Switch, name: str, lit: bool, call_id: str = "") -> bool:
    """Whether it went out. The unique-id must not be that of a channel, or the event would be queued to that one."""
    kind = name.partition("+")[0]
    # A subscription that is named is told of itself whatever stands before the domain (sofia_presence.c:1480), and of a
    # person slot+104 FreeSWITCH knows no calls that would light the lamp of calls parked on 104; likewise of
    # assistant+130. The domain goes into the document's entity, which has to be the same each time.
    address = f"{kind}+{name}@{switch.domain}" if call_id else f"{name}@{switch.domain}"
    headers = {
        "proto": kind, "login": address, "from": address, "event_type": "presence",
        "alt_event_type": "dialog", "unique-id": name, "channel-state": "CS_ROUTING" if lit else "CS_HANGUP",
        "answer-state": "confirmed" if lit else "terminated", "presence-call-direction": "outbound",
        "status": "Active", "rpid": "active", "event_count": "1",
    }
    try:
        switch.link.sendevent("PRESENCE_IN", headers | ({"call-id": call_id} if call_id else {}))
    except (SwitchError, ValueError) as error:
        log.info("the lamp %s was not told: %s", name, error)
        return False
    return True
