"""Commands with their help in the reader's language, and with the option that chooses it.

A command is written once, with English help; what runs is a copy of it, made when it is known who asks. Names of
options and commands are the same in every language.
"""

from copy import copy
from inspect import cleandoc
from typing import TypeVar

import click

from fsctl.cli import language
from fsctl.words import LANGUAGES, say, term
from fsctl.words import language as spoken

C = TypeVar("C", bound=click.Command)

def translated(command: C) -> C:
    """A copy of a command, or of a group with all that is in it."""
    told = copy(command)
    told.help = said(command.help)
    told.options_metavar = said(command.options_metavar) or ""
    told.params = [_parameter(each) for each in command.params]
    told.params.append(_parameter(language.option()))
    if isinstance(told, click.Group) and isinstance(command, click.Group):
        told.subcommand_metavar = said(command.subcommand_metavar) or ""
        told.commands = {name: translated(each) for name, each in command.commands.items()}
    return told


def said(text: str | None) -> str | None:
    """A help text in the reader's language."""
    return say(braced(text)) if text else text


def braced(text: str) -> str:
    """A help text as a message: its own braces doubled."""
    return cleandoc(text).replace("{", "{{").replace("}", "}}")


def metavar(parameter: click.Parameter) -> str | None:
    """What stands for the value in the usage, in English; None where there is none, or where it says what is possible.
    """
    if parameter.metavar is not None:
        return parameter.metavar
    if isinstance(parameter.type, click.Choice) or (isinstance(parameter, click.Option) and parameter.is_flag):
        return None
    if isinstance(parameter, click.Argument):
        return (parameter.name or "").upper()
    return "INTEGER" if isinstance(parameter.type, click.IntRange) else parameter.type.name.upper()


def _parameter(parameter: click.Parameter) -> click.Parameter:
    told = copy(parameter)
    if isinstance(told, click.Option):
        told.help = said(told.help)
    if spoken() != LANGUAGES[0] and (shown := metavar(parameter)) is not None:
        told.metavar = term("metavar", shown)
        if isinstance(told, click.Argument) and parameter.metavar is None:  # what the library puts around its own
            told.metavar = f"{told.metavar if told.required else f'[{told.metavar}]'}{'' if told.nargs == 1 else '...'}"
    return told
