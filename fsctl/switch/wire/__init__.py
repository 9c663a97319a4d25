"""The event socket as bytes: frames and events read, commands built. No sockets here.

Everything that arrives is foreign: a caller's display name can hold any byte, and whoever reaches the port can send
anything. So lines are split before values are decoded, each value is decoded once, and control characters are
replaced last: no value can become a header.
"""

from fsctl.switch.wire.command import (
    api,
    auth,
    bgapi,
    command,
    connect,
    events,
    fewer_events,
    linger,
    myevents,
    sendevent,
    sendmsg_execute,
    sendmsg_hangup,
)
from fsctl.switch.wire.event import Audio, Event, event_age_seconds, parse_dump, parse_event
from fsctl.switch.wire.frame import (
    BODY_LIMIT,
    HEADER_LIMIT,
    REPLY_LIMIT,
    Frame,
    FrameReader,
    WireError,
)
from fsctl.switch.wire.text import is_uuid, new_uuid

__all__ = [
    "BODY_LIMIT",
    "HEADER_LIMIT",
    "REPLY_LIMIT",
    "Audio",
    "Event",
    "Frame",
    "FrameReader",
    "WireError",
    "api",
    "auth",
    "bgapi",
    "command",
    "connect",
    "event_age_seconds",
    "events",
    "fewer_events",
    "is_uuid",
    "linger",
    "myevents",
    "new_uuid",
    "parse_dump",
    "parse_event",
    "sendevent",
    "sendmsg_execute",
    "sendmsg_hangup",
]
