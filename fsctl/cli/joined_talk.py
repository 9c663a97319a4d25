"""``fsctl executive mute|drop``: what is done to one of three who talk since an executive has joined."""

from collections.abc import Sequence

import click

from fsctl.cli import options
from fsctl.cli.endpoints import password, switches
from fsctl.errors import FsctlError
from fsctl.model.executives import assistants_of
from fsctl.model.joined import joined_by, members_of
from fsctl.model.live import LiveCall
from fsctl.model.sections import User
from fsctl.switch.link import snapshot
from fsctl.switch.link.event_socket import EventSocket, SwitchError


@click.command()
@click.argument("extension", metavar="EXECUTIVE")
@click.argument("who", metavar="WHO")
@click.option("--off", "heard", is_flag=True, help="WHO is heard again.")
@switches
@password
@options.common
def mute(extension: str, who: str, heard: bool, switches: tuple[tuple[str, int], ...], esl_password: str,
         as_json: bool, database: str | None) -> None:
    """Of the three who talk since EXECUTIVE has joined, let WHO not be heard: an extension, or "caller"."""
    link, found = _one_of_three(extension, who, switches, esl_password, database)
    command = "unmute" if heard else "mute"
    answer = link.api(f"conference {found.room} {command} uuid={found.uuid}")
    link.close()
    if not answer.startswith("+OK"):
        raise FsctlError(f"{who} talks with the others no more.")
    told = f"{who} is heard again" if heard else f"{who} is not heard"
    options.print_json({"who": who, "muted": not heard}) if as_json else click.echo(told)


@click.command()
@click.argument("extension", metavar="EXECUTIVE")
@click.argument("who", metavar="WHO")
@switches
@password
@options.common
def drop(extension: str, who: str, switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
         database: str | None) -> None:
    """Of the three who talk since EXECUTIVE has joined, hang up on WHO: an extension, or "caller". The others talk on.
    """
    link, found = _one_of_three(extension, who, switches, esl_password, database)
    answer = link.api(f"uuid_kill {found.uuid} NORMAL_CLEARING")
    link.close()
    if not answer.startswith("+OK"):
        raise FsctlError(f"{who} talks with the others no more.")
    options.print_json({"who": who, "dropped": True}) if as_json else click.echo(f"{who} was hung up on")


def _one_of_three(
    extension: str, who: str, switches: Sequence[tuple[str, int]], secret: str, database: str | None
) -> tuple[EventSocket, LiveCall]:
    """The channel of one of them, and the switch that has it; the caller is who is neither executive nor assistant."""
    user = options.executive_of(options.office_of(options.opened(database)), extension)
    problem: SwitchError | None = None
    for host, port in switches:
        link = EventSocket(host, port, secret)
        try:
            link.open()
            live = snapshot.calls_now(link, f"{host}:{port}")
        except SwitchError as error:
            link.close()
            problem = error
            continue
        if room := joined_by(user.extension, live):
            named = next((each for each in members_of(room, live) if _is(each, who, user)), None)
            if named is not None:
                return link, named
            link.close()
            raise FsctlError(f"{who} is none of those who talk with {user.name}.")
        link.close()
    raise problem or FsctlError(f"{user.name} has joined no talk.")


def _is(call: LiveCall, who: str, executive: User) -> bool:
    if who == "caller":
        return call.user not in (executive.extension, *assistants_of(executive))
    return who == (call.user or call.number)
