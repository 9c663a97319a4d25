"""Rules about names: everything that is referred to exists."""

from collections.abc import Iterator

from fsctl.model.actions import HANGUP_CAUSES
from fsctl.model.announcements import BUILT_IN
from fsctl.model.destination import Destination
from fsctl.model.numbers import international
from fsctl.model.sections import User
from fsctl.officefile.office_view import View
from fsctl.schema import Finding, shown


def destinations(view: View) -> Iterator[Finding]:
    for path, to in view.destinations():
        if message := _missing(view, to):
            yield Finding(path, message)


def _missing(view: View, to: Destination) -> str | None:
    """Why a destination leads nowhere."""
    name = to.name
    match to.kind:
        case "user" if name not in view.names("users"):
            return f"there is no user {name}"
        case "mailbox" if name not in view.names("users"):
            return f"there is no user {name}"
        case "mailbox" if not view.has("users", name, "mailbox"):
            return f"user {name} has no mailbox; write mailbox = true there"
        case "hunt" | "conference" if name not in view.names("groups"):
            return f"there is no group {name}"
        case "hunt" | "conference" if not view.has("groups", name, to.kind):
            return f"group {name} has no {to.kind}"
        case "attendant" if name not in view.names("attendants"):
            return f"there is no attendant {name}"
        case "announcement" if name not in (*BUILT_IN, *view.names("announcements")):
            return f"there is no announcement {name}"
        case "hangup" if name not in HANGUP_CAUSES:
            return f"{shown(name)} is no reason to hang up; known are {', '.join(HANGUP_CAUSES)}"
        case "number" if international(name, view.office.numbering.country) != name:
            return f"{shown(name)} is not a complete number; write it as +4930…"
    return None


def people(view: View) -> Iterator[Finding]:
    """Lists of people name users, or telephones outside where they may."""
    users, office = view.names("users"), view.office
    slots = {extension for _, extension in view.places_of_extensions()}
    for extension, user in office.users.items():
        at = ("users", extension)
        yield from _listed(user.monitors, (*at, "monitors"), {*users, *slots}, "user")
        yield from _listed(
            user.executive.assistants if user.executive else (), (*at, "executive", "assistants"), users, "user"
        )
        if user.executive and extension in user.executive.assistants:
            index = user.executive.assistants.index(extension)
            yield Finding((*at, "executive", "assistants", index), f"{extension} cannot be his own assistant")
        yield from _called(user)
    for key, group in office.groups.items():
        inside = tuple(each for each in group.members)
        yield from _listed(inside, ("groups", key, "members"), users, "user", outside=office.numbering.country)
    for key, site in office.sites.items():
        if not isinstance(site.night_by, str):
            yield from _listed(site.night_by, ("sites", key, "night_by"), users, "user")


def _called(executive: User) -> Iterator[Finding]:
    """Rules about calls to an executive name what he can be called by."""
    own = (executive.extension, *executive.numbers)
    for rule, each in enumerate(executive.executive.rules if executive.executive else ()):
        for index, number in enumerate(each.called):
            if number not in own:
                path = ("users", executive.extension, "executive", "rules", rule, "called", index)
                yield Finding(path, f"{shown(number)} is no number of {executive.name}; known are {', '.join(own)}")


def _listed(
    names: tuple[str, ...], at: tuple[str | int, ...], known: object, what: str, outside: str = ""
) -> Iterator[Finding]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Finding((*at, index), f"{name} is listed twice")
        elif outside and name.startswith("+"):
            if international(name, outside) != name:
                yield Finding((*at, index), f"{shown(name)} is not a complete number; write it as +4930…")
        elif name not in known:  # type: ignore[operator]
            yield Finding((*at, index), f"there is no {what} {name}")


def sites(view: View) -> Iterator[Finding]:
    for section in ("users", "groups"):
        for name, each in getattr(view.office, section).items():
            if each.site not in view.names("sites"):
                yield Finding((section, name, "site"), f"there is no site {each.site}")
    for key, trunk in view.office.trunks.items():
        yield from _listed(trunk.sites, ("trunks", key, "sites"), view.names("sites"), "site")


def schedules(view: View) -> Iterator[Finding]:
    for path, value in view.leaves():
        if path[-1] in ("during", "outside") and isinstance(value, str) and value not in view.names("schedules"):
            yield Finding(path, f"there is no schedule {value}")


def announcements(view: View) -> Iterator[Finding]:
    known = (*BUILT_IN, *view.names("announcements"))
    for path, value in view.leaves():
        if path[-1] == "announce" and value not in known:
            yield Finding(path, f"there is no announcement {value}")


RULES = (destinations, people, sites, schedules, announcements)
