"""Rings back at the phone that holds a call which somebody forgot, and connects who answers with the caller on hold.

What there is to do follows from the calls there are (fsctl.model.hold_recall), so that it goes on after a restart. The
phone is rung by a channel of its own; until that is answered nothing touches the held call.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import gevent

from fsctl.errors import FsctlError
from fsctl.model import hold_recall
from fsctl.model.hold_recall import Answered, Held, Pointless
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.store import claims, held
from fsctl.store.database import Store
from fsctl.store.journal_queue import Journal
from fsctl.switch.calls import supervision
from fsctl.switch.calls.outcomes import EVERYWHERE
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.channel import refusal_of
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.upkeep import off_hold
from fsctl.switch.upkeep.holding import Holding
from fsctl.switch.upkeep.recall_journal import RecallJournal
from fsctl.switch.wire import contacts, dialstring

log = logging.getLogger(__name__)

#: Seconds after which time that has passed shows, while a recall is under way or due, and while nobody is on hold.
_LOOK_SECONDS = 0.25
_LONGEST_SECONDS = 60.0


#: What FreeSWITCH says of somebody who has no phone.
_NOBODY = "-ERR USER_NOT_REGISTERED"


@dataclass(slots=True)
class _Ringing:
    """The legs of one recall: by which UUID the journal knows them, on which link, and which of them was answered."""

    name: str
    link: EventSocket
    answered: str = ""


class HoldRecall:
    """Of all FreeSWITCHes that this process is linked to, for the controller ``node``. ``now`` tells the aware time."""

    def __init__(
        self, store: Store, journal: Journal, current_office: Callable[[], Office], heard: HeardHere, node: str,
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._journal, self._node, self._now = store, RecallJournal(journal), node, now
        self._current_office, self._heard, self._holding = current_office, heard, Holding(heard)
        self._links: dict[str, tuple[EventSocket, str]] = {}
        self._under_way: dict[str, gevent.Greenlet] = {}
        self._legs: dict[str, _Ringing] = {}
        self._rung: dict[str, datetime] = {}
        self._pause = _LOOK_SECONDS

    def start(self) -> None:
        """Follow what changes."""
        self._under_way["all"] = gevent.spawn(self._run)

    def stop(self) -> None:
        """Leave what rings to the next process."""
        gevent.killall(list(self._under_way.values()))

    def linked(self, node: str, link: EventSocket) -> None:
        """The link to ``node`` is up."""
        self._links[node] = link, link.api("global_getvar domain").strip()

    def __call__(self, event: Mapping[str, str]) -> None:
        """An event of a link."""
        uuid = event.get("Unique-ID", "")
        if event.get("Event-Name") == "CHANNEL_HANGUP_COMPLETE":
            ringing = self._legs.pop(uuid, None)
            if ringing is not None and ringing.answered == uuid:
                self._journal.ended(ringing.name, event.get("Hangup-Cause", ""), self._now())
            elif ringing is not None and refusal_of(event) in EVERYWHERE:
                self._under_way[f"declined {uuid}"] = gevent.spawn(self._do, f"declined {uuid}", self._stop, ringing)

    def _run(self) -> None:
        while True:
            news = self._heard.news()
            self._pause = _LOOK_SECONDS
            self._do("", self._look)
            (self._heard if self._rung else self._holding).wait_change(self._pause, after=news)

    def _look(self) -> None:
        live = self._holding.view()
        if not live.calls and not self._rung:
            self._pause = _LONGEST_SECONDS
            return
        office = self._current_office()
        for over in hold_recall.pointless(office, live):
            self._begin(over.leg.uuid, over.leg.node, self._end, over)
        for answered in hold_recall.answered(office, live):
            self._begin(answered.leg.uuid, answered.leg.node, self._connect, answered, office)
        for each in hold_recall.due(office, live, self._now(), self._rung):
            self._begin(f"to {each.holder.user}", each.holder.node, self._ring, each, office)
        if self._rung:
            self._forget(live)
        now = self._now()
        again = hold_recall.next_look(office, live, now, self._rung)
        left = _LONGEST_SECONDS if again is None else (again - now).total_seconds()
        self._pause = min(max(left, _LOOK_SECONDS), _LONGEST_SECONDS)

    def _forget(self, live: Live) -> None:
        """What is off hold. A channel that is neither there nor ended is behind a link that is down."""
        for uuid in self._rung.keys() - {call.recalls for call in live.calls}:
            call = self._heard.call(uuid)
            if call.state != "held" if call else self._heard.ended(uuid):
                del self._rung[uuid]
                with suppress(FsctlError):  # the end of its channel does it too
                    held.forget(self._store, uuid, self._node)

    def _begin(self, key: str, node: str, work: Callable[..., None], *about: object) -> None:
        """Do it beside everything else, unless it or what belongs to the same ``key`` is under way."""
        if node in self._links and key not in self._under_way:
            self._under_way[key] = gevent.spawn(self._do, key, work, *about)

    def _do(self, key: str, work: Callable[..., None], *about: object) -> None:
        try:
            work(*about)
        except Exception as error:  # whatever it is, the next look may do
            log.error("calls on hold: %s", error, exc_info=not isinstance(error, FsctlError))
            gevent.sleep(1)
        finally:
            self._under_way.pop(key, None)

    def _ring(self, each: Held, office: Office) -> None:
        """Until it is answered, or rings no more."""
        link, domain = self._links[each.holder.node]
        uuid, user, now = each.holder.uuid, each.holder.user or "", self._now()
        legs = {str(uuid4()): contact for contact in contacts.find([user], link.apis)[user]}
        ringing = _Ringing(next(iter(legs), str(uuid4())), link)
        seconds = office.users[user].ring_seconds + 1
        before, until = now - timedelta(seconds=office.office.hold_recall_seconds), now + timedelta(seconds=seconds)
        if not held.ring_back(self._store, uuid, self._node, until, before):
            self._rung[uuid] = held.rung_until(self._store, uuid, self._node, now) or now
            return
        self._rung[uuid] = until
        self._legs.update(dict.fromkeys(legs, ringing))
        self._journal.rings(ringing.name, each, office, now)
        argument = dialstring.recall(ringing.name, legs, each, office, domain)
        answer = link.bgapi(f"originate {argument}", seconds + link.timeout) if legs else _NOBODY
        if answer.startswith("-ERR"):
            self._rung[uuid] = over = self._now()
            self._journal.unanswered(ringing.name, each, office, answer.removeprefix("-ERR").strip(), over)
            held.rang(self._store, uuid, self._node, over)
        else:
            ringing.answered = answer.removeprefix("+OK").strip()
            if (over_already := self._heard.ended(ringing.answered)) is not None:
                self._journal.ended(ringing.name, over_already.cause, self._now())
        for leg in legs.keys() - {ringing.answered}:
            self._legs.pop(leg, None)

    def _stop(self, declined: "_Ringing") -> None:
        """Who declines at one phone declines at all."""
        legs = [each for each, ringing in self._legs.items() if ringing is declined]
        supervision.stop(declined.link.apis, legs, "LOSE_RACE", supervision.rings)

    def _connect(self, answered: Answered, office: Office) -> None:
        leg, caller, holder = answered.leg.uuid, answered.held.caller.uuid, answered.held.holder.uuid
        if not self._ours(leg, holder):
            return
        with suppress(FsctlError):  # a database that does not answer keeps nobody on hold
            if not claims.take(self._store, f"call:{caller}", leg, self._node, self._now()):
                return
        try:
            if off_hold.connect(self._links[answered.leg.node][0], self._heard, caller, holder, leg):
                name, link = answered.leg.journal or leg, self._links[answered.leg.node][0]
                ringing = self._legs.setdefault(leg, _Ringing(name, link))
                ringing.answered = leg
                self._journal.answered(ringing.name, answered.held, office, self._now())
        finally:
            with suppress(FsctlError):
                claims.release(self._store, f"call:{caller}", leg)

    def _end(self, over: Pointless) -> None:
        """A phone counts a call that was taken elsewhere as no missed one; that of a caller who gave up it may list."""
        if self._ours((leg := over.leg).uuid, leg.recalls or ""):
            cause = "NORMAL_CLEARING" if leg.state != "ringing" else "LOSE_RACE" if over.taken else "ORIGINATOR_CANCEL"
            self._links[leg.node][0].api(f"uuid_kill {leg.uuid} {cause}")

    def _ours(self, leg: str, holder: str) -> bool:
        """Whether this controller rang it, perhaps before it was started anew; the others leave it alone."""
        return leg in self._legs or held.rung_by(self._store, holder, self._node)
