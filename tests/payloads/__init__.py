"""Bytes captured from a real FreeSWITCH 1.11 on loopback; the host is called ``fs`` in them.

``call.esl``: a call's own connection from ``connect`` to the end, with ``myevents json`` and ``linger 5``; the caller's
name was ``A%0AB: c%24``. ``link.esl``: the inbound link meanwhile. ``plain.esl``: an inbound link with plain events.

``live/``: what the inbound link of a FreeSWITCH 1.10.12 heard of whole calls, reduced to the headers that are read.
101 calls 102 (``internal``, with a hold), who transfers to 103 (``blind``, ``attended``) or answers 302 to ``**99``
(``redirect``), or whose call 103 picks up by ``*98`` (``pickup``); an outside caller rings 101, 102 and 103
(``trunk``). 103 is transferred from a call to 104 into the conference ``join``, as are 101 and 102, and hangs up there;
then those two are bridged again (``room``).
"""

import json
from pathlib import Path

CALL = "b3655eb5-b172-46b4-92db-8cc7bb6fef23"
"""The UUID of the call in ``call.esl``."""


def read(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


def connect_reply() -> bytes:
    return read("call.esl").partition(b"\n\n")[0] + b"\n\n"


def live(name: str) -> list[dict[str, str]]:
    """The events of one call under ``live/``."""
    text = Path(__file__).with_name("live").joinpath(f"{name}.jsonl").read_text("utf-8")
    return [json.loads(line) for line in text.splitlines()]
