"""Telephones and a trunk at the simulated switch: a Telephony without SIP and without waiting for real time."""

import tomllib
from collections.abc import Callable

from fsctl.model.office import Office
from fsctl.schema import structure
from fsctl.simulator.switch import Simulator
from fsctl.simulator.telephones.phone import Phone
from tests.live import offices
from tests.ports import free_port

#: How much faster the switch's own clock runs where a process takes its calls, which waits in earnest.
SPEED = 4


class Simulated:
    """``switch`` is the simulator; nobody listens on ``socket_port`` unless a test does."""

    def __init__(self, office: Office | None = None, socket: str | None = None) -> None:
        self.office = office or structure(tomllib.loads(offices.OFFICE))
        self.socket_port = free_port()
        self._speed = 1
        self._controllers = socket or f"127.0.0.1:{self.socket_port}"
        self.switch = Simulator(self.office, self._controllers, speed=self._speed)
        self.esl_port = self.switch.port

    def hurry(self, apart: bool) -> None:
        """Whether the controller is a process; in this one time passes at once."""
        self._speed = self.switch.schedule.speed = SPEED if apart else 1

    def phone(self, extension: str) -> Phone:
        return self.switch.phone(extension)

    def others(self, *extensions: str) -> list[Phone]:
        return [self.switch.another(extension) for extension in extensions]

    def take_away_others(self) -> None:
        self.switch.take_away_others()

    def phones(self, *extensions: str) -> list[Phone]:
        return [self.phone(extension) for extension in extensions]

    def outside(self, number: str) -> Phone:
        return self.switch.outside(number)

    def hang_up_all(self) -> None:
        """Back to where every phone is registered, on the hook and rings, nobody is outside, and the switch has no call."""
        self.switch.api("hupall NORMAL_CLEARING")
        self.wait(lambda: not self.switch.channels, 5, "the switch has calls")
        self.switch.take_away_outside()
        for phone in self.switch.phones:
            phone.behaviour = "ring"
            phone.arrived.clear()
            phone.register()

    def restart_switch(self) -> None:
        """The switch dies with all its calls and starts again; its phones register with it once more."""
        before, port = self.switch, self.esl_port
        before.close()
        self.switch = Simulator(self.office, self._controllers, port=port, speed=self._speed)
        for phone in before.phones:
            self.phone(phone.number) if phone.number in self.switch.users else self.outside(phone.number)

    def wait(self, condition: Callable[[], bool], timeout: float, failure: str) -> None:
        if not self.switch.wait(condition, timeout):
            raise TimeoutError(failure)

    def close(self) -> None:
        self.switch.close()



