"""The laboratory: FreeSWITCH with freeswitch_conf, and a second one that plays its telephones and its trunk.

Both run on loopback with ports and folders of their own. Each phone speaks a tone of its own, so that one can tell
who hears whom.
"""

import re
import shutil
import tempfile
import threading
import time
import tomllib
import uuid
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from fsctl.model.office import Office
from fsctl.schema import structure
from fsctl.switch.generated import files
from tests.live import offices
from tests.live.esl import Event
from tests.live.existing import Existing
from tests.live.freeswitch import FreeSwitch
from tests.live.provider import Provider
from tests.live.sip_phone import CAUSES, SipLine, SipPhone, sip_messages
from tests.live.subscriber import Subscriber
from tests.live.telephony import Behaviour, Client
from tests.ports import audio_ports, free_port, give_back

CONF = Path(__file__).parents[2] / "freeswitch_conf"

_BEHAVIOURS: dict[Behaviour, int] = {"busy": 486, "decline": 603, "absent": 480}
#: Before the number of a person's second phone and of those after it.
_SECOND = "-"


class Lab:
    """A Telephony of real SIP. ``switch`` is the FreeSWITCH that is tested, ``exchange`` the one that plays phones.

    ``acting`` are extensions of the exchange's dialplan: what phones do by themselves, by the number of who is called.
    ``existing`` writes a configuration that the switch has of its own, for users of its own beside those of the office.
    """

    def __init__(
        self, prefix: Path, office: Office | None = None, socket: str | None = None,
        trunks: Mapping[str, int] | None = None, provider: Provider | None = None,
        environment: Mapping[str, str] | None = None, acting: str = "", existing: Existing | None = None,
    ) -> None:
        self.office = office or structure(tomllib.loads(offices.OFFICE))
        self.folder = Path(tempfile.mkdtemp(prefix="fsctl-lab-"))
        self.prompts = self.folder / "prompts"
        self.audio = {name: audio_ports() for name in ("switch", "exchange")}
        self.socket_port = free_port()
        self.esl_port, self.sip_port, self.trunk_port = free_port(), free_port(), free_port()
        self.tls_port, self._trunk_tls_port = free_port(), free_port()
        self._provider, self._more, self._acting = provider, environment or {}, acting
        self.provider_port = provider.line_port if provider else free_port()
        self._phones_port = free_port()
        people = (*self.office.users, *(existing.users if existing else ()))
        self._passwords = {user: f"{user}-{uuid.uuid4().hex}" for user in people}
        self._phones: dict[str, SipPhone] = {}
        self._outside: dict[str, SipPhone] = {}
        self._lines: dict[str, SipLine] = {}
        self._registered: set[str] = set()
        self._ready: set[str] = set()
        #: Where the switch reaches the clients at an extension: the contacts, each with the Call-ID of its REGISTER.
        self._contacts: dict[str, dict[str, str]] = {}
        self._clients: list[Client] = []
        #: Channels of the switch by the Call-ID that their phones know, and of those that talk, who called.
        self._channels: dict[str, str] = {}
        self._callers: dict[str, str] = {}
        #: Channels of the switch whose phones hold their call. The table of `show channels` is behind by a second at times.
        self._holding: set[str] = set()
        self.changed = threading.Condition()
        self.trunks = {"provider": self.provider_port, **(trunks or {})}
        self._write_switch()
        self._write_exchange()
        conf = existing.written(self, self.folder / "conf") if existing else CONF
        self._start_switch = lambda: FreeSwitch(
            prefix, conf, self.folder / "switch", self.esl_port, self._environment(socket), self._of_switch
        )
        try:
            self.switch = self._start_switch()
            self.exchange = FreeSwitch(
                prefix, self.folder / "exchange" / "conf", self.folder / "exchange", self._exchange_esl, {},
                self._of_exchange,
            )
        except BaseException:
            self.close()
            raise
        self.exchange.api("sofia global siptrace on")

    def phone(self, extension: str) -> SipPhone:
        phone = self._phones.get(extension)
        if phone is None:
            phone = self._phones[extension] = SipPhone(self, extension, f"sofia/gateway/{extension}/")
            phone.register()
        return phone

    def others(self, *extensions: str) -> list[SipPhone]:
        """One more phone for the person of each extension; they stay until they are taken away."""
        return self.phones(*(
            f"{extension}{_SECOND}{sum(each.partition(_SECOND)[0] == extension for each in self._phones)}"
            for extension in extensions))

    def take_away_others(self) -> None:
        """Everybody has one phone again."""
        names = [each for each in self._phones if _SECOND in each]
        for name in names:
            del self._phones[name]
            self._kill_gateway(name)
        self.wait(lambda: self._registered.isdisjoint(names), 5, f"{names} are still registered")

    def phones(self, *extensions: str) -> list[SipPhone]:
        """Several phones; all register at the next tick of the exchange's clock, which is one a second."""
        for extension in extensions:
            self._add_gateway(extension)
        self.exchange.api("sofia profile phones rescan reloadxml")
        return [self.phone(extension) for extension in extensions]

    def outside(self, number: str) -> SipPhone:
        phone = self._outside.get(number)
        if phone is None:
            phone = self._outside[number] = SipPhone(self, number, "sofia/provider/", f"@127.0.0.1:{self.trunk_port}")
        return phone

    def hang_up_all(self) -> None:
        """Back to where every phone is registered, on the hook and rings, nobody is outside, and the switch has no call."""
        self.end_clients()
        self.exchange.api("hupall NORMAL_CLEARING")
        self.switch.api("hupall NORMAL_CLEARING")
        self.wait(lambda: all(line.ended for line in self._lines.values()), 5, "calls go on")
        deadline = time.monotonic() + 5
        while not self.switch.api("show channels count").strip().startswith("0 total"):
            if time.monotonic() > deadline:
                raise TimeoutError("the switch has calls")
            time.sleep(0.02)
        for known in (self._lines, self._channels, self._callers, self._holding):
            known.clear()
        self._outside.clear()
        for phone in self._phones.values():
            phone.behaviour = "ring"
            phone.arrived.clear()
            phone.register()

    def change_office(self, office: Office) -> None:
        """The switch reads what is generated for another office."""
        self.office = office
        self._write_switch()
        self.switch.api("reloadxml")

    def restart_switch(self) -> None:
        """The switch dies with all its calls and starts again; its phones register with it once more."""
        phones = self.kill_switch()
        self.start_switch(phones)

    def kill_switch(self) -> set[str]:
        """The switch dies with all its calls; the phones that were registered."""
        phones = set(self._registered)
        self.switch.close()
        self._registered.clear()
        self._contacts.clear()
        self._holding.clear()
        return phones

    def start_switch(self, phones: set[str]) -> None:
        """The switch starts again, and these phones register with it once more."""
        self.switch = self._start_switch()
        self.exchange.api("sofia profile phones register all")
        self.wait(lambda: phones <= self._registered & self._ready, 5, "not all phones registered again")

    def end_clients(self) -> None:
        """No process of theirs goes on, and the switch knows none of their contacts."""
        while self._clients:
            self._clients.pop().close()
        for call_id in [each for contacts in self._contacts.values() for each in contacts.values()]:
            self.switch.api(f"sofia profile phones flush_inbound_reg {call_id}")
        self._contacts.clear()

    def close(self) -> None:
        while self._clients:
            self._clients.pop().close()
        for name in ("exchange", "switch"):
            if hasattr(self, name):
                getattr(self, name).close()
            give_back(self.audio[name][0])
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- for the clients ----------------------------------------------------------------------

    def adopt(self, client: Client) -> None:
        """It is closed with the test."""
        self._clients.append(client)

    def withdraw(self, *extensions: str) -> None:
        """The exchange has no phone at these extensions, where clients stand."""
        for extension in extensions:
            self.unregister(extension)
            self._phones.pop(extension, None)

    def password(self, extension: str) -> str:
        return self._passwords[extension]

    def contacts(self, extension: str) -> Mapping[str, str]:
        """Where the switch reaches the clients at an extension: the contacts, each with the Call-ID of its REGISTER."""
        return dict(self._contacts.get(extension, {}))

    # ---- for the phones -----------------------------------------------------------------------

    def place(self, line: SipLine, dial: str, variables: Mapping[str, str], early: bool = False, then: str = "speak") -> None:
        """``then`` is the extension of the exchange's dialplan where the phone goes on once it is answered."""
        self._lines[line.uuid] = line
        joined = "".join(f",{name}={value}" for name, value in variables.items())
        self.exchange.socket.background(
            f"originate {{origination_uuid={line.uuid},ignore_early_media={str(not early).lower()},tone={line.tone}{joined}}}{dial}"
            f" {then} XML phones", line.uuid
        )

    def register(self, extension: str) -> None:
        if extension in self._registered:
            return
        if self._add_gateway(extension):
            self.exchange.api("sofia profile phones rescan reloadxml")
        self.wait(lambda: {extension} <= self._registered & self._ready, 5, f"{extension} did not register")

    def _add_gateway(self, extension: str) -> bool:
        gateway = self.folder / "exchange" / "gateways" / f"{extension}.xml"
        if gateway.exists():
            return False
        gateway.write_text(_gateway(extension, {
            "username": extension.partition(_SECOND)[0], "password": self._passwords[extension.partition(_SECOND)[0]],
            "realm": "telephones.example",
            "proxy": f"127.0.0.1:{self.sip_port}", "register": "true", "extension": extension,
            "caller-id-in-from": "false",
        }), encoding="utf-8")
        return True

    def unregister(self, extension: str) -> None:
        if extension not in self._registered:
            return
        self._kill_gateway(extension)
        self.wait(lambda: extension not in self._registered, 5, f"{extension} is still registered")

    def _kill_gateway(self, name: str) -> None:
        (self.folder / "exchange" / "gateways" / f"{name}.xml").unlink(missing_ok=True)
        self.exchange.api(f"sofia profile phones killgw {name}")
        self._ready.discard(name)

    def wait(self, condition: Callable[[], bool], timeout: float, failure: str) -> None:
        """TimeoutError if the condition does not come true. It may ask a FreeSWITCH: whose reader needs the lock, too."""
        deadline = time.monotonic() + timeout
        while not condition():
            if (left := deadline - time.monotonic()) <= 0:
                raise TimeoutError(failure)
            with self.changed:
                self.changed.wait(min(left, 0.05))

    def subscribe(self, extension: str, lamp: str) -> Subscriber:
        return Subscriber(self.sip_port, extension, self._passwords[extension], lamp)

    def watch_mailbox(self, extension: str) -> Subscriber:
        """The phone's own lamp for new messages."""
        return Subscriber(self.sip_port, extension, self._passwords[extension], extension, mailbox=True)

    def holding(self, more: int, act: Callable[[], object]) -> None:
        """Returns once the switch has noticed that by this act so many more phones hold their call."""
        after = len(self._holding) + more
        act()
        self.wait(lambda: len(self._holding) == after, 5, "the switch does not notice who holds a call")

    def sip(self) -> list[tuple[str, str]]:
        """All SIP messages of the exchange so far: ``sent`` or ``received``, and the text."""
        return sip_messages(self.exchange.log.read_text("utf-8", "replace"))

    # ---- events -------------------------------------------------------------------------------

    def _of_switch(self, event: Event) -> None:
        with self.changed:
            match event.get("Event-Subclass"):
                case "sofia::register" if name := _gateway_of(event):
                    self._registered.add(name)
                case "sofia::unregister" if name := _gateway_of(event):
                    self._registered.discard(name)
                case "sofia::register":
                    self._contacts.setdefault(event["from-user"], {})[event["contact"]] = event["call-id"]
                case "sofia::unregister" | "sofia::expire":
                    self._contacts.get(event.get("from-user", event.get("user", "")), {}).pop(event["contact"], None)
            match event["Event-Name"]:
                case "CHANNEL_ANSWER":
                    self._channels[event.get("variable_sip_call_id", "")] = event["Unique-ID"]
                case "CHANNEL_BRIDGE":
                    caller = event["Bridge-A-Unique-ID"]
                    self._callers |= {caller: caller, event["Bridge-B-Unique-ID"]: caller}
                case "CHANNEL_HOLD":
                    self._holding.add(event["Unique-ID"])
                case "CHANNEL_UNHOLD" | "CHANNEL_HANGUP":
                    self._holding.discard(event["Unique-ID"])
            self.changed.notify_all()

    def _of_exchange(self, event: Event) -> None:
        with self.changed:
            line = self._lines.get(event.get("Unique-ID", "") or event.get("Job-UUID", ""))
            match event["Event-Name"]:
                case "CUSTOM":
                    known = self._ready.add if event.get("State") == "REGED" else self._ready.discard
                    known(event.get("Gateway", ""))
                case "BACKGROUND_JOB" if line and event["_body"].startswith("-ERR"):
                    line.ended, line.cause = True, line.cause or event["_body"][5:].strip()
                case "CHANNEL_PARK" if line is None:
                    self._arrive(event)
                case "CHANNEL_ANSWER" if line:
                    line.answered = True
                case "CHANNEL_HANGUP" if line:
                    line.ended, line.cause = True, event.get("Hangup-Cause", "")
                case "DTMF" if line:
                    line.key_events.append(event)
                case "RECORD_STOP" if line:
                    line.recorded = True
            self.changed.notify_all()

    def _arrive(self, event: Event) -> None:
        called = event["Caller-Destination-Number"]
        phones = self._phones if event.get("variable_sofia_profile_name") == "phones" else self._outside
        phone = phones.get(called) or phones.get(f"+{called}")
        if phone is None:
            threading.Thread(target=self.exchange.api, args=(f"uuid_kill {event['Unique-ID']} UNALLOCATED_NUMBER",)).start()
            return
        line = SipLine(self, event["Unique-ID"])
        line.arrived_at = time.monotonic()
        line.shown_name = event.get("Caller-Caller-ID-Name", "")
        line.shown_number = event.get("Caller-Caller-ID-Number", "")
        line.call_id = event.get("variable_sip_call_id", "")
        self._lines[line.uuid] = line
        if phone.behaviour == "silent":
            return
        if phone.behaviour in ("ring", "early"):
            phone.arrived.append(line)
        commands = {
            "ring": [f"uuid_ring_ready {line.uuid}"],
            "early": [f"uuid_setvar {line.uuid} tone {line.tone}", f"uuid_transfer {line.uuid} early XML phones"],
        }.get(phone.behaviour) or [f"uuid_kill {line.uuid} {CAUSES[_BEHAVIOURS[phone.behaviour]]}"]
        threading.Thread(target=lambda: list(map(self.exchange.api, commands)), daemon=True).start()

    # ---- configuration ------------------------------------------------------------------------

    def _write_switch(self) -> None:
        generated = self.folder / "generated"
        for name, content in {
            **{name: "".join(text) for name, text in files.texts(self.office, self._passwords).items()},
            **{f"gateways/{name}.xml": gateway for name, gateway in self._gateways().items()},
        }.items():
            (generated / name).parent.mkdir(parents=True, exist_ok=True)
            (generated / name).write_text(content, encoding="utf-8")

    def _gateways(self) -> Mapping[str, str]:
        if self._provider:
            return self._provider.gateways
        return {name: _trunk(name, port) for name, port in self.trunks.items()}

    def _environment(self, socket: str | None) -> dict[str, str]:
        first, last = self.audio["switch"]
        return {
            "FSCTL_SIP_PORT": str(self.sip_port), "FSCTL_TRUNK_PORT": str(self.trunk_port),
            "FSCTL_SIP_TLS_PORT": str(self.tls_port), "FSCTL_TRUNK_TLS_PORT": str(self._trunk_tls_port),
            "FSCTL_ESL_PORT": str(self.esl_port), "FSCTL_ESL_PASSWORD": "ClueCon",
            "FSCTL_RTP_FIRST": str(first), "FSCTL_RTP_LAST": str(last),
            "FSCTL_DIRECTORY": str(self.folder / "generated"),
            "FSCTL_GATEWAYS": str(self.folder / "generated" / "gateways"),
            "FSCTL_PROMPTS": str(self.prompts),
            "FSCTL_SOCKET": socket or f"127.0.0.1:{self.socket_port}",
            **self._more,
        }

    def _write_exchange(self) -> None:
        self._exchange_esl = free_port()
        conf, gateways = self.folder / "exchange" / "conf", self.folder / "exchange" / "gateways"
        for folder in (conf, gateways):
            folder.mkdir(parents=True)
        first, last = self.audio["exchange"]
        modules = ["logfile", "commands", "dptools", "dialplan_xml", "event_socket", "sofia", "tone_stream", "sndfile", "native_file"]
        # It reads the keys that arrive, and goes on whichever they are.
        speak = '<action application="set" data="playback_terminators=none"/><action application="playback" data="tone_stream://%(60000,0,${tone});loops=-1"/>'
        (conf / "freeswitch.xml").write_text(f"""<document type="freeswitch/xml">
<section name="configuration">
{_configuration("switch", {"rtp-start-port": first, "rtp-end-port": last, "sessions-per-second": 500})}
<configuration name="modules.conf"><modules>
{"".join(f'<load module="mod_{module}"/>' for module in modules)}
</modules></configuration>
<configuration name="logfile.conf"><profiles><profile name="default">
<settings><param name="rollover" value="0"/></settings>
<mappings><map name="all" value="console,info,notice,warning,err,crit,alert"/></mappings>
</profile></profiles></configuration>
{_configuration("event_socket", {"listen-ip": "127.0.0.1", "listen-port": self._exchange_esl, "password": "ClueCon"})}
<configuration name="sofia.conf"><profiles>
<profile name="phones">
<gateways>
<X-PRE-PROCESS cmd="include" data="{gateways}/*.xml"/>
</gateways>
{_profile(self._phones_port)}
</profile>
<profile name="provider">{_profile(self.provider_port)}</profile>
{self._provider.profile() if self._provider else ""}
</profiles></configuration>
</section>
<section name="dialplan"><context name="phones">
{self._acting}
<extension name="speak"><condition field="destination_number" expression="^speak$">
<action application="answer"/>
{speak}
</condition></extension>
<extension name="early"><condition field="destination_number" expression="^early$">
<action application="pre_answer"/>
{speak}
</condition></extension>
<extension name="ring"><condition><action application="park"/></condition></extension>
</context></section>
{self._provider.directory() if self._provider else ""}
</document>
""", encoding="utf-8")


def _gateway_of(event: Event) -> str:
    """Which of the exchange's phones has registered, or does so no more; none where it is a client."""
    found = re.search(r";gw=([^;>]+)", event["contact"])
    return found[1] if found else ""


def _gateway(name: str, params: Mapping[str, str]) -> str:
    inner = "\n".join(f"<param name={quoteattr(key)} value={quoteattr(value)}/>" for key, value in params.items())
    return f"<include>\n<gateway name={quoteattr(name)}>\n{inner}\n</gateway>\n</include>\n"


def _trunk(name: str, port: int) -> str:
    params = {"username": "office", "proxy": f"127.0.0.1:{port}", "register": "false", "caller-id-in-from": "true"}
    return _gateway(name, params)


def _configuration(name: str, params: Mapping[str, object]) -> str:
    inner = "".join(f"<param name={quoteattr(key)} value={quoteattr(str(value))}/>" for key, value in params.items())
    return f'<configuration name="{name}.conf"><settings>{inner}</settings></configuration>'


def _profile(port: int) -> str:
    params = {
        "context": "phones", "dialplan": "XML", "sip-ip": "127.0.0.1", "sip-port": port, "rtp-ip": "127.0.0.1",
        "auth-calls": "false", "inbound-codec-prefs": "PCMU", "outbound-codec-prefs": "PCMU",
        "rtp-timer-name": "soft", "dtmf-type": "rfc2833", "disable-srv": "true", "disable-naptr": "true",
    }
    return "<settings>" + "".join(f'<param name="{key}" value="{value}"/>' for key, value in params.items()) + "</settings>"
