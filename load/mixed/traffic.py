"""Makes the calls of the mixed traffic, and counts what became of them."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from load.mixed.phones import CALLING, PRESSING
from load.mixed.plan import Placed
from tests.live.lab import Lab
from tests.live.sip_phone import SipLine

#: Seconds after the last call has begun, by which all have ended.
_OVER = 20.0


@dataclass(frozen=True)
class Made:
    """A call that was placed: whether somebody answered, and the cause by which it ended; "" if it goes on."""

    placed: Placed
    answered: bool
    cause: str


def make(lab: Lab, calls: Sequence[Placed]) -> list[Made]:
    """Place each at its time; returns when all have ended, or should have."""
    start = time.monotonic()
    lines: list[SipLine] = []
    for call in calls:
        time.sleep(max(0.0, start + call.at - time.monotonic()))
        lines.append(_place(lab, call))
    deadline = time.monotonic() + _OVER
    while not all(line.ended for line in lines) and time.monotonic() < deadline:
        time.sleep(0.1)
    return [Made(call, line.answered, line.cause) for call, line in zip(calls, lines, strict=True)]


def _place(lab: Lab, call: Placed) -> SipLine:
    line = SipLine(lab, str(uuid.uuid4()))
    variables = {"talk": f"{call.talk * 1000:.0f}", "key": call.key, "originate_timeout": "30"}
    dial = f"sofia/gateway/{call.caller}/{call.dialled}"
    if call.dialled.startswith("+"):
        dial = f"sofia/provider/{call.dialled}@127.0.0.1:{lab.trunk_port}"
        variables["origination_caller_id_number"] = call.caller
    lab.place(line, dial, variables, then=PRESSING if call.key else CALLING)
    return line
