"""On whose behalf is rung: of a caller whose thread waits for it, of one who knows nothing of it, or of nobody."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.channel.display import pass_callee_id
from fsctl.simulator.ringing.legs import new_leg, new_leg_for_nobody, shown_to
from fsctl.simulator.ringing.pickup import new_pickup_leg

#: Seconds that a stage rings where nothing else is said (switch_ivr_originate.c:2173, mod_commands.c:5087).
RING_SECONDS = 60


class Originator(ABC):
    """``seconds`` is how long a stage rings, unless somebody answers."""

    seconds: float = float("inf")

    def __init__(self, switch: Switch) -> None:
        self.switch = switch

    @property
    def ready(self) -> bool:
        """Whether he is still there."""
        return True

    def wait(self, until: Callable[[], bool], seconds: float | None) -> None:
        """Wait for what may happen to the legs."""
        self.switch.wait(until, seconds)

    def get(self, name: str) -> str | None:
        """A variable of his."""
        return None

    def exported(self) -> dict[str, str]:
        """His variables that each leg has, too."""
        return {}

    @abstractmethod
    def leg(self, endpoint: str, variables: dict[str, str]) -> Channel:
        """A leg to an endpoint."""

    def pickup_leg(self, key: str, variables: dict[str, str]) -> Channel | None:
        """A leg for whoever picks up, if there is somebody to pick up."""
        return None

    @abstractmethod
    def began(self, leg: Channel, *, forked: bool) -> None:
        """There is a leg, perhaps one of several."""

    @abstractmethod
    def hears(self, ringing: Channel | None) -> None:
        """It rings, at this leg if there is but one."""

    def was_intercepted(self) -> bool:
        """Whether somebody has taken him from what rings; asked once."""
        return False


class Nobody(Originator):
    """For the command ``originate``."""

    def __init__(self, switch: Switch, common: dict[str, str]) -> None:
        super().__init__(switch)
        self.seconds = float(common.get("originate_timeout") or RING_SECONDS)

    def leg(self, endpoint: str, variables: dict[str, str]) -> Channel:
        return new_leg_for_nobody(self.switch, endpoint, variables)

    def began(self, leg: Channel, *, forked: bool) -> None:
        """Nobody is told."""

    def hears(self, ringing: Channel | None) -> None:
        """Nobody does."""


class Unaware(Originator):
    """A caller for whom several branches ring in threads of their own: nothing is told of their legs
    (switch_ivr_originate.c:1499).
    """

    def __init__(self, caller: Channel) -> None:
        super().__init__(caller.switch)
        self._caller = caller

    @property
    def ready(self) -> bool:
        return self._caller.ready

    def get(self, name: str) -> str | None:
        return self._caller.get(name)

    def exported(self) -> dict[str, str]:
        return {name: self.get(name) or "" for name in (self.get("export_vars") or "").split(",") if name}

    def leg(self, endpoint: str, variables: dict[str, str]) -> Channel:
        return new_leg(self._caller, endpoint, variables, alone=True)

    def pickup_leg(self, key: str, variables: dict[str, str]) -> Channel:
        return new_pickup_leg(self._caller, key, variables, shown_to(self._caller, variables), alone=True)

    def began(self, leg: Channel, *, forked: bool) -> None:
        """He learns of each leg that there is (switch_ivr_originate.c, ``originated_legs``)."""
        profile = leg.profile
        self._caller.push("originated_legs", f"{leg.uuid};{profile.callee_id_name};{profile.callee_id_number}")

    def hears(self, ringing: Channel | None) -> None:
        """Not from here."""

    def was_intercepted(self) -> bool:
        intercepted, self._caller.intercepted = self._caller.intercepted, False
        return intercepted


class Caller(Unaware):
    """A caller whose thread waits, and serves his queue meanwhile."""

    def __init__(self, caller: Channel) -> None:
        super().__init__(caller)
        text = caller.get("call_timeout") or ""
        self.seconds = float(text) if text.isdigit() else RING_SECONDS

    def wait(self, until: Callable[[], bool], seconds: float | None) -> None:
        self._caller.thread.wait(until, seconds)

    def leg(self, endpoint: str, variables: dict[str, str]) -> Channel:
        return new_leg(self._caller, endpoint, variables, alone=False)

    def pickup_leg(self, key: str, variables: dict[str, str]) -> Channel:
        return new_pickup_leg(self._caller, key, variables, shown_to(self._caller, variables), alone=False)

    def began(self, leg: Channel, *, forked: bool) -> None:
        if forked:  # the last one is shown until the answer
            self._caller.other, self._caller.other_type = leg, "originatee"
        super().began(leg, forked=forked)

    def hears(self, ringing: Channel | None) -> None:
        if ringing is not None:
            pass_callee_id(ringing, self._caller)
        self._caller.ring_ready()
