"""The end of a channel: its reports, and that it lasts while a connection lingers."""

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.recording import stop
from fsctl.simulator.core.causes import q850


def end(channel: Channel) -> None:
    """Its thread is through: report, and be gone once no connection lingers."""
    cause = channel.hangup_cause
    channel.play_music(False)
    channel.enter("CS_HANGUP")
    stop(channel, "all")
    channel.variables |= {"hangup_cause": cause, "hangup_cause_q850": str(q850(cause))}
    if hook := channel.variables.get("api_hangup_hook"):
        channel.switch.api(channel.expand(hook))
    channel.set_call_state("HANGUP")
    channel.enter("CS_REPORTING")
    channel.fire("CHANNEL_HANGUP_COMPLETE")
    for connection in list(channel.connections):
        connection.channel_ended()
    destroy_if_free(channel)


def destroy_if_free(channel: Channel) -> None:
    """A connection that lingers keeps a dead channel in the list of channels."""
    if not channel.connections and channel.state == "CS_REPORTING":
        channel.fire("CHANNEL_DESTROY")
        channel.enter("CS_DESTROY")
        channel.switch.remove(channel)
