"""Executives and their assistants as things stand: what the office file says, and what was switched since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fsctl.model.destination import Destination
from fsctl.model.joined import members_of
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.sections import FilterMode, User

#: What can stand for an assistant's phone.
DIVERT_KINDS = ("user", "number")


def assistants_of(executive: User) -> tuple[str, ...]:
    """All that the file lists, each once, in its order; none for who is no executive."""
    return tuple(dict.fromkeys(executive.executive.assistants)) if executive.executive else ()


def executives_of(assistant: str, office: Office) -> tuple[User, ...]:
    """Those whose calls somebody is listed to take, whether he opted out or not."""
    return office.index.executives_of.get(assistant, ())


def on_mode(executive: User) -> FilterMode:
    """What the filter does when it is switched on: the file's mode, or all calls where the file has it off."""
    by_file = executive.executive.filter if executive.executive else "off"
    return "all" if by_file == "off" else by_file


def mode_now(executive: User, office: Office) -> Literal["off", FilterMode]:
    """What an executive's filter does: as it was switched, else as the file says."""
    if executive.executive is None:
        return "off"
    match office.settings.filter(executive.extension):
        case None:
            return executive.executive.filter
        case "off":
            return "off"
        case "all" | "internal" | "external" | "rules" as mode:
            return mode
        case _:
            return on_mode(executive)


def takes_part(assistant: str, executive: User, office: Office) -> bool:
    """Whether an assistant is in the pool. Where nobody may leave it, who left before is back in."""
    terms = executive.executive
    if terms is None or assistant not in terms.assistants:
        return False
    return not terms.opt_out or not office.settings.opted_out(executive.extension, assistant)


def divert_of(assistant: str, executive: User, office: Office) -> Destination | None:
    """Where an executive's calls go instead of this assistant's phone; a number of the office is whose it is."""
    to = office.settings.diverted(executive.extension, assistant)
    to = office.owner_of(to) if to else None
    return to if to and to.kind in DIVERT_KINDS and office.has(to) else None


def may_take_filtered(user: str, executive: str, office: Office) -> bool:
    """Whether somebody may pick up the filtered call of an executive: he himself, and all of his assistants."""
    return executive in office.users and user in _pool(executive, office)


def takes_filtered_calls(user: str, office: Office) -> bool:
    """Whether somebody is an executive or an assistant."""
    return bool(_pools(user, office))


def share_executive(user: str, other: str, office: Office) -> bool:
    """Whether two people belong to one executive, who may be one of them."""
    return user != other and any(other in pool for pool in _pools(user, office))


@dataclass(frozen=True, slots=True)
class Handled:
    """A call that an assistant handles for an executive: the channel of who is at the other end, and the assistant's.

    ``by`` is the assistant, though it may be a telephone that stands for hers; ``since`` when they began to talk.
    ``joined``: he himself, or somebody else, is with them.
    """

    caller: LiveCall
    channel: LiveCall
    by: str
    since: datetime
    joined: bool = False


def handled_for(executive: User, live: Live) -> tuple[Handled, ...]:
    """All that are handled for him now, the one that has gone on longest first. Who only rings handles nothing yet."""
    channels = {call.uuid: call for call in live.calls}
    found = []
    for call in live.calls:
        if call.state not in ("talking", "held"):
            continue
        other = _far_end(call, executive, live) if call.room else channels.get(call.peer or "")
        if other and (by := _acting(call, other, executive)):
            found.append(Handled(other, call, by, min(call.since, other.since), joined=call.room is not None))
    return tuple(sorted(found, key=lambda each: (each.since, each.channel.uuid)))


def _far_end(call: LiveCall, executive: User, live: Live) -> LiveCall | None:
    """With whom somebody talks in a room in which the executive is, too; or another one, whose call is not his."""
    others = [each for each in members_of(call.room or "", live) if each != call]
    if any(each.user == executive.extension for each in others):
        rest = [each for each in others if each.user != executive.extension]
    else:
        rest = [each for each in others if each.for_user == executive.extension]
    return rest[0] if len(rest) == 1 < len(others) else None


def _acting(call: LiveCall, other: LiveCall, executive: User) -> str:
    """Who acts for the executive at this channel; "" if nobody does. Nobody does in a talk with himself, at a phone
    outside too; of two assistants it is only the one whose channel says so.
    """
    by = ""
    if call.executive == executive.extension:
        by = call.user or (call.sent_by or "").partition(":")[2] or call.number
    elif other.for_user == executive.extension != other.executive and call.user in assistants_of(executive):
        by = call.user or ""
    return by if executive.extension not in (by, other.user) else ""


def dialled_for(digits: str, assistant: str, office: Office) -> tuple[User | None, str]:
    """The executive of an assistant with whose extension the digits begin, the longest that there is; and the rest."""
    own = [each for each in executives_of(assistant, office) if digits.startswith(each.extension)]
    executive = max(own, key=lambda each: len(each.extension), default=None)
    return executive, digits.removeprefix(executive.extension) if executive else digits


def _pool(executive: str, office: Office) -> frozenset[str]:
    """An executive and his assistants; empty for who is none."""
    assistants = assistants_of(office.users[executive])
    return frozenset((executive, *assistants)) if assistants else frozenset()


def _pools(user: str, office: Office) -> list[frozenset[str]]:
    """Those that somebody belongs to: his own, and his executives'."""
    executives = (user, *(each.extension for each in executives_of(user, office)))
    return [pool for each in executives if each in office.users and (pool := _pool(each, office))]
