"""Hunt groups in the database and on the links: what their calls ask, and who has been idle since when."""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import gevent

from fsctl.errors import FsctlError
from fsctl.model.actions import Reserve, Survey, Wait
from fsctl.model.call import Call
from fsctl.model.foreign import unmark
from fsctl.model.hunting import Standing
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Surveyed, Taken, Won
from fsctl.store import hunts
from fsctl.store.database import Store
from fsctl.store.hunt_standing import read_reserved, read_standing, read_turn
from fsctl.switch.calls.hunt_waiting import Waiting
from fsctl.switch.link.calls_now import Heard
from fsctl.switch.link.channel import EPOCH, moment, user_of
from fsctl.switch.session.call_session import CallSession

log = logging.getLogger(__name__)


class StoreHunts:
    """One process's Hunts (fsctl.switch.calls.hunt_part), on the database and what it ``heard``."""

    def __init__(self, store: Store, node: str, now: Callable[[], datetime], heard: Heard) -> None:
        self._store, self._node, self._now, self._heard = store, node, now, heard
        self._waiting = Waiting(heard, self._reserved_of)

    def survey(self, survey: Survey, call: Call) -> Surveyed:
        standing = Standing()
        with _in_spite("it was not known whose turn it is in %s", survey.hunt):
            standing = self._standing(survey, call)
        return Surveyed(standing, self._heard.current(), self._now())

    def _standing(self, survey: Survey, call: Call) -> Standing:
        if not survey.hunt:
            return Standing()
        if survey.idle is None:
            return read_turn(self._store, survey.hunt, survey.members, call.uuid, self._now())
        return read_standing(self._store, survey.hunt, survey.members, call.uuid, all_calls=survey.idle == "all")

    def reserve(self, reserve: Reserve, call: Call) -> Won | Taken | Failed:
        try:
            won = hunts.reserve(
                self._store, reserve.hunt, reserve.member, reserve.turn, call.uuid, self._node, self._now())
        except FsctlError as error:
            log.error("%s is rung without being reserved: %s", reserve.member, error)
            return Failed()
        return Won() if won else Taken()

    def accepted(self, hunt: str, member: str, leg: str, place: int | None, call: Call) -> None:
        with _in_spite("the turn of %s did not move on", hunt):
            hunts.accept(self._store, hunt, member, call.uuid, leg, self._node, self._now(), place)
        self._waiting.freed((member,))
        self._heard.changed()

    def free(self, members: Collection[str], call: Call) -> None:
        with _in_spite("members stay reserved until the call %s is over", call.uuid):
            hunts.free_members(self._store, members, call.uuid)
        self._waiting.freed(members)
        self._heard.changed()

    def parted(self, leg: str) -> None:
        with _in_spite("it is not known since when who was at %s is idle", leg):
            hunts.part(self._store, leg, self._now())

    def wait(self, wait: Wait, since: Live, session: CallSession) -> None:
        waiter = self._waiting.begin(wait, since)
        try:
            with session.telling_end(waiter.woken.set):
                waiter.woken.wait(wait.seconds)
        finally:
            self._waiting.end(waiter)

    def _reserved_of(self, members: Collection[str]) -> Collection[str]:
        return read_reserved(self._store, tuple(members))


@contextmanager
def _in_spite(complaint: str, *values: object) -> Iterator[None]:
    try:
        yield
    except FsctlError as error:
        log.error(f"{complaint}: %s", *values, error)


class Idleness:
    """Notes at the end of each talk since when somebody is idle. Reads events of a link, and holds none of them up."""

    def __init__(self, store: Store, current_office: Callable[[], Office]) -> None:
        self._store, self._current_office = store, current_office

    def __call__(self, event: Mapping[str, str]) -> None:
        """Take in one event; all but the end of a talk are passed over."""
        if event.get("Event-Name") != "CHANNEL_HANGUP_COMPLETE":
            return
        if moment(event, "Caller-Channel-Answered-Time") <= EPOCH:
            return
        called = unmark(event.get("variable_fsctl_leg", ""))
        member = user_of(event) or (called.name if called else "")
        counted = member if member in self._current_office().index.counted_in_all_calls else ""
        if counted or event.get("variable_fsctl_hunt"):
            gevent.spawn(self._note, event.get("Unique-ID", ""), counted, moment(event))

    def _note(self, leg: str, counted: str, at: datetime) -> None:
        with _in_spite("it is not known since when %s is idle", counted or leg):
            hunts.part(self._store, leg, at)
            if counted:
                hunts.talked(self._store, counted, at)
