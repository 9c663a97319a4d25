"""The simulated switch: what the rooms hold, put together for an office; its phones and trunks."""

import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from itertools import chain, count

import gevent

from fsctl.model.office import Office
from fsctl.simulator.applications.table import APPLICATIONS
from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.commands.table import run
from fsctl.simulator.dialplan.interpreter import Dialplan, preprocess
from fsctl.simulator.eventsocket.inbound import EventSocketServer
from fsctl.simulator.telephones.phone import Phone
from fsctl.switch.generated import files
from fsctl.switch.generated.conf import dialplan_file, text_of

DOMAIN = "127.0.0.1"
_PHONES_PORT = 20000
HEARTBEAT_SECONDS = 20
#: As freeswitch_conf/freeswitch.xml has it.
_DIALPLAN = "<dialplan>{}</dialplan>".format("".join(
    f'<X-PRE-PROCESS cmd="include" data="{file}"/>' for file in ("fsctl.xml", "usual-names.xml")))


class Simulator(Switch):
    """A switch for an office. ``controllers`` is the host list of the ``socket`` application, ``host:port|host:port``.

    ``speed`` divides the switch's own times (see Schedule); events are stamped by ``clock``, in seconds since 1970.
    Everything runs in greenlets; ``close()`` ends them.
    """

    def __init__(
        self, office: Office, controllers: str, *, port: int = 0, password: str = "ClueCon", speed: float = 1.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.office = office
        super().__init__({
            "domain": DOMAIN, "domain_name": DOMAIN, "local_ip_v4": DOMAIN, "hostname": "simulator",
            "FSCTL_DIRECTORY": "", "FSCTL_EMERGENCY_ROOM": "10", "FSCTL_CALLS_PER_SECOND": "100",
            "FSCTL_SOCKET": controllers, "fsctl_prompts": "/nowhere", "sound_prefix": "/nowhere",
            "hold_music": "tone_stream://v=-20;%(250,4750,440);loops=-1",
        }, speed, clock, APPLICATIONS)
        self._phones: dict[str, list[Phone]] = {}
        self._ports = count(_PHONES_PORT)
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
        passwords = dict.fromkeys(self.office.users, "simulated")
        generated = {f"/{name}": "".join(each) for name, each in files.texts(self.office, passwords).items()}
        self.dialplan = Dialplan(preprocess(
            _DIALPLAN, self.globals, lambda path: generated.get(path) or text_of(path), dialplan_file().parent))
        root = ET.fromstring(preprocess(generated[f"/{files.USERS}"], self.globals, generated.__getitem__))
        #: What the directory knows of each user.
        self.users = {
            user.get("id", ""): {each.get("name", ""): each.get("value", "") for each in user.iter("variable")}
            for user in root.iter("user")
        }
        self.gateways = {trunk.dial.split("/")[2] for trunk in self.office.trunks.values() if trunk.dial.count("/") > 1}

    # ---- telephones ---------------------------------------------------------------------------

    def phone(self, extension: str) -> Phone:
        """The registered telephone of an extension, made on first use."""
        return self._phones[extension][0] if extension in self._phones else self.another(extension)

    def another(self, extension: str) -> Phone:
        """One more telephone at which somebody is registered."""
        phones = self._phones.setdefault(extension, [])
        contact = f"sip:{extension}@{DOMAIN}:{next(self._ports)}"
        phones.append(Phone(self, extension, self.users.get(extension, {}), contact))
        return phones[-1]

    def take_away_others(self) -> None:
        """Of each extension all telephones but the first."""
        for phones in self._phones.values():
            del phones[1:]

    def take_away_outside(self) -> None:
        """All subscribers of the public network."""
        self._subscribers.clear()

    def outside(self, number: str) -> Phone:
        """A subscriber of the public network, made on first use."""
        if number not in self._subscribers:
            self._subscribers[number] = Phone(self, number, None)
        return self._subscribers[number]

    def contacts(self, extension: str) -> list[str]:
        """Where the registered telephones of an extension are."""
        return [phone.contact for phone in self._phones.get(extension, ()) if phone.registered]

    def subscriber(self, number: str) -> Phone | None:
        """Who has a number in the public network, with or without its ``+``."""
        return self._subscribers.get(number) or self._subscribers.get(f"+{number}")

    @property
    def phones(self) -> Iterable[Phone]:
        return [*self._office_phones(), *self._subscribers.values()]

    def registrations(self) -> list[str]:
        return [phone.number for phone in self._office_phones() if phone.registered]

    def _office_phones(self) -> Iterable[Phone]:
        return chain.from_iterable(self._phones.values())

    def telephone(self, endpoint: str) -> tuple[Phone | None, str, dict[str, str]]:
        kind, _, rest = endpoint.partition("/")
        if kind == "user":
            user, _, domain = rest.partition("@")
            if user not in self.users:
                return None, "SUBSCRIBER_ABSENT", {}
            phone = next((each for each in self._phones.get(user, ()) if each.registered), None)
            about = {"dialed_user": user, "dialed_domain": domain, "presence_id": f"{user}@{domain}"}
            return phone, "" if phone else "USER_NOT_REGISTERED", about
        if kind == "sofia" and rest.startswith("phones/sip:"):
            contact = rest.removeprefix("phones/")
            return next((each for each in self._office_phones() if each.contact == contact), None), "", {}
        if kind == "sofia" and rest.startswith("gateway/"):
            _, gateway, number = rest.split("/", 2)
            if gateway not in self.gateways:
                return None, "INVALID_GATEWAY", {}
            return self.subscriber(number), "", {"sip_gateway_name": gateway}
        if kind == "error":
            return None, rest.upper(), {}
        return None, "CHAN_NOT_IMPLEMENTED", {}

    # ---- the whole ----------------------------------------------------------------------------

    def api(self, text: str) -> str:
        return run(self, text)

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
            channel.thread.stop()

    def _beat(self) -> None:
        while True:
            gevent.sleep(HEARTBEAT_SECONDS)
            self.fire("HEARTBEAT", {"Event-Info": "System Ready", "Session-Count": str(len(self.channels))})
