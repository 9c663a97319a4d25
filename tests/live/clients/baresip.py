"""baresip, a telephone of Debian's: registers, calls and is called, and has a voice of its own."""

import functools
import itertools
import re
import signal
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from tests.live.clients.baresip_line import BaresipLine
from tests.live.clients.netstrings import Control
from tests.live.clients.program import Program, needed
from tests.live.lab import Lab
from tests.live.sip_phone import percent
from tests.ports import audio_ports, free_port

#: One block of ports for the audio of all of them; each takes free ones of it.
_audio = functools.cache(audio_ports)

#: In Hz: what no phone of the exchange speaks.
_tones = itertools.cycle(range(2500, 3400, 100))


def _sip_port() -> int:
    """Free, as is the next one, where baresip listens for TLS however it is told."""
    port, following = free_port(), free_port()
    while following != port + 1:
        port, following = following, free_port()
    return port


class Baresip:
    """A telephone registered at an extension, beside others there: a Phone, but for lamps and Replaces.

    ``name`` stands in its From, ``expires`` are seconds: it registers again after nine tenths of them. Audio is G.711,
    and encrypted by ``encryption`` (SRTP): offered, or insisted on.
    """

    def __init__(
        self, lab: Lab, extension: str, transport: Literal["udp", "tcp", "tls"] = "udp", name: str | None = None,
        expires: int = 600, encryption: Literal["", "srtp", "srtp-mand"] = "",
    ) -> None:
        needed("baresip")
        self.extension, self.transport, self.tone = extension, transport, next(_tones)
        self.arrived: list[BaresipLine] = []
        self.registrations = 0  # that were accepted since it was started
        self.lab, self._name, self._expires, self._encryption = lab, name or extension, expires, encryption
        self._switch_port = lab.tls_port if transport == "tls" else lab.sip_port
        self._program: Program | None = None
        self._control: Control | None = None
        self._lines: list[BaresipLine] = []
        self._mute: list[socket.socket] = []
        self._temporary = tempfile.TemporaryDirectory(prefix="baresip-")
        self.folder = Path(self._temporary.name)
        lab.adopt(self)
        self.register()

    # ---- its life ---------------------------------------------------------------------------------

    def register(self) -> None:
        """Returns once the switch knows it. One that runs loses its power before, and comes up at another port."""
        self._kill()
        self._port, control, self.registrations = _sip_port(), free_port(), 0
        self._configure(control)
        self._program = Program(self.lab, ["baresip", "-4", "-s", "-f", str(self.folder)], self.folder)
        self._program.wait_printed("baresip is ready")
        self._control = Control(control, self._of_baresip)
        self.lab.wait(lambda: self.known, 5, f"baresip is not registered: {self._program.printed}")

    @property
    def known(self) -> bool:
        """Whether the switch has its contact."""
        port = self._port + (self.transport == "tls")
        return any(f"@127.0.0.1:{port}" in contact for contact in self.lab.contacts(self.extension))

    def renew(self) -> None:
        """Waits for its next REGISTER: it cannot be told to send one, so give it few seconds as ``expires``."""
        before = self.registrations
        self.lab.wait(lambda: self.registrations > before, self._expires + 5, "it does not register again")

    def unregister(self) -> None:
        """It is switched off as it should be."""
        assert self._program is not None
        self._program.end(signal.SIGTERM)
        self.lab.wait(lambda: not self.known, 5, "the switch knows it yet")

    def die(self) -> None:
        """It loses its power: the switch knows it on, and nobody answers there."""
        self._kill()
        for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
            mute = socket.socket(type=kind)  # a closed port would be told to the switch at once
            mute.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            mute.bind(("127.0.0.1", self._port))
            if kind is socket.SOCK_STREAM:
                mute.listen()
            self._mute.append(mute)

    def close(self) -> None:
        self._kill()
        self._temporary.cleanup()

    def _kill(self) -> None:
        if self._program is not None:
            self._program.end()
        if self._control is not None:
            self._control.close()
        while self._mute:
            self._mute.pop().close()
        for line in self._lines:
            line.ended = True

    def _configure(self, control: int) -> None:
        first, last = _audio()
        modules = "".join(f"module {name}.so\n" for name in ("g711", "ausine", "sndfile", "srtp"))
        modules += "".join(f"module_app {name}.so\n" for name in ("account", "menu", "ctrl_tcp"))
        (self.folder / "config").write_text(f"""\
net_interface 127.0.0.1
sip_listen 127.0.0.1:{self._port}
ctrl_tcp_listen 127.0.0.1:{control}
rtp_ports {first}-{last}
audio_source ausine,{self.tone}
ausrc_srate 48000
ausrc_channels 2
snd_path {self.folder}
module_path /usr/lib/baresip/modules
{modules}""", "utf-8")
        (self.folder / "accounts").write_text(
            f'"{self._name}" <sip:{self.extension}@127.0.0.1:{self._switch_port};transport={self.transport}>'
            f";auth_pass={self.lab.password(self.extension)};regint={self._expires}"
            + (f";mediaenc={self._encryption}" if self._encryption else "") + "\n", "utf-8")
        (self.folder / "contacts").touch()

    # ---- its calls --------------------------------------------------------------------------------

    def call(self, dialled: str) -> "BaresipLine":
        line = BaresipLine(self)
        self._lines.append(line)
        self.command("dial", self.uri(dialled))
        return line

    def ringing(self, timeout: float = 5) -> "BaresipLine":
        self.lab.wait(lambda: bool(self.arrived), timeout, f"{self.extension} does not ring at baresip")
        return self.arrived.pop(0)

    def quiet(self, seconds: float) -> None:
        try:
            self.lab.wait(lambda: bool(self.arrived), seconds, "")
        except TimeoutError:
            return
        raise AssertionError(f"{self.extension} rings at baresip")

    @property
    def received(self) -> list[str]:
        """The SIP messages that came, in their order."""
        assert self._program is not None
        pieces = re.split(r"^\x1b\[36;1m#\n\w+ \S+ -> (\S+)\n", self._program.printed.replace("\r", ""), flags=re.M)
        return [text.partition("\x1b[;m")[0] for to, text in zip(pieces[1::2], pieces[2::2], strict=True)
                if to != f"127.0.0.1:{self._switch_port}"]

    # ---- for its lines ----------------------------------------------------------------------------

    def command(self, command: str, params: str = "") -> str:
        assert self._control is not None
        return self._control.command(command, params)

    def uri(self, dialled: str) -> str:
        return f"sip:{percent(dialled)}@127.0.0.1:{self._switch_port};transport={self.transport}"

    def _of_baresip(self, event: Mapping[str, str]) -> None:
        with self.lab.changed:
            kind = event.get("type", "")
            if kind == "REGISTER_OK":
                self.registrations += 1
            elif event.get("class") == "call" and "id" in event:
                line = self._line(event["id"], event.get("direction") == "incoming")
                line.told(kind, event)
                if kind == "CALL_INCOMING":
                    self.arrived.append(line)
            self.lab.changed.notify_all()

    def _line(self, call_id: str, incoming: bool) -> BaresipLine:
        for line in self._lines:
            if line.sip_call_id == call_id or not (incoming or line.sip_call_id or line.ended):
                break
        else:
            line = BaresipLine(self)
            self._lines.append(line)
        line.sip_call_id = call_id
        return line
