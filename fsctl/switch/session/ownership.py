"""Whether a connection still has its channel, which FreeSWITCH alone knows.

Two things may have taken it while this process was stopped or busy: a newer connection, perhaps of another process,
or the fail-safe. What the channel's events tell comes in order, so that fresh ones suffice; before anything is done
upon a late one, FreeSWITCH is asked.
"""

import time
from collections.abc import Mapping

from fsctl.facts.arriving import OWNER, waited_seconds
from fsctl.model.outcomes import Moved
from fsctl.switch.session import moving
from fsctl.switch.session.call_session import CallSession, Superseded
from fsctl.switch.wire import event_age_seconds, new_uuid

#: Seconds that the switch waits beyond an action's own time before it takes a stalled controller's call.
GRACE_SECONDS = 5

#: The connection stays this long after the hang-up, so that its event is not lost.
LINGER_SECONDS = 5

#: Seconds after which an event is read late.
STALE_SECONDS = 1.0


class TooLate(Exception):
    """The fail-safe has the call."""


class Away(Exception):
    """Amid an action, another call took the channel."""

    def __init__(self, moved: Moved) -> None:
        super().__init__(moved.by)
        self.moved = moved


class Ownership:
    """Of a session's channel, which was called by ``dialled``."""

    def __init__(self, session: CallSession, dialled: str) -> None:
        self._session, self._dialled = session, dialled
        self._last_heard: Mapping[str, str] = session.facts
        self._token = ""

    def take(self) -> None:
        """Take the call out of the fail-safe, and let a lease replace the dialplan's watchdog, in one write.

        TooLate when the call waited for so long that the watchdog was faster.
        """
        if waited_seconds(self._session.facts) >= STALE_SECONDS:
            self._check_failsafe()
        self.check()
        self._token = new_uuid()
        with self._session.batch(soon=True):  # most often with the question where somebody is registered
            self._session.take_over(LINGER_SECONDS, **{OWNER: self._token})
            self.lease(0)

    def lease(self, seconds: int) -> None:
        """Let the switch take the call to the fail-safe if nothing more is heard from here in time."""
        uuid = self._session.uuid
        self.end_lease()
        self._session.api_nowait(
            f"sched_transfer +{seconds + GRACE_SECONDS} {uuid} failsafe_{self._dialled} XML fsctl")

    def end_lease(self) -> None:
        """The call needs nobody any more, or it is another's."""
        self._session.api_nowait(f"sched_del {self._session.uuid}")

    def is_others(self, owner: str) -> bool:
        """Whether the channel, which had this owner last, had a newer connection than this one."""
        return owner not in ("", self._token)

    def heard(self, event: Mapping[str, str]) -> None:
        """The end of what was executed: note how old it is. TooLate or Away if it ended since the channel was taken."""
        self._last_heard = event
        if event.get("Event-Name") == "CHANNEL_EXECUTE_COMPLETE":
            if moving.in_failsafe(event, self._session.facts):
                raise TooLate
            if moved := moving.away(self._session, event):
                self.end_lease()
                raise Away(moved)

    def check(self) -> None:
        """Before the next action. TooLate or Superseded if the channel is not ours any more."""
        if self._session.superseded:
            raise Superseded("the channel has a newer connection")
        if event_age_seconds(self._last_heard, time.time()) >= STALE_SECONDS:
            if self._token:
                self._check_owner()
            self._check_failsafe()

    def _check_owner(self) -> None:
        owner = self._session.api(f"uuid_getvar {self._session.uuid} {OWNER}", GRACE_SECONDS).strip()
        if owner != self._token and not owner.startswith("-ERR"):
            self._session.supersede()
            raise Superseded("another connection owns the channel")

    def _check_failsafe(self) -> None:
        """Stop the clock first and look then: it could run out in between. A transfer shows in the number at once."""
        with self._session.batch():
            self.lease(0)
            number = self._session.api_nowait(f"uuid_getvar {self._session.uuid} destination_number")
        if number.get(GRACE_SECONDS).startswith("failsafe_"):
            self.end_lease()
            raise TooLate
