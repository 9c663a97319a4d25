"""Members of hunt groups are rung no longer, and again, as they wish; by star code, key or command line.

Codes: ``hunt_leave`` and the group's extension, alone: all of one's groups; ``hunt_join`` likewise. The key
``hunt+sales`` toggles; its lamp is lit for who takes calls.
"""

from collections.abc import Sequence

from fsctl.model.actions import Because, Change, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Outcome, Performed
from fsctl.model.sections import Group
from fsctl.model.settings import hunt_path, joined_value, left_value
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import Code, confirmed, refuse


def groups_of(member: str, office: Office) -> tuple[Group, ...]:
    """The groups with a hunt that somebody is listed in, whether he left or not."""
    return tuple(group for group in office.groups.values() if group.hunt and member in group.members)


def _leave(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _switch(call, office, digits, leaves=True))


def _join(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _switch(call, office, digits, leaves=False))


def _switch(call: Call, office: Office, digits: str, *, leaves: bool) -> Policy:
    own = groups_of(call.user or "", office)
    wanted = [group for group in own if not digits or (group.hunt and group.hunt.extension == digits)]
    if not wanted:
        what = f"in the hunt group {digits}" if digits else "in any hunt group"
        return (yield from refuse(f"{_name(call, office)} is not {what}", language_for(call, office)))
    return (yield from _change(call, office, wanted, leaves, digits))


def _toggle(call: Call, office: Office, live: Live, key: str) -> Policy:
    group = next((each for each in groups_of(call.user or "", office) if each.key == key), None)
    if group is None:
        return (yield from refuse(f"{_name(call, office)} is not in the hunt group {key}", language_for(call, office)))
    leaves = not office.settings.left(group.key, call.user or "", call.at)
    return (yield from _change(call, office, [group], leaves, ""))


def _change(call: Call, office: Office, groups: Sequence[Group], leaves: bool, digits: str) -> Policy:
    outcome: Outcome = Performed()
    for group in groups:
        yield Because(f"{_name(call, office)} {'leaves' if leaves else 'joins'} {group.name}")
        value = left_value() if leaves else joined_value()
        done = yield Change("code:hunt_leave" if leaves else "code:hunt_join",
                            hunt_path(group.key, call.user or ""), value)
        outcome = done if isinstance(done, Failed) else outcome
    said = "hunt-leave" if leaves else "hunt-join"
    return (yield from confirmed(outcome, said, language_for(call, office), digits))


def _name(call: Call, office: Office) -> str:
    user = office.users.get(call.user or "")
    return user.name if user else "the caller"


CODES = {
    "hunt_leave": Code(_leave, asks="extension", alone=True),
    "hunt_join": Code(_join, asks="extension", alone=True),
    "hunt_key": Code(_toggle, asks="key"),
}
