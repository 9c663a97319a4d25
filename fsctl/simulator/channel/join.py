"""Two channels that somebody else connects: uuid_bridge, and with it attended transfers (switch_ivr_bridge.c:2005)."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.display import meet
from fsctl.simulator.channel.talk import afterwards, talk


def join(first: Channel, second: Channel) -> None:
    """Both leave what they do and talk; the first one's thread holds the talk."""
    meet(first, second)
    for one, other, kind in ((first, second, "originatee"), (second, first, "originator")):
        one.other, one.other_type, one.transfer_to, one.reset = other, kind, None, False
        one.join_to = other, one is first
        one.wake()


def take_over(first: Channel, second: Channel) -> None:
    """The same by command, whoever talked with them: nobody hears music or is on hold any more."""
    if first.direction == "outbound" and not first.in_dialplan:  # it counts as the caller from now on
        first.fire("CALL_UPDATE", Direction="RECV")
    join(first, second)
    for one in (first, second):
        one.play_music(False)
        if one.partner is not None:
            one.partner.unhold(final=True)


def soft_execute(channel: Channel, other: Channel, leads: bool) -> None:
    """In the channel's own thread: meet the other one, and talk."""
    channel.join_to = None
    channel.leave()
    if channel.bridging:  # its own bridge has just been torn down, and it is reset already
        channel.bridging = False
    else:
        channel.enter("CS_HIBERNATE")
    channel.enter("CS_RESET")
    channel.enter("CS_SOFT_EXECUTE")
    if not leads:
        channel.wake()
        return
    channel.thread.wait(lambda: other.state == "CS_SOFT_EXECUTE" or not other.ready and other.join_to is None)
    if not channel.ready:
        return
    if not other.ready:
        channel.hang_up("DESTINATION_OUT_OF_ORDER")
        return
    for one, another in ((channel, other), (other, channel)):
        one.fire("CHANNEL_EXECUTE", Application="uuid_bridge", Application_Data=another.uuid)
    talk(channel, other)
    if channel.ready:
        afterwards(channel, other)
    if channel.ready:
        channel.hang_up("NORMAL_CLEARING")
