"""Which language a command answers in: ``--language``, FSCTL_LANGUAGE, the terminal's locale, or else English."""

import gettext
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import click

from fsctl.words import DOMAIN, FOLDER, LANGUAGES, say, speaking

OPTION: Final = "--language"
VARIABLE: Final = "FSCTL_LANGUAGE"

#: Where a terminal says its locale: the first that says anything counts (``man 7 locale``).
_LOCALE: Final = ("LC_ALL", "LC_MESSAGES", "LANG")

#: By which the library of the command line chooses its own messages, beside the locale.
_CLICK: Final = "LANGUAGE"


def option() -> click.Option:
    """The option of each command and group. What it says counts before anything is parsed; here it is checked."""
    return click.Option(
        [OPTION], type=click.Choice(LANGUAGES, case_sensitive=False), expose_value=False,
        help="The language of the answer; otherwise FSCTL_LANGUAGE, then the terminal's.")


def asked_for(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language for a command line, one of LANGUAGES. What is no language is passed over, and told later."""
    locale = next((environment[name] for name in _LOCALE if environment.get(name)), "")
    asked = (_in(arguments), environment.get(VARIABLE, ""), locale)
    return next((known for each in asked if (known := _known(each))), LANGUAGES[0])


def mistake(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """What is wrong with FSCTL_LANGUAGE, where it counts; "" for nothing."""
    said = environment.get(VARIABLE, "")
    if not said or _known(said) or _in(arguments):
        return ""
    return say("{variable} is {said}, and must be one of {known}",
               variable=VARIABLE, said=repr(said), known=", ".join(LANGUAGES))


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


def _known(said: str) -> str:
    """The language that a word names, as a locale does (``de_AT.UTF-8``), "" for none of LANGUAGES."""
    language = re.split("[._@-]", said.lower())[0]
    return language if language in LANGUAGES else ""
