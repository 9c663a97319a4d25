"""A phone that holds its call, and the music that the other party hears meanwhile."""

from typing import TYPE_CHECKING

from fsctl.simulator.channel.profile import now_us

if TYPE_CHECKING:
    from fsctl.simulator.channel.channel import Channel


def hold(channel: "Channel") -> None:
    """Its phone holds the call."""
    if channel.held or channel.hung_up or channel.partner is None:
        return
    channel.held = True
    channel.profile.times.last_hold = now_us()
    channel.set_call_state("HELD")
    channel.fire("CHANNEL_HOLD")
    play_music(channel.partner, True)


def unhold(channel: "Channel", *, final: bool = False) -> None:
    """No longer. ``final``: since it hangs up, and whoever hears only music then is hung up on at once."""
    if not channel.held or channel.hung_up:
        return
    channel.held = False
    partner = channel.partner
    if partner is not None and not final:
        play_music(partner, False)
    channel.set_call_state("UNHELD")
    channel.fire("CHANNEL_UNHOLD")
    if not final:
        channel.set_call_state("ACTIVE")
    elif partner is not None and partner.ready:
        partner.hang_up()


def play_music(channel: "Channel", on: bool) -> None:
    """What it hears while the other one holds."""
    if on == channel.music:
        return
    channel.music = on
    about = {"Application": "playback", "Application_Data": channel.switch.globals["hold_music"]}
    channel.fire("CHANNEL_EXECUTE" if on else "CHANNEL_EXECUTE_COMPLETE", **about)
