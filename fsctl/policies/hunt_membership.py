"""Members of hunt groups are rung no longer, and again, as they wish; by star code, key or command line.

Codes: ``hunt_leave`` and the group's extension, alone: all of one's groups; ``hunt_join`` likewise. The key
``hunt+sales`` toggles; its lamp is lit for who takes calls.
"""

from collections.abc import Sequence

from fsctl.model.actions import Because, Change, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare, reason
from fsctl.model.sections import Group
from fsctl.model.settings import hunt_path, joined_value, left_value
from fsctl.policies.feature import Code, Feature, through_groups
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import changed, confirmed, name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "hunt_membership.not_in": "{name} is not in the hunt group {group}",
    "hunt_membership.in_none": "{name} is not in any hunt group",
    "hunt_membership.leaves": "{name} leaves {group}",
    "hunt_membership.joins": "{name} joins {group}",
})


def groups_of(member: str, office: Office) -> tuple[Group, ...]:
    """The groups with a hunt that somebody is listed in, whether he left or not."""
    return tuple(group for group in office.groups_of(member) if group.hunt)


def _leave(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _switch(call, office, digits, leaves=True))


def _join(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _switch(call, office, digits, leaves=False))


def _switch(call: Call, office: Office, digits: str, *, leaves: bool) -> Policy:
    own, name = groups_of(call.user or "", office), name_of(call.user, office)
    wanted = [group for group in own if not digits or (group.hunt and group.hunt.extension == digits)]
    if not wanted:
        in_it = reason("hunt_membership.not_in", name=name, group=digits)
        why = in_it if digits else reason("hunt_membership.in_none", name=name)
        return (yield from refuse(why, language_for(call, office)))
    return (yield from _change(call, office, wanted, leaves, digits))


def _toggle(call: Call, office: Office, live: Live, key: str) -> Policy:
    group = next((each for each in groups_of(call.user or "", office) if each.key == key), None)
    if group is None:
        why = reason("hunt_membership.not_in", name=name_of(call.user, office), group=key)
        return (yield from refuse(why, language_for(call, office)))
    leaves = not office.settings.left(group.key, call.user or "", call.at)
    return (yield from _change(call, office, [group], leaves, ""))


def _change(call: Call, office: Office, groups: Sequence[Group], leaves: bool, digits: str) -> Policy:
    name, value = name_of(call.user, office), left_value() if leaves else joined_value()
    result = "code:hunt_leave" if leaves else "code:hunt_join"
    outcome = yield from changed((
        Because("hunt_membership.leaves", name=name, group=group.name) if leaves
        else Because("hunt_membership.joins", name=name, group=group.name),
        Change(result, hunt_path(group.key, call.user or ""), value)) for group in groups)
    said = "hunt-leave" if leaves else "hunt-join"
    return (yield from confirmed(outcome, said, language_for(call, office), digits))


FEATURE = Feature.of(__name__, __doc__, through=through_groups(lambda group: group.hunt), codes={
    "hunt_leave": Code(
        _leave, asks="extension", alone=True,
        does=marked("I am rung no longer for the hunt group dialled after it, alone: for none of mine")),
    "hunt_join": Code(
        _join, asks="extension", alone=True,
        does=marked("I am rung again for the hunt group dialled after it, alone: for all of mine")),
    "hunt_key": Code(_toggle, asks="key", does=marked("I leave the hunt group, or join it again")),
})
STAGE = FEATURE.stage()
