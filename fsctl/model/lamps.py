"""Lamps of desk phones that are not about a phone: parked calls, night service, group calls, and membership of hunt
groups and of the pools of executives' assistants.
"""

from datetime import datetime

from fsctl.model import group_calls
from fsctl.model.executives import takes_part
from fsctl.model.lamp_names import split
from fsctl.model.live import Live
from fsctl.model.night import night_at
from fsctl.model.office import Office
from fsctl.model.parking import places


def lamps(office: Office, live: Live, at: datetime) -> dict[str, bool]:
    """All lamps that show the same to everybody, and whether each is lit at an aware instant.

    Not that of a person on a call with none parked: FreeSWITCH would light it (sofia_presence.c:1383).
    """
    parked = _parked(live)
    on_calls = {call.user for call in live.calls} - parked
    told = [each for each in places(office) if each not in on_calls]
    slots = {f"slot+{extension}": extension in parked for extension in told}
    nights = {
        f"night+{site.key}": night_at(site, office, at).on for site in office.sites.values() if site.night is not None
    }
    running = group_calls.running(live)
    groups = {
        f"conference+{key}": group.conference.extension in running
        for key, group in office.groups.items() if group.conference
    }
    return {name: lit for name, lit in (slots | nights | groups).items() if split(name)}


def personal(name: str, office: Office) -> bool:
    """Whether each subscription to a lamp is told by itself.

    That of a hunt group or an executive shows each watcher his own membership, and of people it is the only way to tell
    anything while they talk.
    """
    kind, key = split(name) or ("", "")
    return kind in ("hunt", "assistant") or (kind == "slot" and key in office.users)


def lit(name: str, watcher: str, office: Office, live: Live, at: datetime) -> bool:
    """Whether a lamp is lit at the phone of ``watcher``; one that stands for nothing is dark."""
    match split(name):
        case ("slot", extension):
            return extension in _parked(live)
        case ("night", key) if key in office.sites and office.sites[key].night is not None:
            return night_at(office.sites[key], office, at).on
        case ("conference", key) if key in office.groups and (conference := office.groups[key].conference):
            return group_calls.runs(conference.extension, live)
        case ("hunt", key) if key in office.groups and office.groups[key].hunt is not None:
            return watcher in office.groups[key].members and not office.settings.left(key, watcher, at)
        case ("assistant", key) if key in office.users:
            return takes_part(watcher, office.users[key], office)
    return False


def _parked(live: Live) -> set[str]:
    return {call.slot for call in live.calls if call.slot}
