"""``fsctl group call``: people are rung into a group call, or for one that nobody begins at a telephone."""

from collections.abc import Sequence
from uuid import uuid4

import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.cli.endpoints import password, switches
from fsctl.cli.group_named import chosen, to_call
from fsctl.cli.status import Seen, look
from fsctl.errors import FsctlError, Unreachable
from fsctl.model.actions import OFFICE, Leg, Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.group_calls import channels_of, members_of, waits_for
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.sections import Conference, Group
from fsctl.policies.group_members import Invited, called_into
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.wire import contacts, group_calls, phones
from fsctl.switch.wire.phones import Phone
from fsctl.words import say

#: So long after the last telephone has rung nobody can answer any more, or press 1.
_LATE_SECONDS = 60


@click.command()
@click.argument("group", metavar="GROUP", shell_complete=completion.conferences)
@click.argument("who", nargs=-1, metavar="[WHO]...", shell_complete=completion.people)
@switches
@password
@options.common
def call(group: str, who: tuple[str, ...], switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
         database: str | None) -> None:
    """Ring WHO, members or not, into the group call of GROUP; without WHO all members who are not in it.

    Where none goes on it begins: whoever answers first waits for the second. Nobody waits for the answers here.
    """
    office = options.office_to_read(database)
    found, conference = chosen(office, group)
    whom = [to_call(each, found, office) for each in who] or found.members
    seen = look(switches, esl_password, complain=True)
    if not seen.switches:
        raise Unreachable(say("nobody was rung, since no FreeSWITCH tells who is in the group call"))
    invited = called_into(_nobodys_call(found, conference), found, conference, office, seen.live, whom)
    link = EventSocket(*_switch(conference, seen), esl_password)
    try:
        link.open()
        rung = _ring(link, found, conference, office, seen.live, invited)
    finally:
        link.close()
    left_out = {each.member: _why_not(each, office) for each in invited if each.member not in rung}
    if not rung:
        raise FsctlError(say("nobody is rung for the group call of {group}: {why}",
                             group=found.name, why="; ".join(left_out.values())))
    if as_json:
        options.print_json({"group": found.key, "extension": conference.extension, "rung": rung,
                            "left_out": [{"who": each, "why": why} for each, why in left_out.items()]})
        return
    click.echo(say("rung for {group}: {who}", group=found.key, who=", ".join(rung)))
    for each, why in left_out.items():
        click.echo(say("not rung: {who} ({why})", who=each, why=why))


def _nobodys_call(group: Group, conference: Conference) -> Call:
    """The call that is assumed: the office itself makes it, so that nobody's class of service counts."""
    return Call(
        uuid="", caller=Party(group.name, conference.extension), user=None, external=False,
        dialled=conference.extension, to=Destination("conference", group.key), at=clock.now(), site=group.site,
        transferred_by=None, by=OFFICE, parker=None, chance=0.0)


def _switch(conference: Conference, seen: Seen) -> tuple[str, int]:
    """Which FreeSWITCH has the group call; where none has, the first that answers."""
    nodes = {each.node for each in channels_of(conference.extension, seen.live)}
    return next((each for each in seen.switches if f"{each[0]}:{each[1]}" in nodes), seen.switches[0])


def _ring(
    link: EventSocket, group: Group, conference: Conference, office: Office, live: Live, invited: Sequence[Invited]
) -> list[str]:
    """Who is rung: those who have a telephone."""
    registered = contacts.find(phones.people(leg for each in invited for leg in each.legs), link.apis)
    rung = {each.member: found for each in invited if (found := _telephones(each.legs, registered, office))}
    if rung:
        show, told = Party(group.name, conference.extension), _told(link, conference, live)
        values = group_calls.values(link.apis)
        link.apis(group_calls.originate(
            found, show, conference.answer_seconds, told, conference.extension, office, values)
            for found in rung.values())
    return list(rung)


def _telephones(legs: Sequence[Leg], registered: dict[str, list[str]], office: Office) -> list[Phone]:
    return [phone for leg in legs for phone in phones.of_leg(leg, registered, office)]


def _told(link: EventSocket, conference: Conference, live: Live) -> Sequence[str]:
    """What the telephones are told of the group call: it goes on, or its caller waits, or it begins with them."""
    extension = conference.extension
    waits = waits_for(extension, live)
    if waits or members_of(extension, live):
        return group_calls.joining(extension, waits.uuid if waits else "")
    run = str(uuid4())
    link.api(group_calls.forget(run, conference.answer_seconds + _LATE_SECONDS))
    return group_calls.beginning(extension, run)


def _why_not(found: Invited, office: Office) -> str:
    """Beside what the rules say: FreeSWITCH knows no telephone of somebody's."""
    name = office.users[found.member].name if found.member in office.users else found.member
    return str(found.why_not) or say("no phone of {user} is registered", user=name)
