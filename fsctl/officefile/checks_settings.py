"""Rules about single settings: amounts, times, zones and what doesn't go together."""

import re
from collections.abc import Iterator
from functools import cache
from zoneinfo import available_timezones

from fsctl import public_holidays
from fsctl.model import contexts, schedule
from fsctl.model.parking import group_terms
from fsctl.model.recordings import misread
from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Path, shown
from fsctl.words import say

#: The least and the most of whole numbers, by the name of their key.
LIMITS = {
    "recall_seconds": (30, 600),
    "alternate_after_seconds": (30, 600),
    "ring_seconds": (1, 120),
    "answer_seconds": (1, 3600),
    "after_seconds": (1, 7200),
    "push_recall_seconds": (1, 120),
    "hold_recall_seconds": (0, 7200),
    "outside_legs": (1, 50),
    "keep_calls_days": (0, 3650),
    "retries": (1, 9),
}
MOST_MONITORS = 8
MOST_CONFERENCE_MEMBERS = 20
LANGUAGES = ("de", "en")

#: Unicode's category Cc.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def amounts(view: View) -> Iterator[Finding]:
    for path, value in view.leaves():
        least, most = _limits(path)
        if isinstance(value, int) and least is not None and most is not None and not least <= value <= most:
            message = say("must be {least} to {most}, not {found}", least=least, most=most, found=shown(value))
            yield Finding(path, message)


def _limits(path: Path) -> tuple[int | None, int | None]:
    if "weights" in path[:-1]:
        return 0, 100
    if path[-2:] == ("rollover", "after_seconds"):
        return 0, LIMITS["after_seconds"][1]  # 0: however long it takes
    return LIMITS.get(str(path[-1]), (None, None))


def lengths(view: View) -> Iterator[Finding]:
    for extension, user in view.office.users.items():
        if len(user.monitors) > MOST_MONITORS:
            message = say("at most {most} are allowed", most=MOST_MONITORS)
            yield Finding(("users", extension, "monitors", MOST_MONITORS), message)
    for key, group in view.office.groups.items():
        if group.conference and len(group.members) > MOST_CONFERENCE_MEMBERS:
            message = say("a group call has at most {most} members", most=MOST_CONFERENCE_MEMBERS)
            yield Finding(("groups", key, "members", MOST_CONFERENCE_MEMBERS), message)
        if group.hunt and not group.members:
            yield Finding(("groups", key, "hunt"), say("the group has no members to ring"), True)


def weights(view: View) -> Iterator[Finding]:
    for key, group in view.office.groups.items():
        if group.hunt is None or not group.hunt.weights:
            continue
        at = ("groups", key, "hunt", "weights")
        if group.hunt.policy != "weighted":
            yield Finding(at, say('has no effect with policy = "{policy}"', policy=group.hunt.policy), True)
        for name in group.hunt.weights:
            if name not in group.members:
                yield Finding((*at, name), say("{name} is not a member of the group", name=name))


def nights(view: View) -> Iterator[Finding]:
    for key, site in view.office.sites.items():
        if site.night and site.night.outside is not None and site.night.during is not None:
            yield Finding(("sites", key, "night"), say("has both `outside` and `during`; keep one"))


def parks(view: View) -> Iterator[Finding]:
    """A group without an alternate has that of its site."""
    sites = view.office.sites
    terms = [(("sites", key, "park"), site.park) for key, site in sites.items()]
    terms += [(("groups", key, "park"), group_terms(group.park, sites.get(group.site)))
              for key, group in view.office.groups.items() if group.park and group.park.recall_to]
    for at, park in terms:
        if park.recall_to != "parker" and park.alternate is None:
            yield Finding(at, say('needs `alternate` for recall_to = "{whom}"', whom=park.recall_to))


def places(view: View) -> Iterator[Finding]:
    for key, site in view.office.sites.items():
        if site.timezone not in zones():
            yield Finding(("sites", key, "timezone"), say("there is no time zone {zone}", zone=shown(site.timezone)))
        if site.holidays and (wrong := public_holidays.mistake(site.holidays)):
            message = say("the holidays of {region} are not known: {why}", region=shown(site.holidays), why=wrong)
            yield Finding(("sites", key, "holidays"), message)


def times(view: View) -> Iterator[Finding]:
    for key, each in view.office.schedules.items():
        wrong = [Finding(("schedules", key, *path), message) for path, message in schedule.mistakes(each)]
        yield from wrong
        if not wrong and schedule.is_never_open(schedule.read(each)):
            yield Finding(("schedules", key), say("is never open"), True)
        if not wrong and schedule.is_always_open(schedule.read(each)):
            yield Finding(("schedules", key), say("is always open"), True)


def languages(view: View) -> Iterator[Finding]:
    spoken = [(("attendants", key, "greeting"), each.greeting) for key, each in view.office.attendants.items()]
    for at, texts in (
        *spoken,
        *((("announcements", key), each) for key, each in view.office.announcements.items()),
    ):
        for language in texts:
            if language not in LANGUAGES:
                message = say("{found} is not a language; known are {known}",
                              found=shown(language), known=", ".join(LANGUAGES))
                yield Finding((*at, language), message)


def sound_files(view: View) -> Iterator[Finding]:
    """Files lie in the folder of prompts, and nothing of their names may mean something to FreeSWITCH."""
    for section in ("attendants", "announcements"):
        for key, each in getattr(view.office, section).items():
            at = (section, key, "greeting") if section == "attendants" else (section, key)
            for language, file in (each.greeting if section == "attendants" else each).items():
                if not re.fullmatch(r"[\w.+-]+( ?[\w.+-]+)*(/[\w.+-]+( ?[\w.+-]+)*)*", file) or ".." in file:
                    message = say(
                        "{found} is not the name of a sound file below the folder of prompts", found=shown(file))
                    yield Finding((*at, language), message)


def folders(view: View) -> Iterator[Finding]:
    """FreeSWITCH writes recordings and reads sound files there, and nothing of a name may mean something to it."""
    for key in ("recordings", "prompts"):
        folder = getattr(view.office.office, key)
        if not folder.strip():
            yield Finding(("office", key), say("must be the name of a folder, not {found}", found=shown(folder)))
        elif wrong := misread(folder):
            yield Finding(("office", key), say("must not have {found}", found=shown(wrong)))


def own_contexts(view: View) -> Iterator[Finding]:
    """A context of FreeSWITCH's that is not fsctl's."""
    context = view.office.office.own_context
    if context and not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", context):
        message = say("{found} is not the name of a context: letters, digits, _ . -", found=shown(context))
        yield Finding(("office", "own_context"), message)
    elif context in contexts.ALL:
        message = say("{context} is fsctl's; name the one of your own dialplan in which your own telephones dial",
                      context=context)
        yield Finding(("office", "own_context"), message)


def control_characters(view: View) -> Iterator[Finding]:
    for path, value in view.leaves():
        if isinstance(value, str) and _CONTROL.search(value):
            yield Finding(path, say("must not have control characters"))


@cache
def zones() -> frozenset[str]:
    """All time zones that there are."""
    return frozenset(available_timezones())


RULES = (amounts, lengths, weights, nights, parks, places, times, languages, sound_files, folders, own_contexts,
         control_characters)
