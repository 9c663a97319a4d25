"""How soon it rings: fsctl beside applications that do nothing else, and beside the dialplan alone."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from load.compared import process
from load.mixed.office import RINGING, RUNG
from load.mixed.sip import Pair, Rang
from tests.live.lab import Lab

#: What is dialled for each. Extensions before all of fsctl's lead to the others.
DIALLED = {"fsctl": RUNG, "bridge": "9001", "ring_ready": "9002", "dialplan": "9003"}


def measure(lab: Lab, folder: Path, calls: int) -> dict[str, Sequence[Rang]]:
    """So many calls of each, in turn."""
    to = f"user/{RUNG}@127.0.0.1"
    with ExitStack() as stack:
        ports = {name: stack.enter_context(process(folder, name, "-m", "load.servers.rings", "{port}", to, *first))[1]
                 for name, first in {"bridge": (), "ring_ready": ("ring_ready",)}.items()}
        sockets = {name: ("socket", f"127.0.0.1:{port} async full") for name, port in ports.items()}
        _extensions(lab, {DIALLED[name]: how for name, how in {**sockets, "dialplan": ("bridge", to)}.items()})
        pair = Pair(lab.sip_port, (RINGING, lab.password(RINGING)), (RUNG, lab.password(RUNG)))
        stack.callback(pair.close)
        found: dict[str, list[Rang]] = {name: [] for name in DIALLED}
        names = list(DIALLED)
        for number in range(-1, calls):  # the first round warms up
            for name in names[number % 4:] + names[:number % 4]:
                rang = pair.ring(DIALLED[name])
                if number >= 0:
                    found[name].append(rang)
    return dict(found)


def _extensions(lab: Lab, actions: dict[str, tuple[str, str]]) -> None:
    """The office has no emergency numbers, in whose place these stand: before anything that fsctl's dialplan does."""
    text = "".join(
        f'<extension name="{number}"><condition field="destination_number" expression="^{number}$">'
        f'<action application="{what}" data="{how}"/></condition></extension>'
        for number, (what, how) in actions.items())
    (lab.folder / "generated" / "dialplan" / "emergency.xml").write_text(f"<include>\n{text}\n</include>\n")
    lab.switch.api("reloadxml")
