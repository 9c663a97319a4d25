"""What FreeSWITCH tells of a channel: as many headers, as long and as often escaped, as of a SIP call.

Names and order are those of mod_event_socket's reply to ``connect`` and of its events (tests/payloads); the variables
are those that mod_sofia sets for a call that a phone makes behind a proxy.
"""

import itertools
import json
import random
import time
from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID

from load.template import Template, gap

_CORE = "721cee57-e5ea-4df8-b0ad-28f470f451a6"
_SDP = (
    "v=0\r\no=- 8004 8004 IN IP4 192.0.2.77\r\ns=SDP data\r\nc=IN IP4 192.0.2.77\r\nt=0 0\r\n"
    "m=audio 11802 RTP/AVP 9 8 0 18 101\r\na=rtpmap:9 G722/8000\r\na=rtpmap:8 PCMA/8000\r\n"
    "a=rtpmap:0 PCMU/8000\r\na=rtpmap:18 G729/8000\r\na=fmtp:18 annexb=no\r\na=rtpmap:101 telephone-event/8000\r\n"
    "a=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
)
#: Other variables that a SIP call has, to the number of headers that a reply to ``connect`` carries.
_HEADERS = 250

#: What is told of a channel's states (switch_channel.c).
_WITHOUT_VARIABLES = frozenset({"CHANNEL_STATE", "CHANNEL_CALLSTATE"})

#: From dialling to the ``socket`` application.
_DIALPLAN_US = 3000

_sequence = itertools.count(1000)
_random = random.Random()


def event(name: str, date: str = "") -> dict[str, str]:
    """The headers that every event begins with; ``date`` is "_escaped" where they are percent-encoded."""
    return {
        "Event-Name": name, "Core-UUID": _CORE, "FreeSWITCH-Hostname": "fs", "FreeSWITCH-Switchname": "fs",
        "FreeSWITCH-IPv4": "192.0.2.2", "FreeSWITCH-IPv6": "fd00::2", "Event-Date-Local": gap("local" + date),
        "Event-Date-GMT": gap("gmt" + date), "Event-Date-Timestamp": gap("now"),
        "Event-Calling-File": "mod_event_socket.c", "Event-Calling-Function": "parse_command",
        "Event-Calling-Line-Number": "2029", "Event-Sequence": gap("sequence"),
    }


def profile(prefix: str, caller: str, name: str, dialled: str) -> dict[str, str]:
    """A caller profile, which stands in the reply to ``connect`` twice."""
    fields = {
        "Direction": "inbound", "Logical-Direction": "inbound", "Username": caller, "Dialplan": "XML",
        "Caller-ID-Name": name, "Caller-ID-Number": caller, "Orig-Caller-ID-Name": name,
        "Orig-Caller-ID-Number": caller, "Network-Addr": "192.0.2.77", "ANI": caller, "Destination-Number": dialled,
        "Unique-ID": gap("uuid"), "Source": "mod_sofia", "Context": "fsctl_default",
        "Channel-Name": f"sofia/internal/{caller}@pbx.example:5060", "Profile-Index": "1",
        "Profile-Created-Time": gap("created"), "Channel-Created-Time": gap("created"), "Channel-Answered-Time": "0",
        "Channel-Progress-Time": "0", "Channel-Progress-Media-Time": "0", "Channel-Hangup-Time": "0",
        "Channel-Transfer-Time": "0", "Channel-Resurrect-Time": "0", "Channel-Bridged-Time": "0",
        "Channel-Last-Hold": "0", "Channel-Hold-Accum": "0", "Screen-Bit": "true", "Privacy-Hide-Name": "false",
        "Privacy-Hide-Number": "false",
    }
    return {f"{prefix}-{field}": value for field, value in fields.items()}


def state(caller: str, answer_state: str) -> dict[str, str]:
    """The channel itself."""
    return {
        "Channel-State": "CS_EXECUTE", "Channel-Call-State": "RINGING", "Channel-State-Number": "4",
        "Channel-Name": f"sofia/internal/{caller}@pbx.example:5060", "Unique-ID": gap("uuid"),
        "Call-Direction": "inbound", "Presence-Call-Direction": "inbound", "Channel-HIT-Dialplan": "true",
        "Channel-Presence-ID": f"{caller}@pbx.example", "Channel-Call-UUID": gap("uuid"),
        "Answer-State": answer_state,
    }


def variables(caller: str, name: str, dialled: str, more: Mapping[str, str], fill_to: int) -> dict[str, str]:
    """The channel's variables, ``fill_to`` of them."""
    uri = f"{caller}@pbx.example"
    contact = f"{caller}@192.0.2.77:5062"
    known = {
        "direction": "inbound", "uuid": gap("uuid"), "session_id": "6", "sip_from_user": caller,
        "sip_from_port": "5060", "sip_from_uri": uri, "sip_from_host": "pbx.example",
        "video_media_flow": "disabled", "audio_media_flow": "sendrecv",
        "channel_name": f"sofia/internal/{uri}:5060", "sip_local_network_addr": "192.0.2.2",
        "sip_network_ip": "192.0.2.77", "sip_network_port": "5062", "sip_invite_stamp": gap("created"),
        "sip_received_ip": "192.0.2.77", "sip_received_port": "5062", "sip_via_protocol": "udp",
        "sip_from_user_stripped": caller, "sip_from_tag": "a3f2c81d77", "sofia_profile_name": "internal",
        "sofia_profile_url": "sip:mod_sofia@192.0.2.2:5060", "recovery_profile_name": "internal",
        "sip_full_via": "SIP/2.0/UDP 192.0.2.77:5062;branch=z9hG4bK-524287-1---8d1a;rport=5062",
        "sip_full_from": f'"{name}" <sip:{uri}>;tag=a3f2c81d77',
        "sip_full_to": f"<sip:{dialled}@pbx.example;user=phone>",
        "sip_from_display": name, "sip_req_user": dialled, "sip_req_port": "5060",
        "sip_req_uri": f"{dialled}@pbx.example:5060", "sip_req_host": "pbx.example", "sip_to_user": dialled,
        "sip_to_port": "5060", "sip_to_uri": f"{dialled}@pbx.example:5060", "sip_to_host": "pbx.example",
        "sip_contact_params": "transport=udp", "sip_contact_user": caller, "sip_contact_port": "5062",
        "sip_contact_uri": contact, "sip_contact_host": "192.0.2.77",
        "sip_user_agent": "Desk phone D785 (firmware 10.1.198.19; build=2026-03)",
        "sip_via_host": "192.0.2.77", "sip_via_port": "5062", "sip_via_rport": "5062", "max_forwards": "69",
        "sip_allow": "INVITE, ACK, CANCEL, BYE, REFER, OPTIONS, NOTIFY, SUBSCRIBE, PRACK, MESSAGE, INFO, UPDATE",
        "sip_call_id": f"{gap('uuid')}@192.0.2.77", "sip_P-Asserted-Identity": f"<sip:{uri}>",
        "presence_id": uri, "switch_r_sdp": _SDP, "ep_codec_string":
        "mod_spandsp.G722@8000h@20i@64000b,CORE_PCM_MODULE.PCMA@8000h@20i@64000b,CORE_PCM_MODULE.PCMU@8000h@20i@64000b",
        "endpoint_disposition": "DELAYED NEGOTIATION", "call_uuid": gap("uuid"), "hangup_after_bridge": "true",
        "continue_on_fail": "true", "socket_resume": "true", "sip_ignore_remote_cause": "true",
        "transfer_ringback": "%(1000,4000,425)", "domain_name": "pbx.example", "fsctl_failsafe": "",
        "current_application_data": "127.0.0.1:8084 async full", "current_application": "socket",
        "socket_host": "127.0.0.1", "DP_MATCH": f"ARRAY::{dialled}|:{dialled}", **more,
    }
    for number in itertools.count():
        if len(known) >= fill_to:
            break
        known[f"sip_h_X-Office-Attribute-{number:03d}"] = _ATTRIBUTES[number % len(_ATTRIBUTES)]
    return {f"variable_{name}": value for name, value in known.items()}


_ATTRIBUTES = (
    "building 7; room 12", "192.0.2.11", "true", "a b", "queue/high", "2026-03", "x+y", "G722", "0",
    "sip:192.0.2.9:5060",
)


class Channel:
    """One kind of call: ``connect_reply`` and events with gaps, and the values of the next call."""

    def __init__(self, caller: str, name: str, dialled: str, more: Mapping[str, str]) -> None:
        self._caller, self._name, self._dialled = caller, name, dialled
        begin = event("CHANNEL_DATA", "_escaped") | profile("Channel", caller, name, dialled) | state(caller, "ringing")
        begin |= profile("Caller", caller, name, dialled)
        tail = {"Content-Type": "command/reply", "Reply-Text": "+OK\n", "Socket-Mode": "async", "Control": "full"}
        self._variables = variables(caller, name, dialled, more, _HEADERS - len(begin) - len(tail))
        self.connect_reply = Template(plain(begin | self._variables | tail))

    def event(self, name: str, more: Mapping[str, str] = {}, answer_state: str = "ringing") -> "EventTemplate":
        """An event of the channel with all its variables, as ``myevents`` sends it."""
        headers = event(name) | state(self._caller, answer_state)
        headers |= profile("Caller", self._caller, self._name, self._dialled)
        return EventTemplate(headers | (self._variables if name not in _WITHOUT_VARIABLES else {}) | dict(more))


class EventTemplate:
    """An event with gaps, in both formats: ``plain`` or ``json``."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self.name = headers["Event-Name"].encode()
        self._bodies = {
            b"plain": Template(plain({name: _ESCAPED.get(value, value) for name, value in headers.items()})),
            b"json": Template(json.dumps(headers, ensure_ascii=False, separators=(",", ":")).encode()),
        }

    def fill(self, values: dict[str, bytes], form: bytes) -> bytes:
        values["sequence"] = b"%d" % next(_sequence)
        body = self._bodies[form].fill(values)
        return b"Content-Length: %d\nContent-Type: text/event-%b\n\n%b" % (len(body), form, body)


#: What is percent-encoded where all is.
_ESCAPED = {gap(name): gap(f"{name}_escaped") for name in ("local", "gmt", "data")}


def plain(headers: Mapping[str, str]) -> bytes:
    """``Name: value`` lines, values percent-encoded (switch_utils.c, switch_url_encode)."""
    return "".join(f"{name}: {escaped(value)}\n" for name, value in headers.items()).encode() + b"\n"


def escaped(value: str | bytes) -> str:
    """Nothing is ``_undef_`` (switch_event.c, switch_event_serialize)."""
    return quote(value, safe="!'()*,/$-_.~") or "_undef_"


def fresh() -> dict[str, bytes]:
    """What differs in each call: its UUID and its moment, by the switch's clock in µs."""
    now = time.time()
    clock = time.gmtime(now)
    local, gmt = time.strftime("%Y-%m-%d %H:%M:%S", clock), time.strftime("%a, %d %b %Y %H:%M:%S GMT", clock)
    return {
        "uuid": str(UUID(int=_random.getrandbits(128), version=4)).encode(),
        "now": b"%d" % (now * 1e6), "created": b"%d" % (now * 1e6 - _DIALPLAN_US),
        "local": local.encode(), "local_escaped": escaped(local).encode(),
        "gmt": gmt.encode(), "gmt_escaped": escaped(gmt).encode(),
        "earlier": b"%d" % next(_sequence), "sequence": b"%d" % next(_sequence),
    }
