"""Applications, executed on a channel: one, all of an extension, or the one that a message asks for."""

import logging
from dataclasses import replace
from uuid import uuid4

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.message import Message
from fsctl.simulator.channel.profile import Profile
from fsctl.simulator.dialplan.interpreter import Action, Facts

log = logging.getLogger(__name__)


def execute(channel: Channel, name: str, data: str, event_uuid: str = "") -> None:
    """Run one application between its two events. An unknown one ends the call."""
    application = channel.switch.applications.get(name)
    if application is None:
        log.error("invalid application %s", name)
        channel.hang_up("DESTINATION_OUT_OF_ORDER")
        return
    if application.audible:
        channel.pre_answer()
    data = channel.expand(data)
    about = {"Application": name, "Application_Data": data, "Application_UUID": event_uuid or str(uuid4())}
    channel.variables |= {"current_application": name, "current_application_data": data}
    channel.fire("CHANNEL_EXECUTE", **{key: value for key, value in about.items() if value})
    channel.thread.depth += 1
    try:
        response = application.run(channel, data) or "_none_"
    finally:
        channel.thread.depth -= 1
    about = {"Application": name, "Application_Data": data, "Application_Response": response,
             "Application_UUID": about["Application_UUID"]}
    channel.fire("CHANNEL_EXECUTE_COMPLETE", **{key: value for key, value in about.items() if value})


def perform(channel: Channel, message: Message) -> None:
    """What a program asked for."""
    if message.application:
        execute(channel, message.application, message.data, message.event_uuid)
    else:
        channel.hang_up(message.cause)


def run_extension(channel: Channel, destination: str, context: str) -> None:
    """Hunt and execute within what runs: execute_extension, whose conditions know the profile as it was before."""
    profile = replace(channel.profile, destination_number=destination)
    for action in _found(channel, profile, context):
        if not channel.ready:
            return
        execute(channel, action.application, action.data)


def hunt(channel: Channel, context: str) -> list[Action]:
    """What the dialplan says for the number that the channel has called."""
    return _found(channel, channel.profile, context)


def _found(channel: Channel, profile: Profile, context: str) -> list[Action]:
    def field(name: str) -> str:
        found = profile.get(name)
        return (channel.get(name) if found is None else found) or ""

    def expand(text: str) -> str:
        return channel.expand(text, destination_number=profile.destination_number)

    def at_once(action: Action) -> None:
        execute(channel, action.application, action.data)

    return channel.switch.dialplan.hunt(context, Facts(field, expand, at_once))
