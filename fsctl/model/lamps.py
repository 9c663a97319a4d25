"""Lamps of desk phones that are not about a phone: parked calls, night service, group calls, and membership of hunt
groups and of the pools of executives' assistants.

What calls make of lamps are marks, so that nobody has to go through all calls for one lamp.
"""

from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from typing import Final, Literal

from fsctl.model import group_calls
from fsctl.model.executives import takes_part
from fsctl.model.lamp_names import split
from fsctl.model.live import LiveCall
from fsctl.model.night import night_at
from fsctl.model.office import Office
from fsctl.model.parking import places
from fsctl.model.settings import hunt_path, night_path

#: That a call is parked somewhere, that a person is on one, or that a group call goes on or begins: by extension.
Mark = tuple[Literal["slot", "user", "conference"], str]

#: So often at least it is asked when night service changes, which a schedule knows only so far ahead.
_ASKED_ANEW: Final = timedelta(days=1)


def marks(call: LiveCall) -> Iterator[Mark]:
    """What one channel makes of lamps."""
    if call.slot:
        yield "slot", call.slot
    if call.user:
        yield "user", call.user
    if extension := group_calls.taken_part_in(call):
        yield "conference", extension


def marked(mark: Mark, office: Office) -> str:
    """The lamp that depends on it, by name; "" for none."""
    kind, extension = mark
    if kind != "conference":
        return f"slot+{extension}"
    to = office.extensions.get(extension)
    return f"conference+{to.name}" if to and to.kind == "conference" else ""


def switched(path: str) -> tuple[str, str | None]:
    """The lamp that depends on a setting, by name, and at whose phone alone it does; "" for none."""
    kind, _, rest = path.partition(".")
    key, _, member = rest.partition(".")
    match kind:
        case "night":
            return f"night+{rest}", None
        case "hunt" | "assistant":
            return f"{kind}+{key}", member
    return "", None


def shared(office: Office) -> Iterator[str]:
    """The names of all lamps that show the same to everybody."""
    names = [f"slot+{extension}" for extension in places(office)]
    names += [f"night+{site.key}" for site in office.sites.values() if site.night is not None]
    names += [f"conference+{key}" for key, group in office.groups.items() if group.conference]
    return (name for name in names if split(name))


def lit_for_all(name: str, office: Office, calls: Container[Mark], at: datetime) -> bool | None:
    """Whether a lamp that shows the same to everybody is lit at an aware instant; None for one that tells nothing now.

    So does that of a person on a call with none parked: FreeSWITCH would light it (sofia_presence.c:1383).
    """
    kind, key = split(name) or ("", "")
    if kind == "slot" and (key not in office.extensions or (("user", key) in calls and ("slot", key) not in calls)):
        return None
    return None if kind in ("", "hunt", "assistant") or not _is_there(kind, key, office) else lit(
        name, "", office, calls, at)


def personal(name: str, office: Office) -> bool:
    """Whether each subscription to a lamp is told by itself.

    That of a hunt group or an executive shows each watcher his own membership, and of people it is the only way to tell
    anything while they talk.
    """
    kind, key = split(name) or ("", "")
    return kind in ("hunt", "assistant") or (kind == "slot" and key in office.users)


def lit(name: str, watcher: str, office: Office, calls: Container[Mark], at: datetime) -> bool:
    """Whether a lamp is lit at the phone of ``watcher``; one that stands for nothing is dark."""
    match split(name):
        case ("slot", extension):
            return ("slot", extension) in calls
        case ("night", key) if key in office.sites and office.sites[key].night is not None:
            return night_at(office.sites[key], office, at).on
        case ("conference", key) if key in office.groups and (conference := office.groups[key].conference):
            return ("conference", conference.extension) in calls
        case ("hunt", key) if key in office.groups and office.groups[key].hunt is not None:
            return watcher in office.groups[key].members and not office.settings.left(key, watcher, at)
        case ("assistant", key) if key in office.users:
            return takes_part(watcher, office.users[key], office)
    return False


def next_instant(name: str, watcher: str, office: Office, at: datetime) -> datetime | None:
    """When to look at a lamp again though nothing happens; None for one that no time changes."""
    match split(name):
        case ("night", key) if key in office.sites:
            change = night_at(office.sites[key], office, at).next_change
            begins = office.settings.next_instant(night_path(key), at)
            return min(each for each in (change, begins, at + _ASKED_ANEW) if each is not None)
        case ("hunt", key):
            return office.settings.next_instant(hunt_path(key, watcher), at)
    return None


def _is_there(kind: str, key: str, office: Office) -> bool:
    match kind:
        case "slot":
            return office.extensions[key].kind in ("user", "slot")
        case "night":
            return key in office.sites and office.sites[key].night is not None
    return key in office.groups and office.groups[key].conference is not None
