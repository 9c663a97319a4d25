"""The lines that one reader of the relay is told: everything at first, and then what has changed since."""

import json
from dataclasses import fields
from datetime import datetime

from fsctl.model.live import Live, LiveCall
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.link.live import Ended


class Lines:
    """What the reader was told of what ``heard`` knows. Channels of which nothing new is known are not looked at."""

    def __init__(self, heard: HeardHere) -> None:
        self._heard = heard
        self._calls: dict[str, LiveCall] = {}
        #: Of each FreeSWITCH, as they ended.
        self._ended: list[dict[str, Ended]] = [{} for _ in heard.tables]
        #: Channels of which something new is known, as that came.
        self._touched: dict[str, None] = {}
        self._generation = -1

    def touch(self, uuid: str) -> None:
        """Something new is known of a channel."""
        self._touched[uuid] = None

    def next(self, live: Live) -> bytes:
        """The line that makes the reader know ``live``, which is what there is now."""
        touched, self._touched = self._touched, {}
        if (generation := self._heard.generation()) != self._generation:
            self._generation = generation
            there = (call.uuid for call in live.calls)
            past = (uuid for table in self._heard.tables for uuid in table.ended)
            touched = dict.fromkeys((*there, *past, *self._calls))
        line = {
            "known": live.known,
            "set": [_plain(call) for uuid in touched if (call := self._changed(uuid, live))],
            "gone": [uuid for uuid in touched if self._is_gone(uuid, live)],
            "ended": [_plain(end) for uuid in touched for end in self._ends(uuid)],
            "forgotten": self._forgotten(),
            "been": {room: sorted(people) for room, people in self._heard.been().items()},
        }
        return json.dumps(line).encode() + b"\n"

    def _changed(self, uuid: str, live: Live) -> LiveCall | None:
        """The channel, if the reader knows it otherwise or not at all."""
        call = live.call(uuid)
        if call is None or self._calls.get(uuid) is call:
            return None
        self._calls[uuid] = call
        return call

    def _is_gone(self, uuid: str, live: Live) -> bool:
        """Whether the reader knows a channel that is no more."""
        if uuid not in self._calls or live.call(uuid) is not None:
            return False
        del self._calls[uuid]
        return True

    def _ends(self, uuid: str) -> list[Ended]:
        """How it ended, if the reader does not know that."""
        found = []
        for table, told in zip(self._heard.tables, self._ended, strict=True):
            if (end := table.ended.get(uuid)) is not None and told.get(uuid) is not end:
                told[uuid] = end
                found.append(end)
        return found

    def _forgotten(self) -> list[str]:
        """The ends that are remembered no more, which were the first."""
        found = []
        for table, told in zip(self._heard.tables, self._ended, strict=True):
            while told and (first := next(iter(told))) not in table.ended:
                del told[first]
                found.append(first)
        return found


def _plain(value: LiveCall | Ended) -> dict[str, object]:
    found = {each.name: getattr(value, each.name) for each in fields(value)}
    return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in found.items()}
