"""A phone's subscription to a lamp that is not about a phone; those of people are FreeSWITCH's own business."""

from uuid import uuid4

from fsctl.simulator.core.core import Core
from fsctl.simulator.core.events import Event

_SECONDS = "3600"


class Subscription:
    """``states`` are those that the phone was told, ``confirmed`` or ``terminated``, in their order, and ``entities``
    whose state each time.
    """

    def __init__(self, switch: Core, user: str, lamp: str) -> None:
        self._switch, self._user, self._lamp = switch, user, lamp
        self._call_id = str(uuid4())
        self.states: list[str] = []
        self.entities: list[str] = []
        switch.listen(self._hear)
        self.renew()

    def renew(self) -> None:
        """Subscribe again, as phones do now and then. The switch asks whoever knows (sofia_presence.c:4372)."""
        domain = self._switch.globals["domain"]
        self._switch.fire("PRESENCE_PROBE", {
            "proto": self._lamp.partition("+")[0], "login": "phones", "from": f"{self._user}@{domain}",
            "to": f"{self._lamp}@{domain}", "expires": _SECONDS, "event_type": "presence", "alt_event_type": "dialog",
            "sub-call-id": self._call_id,
        })

    def wait(self, state: str, timeout: float = 5) -> None:
        """Until that is what the phone shows; TimeoutError otherwise."""
        if not self._switch.wait(lambda: self.states[-1:] == [state], timeout):
            raise TimeoutError(f"{self._lamp} shows {self.states[-1:]} to {self._user}, not {state}")

    def close(self) -> None:
        """Watch no longer."""
        self._switch.unlisten(self._hear)

    def _hear(self, event: Event) -> None:
        """One that names a subscription is for that alone, whoever it is of (sofia_presence.c:1480).

        The domain in the document is that of the event, not the one that was subscribed to (sofia_presence.c:2773).
        """
        if event.get("Event-Name") != "PRESENCE_IN":
            return
        lamp, _, domain = event.get("from", "").partition("@")
        named = event.get("call-id")
        if named == self._call_id if named else (lamp, domain) == (self._lamp, self._switch.globals["domain"]):
            self.entities.append(f"sip:{self._lamp}@{domain}")
            self.states.append(event.get("answer-state", ""))
            self._switch.pulse()
