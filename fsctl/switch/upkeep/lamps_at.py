"""The lamps at one FreeSWITCH: what each shows, who watches those that show each person something else, and how these
are told.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field

from fsctl.store.watchers import Watcher
from fsctl.switch.link.event_socket import EventSocket, SwitchError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class LampsAt:
    """``shown`` is by a lamp's name and, where each subscription is told by itself, its Call-ID; ``by_lamp`` has the
    Call-IDs by its name and who watches. Of a link that is ``broken`` nothing more is to be had: the next one tells
    everything anew.
    """

    link: EventSocket
    domain: str
    shown: dict[tuple[str, str], bool] = field(default_factory=dict)
    watchers: dict[str, Watcher] = field(default_factory=dict)
    by_lamp: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    broken: bool = False

    def add(self, watcher: Watcher) -> None:
        """A subscription begins, or is renewed."""
        self.watchers[watcher.call_id] = watcher
        self.by_lamp.setdefault(watcher.lamp, {}).setdefault(watcher.user, set()).add(watcher.call_id)

    def remove(self, call_id: str) -> None:
        """A subscription is over, if there was one."""
        if (watcher := self.watchers.pop(call_id, None)) is not None:
            self.shown.pop((watcher.lamp, call_id), None)
            people = self.by_lamp[watcher.lamp]
            people[watcher.user].discard(call_id)
            if not people[watcher.user]:
                del people[watcher.user]
            if not people:
                del self.by_lamp[watcher.lamp]

    def watching(self, lamp: str, alone: str | None) -> Iterable[Watcher]:
        """Who watches a lamp: one person by each of his phones or, with None, all."""
        people = self.by_lamp.get(lamp, {})
        which = list(people.values()) if alone is None else [people.get(alone, set())]
        return [self.watchers[call_id] for call_ids in which for call_id in call_ids]

    def show(self, name: str, lit: bool, call_id: str = "") -> None:
        """Tell a lamp what it does not show yet."""
        if self.shown.get((name, call_id)) is not lit and self._send(name, lit, call_id):
            self.shown[name, call_id] = lit

    def answer(self, name: str, lit: bool, call_id: str) -> None:
        """Tell a subscription, whatever it shows."""
        if self._send(name, lit, call_id) and call_id in self.watchers:
            self.shown[name, call_id] = lit

    def _send(self, name: str, lit: bool, call_id: str) -> bool:
        """Whether it went out. The unique-id must not be a channel's, or the event would be queued to that channel."""
        if self.broken:
            return False
        kind = name.partition("+")[0]
        # A subscription that is named is told of itself whatever stands before the domain (sofia_presence.c:1480), and
        # of a person slot+104 FreeSWITCH knows no calls that would light the lamp of calls parked on 104; likewise of
        # assistant+130. The domain goes into the document's entity, which has to be the same each time.
        address = f"{kind}+{name}@{self.domain}" if call_id else f"{name}@{self.domain}"
        headers = {
            "proto": kind, "login": address, "from": address, "event_type": "presence",
            "alt_event_type": "dialog", "unique-id": name, "channel-state": "CS_ROUTING" if lit else "CS_HANGUP",
            "answer-state": "confirmed" if lit else "terminated", "presence-call-direction": "outbound",
            "status": "Active", "rpid": "active", "event_count": "1",
        }
        try:
            self.link.sendevent("PRESENCE_IN", headers | ({"call-id": call_id} if call_id else {}))
        except (SwitchError, ValueError) as error:
            log.info("the lamp %s was not told: %s", name, error)
            self.broken = isinstance(error, SwitchError)
            return False
        return True
