"""``fsctl group``: the group calls that there are, who is in them, and what is done to those."""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import Any, Literal, get_args

import click

from fsctl.cli import completion, on_a_switch, options
from fsctl.cli.endpoints import password, switches
from fsctl.cli.group_call import call
from fsctl.cli.group_named import chosen, conferences, person
from fsctl.cli.local_time import local, of_site
from fsctl.cli.status import Seen, looked
from fsctl.errors import FsctlError
from fsctl.model.group_calls import ANONYMOUS, is_at, known_as, members_of, rung_for, runs, waits_for
from fsctl.model.live import Live, LiveCall
from fsctl.model.sections import Conference, Group
from fsctl.switch.link.event_socket import EventSocket
from fsctl.words import say, term

#: What becomes of a group call, and of who has to do with it.
State = Literal["no", "rings", "goes on", "unknown"]
Part = Literal["in", "waits", "rung"]

#: Everybody, as WHO.
_ALL = "all"

_group = click.argument("group", metavar="GROUP", shell_complete=completion.conferences)
_who = click.argument("who", metavar="WHO", shell_complete=completion.in_conference)


@click.group()
def group() -> None:
    """Group calls. GROUP is a name of the office file or an extension; WHO an extension, or an outside number."""


@group.command("list")
@switches
@password
@options.common
def list_(switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool, database: str | None) -> None:
    """All groups that have a group call: whether it goes on, who is in it since when, and who is rung.

    The states: no, rings, goes on; unknown where no switch tells. Whoever withholds his number is anonymous.
    """
    office = options.office_to_read(database)
    with looked(switches, esl_password) as seen:
        rows = [_row(each, conference, seen, of_site(each.site, office)) for each, conference in conferences(office)]
        if as_json:
            options.print_json(rows)
            return
        for row in rows:
            click.echo(_headline(row))
            options.print_table([_in_words(each, part) for part in get_args(Part) for each in row[part]],
                                ("who", "state", "since"))


@group.command()
@_group
@_who
@click.option("--off", "heard", is_flag=True, help="WHO is heard again.")
@switches
@password
@options.common
def mute(group: str, who: str, heard: bool, switches: tuple[tuple[str, int], ...], esl_password: str,
         as_json: bool, database: str | None) -> None:
    """Let the others in the group call of GROUP not hear WHO."""
    def there(conference: Conference, live: Live) -> Sequence[LiveCall]:
        return members_of(conference.extension, live)

    link, calls = _found(group, who, switches, esl_password, database, there)
    on_a_switch.act(link, [on_a_switch.silence(each, heard) for each in calls], _over(who))
    options.print_json({"who": who, "muted": not heard}) if as_json else click.echo(_heard(who, heard))


@group.command()
@_group
@_who
@switches
@password
@options.common
def drop(group: str, who: str, switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
         database: str | None) -> None:
    """Hang up on WHO in the group call of GROUP, or on all. Telephones that ring for WHO stop.

    The call ends with the last but one.
    """
    link, calls = _found(group, who, switches, esl_password, database, _everybody)
    over = say("nobody is in it any more") if who == _ALL else _over(who)
    on_a_switch.act(link, [on_a_switch.hang_up(each) for each in calls], over)
    told = say("the group call was ended") if who == _ALL else say("{who} was hung up on", who=who)
    options.print_json({"who": who, "dropped": True}) if as_json else click.echo(told)


group.add_command(call)


def _headline(row: dict[str, Any]) -> str:
    values = {"group": row["group"], "extension": row["extension"], "state": term("group call", row["state"])}
    if row["since"]:
        return say("{group} ({extension}): {state} since {since}", **values, since=row["since"])
    return say("{group} ({extension}): {state}", **values)


def _in_words(person: dict[str, str], part: Part) -> dict[str, str]:
    who = person["who"]
    return person | {"who": term("place", who) if who == ANONYMOUS else who, "state": term("in a group call", part)}


def _heard(who: str, heard: bool) -> str:
    if who == _ALL:
        return say("all is heard again") if heard else say("all is not heard")
    return say("{who} is heard again", who=who) if heard else say("{who} is not heard", who=who)


def _over(who: str) -> str:
    return say("all is in it no more") if who == _ALL else say("{who} is in it no more", who=who)


def _row(group: Group, conference: Conference, seen: Seen, zone: tzinfo) -> dict[str, Any]:
    extension, live = conference.extension, seen.live
    members, caller = members_of(extension, live), waits_for(extension, live)
    there = {known_as(each) for each in members}
    rung = [each for each in rung_for(extension, live) if known_as(each) not in there]
    state: State = "goes on" if members else "rings" if runs(extension, live) else "no"
    began = min((each.since for each in (members or rung)), default=None)
    return {
        "group": group.key,
        "name": group.name,
        "extension": extension,
        "state": state if live.known else "unknown",
        "since": local(began, zone),
        "in": _people(members, zone),
        "waits": _people([caller] if caller else (), zone),
        "rung": _people(rung, zone),
    }


def _people(calls: Iterable[LiveCall], zone: tzinfo) -> list[dict[str, str]]:
    """Each once, whatever telephones of his ring; but for who withholds his number, of whom there may be several."""
    found: dict[str, dict[str, str]] = {}
    for each in sorted(calls, key=lambda one: one.since):
        row = {"who": known_as(each), "since": local(each.since, zone)}
        found.setdefault(row["who"] if each.who else each.uuid, row)
    return list(found.values())


def _found(
    name: str, who: str, switches: Sequence[tuple[str, int]], secret: str, database: str | None,
    among: Callable[[Conference, Live], Sequence[LiveCall]],
) -> tuple[EventSocket, Sequence[LiveCall]]:
    """The telephones of WHO in a group call, and the link to the FreeSWITCH that has it."""
    office = options.office_to_read(database)
    group, conference = chosen(office, name)
    wanted = who if who == _ALL else person(who, group, office)

    def choose(live: Live) -> Sequence[LiveCall] | None:
        if not runs(conference.extension, live):
            return None
        found = [each for each in among(conference, live) if wanted == _ALL or is_at(wanted, each)]
        if not found:
            raise FsctlError(say("all is not in the group call of {group}", group=group.name) if who == _ALL else
                             say("{who} is not in the group call of {group}", who=who, group=group.name))
        return found

    found = on_a_switch.find(switches, secret, choose)
    if found is None:
        raise FsctlError(say("there is no group call of {group} now", group=group.name))
    return found


def _everybody(conference: Conference, live: Live) -> Sequence[LiveCall]:
    """First the one who waits, who would hear that nobody answers, and those who could answer yet."""
    waits = waits_for(conference.extension, live)
    there = (*rung_for(conference.extension, live), *members_of(conference.extension, live))
    return (waits, *there) if waits else there
