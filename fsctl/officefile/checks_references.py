"""Rules about names: everything that is referred to exists."""

from collections.abc import Container, Iterator

from fsctl.model.announcements import BUILT_IN
from fsctl.model.sections import Site, User
from fsctl.officefile.complete_numbers import complete
from fsctl.officefile.office_view import View
from fsctl.policies.destinations import refusal
from fsctl.schema import Finding, Path, shown
from fsctl.words import marked, say

_NO_USER = marked("there is no user {name}")
_NO_SITE = marked("there is no site {name}")


def destinations(view: View) -> Iterator[Finding]:
    """In the words of a star code: whoever may not call a number cannot send his calls there either."""
    for path, to in view.destinations():
        if why_not := refusal(to, view.office, _site(view, path), by=_decided_by(view, path), known=view):
            yield Finding(path, str(why_not))


def _decided_by(view: View, path: Path) -> User | None:
    """Who causes the calls that are sent there; None where the office does."""
    section, name, *key = path
    by_himself = key[:1] == ["forward"] or key[:2] == ["executive", "rollover"]
    return view.office.users.get(str(name)) if section == "users" and by_himself else None


def _site(view: View, path: Path) -> Site | None:
    """The site of whose section it is."""
    section, name = str(path[0]), str(path[1])
    owner = getattr(view.office, section).get(name) if section in ("users", "groups") else None
    return view.office.sites.get(owner.site if owner else name if section == "sites" else "")


def people(view: View) -> Iterator[Finding]:
    """Lists of people name users, or telephones outside where they may."""
    users, office = view.names("users"), view.office
    watched = view.users | view.extensions  # which are no users is told apart
    for extension, user in office.users.items():
        at = ("users", extension)
        yield from _listed(user.monitors, (*at, "monitors"), watched, _NO_USER)
        yield from _listed(
            user.executive.assistants if user.executive else (), (*at, "executive", "assistants"), users, _NO_USER
        )
        if user.executive and extension in user.executive.assistants:
            index = user.executive.assistants.index(extension)
            message = say("{extension} cannot be his own assistant", extension=extension)
            yield Finding((*at, "executive", "assistants", index), message)
        yield from _called(user)
        yield from _no_people(user, view)
    for key, group in office.groups.items():
        inside = tuple(each for each in group.members)
        yield from _listed(inside, ("groups", key, "members"), users, _NO_USER, outside=office.numbering.country)
    for key, site in office.sites.items():
        if not isinstance(site.night_by, str):
            yield from _listed(site.night_by, ("sites", key, "night_by"), users, _NO_USER)


def _no_people(watcher: User, view: View) -> Iterator[Finding]:
    """Lamps of slots and groups tell no calls that somebody could take: phones have them without a word here."""
    for index, name in enumerate(watcher.monitors):
        if name not in view.users and (to := view.office.extensions.get(name)):
            message = say("{name} is no person; its lamp needs no word here: set a key of the phone to {kind}+{lamp}",
                          name=name, kind=to.kind, lamp=to.name)
            yield Finding(("users", watcher.extension, "monitors", index), message)


def _called(executive: User) -> Iterator[Finding]:
    """Rules about calls to an executive name what he can be called by."""
    own = (executive.extension, *executive.numbers)
    for rule, each in enumerate(executive.executive.rules if executive.executive else ()):
        for index, number in enumerate(each.called):
            if number not in own:
                path = ("users", executive.extension, "executive", "rules", rule, "called", index)
                message = say("{number} is no number of {name}; known are {known}",
                              number=shown(number), name=executive.name, known=", ".join(own))
                yield Finding(path, message)


def _listed(
    names: tuple[str, ...], at: tuple[str | int, ...], known: Container[str], missing: str, outside: str = ""
) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield Finding((*at, index), say("{name} is listed twice", name=name))
        elif outside and name.startswith("+"):
            yield from complete((*at, index), name, outside)
        elif name not in known:
            yield Finding((*at, index), say(missing, name=name))
        seen.add(name)


def sites(view: View) -> Iterator[Finding]:
    for section in ("users", "groups"):
        for name, each in getattr(view.office, section).items():
            if each.site not in view.names("sites"):
                yield Finding((section, name, "site"), say(_NO_SITE, name=each.site))
    for key, trunk in view.office.trunks.items():
        yield from _listed(trunk.sites, ("trunks", key, "sites"), view.names("sites"), _NO_SITE)


def schedules(view: View) -> Iterator[Finding]:
    for path, value in view.leaves():
        if path[-1] in ("during", "outside") and isinstance(value, str) and value not in view.names("schedules"):
            yield Finding(path, say("there is no schedule {name}", name=value))


def announcements(view: View) -> Iterator[Finding]:
    known = view.names("announcements")
    for path, value in view.leaves():
        if path[-1] == "announce" and value is not None and value not in BUILT_IN and value not in known:
            yield Finding(path, say("there is no announcement {name}", name=value))


RULES = (destinations, people, sites, schedules, announcements)
