"""The applications that a dialplan or a controller executes on a channel, by name."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fsctl.simulator.applications.bridge import bridge
from fsctl.simulator.applications.dialogue import (
    endless_playback,
    phrase,
    play_and_get_digits,
    playback,
    say,
    voicemail,
)
from fsctl.simulator.core.causes import known
from fsctl.simulator.dialplan.dialstring import separate
from fsctl.simulator.eventsocket.outbound import control, park
from fsctl.simulator.ringing.pickup import intercept, pickup

if TYPE_CHECKING:
    from fsctl.simulator.channel.channel import Channel

#: Takes the channel and the expanded argument; what it returns is Application-Response.
Application = Callable[["Channel", str], str | None]

#: SIP statuses of ``respond`` as causes.
_STATUSES = {
    "403": "CALL_REJECTED", "404": "UNALLOCATED_NUMBER", "408": "RECOVERY_ON_TIMER_EXPIRE", "410": "NUMBER_CHANGED",
    "480": "NO_USER_RESPONSE", "486": "USER_BUSY", "603": "CALL_REJECTED",
}


def _set(channel: "Channel", data: str) -> None:
    name, _, value = data.partition("=")
    channel.set(name.strip(), channel.expand(value))  # `set` expands again: mod_dptools.c:1668


def _multiset(channel: "Channel", data: str) -> None:
    for each in separate(data):
        _set(channel, each)


def _unset(channel: "Channel", data: str) -> None:
    channel.set(data.strip(), None)


def _multiunset(channel: "Channel", data: str) -> None:
    for name in separate(data):
        channel.set(name, None)


def _export(channel: "Channel", data: str) -> None:
    name, _, value = data.removeprefix("nolocal:").partition("=")
    exported = [each for each in channel.variables.get("export_vars", "").split(",") if each]
    channel.set("export_vars", ",".join(dict.fromkeys([*exported, name])))
    channel.set(name if not data.startswith("nolocal:") else f"nolocal:{name}", value)


def _set_profile_var(channel: "Channel", data: str) -> None:
    name, _, value = data.partition("=")
    if channel.profile.get(name.strip()) is not None:
        setattr(channel.profile, name.strip(), value)


def _answer(channel: "Channel", data: str) -> None:
    channel.pre_answer()
    channel.answer()


def _pre_answer(channel: "Channel", data: str) -> None:
    channel.pre_answer()


def _ring_ready(channel: "Channel", data: str) -> None:
    channel.ring_ready()


def _sleep(channel: "Channel", data: str) -> None:
    channel.executor.wait(seconds=channel.switch.schedule.seconds(int(data or 0) / 1000))


def _hangup(channel: "Channel", data: str) -> None:
    channel.hang_up(known(data) if data else "NORMAL_CLEARING")


def _respond(channel: "Channel", data: str) -> None:
    channel.hang_up(_STATUSES.get(data.split(" ")[0], "NORMAL_TEMPORARY_FAILURE"))


def _transfer(channel: "Channel", data: str) -> None:
    words = data.split()
    if words and words[0] == "-bleg":
        if channel.partner is not None:
            channel.partner.transfer(*words[1:4])
    elif words:
        channel.transfer(*words[:3])


def _execute_extension(channel: "Channel", data: str) -> None:
    destination, *rest = data.split()
    channel.executor.run_extension(destination, rest[1] if len(rest) > 1 else channel.profile.context)


def _sched_transfer(channel: "Channel", data: str) -> None:
    when, *where = data.split()
    task = channel.switch.schedule.add(channel.uuid, float(when), lambda: channel.transfer(*where[:3]))
    channel.set("last_sched_id", str(task))


def _sched_hangup(channel: "Channel", data: str) -> None:
    when, *cause = data.split()
    channel.switch.schedule.add(channel.uuid, float(when), lambda: channel.hang_up(*cause[:1]))


def _sched_cancel(channel: "Channel", data: str) -> None:
    channel.switch.schedule.delete(data.strip() or channel.uuid)


def _flush_dtmf(channel: "Channel", data: str) -> None:
    channel.digits.clear()


def _event(channel: "Channel", data: str) -> None:
    headers = dict(part.partition("=")[::2] for part in data.split(","))
    channel.fire(headers.pop("Event-Name", "CHANNEL_APPLICATION"), **headers)


def _nothing(channel: "Channel", data: str) -> None:
    """Has no effect that anybody could notice here."""


#: What needs sound: the caller hears something from then on, even before the application says that it begins.
AUDIBLE = frozenset({"playback", "endless_playback", "phrase", "say", "play_and_get_digits", "voicemail"})

APPLICATIONS: dict[str, Application] = {
    "answer": _answer, "bridge": bridge, "execute_extension": _execute_extension, "export": _export,
    "endless_playback": endless_playback, "event": _event, "flush_dtmf": _flush_dtmf,
    "intercept": intercept, "pickup": pickup,
    "play_and_get_digits": play_and_get_digits, "say": say, "voicemail": voicemail,
    "hangup": _hangup, "info": _nothing, "log": _nothing, "multiset": _multiset, "multiunset": _multiunset,
    "park": lambda channel, data: park(channel) if not channel.controlled else None, "playback": playback,
    "phrase": phrase, "pre_answer": _pre_answer, "respond": _respond, "ring_ready": _ring_ready,
    "sched_cancel": _sched_cancel,
    "sched_hangup": _sched_hangup, "sched_transfer": _sched_transfer, "set": _set,
    "set_profile_var": _set_profile_var, "sleep": _sleep, "socket": control, "transfer": _transfer, "unset": _unset,
}
