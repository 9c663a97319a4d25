"""Asks FreeSWITCH what there is now, over an inbound event socket."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fsctl.model.live import Live
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.live import LiveTable
from fsctl.switch.wire import WireError, is_uuid, parse_dump
from fsctl.words import say

#: Questions asked at once.
_AT_ONCE = 200


def list_channels(link: EventSocket) -> list[str]:
    """The UUIDs as FreeSWITCH's database has them, which is up to half a second behind (freeswitch.md 3.7)."""
    rows = _rows(link.api("show channels as json"), "show channels")
    return [str(row["uuid"]) for row in rows if is_uuid(str(row.get("uuid", "")))]


def dump(link: EventSocket, uuids: Iterable[str]) -> list[Mapping[str, str]]:
    """Each channel with its variables. One that is gone by now is left out."""
    found: list[Mapping[str, str]] = []
    for some in _parts([uuid for uuid in uuids if is_uuid(uuid)]):
        for text in link.apis(f"uuid_dump {uuid} json" for uuid in some):
            if text.startswith("{"):
                try:
                    found.append(parse_dump(text))
                except WireError as error:
                    raise SwitchError(say("FreeSWITCH's answer to {question} cannot be read: {why}",
                                          question="uuid_dump", why=error)) from error
    return found


def channels(link: EventSocket) -> list[Mapping[str, str]]:
    """All there are, each as ``dump`` has it."""
    return dump(link, list_channels(link))


def calls_now(link: EventSocket, node: str) -> Live:
    """The calls of the FreeSWITCH that ``node`` names."""
    table = LiveTable(node)
    table.replace(channels(link))
    return table.view()


def in_room(link: EventSocket, room: str) -> list[str]:
    """The channels in a conference, the newest first; none where there is no such conference."""
    try:
        (found,) = json.loads(link.api(f"conference {room} json_list"))
        uuids = [str(each.get("uuid", "")) for each in found["members"]]
    except (ValueError, KeyError, TypeError, AttributeError):  # it is over
        return []
    return [uuid for uuid in uuids if is_uuid(uuid)]


def gone(link: EventSocket, uuids: Iterable[str]) -> list[str]:
    """Which of them are no more."""
    found = []
    for some in _parts([uuid for uuid in uuids if is_uuid(uuid)]):
        answers = link.apis(f"uuid_exists {uuid}" for uuid in some)
        found += [uuid for uuid, answer in zip(some, answers, strict=True) if answer.strip() == "false"]
    return found


def core_uuid(link: EventSocket) -> str:
    """Differs after each start of FreeSWITCH."""
    answer = link.api("global_getvar core_uuid").strip()
    if not is_uuid(answer):
        raise SwitchError(say("FreeSWITCH does not tell its core_uuid: {answer}", answer=repr(answer[:60])))
    return answer


def leased(link: EventSocket) -> set[str]:
    """The channels for which something is scheduled: a lease, a watchdog, a recall."""
    return {str(row.get("task_group", "")) for row in _rows(link.api("show tasks as json"), "show tasks")}


def registered(link: EventSocket) -> set[str]:
    """The users who have a phone registered."""
    return {str(row.get("reg_user", "")) for row in _rows(link.api("show registrations as json"), "show registrations")}


def _rows(text: str, question: str) -> Sequence[Mapping[str, Any]]:
    """``{"row_count": 0}`` has no ``rows`` (mod_commands.c:6020)."""
    try:
        answer = json.loads(text)
        rows = answer.get("rows", [])
    except (ValueError, AttributeError, RecursionError):
        raise SwitchError(say("FreeSWITCH's answer to {question} cannot be read: {why}",
                              question=question, why=repr(text[:60]))) from None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _parts(uuids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (uuids[start : start + _AT_ONCE] for start in range(0, len(uuids), _AT_ONCE))
