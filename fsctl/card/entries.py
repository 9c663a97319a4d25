"""What the card says of each code: under which heading, with what dialled after it, and for whom."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fsctl.model.executives import executives_of
from fsctl.model.office import Office
from fsctl.model.sections import User
from fsctl.policies.executive_filter import refusal
from fsctl.words import marked

#: What is dialled after a code, for ``term``.
AFTER: Final = ("extension", "number", "executive", "assistant", "group")

#: Whether a code counts in a talk.
ALSO: Final = marked("in a talk, too")
ONLY: Final = marked("in a talk")

PICKUP: Final = marked("Taking calls of others")
PARKING: Final = marked("Parking")
FORWARDING: Final = marked("Forwarding and do not disturb")
CALLS: Final = marked("Mailbox and talks")
NIGHT: Final = marked("Night service")
GROUPS: Final = marked("Hunt groups and group calls")
EXECUTIVE: Final = marked("For executives")
ASSISTANT: Final = marked("For assistants")
KEYS: Final = marked("Keys with lamps")

#: In the order in which they stand.
HEADINGS: Final = (PICKUP, PARKING, FORWARDING, CALLS, NIGHT, GROUPS, EXECUTIVE, ASSISTANT, KEYS)


@dataclass(frozen=True, slots=True)
class Entry:
    """A code that does several things has several. ``after`` must be dialled after it, ``may`` can be.

    ``whom`` says who has a use for it, of those whom the code serves at all.
    """

    code: str
    heading: str
    words: str
    after: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    talk: str = ""
    whom: Callable[[User, Office], bool] | None = None


def _is_executive(user: User, office: Office) -> bool:
    return user.executive is not None


def _switches_filters(user: User, office: Office) -> bool:
    return any(not refusal(user.extension, each) for each in executives_of(user.extension, office))


ENTRIES: Final = (
    Entry("pickup", PICKUP, marked("Take the call that rings longest in my group")),
    Entry("pickup_directed", PICKUP, marked("Take the call that rings there"), ("extension",)),
    Entry("pickup_lamp", PICKUP, marked("The same; the key of a blinking lamp dials it by itself"), ("extension",)),
    Entry("barge_in", PICKUP, marked("Join the talk there, or take the call that rings"), ("extension",)),
    Entry("park", PARKING, marked("Park the call on hold there; without extension: on mine"), (), ("extension",),
          ALSO),
    Entry("group_park", PARKING, marked("Park the call on hold in the first free slot of my group, which is told"),
          talk=ALSO),
    Entry("retrieve", PARKING, marked("Fetch the call that is parked there; without extension: on mine"), (),
          ("extension",)),
    Entry("forward_always", FORWARDING, marked("Forward all my calls there"), ("number",)),
    Entry("forward_always_off", FORWARDING, marked("Forward them no longer")),
    Entry("dnd_on", FORWARDING, marked("Do not disturb: my phones stay quiet, callers hear busy")),
    Entry("dnd_off", FORWARDING, marked("My phones ring again")),
    Entry("mailbox", CALLS, marked("Listen to the messages in my mailbox")),
    Entry("withhold", CALLS, marked("Call that number without showing mine"), ("number",)),
    Entry("join", CALLS, marked("Bring in whom I hold: all three talk"), talk=ONLY),
    Entry("record", CALLS, marked("Record the talk; again: end that"), talk=ONLY),
    Entry("night", NIGHT, marked("Switch it over, and hear how it is")),
    Entry("night_on", NIGHT, marked("Switch it on")),
    Entry("night_off", NIGHT, marked("Switch it off")),
    Entry("night_auto", NIGHT, marked("Leave it to the schedule")),
    Entry("hunt_leave", GROUPS, marked("Ring me no longer for this group; without one: for none of mine"), (),
          ("group",)),
    Entry("hunt_join", GROUPS, marked("Ring me again for this group; without one: for all of mine"), (), ("group",)),
    Entry("take_over", EXECUTIVE, marked("Take over the call that my assistant has for me"), (), ("assistant",)),
    Entry("join", EXECUTIVE, marked("Join the talk that my assistant has for me; again: end that"), (),
          ("assistant",), whom=_is_executive),
    Entry("filter_on", EXECUTIVE, marked("Switch my filter on"), whom=_is_executive),
    Entry("filter_off", EXECUTIVE, marked("Switch my filter off"), whom=_is_executive),
    Entry("push", ASSISTANT, marked("Hand the call on hold over; without executive: to my only one"), (),
          ("executive",), ALSO),
    Entry("on_behalf", ASSISTANT, marked("Call that number in the executive's name"), ("executive", "number")),
    Entry("divert", ASSISTANT, marked("Send his calls there instead of to me; without number: to me again"),
          ("executive",), ("number",)),
    Entry("opt_out", ASSISTANT, marked("Take his calls no longer; without one: those of none"), (), ("executive",)),
    Entry("opt_in", ASSISTANT, marked("Take his calls again; without one: those of all mine"), (), ("executive",)),
    Entry("filter_on", ASSISTANT, marked("Switch his filter on"), ("executive",), whom=_switches_filters),
    Entry("filter_off", ASSISTANT, marked("Switch his filter off"), ("executive",), whom=_switches_filters),
    Entry("slot_key", KEYS, marked("Park the call on hold, or fetch the one that waits; lamp: somebody waits")),
    Entry("night_key", KEYS, marked("Switch the night service; lamp: it is on")),
    Entry("hunt_key", KEYS, marked("Leave the hunt group, or join it again; lamp: I take its calls")),
    Entry("conference_key", KEYS, marked("Call the group, or join its call; lamp: it rings or goes on")),
    Entry("assistant_key", KEYS, marked("Take the executive's calls no longer, or again; lamp: I take them")),
)
