"""What a channel's thread does: goes where it is sent and executes that, talks when it is connected, and ends."""

import logging
from functools import partial

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.display import flip
from fsctl.simulator.channel.ending import end
from fsctl.simulator.channel.executor import execute, hunt, perform
from fsctl.simulator.channel.join import soft_execute
from fsctl.simulator.dialplan.interpreter import Action

log = logging.getLogger(__name__)


def start(channel: Channel) -> None:
    """Begin with the transfer that was set; a leg that was rung has none and waits."""
    channel.thread.start(partial(_run, channel), partial(perform, channel))


def _run(channel: Channel) -> None:
    try:
        while not channel.hung_up:
            if channel.transfer_to is not None:
                _route(channel, *channel.transfer_to)
            elif channel.join_to is not None:
                soft_execute(channel, *channel.join_to)
            else:
                channel.thread.wait(lambda: channel.called_away)
                if channel.reset:  # stranded, until somebody comes
                    channel.thread.wait_awoken()
    except Exception:
        log.exception("channel %s failed", channel.uuid)
        channel.hang_up("CRASH")
    end(channel)


def _route(channel: Channel, destination: str, dialplan: str, context: str) -> None:
    channel.transfer_to = None
    if dialplan == "hibernate":  # it is a leg of somebody else's bridge now
        channel.enter("CS_HIBERNATE")
        channel.wake()
        return
    channel.leave()
    flip(channel)
    if (channel.in_dialplan or channel.direction == "outbound") and dialplan != "inline":
        channel.profile = channel.profile.transferred(destination, dialplan, context)
    first, channel.in_dialplan = not channel.in_dialplan, True
    channel.state = "CS_ROUTING"
    if channel.direction == "inbound":
        channel.set_call_state("RINGING")
    channel.fire("CHANNEL_STATE")
    if first and channel.direction == "outbound":
        channel.fire("CALL_UPDATE", Direction="SEND")
    if dialplan == "inherited":
        actions = channel.inherited
    else:
        actions = _inline(destination) if dialplan == "inline" else hunt(channel, context)
    if not actions:
        channel.hang_up("NO_ROUTE_DESTINATION")
        return
    channel.state = "CS_EXECUTE"
    channel.set_call_state("ACTIVE" if channel.answered else "EARLY" if channel.early else "RINGING")
    channel.fire("CHANNEL_STATE")
    channel.remaining = list(actions)
    while channel.remaining:
        if not channel.ready:
            return
        action = channel.remaining.pop(0)
        execute(channel, action.application, action.data)
    if channel.ready:
        channel.hang_up("NORMAL_CLEARING")


def _inline(destination: str) -> list[Action]:
    """``application:data,application:data`` instead of an extension."""
    parts = [part.partition(":") for part in destination.split(",")]
    return [Action(application, data) for application, _, data in parts]
