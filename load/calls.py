"""What FreeSWITCH does in one call: answers each command, tells of the channel, and ends the call once it is decided.

With ``myevents`` FreeSWITCH tells all that as it does where a caller gives up or hangs up after a talk
(tests/payloads/traces/caller-gives-up.jsonl, caller-hangs-up.jsonl), and lingers if it was asked to.
"""

import re
from collections.abc import Callable, Mapping

from load.channel import EventTemplate, escaped, fresh
from load.kinds import Kind
from load.linked import Linked
from load.template import gap

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_HEADER = re.compile(rb"(?m)^(execute-app-name|event-uuid): *(.*)$")
_LEG = re.compile(rb"origination_uuid=([0-9a-f-]{36})")
_RUNG = re.compile(rb"fsctl_leg=([a-z]+\+[0-9]+)")
_OK = b"Content-Type: command/reply\nReply-Text: +OK\n\n"
_NOTHING: Mapping[str, str] = {}
_GOODBYE = b"Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n"
#: Applications that are still at it when the caller hangs up.
_LONG = frozenset({b"bridge", b"phrase", b"playback", b"park"})


class Script:
    """The frames of all calls of one kind."""

    def __init__(self, kind: Kind) -> None:
        channel, self.kind = kind.channel, kind
        about = {"Application": gap("app"), "Application-Data": gap("data"), "Application-UUID": gap("app_uuid")}
        socket = {"Application": "socket", "Application-Data": "127.0.0.1:8084 async full"}
        before = {"Event-Sequence": gap("earlier")}  # it was fired before the connection was made
        self.taken = [channel.event("CHANNEL_EXECUTE", socket | before), channel.event("CHANNEL_PARK")]
        self.execute = channel.event("CHANNEL_EXECUTE", about)
        self.complete = channel.event("CHANNEL_EXECUTE_COMPLETE", about | {"Application-Response": "_none_"})
        self.answer = channel.event("CHANNEL_ANSWER", answer_state="answered")
        self.progress = channel.event("CHANNEL_PROGRESS")
        legs = {"Other-Leg-Unique-ID": gap("other"), "Other-Leg-Direction": "outbound",
                "Bridge-A-Unique-ID": gap("uuid"), "Bridge-B-Unique-ID": gap("other")}
        self.bridge = channel.event("CHANNEL_BRIDGE", {"Other-Type": "originatee"} | legs, "answered")
        over = {"Hangup-Cause": "NORMAL_CLEARING" if kind.answered else "ORIGINATOR_CANCEL"}

        def ending(name: str, more: Mapping[str, str] = _NOTHING) -> EventTemplate:
            return channel.event(name, {**over, **more}, "hangup")

        self.linked = Linked(channel)
        self.hangup = [ending("CHANNEL_HANGUP")] + ([ending("CHANNEL_UNBRIDGE", legs)] if kind.answered else [])
        self.cut_off = ending("CHANNEL_EXECUTE_COMPLETE", about)
        self.ending = [
            ending("CHANNEL_UNPARK"), ending("CHANNEL_EXECUTE_COMPLETE", socket),
            ending("CHANNEL_STATE", {"Channel-State": "CS_HANGUP"}),
            ending("CHANNEL_STATE", {"Channel-State": "CS_REPORTING"}), ending("CHANNEL_HANGUP_COMPLETE"),
        ]


class Call:
    """One call. ``take`` is given what the server sends, and returns what FreeSWITCH says to that.

    Where it has been ``answered``, ``hang_up`` ends it. ``tell_links`` is given what FreeSWITCH tells its links of it.
    """

    def __init__(self, script: Script, tell_links: Callable[[bytes], None] | None = None) -> None:
        self._script, self._tell_links = script, tell_links
        self._values = fresh() | {"other": b"", "rung": b""} | next(script.kind.fills)
        self._variables = {b"destination_number": self._values.get("dialled", b"")}
        self._buffer = b""
        self._events = self._lingers = False
        self._nixed: set[bytes] = set()
        self._form = b"plain"
        #: The decision has arrived.
        self.decided = self.answered = False
        #: FreeSWITCH has said its last word.
        self.over = False
        #: It closes the connection then; else it lingers, and leaves that to the server.
        self.closes = False
        self.uuid = self._values["uuid"].decode()

    def take(self, data: bytes) -> bytes:
        self._buffer += data
        said: list[bytes] = []
        while True:
            command, end, rest = self._buffer.partition(b"\n\n")
            if not end:
                break
            length = _LENGTH.search(command)
            size = int(length[1]) if length else 0
            if len(rest) < size:
                break
            self._buffer = rest[size:]
            self._do(command.lstrip(b"\n"), rest[:size], said)
        return b"".join(said)

    def hang_up(self) -> bytes:
        """The caller does, after a talk."""
        said: list[bytes] = []
        if not self.over:
            self._hang_up(said, b"bridge")
        return b"".join(said)

    def _do(self, command: bytes, body: bytes, said: list[bytes]) -> None:
        if self.over:
            return
        if command.startswith(b"sendmsg"):
            said.append(_OK)
            self._send(command, body, said)
        elif command.startswith(b"api "):
            answer = self._answer(command[4:])
            said.append(b"Content-Type: api/response\nContent-Length: %d\n\n%s" % (len(answer), answer))
        elif command == b"connect":
            self._link(*self._script.linked.arrives)
            said.append(self._script.kind.channel.connect_reply.fill(self._values))
        elif command.startswith(b"myevents"):
            self._events, self._form = True, command.partition(b" ")[2].strip() or b"plain"
            said.append(b"Content-Type: command/reply\nReply-Text: +OK Events Enabled\n\n")
            self._tell(said, *self._script.taken)
        elif command.startswith(b"nixevent"):
            self._nixed.update(command.split()[1:])
            said.append(b"Content-Type: command/reply\nReply-Text: +OK events nixed\n\n")
        elif command.startswith(b"linger"):
            self._lingers = True
            said.append(b"Content-Type: command/reply\nReply-Text: +OK will linger\n\n")
        elif command == b"exit":
            said.append(b"Content-Type: command/reply\nReply-Text: +OK bye\n\n")
            self._close(said)
        else:
            said.append(_OK)

    def _send(self, command: bytes, body: bytes, said: list[bytes]) -> None:
        headers = {match[1]: match[2] for match in _HEADER.finditer(command)}
        app = headers.get(b"execute-app-name", b"hangup")
        leg, rung = _LEG.search(body), _RUNG.search(body)
        self._values |= {
            "other": leg[1] if leg else b"", "rung": rung[1] if rung else b"", "app": app,
            "data": body.replace(b"\\", b"\\\\").replace(b'"', b'\\"'),
            "data_escaped": escaped(body).encode(), "app_uuid": headers.get(b"event-uuid", b""),
        }
        if app == b"hangup":
            self.decided = self.decided or b"hangup" in self._script.kind.decided
            self._hang_up(said, b"")
            return
        self._tell(said, self._script.execute)
        if app == b"answer":
            self._tell(said, self._script.answer)
        if any(sign in command for sign in self._script.kind.decided):
            self.decided = True
            if app == b"bridge":
                self._link(*self._script.linked.rings)
                self._tell(said, self._script.progress)
            if self._script.kind.answered:
                self.answered = True
                self._link(*self._script.linked.answers)
                self._tell(said, self._script.answer, self._script.bridge)
            elif self._script.kind.waits:
                self._tell(said, self._script.complete)
            else:
                self._hang_up(said, app)
        elif app not in _LONG:
            self._tell(said, self._script.complete)

    def _hang_up(self, said: list[bytes], app: bytes) -> None:
        script = self._script
        self._tell(said, *script.hangup)
        if app:
            self._tell(said, script.cut_off)
        self._tell(said, *script.ending)
        self._link(*script.linked.parts if self.answered else (), *script.linked.leg_ends if app == b"bridge" else (),
                   *script.linked.ends)
        if self._lingers:
            said.append(
                b"Content-Type: text/disconnect-notice\nControlled-Session-UUID: %s\nContent-Disposition: linger\n"
                b"Channel-Name: sofia/internal/caller\nLinger-Time: 5\nContent-Length: 0\n\n" % self._values["uuid"])
            self.over = True
        else:
            self._close(said)

    def _close(self, said: list[bytes]) -> None:
        said.append(
            b"Content-Type: text/disconnect-notice\nControlled-Session-UUID: %s\nContent-Disposition: disconnect\n"
            b"Content-Length: %d\n\n%s" % (self._values["uuid"], len(_GOODBYE), _GOODBYE))
        self.over = self.closes = True

    def _tell(self, said: list[bytes], *events: EventTemplate) -> None:
        if self._events:
            said += [event.fill(self._values, self._form) for event in events if event.name not in self._nixed]

    def _link(self, *events: EventTemplate) -> None:
        if self._tell_links is not None:
            for event in events:
                self._tell_links(event.fill(self._values, b"plain"))

    def _answer(self, question: bytes) -> bytes:
        word, _, rest = question.partition(b" ")
        if word == b"sofia_contact":  # PROFILE/USER[@DOMAIN]/KEY
            place, _, key = rest.partition(b"\n")[0].rpartition(b"/")
            user = place.partition(b"/")[2].partition(b"@")[0]
            return b"%ssofia/internal/sip:%s@127.0.0.1:5070" % (key, user)
        if word == b"uuid_setvar":
            _, name, value = (*rest.split(b" ", 2), b"")[:3]
            self._variables[name] = value
        if word == b"uuid_setvar_multi":
            for each in rest.partition(b" ")[2].split(b";"):
                name, _, value = each.partition(b"=")
                self._variables[name] = value
        if word == b"uuid_getvar":
            return self._variables.get(rest.split(b" ")[1], b"_undef_")
        if word == b"global_getvar":
            return b"pbx.example"
        if word == b"sched_del":
            return b"+OK Deleted: 1\n"
        if word in (b"sched_transfer", b"sched_api"):
            return b"+OK Added: 1\n"
        return b"+OK\n"
