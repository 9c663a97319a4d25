"""``fsctl executive mute|drop``: what is done to one of three who talk since an executive has joined."""

from collections.abc import Callable, Sequence

import click

from fsctl.cli import completion, on_a_switch, options
from fsctl.cli.endpoints import password, switches
from fsctl.errors import FsctlError
from fsctl.model.executives import assistants_of
from fsctl.model.joined import joined_by, members_of
from fsctl.model.live import Live, LiveCall
from fsctl.model.sections import User
from fsctl.words import say

_CALLER = "caller"


@click.command()
@click.argument("extension", metavar="EXECUTIVE", shell_complete=completion.executives)
@click.argument("who", metavar="WHO", shell_complete=completion.one_of_three)
@click.option("--off", "heard", is_flag=True, help="WHO is heard again.")
@switches
@password
@options.common
def mute(extension: str, who: str, heard: bool, switches: tuple[tuple[str, int], ...], esl_password: str,
         as_json: bool, database: str | None) -> None:
    """Of the three who talk since EXECUTIVE has joined, let WHO not be heard: an extension, or "caller"."""
    _act(extension, who, switches, esl_password, database, lambda found: on_a_switch.silence(found, heard))
    options.print_json({"who": who, "muted": not heard}) if as_json else click.echo(_heard(who, heard))


@click.command()
@click.argument("extension", metavar="EXECUTIVE", shell_complete=completion.executives)
@click.argument("who", metavar="WHO", shell_complete=completion.one_of_three)
@switches
@password
@options.common
def drop(extension: str, who: str, switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
         database: str | None) -> None:
    """Of the three who talk since EXECUTIVE has joined, hang up on WHO: an extension, or "caller". The others talk on.
    """
    _act(extension, who, switches, esl_password, database, on_a_switch.hang_up)
    told = say("caller was hung up on") if who == _CALLER else say("{who} was hung up on", who=who)
    options.print_json({"who": who, "dropped": True}) if as_json else click.echo(told)


def _heard(who: str, heard: bool) -> str:
    if who == _CALLER:
        return say("caller is heard again") if heard else say("caller is not heard")
    return say("{who} is heard again", who=who) if heard else say("{who} is not heard", who=who)


def _act(
    extension: str, who: str, switches: Sequence[tuple[str, int]], secret: str, database: str | None,
    command: Callable[[LiveCall], str],
) -> None:
    """Have FreeSWITCH do something with the channel of one of them."""
    user = options.executive_of(options.office_to_read(database), extension)

    def chosen(live: Live) -> LiveCall | None:
        room = joined_by(user.extension, live)
        found = next((each for each in members_of(room, live) if _is(each, who, user)), None) if room else None
        if room and found is None:
            raise FsctlError(say("caller is none of those who talk with {name}.", name=user.name) if who == _CALLER
                             else say("{who} is none of those who talk with {name}.", who=who, name=user.name))
        return found

    found = on_a_switch.find(switches, secret, chosen)
    if found is None:
        raise FsctlError(say("{name} has joined no talk.", name=user.name))
    link, call = found
    over = (say("caller talks with the others no more.") if who == _CALLER else
            say("{who} talks with the others no more.", who=who))
    on_a_switch.act(link, [command(call)], over)


def _is(call: LiveCall, who: str, executive: User) -> bool:
    """The caller is who is neither executive nor assistant."""
    if who == _CALLER:
        return call.user not in (executive.extension, *assistants_of(executive))
    return who == (call.user or call.number)
