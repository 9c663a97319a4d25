"""``fsctl hunt``: who of each hunt group takes calls, and whose turn it is."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.cli.endpoints import password, switches
from fsctl.cli.hunt_words import State, headline, in_table, joined, left
from fsctl.cli.instants import end_time, until_option
from fsctl.cli.local_time import local, of_site
from fsctl.cli.status import Seen, looked
from fsctl.errors import FsctlError
from fsctl.model.hunting import Standing
from fsctl.model.office import Office
from fsctl.model.presence import engaged
from fsctl.model.sections import Group
from fsctl.model.settings import hunt_path, joined_value, left_value
from fsctl.policies.hunt_membership import groups_of
from fsctl.policies.intercept_rules import gets_no_calls
from fsctl.store import hunt_standing, hunts
from fsctl.store.database import Store
from fsctl.store.settings import change_setting
from fsctl.words import say

_group = click.argument("group", required=False, shell_complete=completion.hunts)
_member_and_group = click.argument("names", nargs=-1, required=True, metavar="MEMBER [GROUP]",
                                   shell_complete=completion.members_and_hunts)
_until = until_option("the next HH:MM, or ISO 8601")


@click.group()
def hunt() -> None:
    """Hunt groups. GROUP is a name of the office file or an extension; MEMBER an extension, or an outside number."""


@hunt.command("list")
@switches
@password
@options.common
def list_(switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool, database: str | None) -> None:
    """All groups: the policy, who took the last call, and what each member does."""
    _show(None, switches, esl_password, as_json, database)


@hunt.command()
@click.argument("group", shell_complete=completion.hunts)
@switches
@password
@options.common
def show(group: str, switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
         database: str | None) -> None:
    """One group, a line for each member, with until when he has left, or joined.

    The states: free, ringing, busy, left, do not disturb, intercepted, offline; unknown where no switch tells.
    """
    _show(group, switches, esl_password, as_json, database)


@hunt.command()
@_member_and_group
@_until
@options.common
def leave(names: tuple[str, ...], until: str | None, as_json: bool, database: str | None) -> None:
    """Ring MEMBER no longer for GROUP, or for any group. With --until, until then."""
    _switch(names, True, until, as_json, database)


@hunt.command()
@_member_and_group
@_until
@options.common
def join(names: tuple[str, ...], until: str | None, as_json: bool, database: str | None) -> None:
    """Ring MEMBER again for GROUP, or for all his groups. With --until, he leaves then."""
    _switch(names, False, until, as_json, database)


@hunt.command()
@_group
@options.common
def reset(group: str | None, as_json: bool, database: str | None) -> None:
    """Begin at the top, as if nobody of GROUP, or of any group, had taken a call."""
    store = options.opened(database)
    office = options.office_of(store)
    chosen = [_chosen(office, group)] if group else _groups(office)
    done = [each.key for each in chosen if hunts.reset(store, each.key, options.user_name(), clock.now())]
    if as_json:
        options.print_json({"reset": done})
    elif done:
        click.echo(say("reset: {groups}", groups=", ".join(done)))


def _show(
    key: str | None, switches: Sequence[tuple[str, int]], secret: str, as_json: bool, database: str | None
) -> None:
    store = options.with_office(options.to_read(database))
    office = options.office_of(store)
    groups = [_chosen(office, key)] if key else _groups(office)
    with looked(switches, secret) as seen:
        rows = [_row(store, office, group, seen, clock.now()) for group in groups]
        if as_json:
            options.print_json(rows)
            return
        for row in rows:
            click.echo(headline(row))
            options.print_table(map(in_table, cast(list[dict[str, object]], row["members"])),
                                ("user", "state", "until", "idle_seconds", "calls"))


def _row(store: Store, office: Office, group: Group, seen: Seen, now: datetime) -> dict[str, object]:
    assert group.hunt
    members = tuple(dict.fromkeys(group.members))
    standing = hunt_standing.read_standing(store, group.key, members, all_calls=group.hunt.idle_counts == "all")
    return {"group": group.key, "policy": group.hunt.policy, "pointer": standing.pointer,
            "members": [_member(office, group, member, standing, seen, now) for member in members]}


def _member(
    office: Office, group: Group, member: str, standing: Standing, seen: Seen, now: datetime
) -> dict[str, object]:
    tally = standing.tally(member)
    idle = None if tally.idle_since is None else max(int((now - tally.idle_since).total_seconds()), 0)
    until = office.settings.next_instant(hunt_path(group.key, member), now)
    return {"user": member, "state": _state(office, group, member, standing, seen, now),
            "until": local(until, of_site(group.site, office)), "idle_seconds": 0 if tally.talking else idle,
            "calls": tally.calls}


def _state(office: Office, group: Group, member: str, standing: Standing, seen: Seen, now: datetime) -> State:
    channels = seen.live.at(member)
    if office.settings.left(group.key, member, now):
        return "left"
    if engaged(channels, rung_counts=False):
        return "busy"
    if channels or member in standing.reserved:
        return "ringing"
    if office.settings.dnd(member):
        return "do not disturb"
    user = office.users.get(member)
    if user and gets_no_calls(user, office, now):
        return "intercepted"
    if not seen.live.known:
        return "unknown"
    return "free" if member in seen.registered or member not in office.users else "offline"


def _switch(names: Sequence[str], leaves: bool, until: str | None, as_json: bool, database: str | None) -> None:
    store = options.opened(database)
    office, now = options.office_of(store), clock.now()
    member, groups = _named(office, names)
    zone = of_site(groups[0].site, office)
    end = end_time(until, zone, now) if until else None
    value = left_value(end) if leaves else joined_value(end)
    changes = []
    for group in groups:
        path = hunt_path(group.key, member)
        changes.append({"path": path, "value": value,
                        "changed": change_setting(store, path, value, options.user_name(), now)})
    if as_json:
        options.print_json(changes)
        return
    for group, change in zip(groups, changes, strict=True):
        if change["changed"]:
            click.echo((left if leaves else joined)(member, group.key, local(end, zone)))


def _named(office: Office, names: Sequence[str]) -> tuple[str, list[Group]]:
    """The member and the groups that were named, in either order; FsctlError says what does not fit."""
    if len(names) > 2:
        raise click.UsageError(say("one MEMBER and one GROUP, not more"))
    listed = {member for group in _groups(office) for member in group.members}
    if len(names) == 2 and names[0] not in listed and names[1] in listed:
        names = names[::-1]
    member = names[0]
    own = list(groups_of(member, office))
    if not own:
        raise FsctlError(say("{member} is in no hunt group; there are {known}", member=member, known=_known(office)))
    if len(names) == 1:
        return member, own
    group = _chosen(office, names[1])
    if group not in own:
        raise FsctlError(say("{member} is not in the hunt group {group}; its members: {members}",
                             member=member, group=group.key, members=", ".join(group.members)))
    return member, [group]


def _groups(office: Office) -> list[Group]:
    return [group for group in office.groups.values() if group.hunt]


def _chosen(office: Office, name: str) -> Group:
    for group in _groups(office):
        if group.hunt and name in (group.key, group.hunt.extension):
            return group
    raise FsctlError(say("there is no hunt group {name}; there are {known}", name=repr(name), known=_known(office)))


def _known(office: Office) -> str:
    return ", ".join(group.key for group in _groups(office)) or say("none")
