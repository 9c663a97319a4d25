"""Watches over the phones of a bridge while they ring: one that has declined for its person, one that is dead, and
one that only sees the call (``Ring.screening``) when nobody else rings any more.

FreeSWITCH rings all legs until their time is over, and could end but all of them at once (``fail_on_single_reject``).
The link tells at once what each leg does; without a link, or a controller, they ring on.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

import gevent

from fsctl.model.destination import Destination
from fsctl.switch.calls.outcomes import speaks_for_all
from fsctl.switch.calls.surroundings import State
from fsctl.switch.link.channel import alerting
from fsctl.switch.session.call_session import CallerGone, CallSession, Disconnected
from fsctl.switch.wire import Event, WireError, parse_dump
from fsctl.switch.wire.contacts import Ask
from fsctl.switch.wire.phones import Phone

#: A phone that shows no sign of life for so long is dead: it rings, refuses or answers within this time.
SIGN_OF_LIFE_SECONDS = 4.0

#: Within this time the next of a branch rings: after 60 ms, and later on a busy machine.
FOLLOWS_SECONDS = 1.0

#: So long whoever has answered outside, where a 1 is asked for, may still take a call that nobody else is rung for.
CONFIRM_SECONDS = 8.0


class Supervision:
    """Of the phones that one call rings. ``on_change``, which may not wait, is told of each of which something is new.
    """

    def __init__(
        self, session: CallSession, state: State, phones: Sequence[Phone], screening: Sequence[Phone] = (),
        on_change: Callable[[Phone], None] = lambda phone: None,
    ) -> None:
        self._session, self._state, self._on_change = session, state, on_change
        self._phones = {phone.uuid: phone for phone in phones}
        #: When each leg that has not yet shown a sign of life began, by the monotonic clock.
        self._silent: dict[str, float] = {}
        self._looks = False
        self._declined: set[Destination] = set()
        self._screening = {phone.uuid for phone in screening}
        self._may_ring = self._phones.keys() - self._screening
        self._at_work: list[gevent.Greenlet] = []

    @contextmanager
    def while_they_ring(self) -> Iterator[None]:
        """Within the block."""
        if self._screening:  # perhaps nobody else can be rung at all
            self._begin(FOLLOWS_SECONDS, self._stop_screening)
        with self._state.follow(self._phones, self._told):
            try:
                yield
            finally:
                gevent.killall(self._at_work, block=False)

    def _told(self, uuid: str) -> None:
        phone = self._phones[uuid]
        self._on_change(phone)
        if (ended := self._state.ended(uuid)) is not None:
            self._silent.pop(uuid, None)
            self._one_less(uuid)
            if phone.leg.person not in self._declined and speaks_for_all(phone.leg, ended):
                self._declined.add(phone.leg.person)
                self._begin(0, self._stop_others, phone)
        elif phone.leg.person in self._declined:  # it has begun too late
            self._begin(0, self._stop, [uuid], "LOSE_RACE", rings)
        elif (call := self._state.call(uuid)) is not None and phone.leg.trunk is None:
            if call.alerting or call.state != "ringing":
                self._silent.pop(uuid, None)
            elif uuid not in self._silent:
                self._silent[uuid] = time.monotonic()
                self._look_in(SIGN_OF_LIFE_SECONDS)

    def _stop_others(self, declined: Phone) -> None:
        """His other phones do not count the call as missed."""
        others = (each for each in self._phones.values() if each.leg.person == declined.leg.person)
        self._stop([each.uuid for each in others if each is not declined], "LOSE_RACE", rings)

    def _one_less(self, uuid: str) -> None:
        if self._screening and uuid in self._may_ring:
            self._may_ring.remove(uuid)
            self._begin(FOLLOWS_SECONDS if self._may_ring else 0, self._stop_screening)

    def _stop_screening(self) -> None:
        """If nobody else rings. FreeSWITCH tells nothing of a leg that it could not begin."""
        with suppress(CallerGone, Disconnected, gevent.Timeout):
            there = self._session.apis([f"uuid_exists {leg}" for leg in self._may_ring]) if self._may_ring else ()
            if not any(answer.strip() == "true" for answer in there):
                stop(self._session.apis, list(self._screening), "LOSE_RACE", rings)
                self._begin(CONFIRM_SECONDS, self._stop, list(self._screening), "LOSE_RACE", _is_asked)

    def _stop_silent(self) -> None:
        """An event may be lost, or the link: what FreeSWITCH itself says of a phone counts."""
        self._looks, now = False, time.monotonic()
        silent = [uuid for uuid, since in self._silent.items() if now - since >= SIGN_OF_LIFE_SECONDS]
        for uuid in silent:
            del self._silent[uuid]
        self._stop(silent, "PROGRESS_TIMEOUT", _is_silent)
        if self._silent:
            self._look_in(min(self._silent.values()) + SIGN_OF_LIFE_SECONDS - now)

    def _stop(self, legs: Sequence[str], cause: str, still: Callable[[Event], bool]) -> None:
        with suppress(CallerGone, Disconnected, gevent.Timeout):
            stop(self._session.apis, legs, cause, still)

    def _look_in(self, seconds: float) -> None:
        if not self._looks:
            self._looks = True
            self._begin(seconds, self._stop_silent)

    def _begin(self, seconds: float, work: Callable[..., None], *about: object) -> None:
        """Beside the wait, since whoever tells may not wait."""
        self._at_work.append(gevent.spawn_later(seconds, work, *about))


def stop(ask: Ask, legs: Sequence[str], cause: str, still: Callable[[Event], bool]) -> None:
    """Those of which FreeSWITCH itself says, when asked, that it is still so: who has just answered is not cut."""
    dumps = ask([f"uuid_dump {leg} json" for leg in legs])
    if kills := [f"uuid_kill {leg} {cause}" for leg, dumped in zip(legs, dumps, strict=True) if _is(dumped, still)]:
        ask(kills)


def _is(dumped: str, still: Callable[[Event], bool]) -> bool:
    try:
        return still(parse_dump(dumped))
    except WireError:  # it is gone
        return False


def rings(dumped: Event) -> bool:
    """Nobody has answered there, or ended it."""
    return dumped.get("Answer-State") in ("ringing", "early")


def _is_asked(dumped: Event) -> bool:
    """Somebody, or a mailbox, has answered and does not talk with the caller yet."""
    return dumped.get("Answer-State") == "answered" and dumped.get("Caller-Channel-Bridged-Time", "0") == "0"


def _is_silent(dumped: Event) -> bool:
    return rings(dumped) and not alerting(dumped)
