"""Applications of mod_dptools that need no file of their own: answer, hang up, send elsewhere now or later."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.executor import run_extension
from fsctl.simulator.core.causes import known

#: SIP statuses of ``respond`` as causes.
_STATUSES = {
    "403": "CALL_REJECTED", "404": "UNALLOCATED_NUMBER", "408": "RECOVERY_ON_TIMER_EXPIRE", "410": "NUMBER_CHANGED",
    "480": "NO_USER_RESPONSE", "486": "USER_BUSY", "603": "CALL_REJECTED",
}


def answer(channel: Channel, data: str) -> None:
    channel.pre_answer()
    channel.answer()


def pre_answer(channel: Channel, data: str) -> None:
    channel.pre_answer()


def ring_ready(channel: Channel, data: str) -> None:
    channel.ring_ready()


def sleep(channel: Channel, data: str) -> None:
    """Until its time is over, or ``uuid_break`` comes (switch_ivr.c, switch_ivr_sleep)."""
    channel.broken_off = False
    channel.thread.wait(lambda: channel.broken_off, channel.switch.schedule.seconds(int(data or 0) / 1000))


def hangup(channel: Channel, data: str) -> None:
    channel.hang_up(known(data) if data else "NORMAL_CLEARING")


def respond(channel: Channel, data: str) -> None:
    channel.hang_up(_STATUSES.get(data.split(" ")[0], "NORMAL_TEMPORARY_FAILURE"))


def transfer(channel: Channel, data: str) -> None:
    words = data.split()
    if words and words[0] == "-bleg":
        if channel.partner is not None:
            channel.partner.transfer(*words[1:4])
    elif words:
        channel.transfer(*words[:3])


def execute_extension(channel: Channel, data: str) -> None:
    destination, *rest = data.split()
    run_extension(channel, destination, rest[1] if len(rest) > 1 else channel.profile.context)


def sched_transfer(channel: Channel, data: str) -> None:
    when, *where = data.split()
    task = channel.switch.schedule.add(channel.uuid, float(when), lambda: channel.transfer(*where[:3]))
    channel.set("last_sched_id", str(task))


def sched_hangup(channel: Channel, data: str) -> None:
    when, *cause = data.split()
    channel.switch.schedule.add(channel.uuid, float(when), lambda: channel.hang_up(*cause[:1]))


def sched_cancel(channel: Channel, data: str) -> None:
    channel.switch.schedule.delete(data.strip() or channel.uuid)


def flush_dtmf(channel: Channel, data: str) -> None:
    channel.digits.clear()


def event(channel: Channel, data: str) -> None:
    headers = dict(part.partition("=")[::2] for part in data.split(","))
    channel.fire(headers.pop("Event-Name", "CHANNEL_APPLICATION"), **headers)


def nothing(channel: Channel, data: str) -> None:
    """Has no effect that anybody could notice here."""
