"""What stands on the card of an office, or of a person there: pure, in the language of who asks."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from fsctl.card import Card, Row, Section
from fsctl.card.entries import ENTRIES, GROUPS, HEADINGS, KEYS, PARKING, Entry
from fsctl.card.facts import emergency, facts
from fsctl.card.lamps import LAMPS, group_calls, groups_of
from fsctl.card.listing import MOST, clipped, listed, ranges
from fsctl.model.codes import CONFERENCE_KEY, all_codes, all_keys
from fsctl.model.office import Office
from fsctl.model.sections import Group, User
from fsctl.policies.stages import FEATURES
from fsctl.words import language, say, say_number, term
from fsctl.words.moments import day

#: The policy of each code and key.
_FEATURES: Final = {code: feature for feature in FEATURES for code in feature.codes}


def card(office: Office, user: User | None, made: date) -> Card:
    """With a person, only what does something for him."""
    rows = [*_codes(office, user), *_numbers(office, user)]
    sections = (Section(say(heading), tuple(row for of, row in rows if of == heading)) for heading in HEADINGS)
    return Card(
        language=language(),
        title=clipped(user.name) if user else say("Phone codes"),
        about=_about(user, office) if user else listed(clipped(site.name) for site in office.sites.values()),
        emergency=emergency(office, user),
        facts=facts(office, user),
        sections=tuple(section for section in sections if section.rows),
        legend=say("After + stands what is dialled next; what is in brackets can be left out."),
        made=say("As of {day}", day=day(made, year=True)))


def counts(code: str, office: Office, user: User | None) -> bool:
    """Whether a code or key can do anything in the office, or for a person there."""
    if code == CONFERENCE_KEY:
        return bool(group_calls(office, user))
    feature = _FEATURES[code]
    return feature.serves(code, user, office) if user else feature.does_something(code, office)


def _about(user: User, office: Office) -> str:
    site = office.sites.get(user.site)
    if site is None:
        return say("Extension {extension}", extension=user.extension)
    return say("Extension {extension}, {site}", extension=user.extension, site=clipped(site.name))


def _codes(office: Office, user: User | None) -> Iterator[tuple[str, Row]]:
    digits = dict((*all_codes(office.codes), *all_keys()))
    for entry in ENTRIES:
        if _stands(entry, office, user):
            yield entry.heading, _row(entry, digits[entry.code], office, user)


def _stands(entry: Entry, office: Office, user: User | None) -> bool:
    if not counts(entry.code, office, user):
        return False
    people = (user,) if user else office.users.values()
    return entry.whom is None or any(entry.whom(each, office) for each in people)


def _row(entry: Entry, digits: str, office: Office, user: User | None) -> Row:
    if entry.heading == KEYS:
        names = listed(f"{digits}{name}" for name in LAMPS[entry.code](office, user))
        return Row(names or f"{digits}…", "", say(entry.words), lamp=True)
    needed = [f"+ {term('dialled after', each)}" for each in entry.after]
    can_be = [f"(+ {term('dialled after', each)})" for each in entry.may]
    return Row(digits, " ".join((*needed, *can_be)), say(entry.words), say(entry.talk) if entry.talk else "")


def _numbers(office: Office, user: User | None) -> Iterator[tuple[str, Row]]:
    """What groups have."""
    groups = groups_of(office, user)
    yield from _some(PARKING, [group for group in groups if group.park and group.park.extensions], _slots)
    yield from _some(GROUPS, [group for group in groups if group.hunt], _hunt)
    yield from _some(GROUPS, group_calls(office, user), _group_call)


def _some(heading: str, groups: Sequence[Group], row: Callable[[Group], Row]) -> Iterator[tuple[str, Row]]:
    yield from ((heading, row(group)) for group in groups[:MOST])
    if (left := len(groups) - MOST) > 0:
        yield heading, Row("…", "", say_number("and {number} more group", "and {number} more groups", left))


def _slots(group: Group) -> Row:
    slots = group.park.extensions if group.park else ()
    words = say("Slots of {group}: transfer a call there; dialled, they fetch it", group=clipped(group.name))
    return Row(ranges(slots), "", words)


def _hunt(group: Group) -> Row:
    extension = group.hunt.extension if group.hunt else ""
    return Row(extension, "", say("Hunt group {group}", group=clipped(group.name)))


def _group_call(group: Group) -> Row:
    extension = group.conference.extension if group.conference else ""
    words = say("Group call {group}: rings all at once, or joins them", group=clipped(group.name))
    return Row(extension, "", words)
