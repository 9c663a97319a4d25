"""The simulated switch: its channels, its phones and trunks, and the event socket."""

import logging
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Callable, Iterable

import gevent
from gevent.event import Event as Signal

from fsctl.model.office import Office
from fsctl.simulator.channel import Channel
from fsctl.simulator.commands import run
from fsctl.simulator.conf import dialplan_file, text_of
from fsctl.simulator.dialplan import Dialplan, preprocess
from fsctl.simulator.events import Event, Stamps
from fsctl.simulator.inbound import EventSocketServer
from fsctl.simulator.mailboxes import Mailbox
from fsctl.simulator.phones import Phone
from fsctl.simulator.schedule import Schedule
from fsctl.switch.dialplan import emergency_xml, failsafe_xml
from fsctl.switch.directory import directory_xml

log = logging.getLogger(__name__)

DOMAIN = "127.0.0.1"
HEARTBEAT_SECONDS = 20


class Simulator:
    """A switch for an office. ``controllers`` is the host list of the ``socket`` application, ``host:port|host:port``.

    ``speed`` divides the switch's own times (see Schedule); events are stamped by ``clock``, in seconds since 1970.
    Everything runs in greenlets; ``close()`` ends them.
    """

    def __init__(
        self, office: Office, controllers: str, *, port: int = 0, password: str = "ClueCon", speed: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.office = office
        self.globals = {
            "domain": DOMAIN, "domain_name": DOMAIN, "local_ip_v4": DOMAIN, "hostname": "simulator",
            "FSCTL_DIRECTORY": "", "FSCTL_SOCKET": controllers, "fsctl_prompts": "/nowhere", "sound_prefix": "/nowhere",
            "hold_music": "tone_stream://v=-20;%(250,4750,440);loops=-1",
        }
        self.stamps = Stamps(clock)
        self.schedule = Schedule(speed)
        self.channels: dict[str, Channel] = {}
        self.mailboxes: defaultdict[str, Mailbox] = defaultdict(Mailbox)
        #: When the last call was placed, by the monotonic clock.
        self.last_call_at = 0.0
        self._listeners: list[Callable[[Event], None]] = []
        self._pulse = Signal()
        self._phones: dict[str, Phone] = {}
        self._subscribers: dict[str, Phone] = {}
        self.reload()
        self.event_socket = EventSocketServer(self, port, password)
        self.event_socket.start()
        self._heart = gevent.spawn(self._beat)

    @property
    def port(self) -> int:
        """The event socket's."""
        return self.event_socket.port

    def reload(self) -> None:
        """Read dialplan and directory anew, as they are made from the office."""
        generated = {
            "/dialplan/emergency.xml": emergency_xml(self.office), "/dialplan/failsafe.xml": failsafe_xml(self.office)
        }
        file = dialplan_file()
        self.dialplan = Dialplan(preprocess(
            text_of(str(file)), self.globals, lambda path: generated.get(path) or text_of(path), file.parent))
        directory = directory_xml(self.office, dict.fromkeys(self.office.users, "simulated"))
        root = ET.fromstring(preprocess(directory, self.globals, generated.__getitem__))
        #: What the directory knows of each user.
        self.users = {
            user.get("id", ""): {each.get("name", ""): each.get("value", "") for each in user.iter("variable")}
            for user in root.iter("user")
        }
        self.gateways = {trunk.dial.split("/")[2] for trunk in self.office.trunks.values() if trunk.dial.count("/") > 1}

    # ---- telephones ---------------------------------------------------------------------------

    def phone(self, extension: str) -> Phone:
        """The registered telephone of an extension, made on first use."""
        if extension not in self._phones:
            self._phones[extension] = Phone(self, extension, self.users.get(extension, {}))
        return self._phones[extension]

    def outside(self, number: str) -> Phone:
        """A subscriber of the public network, made on first use."""
        if number not in self._subscribers:
            self._subscribers[number] = Phone(self, number, None)
        return self._subscribers[number]

    def registered(self, extension: str) -> Phone | None:
        """The telephone that rings for an extension, if one is registered."""
        phone = self._phones.get(extension)
        return phone if phone is not None and phone.registered else None

    def subscriber(self, number: str) -> Phone | None:
        """Who has a number in the public network, with or without its ``+``."""
        return self._subscribers.get(number) or self._subscribers.get(f"+{number}")

    @property
    def phones(self) -> Iterable[Phone]:
        return [*self._phones.values(), *self._subscribers.values()]

    # ---- channels and events ------------------------------------------------------------------

    def add(self, channel: Channel) -> None:
        """A channel came into being."""
        self.channels[channel.uuid] = channel

    def remove(self, channel: Channel) -> None:
        """It is gone for good."""
        self.channels.pop(channel.uuid, None)
        self.schedule.delete(channel.uuid)
        self.pulse()

    def find(self, uuid: str) -> Channel | None:
        """A channel that is up."""
        channel = self.channels.get(uuid)
        return channel if channel is not None and not channel.hung_up else None

    def api(self, text: str) -> str:
        """What a command prints."""
        return run(self, text)

    def fire(self, name: str, headers: dict[str, str]) -> None:
        """Send an event to all who listen."""
        event = self.stamps.event(name, headers)
        for listener in list(self._listeners):
            listener(event)
        self.pulse()

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Hear all events from now on."""
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[Event], None]) -> None:
        """Hear no more."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def pulse(self) -> None:
        """Something changed."""
        before, self._pulse = self._pulse, Signal()
        before.set()

    def wait(self, until: Callable[[], bool], seconds: float | None = None) -> bool:
        """Wait until the condition holds, whatever makes it so; False when the time was over first."""
        with gevent.Timeout(seconds, False):
            while not until():
                self._pulse.wait()
            return True
        return until()

    def close(self) -> None:
        """End all calls, connections and greenlets."""
        self._heart.kill()
        self.schedule.stop()
        self.event_socket.close()
        for channel in list(self.channels.values()):
            channel.hang_up("SYSTEM_SHUTDOWN")
        self.wait(lambda: all(channel.state in ("CS_REPORTING", "CS_DESTROY") for channel in self.channels.values()), 1)
        for channel in list(self.channels.values()):
            for connection in list(channel.connections):
                connection.close()
            channel.executor.stop()

    def _beat(self) -> None:
        while True:
            gevent.sleep(HEARTBEAT_SECONDS)
            self.fire("HEARTBEAT", {"Event-Info": "System Ready", "Session-Count": str(len(self.channels))})
