"""Which language a command answers in: ``--language``, FSCTL_LANGUAGE, the terminal's locale, or else English."""

import gettext
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import click

from fsctl.words import DOMAIN, FOLDER, LANGUAGES, speaking

OPTION: Final = "--language"
VARIABLE: Final = "FSCTL_LANGUAGE"

#: Where a terminal says its locale: the first that says anything counts (``man 7 locale``).
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")

#: By which the library of the command line chooses its own messages, beside the locale.
_CLICK: Final = "LANGUAGE"


def option(*, of_all: bool = False) -> click.Option:
    """The option of each command and group; that ``of_all`` looks at FSCTL_LANGUAGE, so that a wrong one is told.

    What it says counts before anything is parsed (``asked_for``); here it is checked, and shown in the help.
    """
    return click.Option(
        [OPTION], type=click.Choice(LANGUAGES), expose_value=False, envvar=VARIABLE if of_all else None,
        help="The language of the answer; otherwise FSCTL_LANGUAGE, then the terminal's.")


def asked_for(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language for a command line, one of LANGUAGES; what is wrong there is English, and told later."""
    said = _in(arguments) or environment.get(VARIABLE) or _locale(environment)
    return said if said in LANGUAGES else LANGUAGES[0]


@contextmanager
def answering_in(language: str) -> Iterator[None]:
    """Amid ``with``, what this program and the library of its command line say is in this language."""
    gettext.bindtextdomain(DOMAIN, FOLDER)
    gettext.textdomain(DOMAIN)
    before = os.environ.get(_CLICK)
    os.environ[_CLICK] = language
    try:
        with speaking(language):
            yield
    finally:
        if before is None:
            os.environ.pop(_CLICK, None)
        else:
            os.environ[_CLICK] = before


def _in(arguments: Sequence[str]) -> str:
    """What the last ``--language`` says that is an option."""
    options = list(arguments[: arguments.index("--")] if "--" in arguments else arguments)
    found = ""
    for index, each in enumerate(options):
        if each == OPTION:
            found = options[index + 1] if index + 1 < len(options) else ""
        elif each.startswith(f"{OPTION}="):
            found = each.partition("=")[2]
    return found


def _locale(environment: Mapping[str, str]) -> str:
    named = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    return named.partition(".")[0].partition("_")[0].lower()
