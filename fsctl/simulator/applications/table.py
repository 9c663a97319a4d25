"""The applications that a dialplan or a controller executes on a channel, by name."""

from collections.abc import Callable

from fsctl.simulator.applications import bridge, conference, control, dialogue, dptools, pickup, variables
from fsctl.simulator.channel import display
from fsctl.simulator.channel.channel import Application, Channel

_SILENT: dict[str, Callable[[Channel, str], str | None]] = {
    "answer": dptools.answer, "bridge": bridge.bridge, "event": dptools.event,
    "execute_extension": dptools.execute_extension, "export": variables.export, "flush_dtmf": dptools.flush_dtmf,
    "hangup": dptools.hangup, "info": dptools.nothing, "intercept": pickup.intercept, "log": dptools.nothing,
    "multiset": variables.multiset, "multiunset": variables.multiunset,
    "park": lambda channel, data: control.park(channel) if not channel.controlled else None,
    "pickup": pickup.pickup, "pre_answer": dptools.pre_answer, "respond": dptools.respond,
    "ring_ready": dptools.ring_ready, "sched_cancel": dptools.sched_cancel, "sched_hangup": dptools.sched_hangup,
    "sched_transfer": dptools.sched_transfer, "send_display": display.send, "set": variables.set_,
    "set_profile_var": variables.set_profile_var,
    "sleep": dptools.sleep, "socket": control.control, "start_dtmf": dptools.nothing, "stop_dtmf": dptools.nothing,
    "transfer": dptools.transfer, "unset": variables.unset,
}
_AUDIBLE: dict[str, Callable[[Channel, str], str | None]] = {
    "conference": conference.conference, "endless_playback": dialogue.endless_playback, "phrase": dialogue.phrase,
    "play_and_get_digits": dialogue.play_and_get_digits, "playback": dialogue.playback, "say": dialogue.say,
    "voicemail": dialogue.voicemail,
}
APPLICATIONS = {
    **{name: Application(run) for name, run in _SILENT.items()},
    **{name: Application(run, audible=True) for name, run in _AUDIBLE.items()},
}
