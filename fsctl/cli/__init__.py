"""The command line: one file a command group, loaded only when it is used."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

import click

from fsctl import __version__
from fsctl.errors import FsctlError, Unreachable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMMANDS = {
    "assistant": "assistant",
    "calls": "calls",
    "codes": "office_facts",
    "db": "db",
    "demo": "demo",
    "dnd": "dnd",
    "doctor": "doctor",
    "executive": "executive",
    "explain": "explain",
    "forward": "forward",
    "freeswitch": "freeswitch",
    "group": "group",
    "history": "history",
    "hunt": "hunt",
    "intercept": "intercept",
    "night": "night",
    "office": "office",
    "park": "park",
    "policies": "office_facts",
    "recordings": "recordings",
    "schedule": "schedule",
    "serve": "serve",
    "status": "status",
}


class _Lazy(click.Group):
    """Loads a command's module only when that command runs: cron starts fsctl often."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"fsctl.cli.{_COMMANDS[cmd_name]}"), cmd_name)
        return command


    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Names alone: for what each command does all of them would have to be loaded, and somebody waits."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name) for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(cls=_Lazy)
@click.version_option(__version__, prog_name="fsctl")
def cli() -> None:
    """Group and team telephony for FreeSWITCH.

    Exit codes: 0 done, 1 refused with a reason, 2 usage, 3 the switch or the database cannot be reached.
    """


def main() -> None:
    """Run the command line; what a user did wrong is told in words."""
    try:
        cli(prog_name="fsctl")
    except FsctlError as error:
        click.echo(f"fsctl: {error}", err=True)
        sys.exit(3 if isinstance(error, Unreachable) else 1)
