"""The command line: one file a command group, loaded only when it is used."""

import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

from fsctl import __version__, words
from fsctl.cli import output
from fsctl.cli.help_texts import translated
from fsctl.cli.language import answering_in, asked_for, mistake
from fsctl.cli.signals import mind_interrupts
from fsctl.errors import FsctlError, Unreachable
from fsctl.words import say
from fsctl.words.system import system_error

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
        return translated(command)

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        """Amid another command, the language stays."""
        arguments = sys.argv[1:] if args is None else list(args)
        within = click.get_current_context(silent=True) is not None
        with answering_in(words.language() if within else asked_for(arguments, os.environ)):
            return click.Group.main(translated(self), arguments, *rest, obj=mistake(arguments, os.environ), **options)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Names alone: for what each command does all of them would have to be loaded, and somebody waits."""
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name) for name in self.list_commands(ctx) if name.startswith(incomplete)]
        return [*names, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(cls=_Lazy)
@click.version_option(__version__, prog_name="fsctl")
@click.pass_obj
def cli(wrong: str) -> None:
    """Group and team telephony for FreeSWITCH.

    Exit codes: 0 done, 1 refused with a reason, 2 usage, 3 the switch or the database cannot be reached; 130 after
    Ctrl-C.
    """
    if wrong:
        raise click.UsageError(wrong)


def main() -> NoReturn:
    """Run the command line; what a user did wrong is told in words."""
    output.take_over()
    mind_interrupts()
    code = run(sys.argv[1:])
    if why := output.why_lost():
        with answering_in(asked_for(sys.argv[1:], os.environ)):
            click.echo(f"fsctl: {say('not everything could be printed: {why}', why=why)}", err=True)
    sys.exit(code or (1 if why else 0))


def run(arguments: Sequence[str]) -> int:
    """Run a command; its exit code."""
    with answering_in(asked_for(arguments, os.environ)):
        try:
            code = cli.main(list(arguments), prog_name="fsctl", standalone_mode=False)
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except FsctlError as error:
            click.echo(f"fsctl: {error}", err=True)
            return 3 if isinstance(error, Unreachable) else 1
        except OSError as error:
            click.echo(f"fsctl: {f'{error.filename}: ' if error.filename else ''}{system_error(error)}", err=True)
            return 1
        except (KeyboardInterrupt, click.Abort):
            return 128 + signal.SIGINT
        return code if isinstance(code, int) else 0
