"""The demo's office at work: what ``fsctl serve`` starts, a simulated switch around it, and a clock that can be set."""

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import gevent

from fsctl.cli.demo_calls import Happens, Sample
from fsctl.cli.steps import result_words
from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.model.reasons import from_json
from fsctl.simulator.switch import Simulator
from fsctl.simulator.telephones.line import Line
from fsctl.simulator.telephones.phone import Behaviour, Phone
from fsctl.store.database import Store
from fsctl.store.journal_table import list_calls, show
from fsctl.store.snapshot import Snapshots
from fsctl.switch.controller import Controller
from fsctl.switch.session.server import listen
from fsctl.words import say

#: The switch's clock runs so much faster: nobody wants to wait 20 seconds for a phone that is not answered.
_SPEED = 20
#: Seconds within which the journal must know what it should.
_PATIENCE = 10
_BEHAVIOURS: dict[Happens, Behaviour] = {"busy": "busy", "declined": "decline"}
#: It is always the same Tuesday: what outside callers reach depends on it.
_BEGINS = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
#: Of a loopback that nothing else reaches.
HERE = "127.0.0.1"
PASSWORD = "demo"


class Clock:
    """What time it is in the demo. It goes on by itself from where it was set to; ``zone`` is the first site's."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.set(_BEGINS)

    def __call__(self) -> datetime:
        return self._set_to + timedelta(seconds=time.monotonic() - self._since)

    def set(self, moment: datetime) -> None:
        """From now on it is that moment, an aware one."""
        self._set_to, self._since = moment.astimezone(UTC), time.monotonic()

    def turn_to(self, hour: str) -> None:
        """``HH:MM`` of the same day; ValueError for what is no time of day."""
        time_of_day = datetime.strptime(hour, "%H:%M").time()
        self.set(datetime.combine(self.here().date(), time_of_day, self.zone))

    def here(self) -> datetime:
        """The site's local time."""
        return self().astimezone(self.zone)


class DemoOffice:
    """``database`` is where ``store`` lies, for commands."""

    def __init__(self, store: Store, database: str) -> None:
        self.store, self.database = store, database
        self.clock = Clock(ZoneInfo(next(iter(self.office.sites.values())).timezone))
        listener = listen(HERE, 0)
        self._address = HERE, listener.getsockname()[1]
        self.switch = Simulator(
            self.office, f"{HERE}:{self._address[1]}", password=PASSWORD, speed=_SPEED,
            clock=lambda: self.clock().timestamp())
        for extension in self.office.users:
            self.switch.phone(extension)
        self._controller = Controller(
            store, listener, [(HERE, self.switch.port)], PASSWORD, node="demo", now=self.clock)
        self._controller.start()
        heard = self._controller.heard
        while not heard.current().known:
            if not heard.wait_change(_PATIENCE):
                raise FsctlError(say("the controller did not find the switch"))

    @property
    def office(self) -> Office:
        """As it is now, with what was switched."""
        return Snapshots(self.store).current()

    def place(self, sample: Sample) -> dict[str, Any] | None:
        """Place the call and let happen what is to happen; what the journal says of it, if anything."""
        if sample.without_controller:
            self._controller.stop_taking_calls()
        phone = self.phone(sample.at) if sample.at else None
        if phone is not None:
            phone.behaviour = _BEHAVIOURS.get(sample.happens, "ring")
        line = self.phone(sample.caller).call(sample.dialled)
        with suppress(TimeoutError):  # the journal tells
            self._let_happen(sample, phone, line)
        line.hang_up()
        call = self._journalled(line, state="ended")
        self.switch.wait(lambda: not self.switch.channels, _PATIENCE)
        for each in self.switch.phones:
            each.behaviour = "ring"
            each.arrived.clear()
        if sample.without_controller:
            self._controller.take_calls(self._address)
        return call

    def run_in_real_time(self) -> None:
        """From now on phones ring as long as they really do."""
        self.switch.schedule.speed = 1

    def latest_calls(self) -> list[dict[str, Any]]:
        """Of the journal, oldest first."""
        return list_calls(self.store, 50)[::-1]

    def phone(self, number: str) -> Phone:
        """The phone of an extension, or of an outside number with ``+`` or ``trunk:`` before it."""
        outside = number.removeprefix("trunk:")
        return self.switch.outside(outside) if outside != number or number[0] == "+" else self.switch.phone(number)

    def close(self) -> None:
        """End it all, the journal last."""
        self.switch.close()
        self._controller.stop(0)

    def _let_happen(self, sample: Sample, phone: Phone | None, line: Line) -> None:
        if sample.keys:
            self.switch.wait(lambda: line.doing == "play_and_get_digits" or line.ended, _PATIENCE)
            line.press(sample.keys)
        if phone is None:
            self.switch.wait(lambda: line.ended or line.doing == "voicemail", _PATIENCE)
            return
        if sample.happens not in ("busy", "declined"):
            ringing = phone.ringing(_PATIENCE)
            if sample.happens == "answered":
                ringing.answer()
                line.wait_answered(_PATIENCE)
                self._journalled(line, state="talking")
            if sample.happens != "rings":
                return
            ringing.wait_ended(_PATIENCE)
        self.switch.wait(lambda: line.ended or line.answered, _PATIENCE)  # a mailbox answers

    def _journalled(self, line: Line, state: str) -> dict[str, Any] | None:
        """What the journal says of a call once it is in that state, or at last."""
        found: dict[str, Any] = {}

        def known() -> bool:
            try:
                found.update(show(self.store, line.channel.uuid))
            except FsctlError:
                return False
            return bool(found["state"] == state)

        with gevent.Timeout(_PATIENCE, False):
            while not known():
                gevent.sleep(0.01)  # nothing tells when the journal was written
        return found or None


def told(call: dict[str, Any]) -> str:
    """A call of the journal as one line."""
    reason = why(call)
    result = result_words(str(call["result"]))
    return f"{call['caller']} → {call['dialled']}: {result}" + (f" ({reason})" if reason else "")


def why(call: dict[str, Any]) -> str:
    """Why a call of the journal went where it did."""
    reason = next((step["reason"] for step in reversed(call["steps"]) if step["reason"]), "")
    return str(from_json(reason)) if reason else ""
