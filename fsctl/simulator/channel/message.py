"""What a program asks a channel to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A ``sendmsg``: an application to execute, or, without one, a hang-up for ``cause``."""

    application: str = ""
    data: str = ""
    event_uuid: str = ""
    lock: bool = False
    cause: str = ""
