"""The laboratory: FreeSWITCH with freeswitch_conf, and a second one that plays its telephones and its trunk.

Both run on loopback with ports and folders of their own. Each phone speaks a tone of its own, so that one can tell
who hears whom.
"""

import array
import math
import re
import shutil
import tempfile
import threading
import time
import tomllib
import uuid
import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import quoteattr

from fsctl.model.office import Office
from fsctl.sample import text
from fsctl.schema import structure
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_xml
from fsctl.switch.generated.directory import directory_xml
from tests.live.esl import Event
from tests.live.freeswitch import FreeSwitch
from tests.live.subscriber import Subscriber
from tests.live.telephony import Behaviour, Client
from tests.ports import audio_ports, free_port

CONF = Path(__file__).parents[2] / "freeswitch_conf"

#: SIP statuses as causes: what a phone does when it is told to answer so.
_CAUSES = {
    404: "UNALLOCATED_NUMBER", 408: "NO_USER_RESPONSE", 480: "NO_ANSWER", 486: "USER_BUSY", 503: "SWITCH_CONGESTION",
    603: "CALL_REJECTED",
}
_DIALOG = re.compile(r"^From: .*;tag=(\S+)\nTo: <sip:([^@]+)@.*;tag=(\S+)", re.M)
_RINGING = re.compile(r"^From: .*;tag=(\S+)\nTo: <sip:gw\+([^@]+)@.*;tag=(\S+)", re.M)
_BEHAVIOURS: dict[Behaviour, int] = {"busy": 486, "decline": 603, "absent": 480}
#: Before the number of a person's second phone and of those after it.
_SECOND = "-"


class Lab:
    """A Telephony of real SIP. ``switch`` is the FreeSWITCH that is tested, ``exchange`` the one that plays phones."""

    def __init__(
        self, prefix: Path, office: Office | None = None, socket: str | None = None,
        trunks: Mapping[str, int] | None = None,
    ) -> None:
        self.office = office or structure(tomllib.loads(text()))
        self.folder = Path(tempfile.mkdtemp(prefix="fsctl-lab-"))
        self.prompts = self.folder / "prompts"
        self.socket_port = free_port()
        self.esl_port, self.sip_port, self.trunk_port = free_port(), free_port(), free_port()
        self.provider_port, self._phones_port = free_port(), free_port()
        self._passwords = {user: f"{user}-{uuid.uuid4().hex}" for user in self.office.users}
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
        self.changed = threading.Condition()
        self._trunks = {"provider": self.provider_port, **(trunks or {})}
        self._write_switch()
        self._write_exchange()
        self._start_switch = lambda: FreeSwitch(
            prefix, CONF, self.folder / "switch", self.esl_port, self._environment(socket), self._of_switch
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

    def phone(self, extension: str) -> "SipPhone":
        phone = self._phones.get(extension)
        if phone is None:
            phone = self._phones[extension] = SipPhone(self, extension, f"sofia/gateway/{extension}/")
            phone.register()
        return phone

    def others(self, *extensions: str) -> list["SipPhone"]:
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

    def phones(self, *extensions: str) -> list["SipPhone"]:
        """Several phones; all register at the next tick of the exchange's clock, which is one a second."""
        for extension in extensions:
            self._add_gateway(extension)
        self.exchange.api("sofia profile phones rescan reloadxml")
        return [self.phone(extension) for extension in extensions]

    def outside(self, number: str) -> "SipPhone":
        phone = self._outside.get(number)
        if phone is None:
            phone = self._outside[number] = SipPhone(self, number, "sofia/provider/", f"@127.0.0.1:{self.trunk_port}")
        return phone

    def hang_up_all(self) -> None:
        """Back to where every phone is registered, on the hook and rings, and the switch has no call."""
        self.end_clients()
        self.exchange.api("hupall NORMAL_CLEARING")
        self.switch.api("hupall NORMAL_CLEARING")
        self.wait(lambda: all(line.ended for line in self._lines.values()), 5, "calls go on")
        deadline = time.monotonic() + 5
        while not self.switch.api("show channels count").strip().startswith("0 total"):
            if time.monotonic() > deadline:
                raise TimeoutError("the switch has calls")
            time.sleep(0.02)
        for known in (self._lines, self._channels, self._callers):
            known.clear()
        for phone in [*self._phones.values(), *self._outside.values()]:
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

    def place(self, line: "SipLine", dial: str, variables: Mapping[str, str]) -> None:
        self._lines[line.uuid] = line
        joined = "".join(f",{name}={value}" for name, value in variables.items())
        self.exchange.socket.background(
            f"originate {{origination_uuid={line.uuid},ignore_early_media=true,tone={line.tone}{joined}}}{dial}"
            f" speak XML phones", line.uuid
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

    def settle(self, sip_call_id: str) -> None:
        """Until the switch has connected the call of this Call-ID and its owner knows with whom; nobody's hand is quicker.

        A REFER in the 40 ms between answer and bridge is accepted, and then lost in FreeSWITCH. Not every call is
        connected with another one: no longer than people look at their phones.
        """

        def settled() -> bool:
            caller = self._callers.get(self._channels.get(sip_call_id, ""))
            return caller is not None and any(
                self.switch.api(f"uuid_getvar {caller} {name}").strip() != "_undef_"
                for name in ("fsctl_peer", "fsctl_failsafe"))

        try:
            self.wait(settled, 1, "")
        except TimeoutError:
            pass

    def subscribe(self, extension: str, lamp: str) -> Subscriber:
        return Subscriber(self.sip_port, extension, self._passwords[extension], lamp)

    def watch_mailbox(self, extension: str) -> Subscriber:
        """The phone's own lamp for new messages."""
        return Subscriber(self.sip_port, extension, self._passwords[extension], extension, mailbox=True)

    def held(self) -> int:
        """How many phones hold their call, as the switch sees it."""
        return self.switch.api("show channels").count(",HELD,")

    def holding(self, more: int, act: Callable[[], object]) -> None:
        """Returns once the switch has noticed that by this act so many more phones hold their call."""
        after = self.held() + more
        act()
        self.wait(lambda: self.held() == after, 5, "the switch does not notice who holds a call")

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
                case "RECORD_STOP" if line:
                    line.recorded = True
            self.changed.notify_all()

    def _arrive(self, event: Event) -> None:
        called = event["Caller-Destination-Number"]
        phones = self._outside if event.get("variable_sofia_profile_name") == "provider" else self._phones
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
        if phone.behaviour == "ring":
            phone.arrived.append(line)
            command = f"uuid_ring_ready {line.uuid}"
        else:
            command = f"uuid_kill {line.uuid} {_CAUSES[_BEHAVIOURS[phone.behaviour]]}"
        threading.Thread(target=self.exchange.api, args=(command,), daemon=True).start()

    # ---- configuration ------------------------------------------------------------------------

    def _write_switch(self) -> None:
        generated = self.folder / "generated"
        for name, content in {
            "directory/office.xml": directory_xml(self.office, self._passwords),
            "dialplan/emergency.xml": emergency_xml(self.office),
            "dialplan/failsafe.xml": failsafe_xml(self.office),
            **{f"gateways/{name}.xml": _trunk(name, port) for name, port in self._trunks.items()},
        }.items():
            (generated / name).parent.mkdir(parents=True, exist_ok=True)
            (generated / name).write_text(content, encoding="utf-8")

    def _environment(self, socket: str | None) -> dict[str, str]:
        first, last = audio_ports()
        return {
            "FSCTL_SIP_PORT": str(self.sip_port), "FSCTL_TRUNK_PORT": str(self.trunk_port),
            "FSCTL_ESL_PORT": str(self.esl_port), "FSCTL_ESL_PASSWORD": "ClueCon",
            "FSCTL_RTP_FIRST": str(first), "FSCTL_RTP_LAST": str(last),
            "FSCTL_DIRECTORY": str(self.folder / "generated"),
            "FSCTL_GATEWAYS": str(self.folder / "generated" / "gateways"),
            "FSCTL_PROMPTS": str(self.prompts),
            "FSCTL_SOCKET": socket or f"127.0.0.1:{self.socket_port}",
        }

    def _write_exchange(self) -> None:
        self._exchange_esl = free_port()
        conf, gateways = self.folder / "exchange" / "conf", self.folder / "exchange" / "gateways"
        for folder in (conf, gateways):
            folder.mkdir(parents=True)
        first, last = audio_ports()
        modules = ["logfile", "commands", "dptools", "dialplan_xml", "event_socket", "sofia", "tone_stream", "sndfile", "native_file"]
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
</profiles></configuration>
</section>
<section name="dialplan"><context name="phones">
<extension name="speak"><condition field="destination_number" expression="^speak$">
<action application="answer"/>
<action application="playback" data="tone_stream://%(60000,0,${{tone}});loops=-1"/>
</condition></extension>
<extension name="ring"><condition><action application="park"/></condition></extension>
</context></section>
</document>
""", encoding="utf-8")


class SipPhone:
    """A telephone of the exchange: a registered one, or a subscriber of the public network."""

    def __init__(self, lab: Lab, name: str, dial: str, host: str = "") -> None:
        self.behaviour: Behaviour = "ring"
        self.arrived: list[SipLine] = []
        self._lab, self._name, self._dial, self._host = lab, name, dial, host

    def call(self, dialled: str, name: str | None = None, headers: Mapping[str, str] | None = None) -> "SipLine":
        line = SipLine(self._lab, str(uuid.uuid4()))
        variables = {"sip_from_display": percent(name or self._name)}
        if self._host:
            variables["origination_caller_id_number"] = percent(self._name)
        variables |= {f"sip_h_{header}": value for header, value in (headers or {}).items()}
        self._lab.place(line, f"{self._dial}{percent(dialled)}{self._host}", variables)
        return line

    def replace(self, line: "SipLine") -> "SipLine":
        """Takes the call that rings as ``line`` at another phone, by an INVITE with Replaces."""
        found: list[re.Match[str]] = []

        def rings() -> bool:
            heads = [text for way, text in self._lab.sip() if way == "sent" and line.call_id in text]
            found[:] = filter(None, (_RINGING.search(head) for head in heads if head.startswith("SIP/2.0 180")))
            return bool(found)

        self._lab.wait(rings, 5, "the other phone does not ring")
        theirs, number, ours = found[-1].groups()
        mine = SipLine(self._lab, str(uuid.uuid4()))
        replaces = f"'{line.call_id};to-tag={theirs};from-tag={ours}'"
        self._lab.place(mine, f"{self._dial}{number}", {"sip_h_Replaces": replaces})
        return mine

    def ringing(self, timeout: float = 5) -> "SipLine":
        self._lab.wait(lambda: bool(self.arrived), timeout, f"{self._name} does not ring")
        return self.arrived.pop(0)

    def quiet(self, seconds: float) -> None:
        try:
            self._lab.wait(lambda: bool(self.arrived), seconds, "")
        except TimeoutError:
            return
        raise AssertionError(f"{self._name} rings")

    def watch(self, lamp: str) -> Subscriber:
        return self._lab.subscribe(self._name, lamp)

    def register(self) -> None:
        if not self._host:
            self._lab.register(self._name)

    def unregister(self) -> None:
        self._lab.unregister(self._name)


class SipLine:
    """A call at a phone of the exchange."""

    _tones = 0

    def __init__(self, lab: Lab, uuid: str) -> None:
        self.uuid, self.call_id = uuid, ""
        self.shown_name = self.shown_number = self.cause = ""
        self.answered = self.ended = self.recorded = False
        self.placed_at = self.arrived_at = time.monotonic()
        SipLine._tones = (SipLine._tones + 1) % 20
        self.tone = 500 + 100 * SipLine._tones
        self._lab = lab

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the INVITE that made this phone ring, as they were sent to it."""
        for direction, message in self._lab.sip():
            head = message.split("\n\n")[0]
            if direction == "received" and head.startswith("INVITE ") and f"\nCall-ID: {self.call_id}\n" in f"{head}\n":
                return dict(line.partition(": ")[::2] for line in head.split("\n")[1:])
        return {}

    @property
    def sip_call_id(self) -> str:
        """The Call-ID, of a call that this phone placed as well."""
        return self.call_id or self._lab.exchange.api(f"uuid_getvar {self.uuid} sip_call_id").strip()

    @property
    def display(self) -> tuple[str, str]:
        """As the last message to this phone said that told it."""
        call_id = self.sip_call_id
        told = (self.shown_name, self.shown_number)
        for direction, message in self._lab.sip():
            head = message.split("\n\n")[0]
            if direction == "received" and call_id in head and "\nX-FS-Display-Name: " in head:
                headers = dict(line.partition(": ")[::2] for line in head.split("\n")[1:])
                number = headers["X-FS-Display-Number"].removeprefix("sip:").partition("@")[0]
                told = headers["X-FS-Display-Name"], number
        return told

    @property
    def reason(self) -> str:
        """The Reason of the CANCEL that ended the ringing, as a phone reads it to know whether it missed a call."""
        cancels = (text for way, text in self._lab.sip() if way == "received" and text.startswith("CANCEL "))
        found = [re.search(r"^Reason: (.*)$", text, re.M) for text in cancels if self.call_id in text]
        return found[-1][1] if found and found[-1] else ""

    @property
    def started_ringing_after(self) -> float:
        calls = [line.placed_at for line in self._lab._lines.values() if line.placed_at < self.arrived_at and not line.call_id]
        return self.arrived_at - max(calls)

    def answer(self) -> None:
        self._lab.exchange.api(f"uuid_setvar {self.uuid} tone {self.tone}")
        self._lab.exchange.api(f"uuid_transfer {self.uuid} speak XML phones")
        self.wait_answered()

    def reject(self, sip_status: int = 486) -> None:
        if sip_status in _CAUSES:
            self._lab.exchange.api(f"uuid_kill {self.uuid} {_CAUSES[sip_status]}")
        else:
            self._lab.exchange.api(f"uuid_transfer {self.uuid} respond:{sip_status} inline")

    def hang_up(self) -> None:
        self._lab.exchange.api(f"uuid_kill {self.uuid} NORMAL_CLEARING")

    def press(self, keys: str) -> None:
        self._lab.exchange.api(f"uuid_send_dtmf {self.uuid} {keys}")

    def hold(self) -> None:
        """Returns once the switch has noticed: nobody dials a second call before his phone says that it holds."""
        self._hold("uuid_hold", 1)

    def unhold(self) -> None:
        self._hold("uuid_hold off", -1)

    def _hold(self, command: str, more: int) -> None:
        self._lab.holding(more, lambda: self._lab.exchange.api(f"{command} {self.uuid}"))

    def redirect(self, dialled: str) -> None:
        """Answers the INVITE with 302."""
        self._lab.exchange.api(f"uuid_transfer {self.uuid} redirect:sip:{percent(dialled)}@127.0.0.1 inline")

    def transfer(self, dialled: str) -> None:
        """Sends a REFER: the other party shall call ``dialled`` instead."""
        self._refer(f"{percent(dialled)}@127.0.0.1:{self._lab.sip_port}")

    def transfer_to(self, other: "SipLine") -> None:
        """Sends a REFER with Replaces: the other party shall take the place of this phone in the call ``other``."""
        call_id = other.sip_call_id
        found: list[re.Match[str]] = []

        def begun() -> bool:
            heads = [message for way, message in self._lab.sip() if way == "received" and call_id in message]
            begun = [head for head in heads if head.startswith(("SIP/2.0 180", "SIP/2.0 183", "SIP/2.0 200"))]
            found[:] = filter(None, (_DIALOG.search(head) for head in begun))
            return bool(found)

        self._lab.wait(begun, 5, "the other call neither rings nor is answered")
        ours, number, theirs = found[-1].groups()
        replaces = percent(f"{call_id};to-tag={theirs};from-tag={ours}")
        self._refer(f"{number}@127.0.0.1:{self._lab.sip_port}?Replaces={replaces}")

    def _refer(self, to: str) -> None:
        """Where the REFER is refused, FreeSWITCH waits for ten seconds before it says so (sofia_wait_for_reply)."""
        self._lab.settle(self.sip_call_id)
        self._lab.exchange.api(f"uuid_deflect {self.uuid} sip:{to}", 15)

    def wait_answered(self, timeout: float = 5) -> None:
        self._lab.wait(lambda: self.answered or self.ended, timeout, "nobody answers")
        if not self.answered:
            raise TimeoutError(f"nobody answers: {self.cause}")

    def wait_ended(self, timeout: float = 5) -> str:
        self._lab.wait(lambda: self.ended, timeout, "the call goes on")
        return self.cause

    def hears(self, other: "SipLine") -> bool:
        """Listens for a third of a second."""
        return self.heard() == other.tone

    def heard(self) -> int | None:
        """The loudest tone of a third of a second, in Hz; None where it is quiet."""
        file = self._lab.folder / f"{uuid.uuid4()}.wav"
        self.recorded = False
        self._lab.exchange.api(f"uuid_setvar_multi {self.uuid} RECORD_READ_ONLY=true;RECORD_PRE_BUFFER_FRAMES=1")
        self._lab.exchange.api(f"uuid_record {self.uuid} start {file}")
        time.sleep(0.35)
        self._lab.exchange.api(f"uuid_record {self.uuid} stop {file}")
        self._lab.wait(lambda: self.recorded or self.ended, 5, "nothing could be recorded")
        return loudest_tone(*_recorded(file)) if self.recorded else None


def _gateway_of(event: Event) -> str:
    """Which of the exchange's phones has registered, or does so no more; none where it is a client."""
    found = re.search(r";gw=([^;>]+)", event["contact"])
    return found[1] if found else ""


def sip_messages(log: str) -> list[tuple[str, str]]:
    """The SIP messages in a log with siptrace, as (``sent`` or ``received``, text)."""
    pieces = re.split(r"^(send|recv) \d+ bytes .*\n *-{20,}\n", log, flags=re.M)
    ways = {"send": "sent", "recv": "received"}
    return [(ways[way], text.replace("\r", "")) for way, text in zip(pieces[1::2], pieces[2::2], strict=True)]


def _recorded(file: Path) -> "tuple[int, array.array[int]]":
    """Samples a second, and the samples."""
    with wave.open(str(file)) as sound:
        return sound.getframerate(), array.array("h", sound.readframes(sound.getnframes()))


def loudest_tone(rate: int, samples: "array.array[int]") -> int | None:
    """The loudest tone of the last fifth of a second, in Hz, of those that anybody here speaks; None where it is quiet."""
    power = {tone: _power(samples[-rate // 5 :], tone / rate) for tone in (425, 660, *range(500, 3400, 100))}
    loudest = max(power, key=power.__getitem__)
    return loudest if power[loudest] > 1e4 else None


def _power(samples: "array.array[int]", frequency: float) -> float:
    """How much of one frequency there is (Goertzel)."""
    factor, last, before = 2 * math.cos(2 * math.pi * frequency), 0.0, 0.0
    for sample in samples:
        last, before = sample + factor * last - before, last
    return (last * last + before * before - factor * last * before) / max(len(samples), 1)


def percent(text: str) -> str:
    """Text that FreeSWITCH decodes just before it sends it, so that nothing on the way makes anything of it."""
    return "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in text.encode("utf-8", "surrogateescape"))


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
