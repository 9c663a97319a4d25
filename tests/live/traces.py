"""Captures anew what a real FreeSWITCH tells: ``FREESWITCH=PREFIX python -m tests.live.traces FOLDER [SCENARIO…]``.

FOLDER is ``tests/payloads/traces``; one file of JSON lines a scenario of scenarios.py. tests/simulator/test_traces.py
plays the same scenarios on the simulator and compares. An event is reduced to the headers of ``KEPT``: no times, hosts
or folders, and a channel's UUID is replaced by who is there: ``101>102``, who dialled what, or ``>102``, who is rung; ``>pickup`` is the
leg that waits for somebody to pick up the call.
"""

import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests import branches
from tests.live.controller import Controller
from tests.live.esl import EventSocket
from tests.live.lab import Lab
from tests.live.scenarios import OFFICE, PHONES, SCENARIOS

#: What is compared of all that FreeSWITCH tells about channels.
EVENTS = (
    "CHANNEL_CREATE", "CHANNEL_STATE", "CHANNEL_CALLSTATE", "CHANNEL_PROGRESS", "CHANNEL_PROGRESS_MEDIA",
    "CHANNEL_ANSWER", "CHANNEL_BRIDGE", "CHANNEL_UNBRIDGE", "CHANNEL_HOLD", "CHANNEL_UNHOLD", "CHANNEL_PARK",
    "CHANNEL_UNPARK", "CHANNEL_EXECUTE", "CHANNEL_EXECUTE_COMPLETE", "CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE",
    "CHANNEL_DESTROY", "CHANNEL_ORIGINATE", "CALL_UPDATE", "RECORD_START", "RECORD_STOP",
)
#: Of a conference, what is told of its members.
ROOM_ACTIONS = ("add-member", "del-member")
#: Headers of a reduced event, as FreeSWITCH names them, in this order. Those that hold a UUID stand last.
KEPT = (
    "Event-Name", "Channel-State", "Channel-Call-State", "Answer-State", "Call-Direction", "Hangup-Cause", "Application",
    "Action", "Record-Completion-Cause", "Other-Type", "Unique-ID", "Other-Leg-Unique-ID", "Bridge-A-Unique-ID",
    "Bridge-B-Unique-ID",
)
_UUIDS = KEPT[-4:]

#: What a controller or the dialplan sets and plans beside the call, and what is only a way to write it down.
_ASIDE = frozenset({
    "set", "multiset", "unset", "multiunset", "export", "sched_transfer", "sched_hangup", "sched_cancel",
    "execute_extension", "log", "info", "flush_dtmf", "set_profile_var", "send_display",
    "start_dtmf", "stop_dtmf",
})

#: An event as it stands in a trace.
Told = dict[str, str]


def reduced(events: Iterable[Mapping[str, str]]) -> list[Told]:
    """The events of channels as they stand in a trace."""
    told = [event for event in events
            if event["Event-Name"] in EVENTS and event.get("Application", "") not in _ASIDE
            or event.get("Action") in ROOM_ACTIONS]
    names = _named(told)
    return [
        {key: names.get(event[key], "?") if key in _UUIDS else event[key] for key in KEPT if event.get(key)}
        for event in told
    ]


def _named(events: Iterable[Mapping[str, str]]) -> dict[str, str]:
    names: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for event in events:
        uuid = event["Unique-ID"]
        if event["Event-Name"] == "CHANNEL_CREATE":
            dialled = (event.get("variable_dialed_user") or event["Caller-Destination-Number"]).removeprefix("+")
            caller = event.get("variable_user_name") or event.get("Caller-Caller-ID-Number", "")
            name = f">{dialled}" if event["Call-Direction"] == "outbound" else f"{caller}>{dialled}"
        elif event.get("Channel-Name", "").startswith("pickup/") and uuid not in names:
            name = ">pickup"  # it is not created as others are
        else:
            continue
        seen[name] += 1
        names[uuid] = name if seen[name] == 1 else f"{name}#{seen[name]}"
    return names


def lines(events: Iterable[Told]) -> str:
    """As they are stored."""
    return "".join(f"{json.dumps(event, ensure_ascii=False)}\n" for event in events)


def main(folder: Path, names: list[str]) -> None:
    lab = Lab(Path(os.environ["FREESWITCH"]))
    try:
        with tempfile.TemporaryDirectory() as office:
            controller = Controller(lab, Path(office), OFFICE)
            branches.install(Path(office), controller.environment)
            controller.start()
            events: list[Mapping[str, str]] = []
            link = EventSocket(lab.esl_port, events.append)
            link.subscribe(" ".join((*EVENTS, "CUSTOM", "conference::maintenance")))
            try:
                lab.phones(*PHONES)
                for name in names or SCENARIOS:
                    events.clear()
                    SCENARIOS[name](lab)
                    lab.hang_up_all()
                    time.sleep(0.5)
                    told = reduced(events)
                    (folder / f"{name}.jsonl").write_text(lines(told), "utf-8")
                    print(f"{name}: {len(told)} events", flush=True)
            finally:
                link.close()
                controller.end()
    finally:
        lab.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
