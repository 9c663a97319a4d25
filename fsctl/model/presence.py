"""Who is engaged: the one answer for `fsctl status` and `hunt`, hunt groups and people without call waiting."""

from collections.abc import Callable, Sequence
from typing import Literal

from fsctl.model.live import LiveCall

State = Literal["free", "ringing", "busy", "on hold"]


def presence(channels: Sequence[LiveCall]) -> tuple[State, LiveCall | None]:
    """One word for all channels of a person, and the channel that it is about.

    A talk counts before a call that rings meanwhile, and that before one on hold. Who calls somebody is busy.
    """
    for word, counts in _STATES:
        for channel in channels:
            if counts(channel):
                return word, channel
    return "free", None


def engaged(channels: Sequence[LiveCall], call: str = "", *, rung_counts: bool = True) -> bool:
    """Whether anything goes on at a person's phones besides the call of the channel ``call`` and the legs that ring
    for it, which end late. Without ``rung_counts`` a phone that is rung is free for one more call.
    """
    return any(rung_counts or not is_rung(each) for each in channels if call not in (each.uuid, each.peer))


def is_rung(channel: LiveCall) -> bool:
    """Whether this phone rings, and nobody has answered there yet."""
    return channel.state == "ringing" and channel.direction == "outbound"


#: In the order in which they count; there is none that none of them takes.
_STATES: tuple[tuple[State, Callable[[LiveCall], bool]], ...] = (
    ("busy", lambda channel: channel.state == "talking"),
    ("busy", lambda channel: channel.state != "held" and channel.direction == "inbound"),
    ("ringing", is_rung),
    ("on hold", lambda channel: channel.state == "held"),
    ("busy", lambda channel: True),
)
