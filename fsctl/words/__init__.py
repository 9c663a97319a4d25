"""What fsctl says to people, in their language: messages in English, and the catalogues that say them otherwise.

A message stands where it is said, in English and with ``{value}`` in it: ``say("there is no user {user}", user=…)``. It
is looked up in ``fsctl/locale/LANGUAGE`` when it is said, by the language of whoever asks: each context (a command, a
request) has its own, and English is what nobody has chosen. ``scripts/messages`` brings the catalogues up to date.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Final

#: The languages that fsctl speaks; the first is what messages are written in.
LANGUAGES: Final = ("en", "de")

#: The catalogues: ``LANGUAGE/LC_MESSAGES/DOMAIN.mo``, made from the ``.po`` beside it.
FOLDER: Final = Path(__file__).parent.parent / "locale"
DOMAIN: Final = "fsctl"

_language: ContextVar[str] = ContextVar("language", default=LANGUAGES[0])


def language() -> str:
    """The language of this context, one of LANGUAGES."""
    return _language.get()


def speak(chosen: str) -> None:
    """From now on, in this context. ValueError for a language that is none of LANGUAGES."""
    if chosen not in LANGUAGES:
        raise ValueError(f"{chosen!r} is none of {', '.join(LANGUAGES)}")
    _language.set(chosen)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    """Amid ``with``; then as before."""
    before = language()
    speak(chosen)
    try:
        yield
    finally:
        _language.set(before)


def say(message: str, /, **values: object) -> str:
    """The message in the reader's language, with its values; a brace of its own is doubled.

    A message is a literal, or ``marked`` where it stands.
    """
    said = message if language() == LANGUAGES[0] else _catalogue(language()).gettext(message)
    return said.format(**values)


def say_number(one: str, many: str, number: int, /, **values: object) -> str:
    """The same for a message that depends on a number, which is its value ``number``."""
    return _catalogue(language()).ngettext(one, many, number).format(number=number, **values)


def term(context: str, word: str, /, **values: object) -> str:
    """A word that by itself could mean several things: ``term("state", "free")``."""
    said = word if language() == LANGUAGES[0] else _catalogue(language()).pgettext(context, word)
    return said.format(**values) if values else said


def marked(message: str, /) -> str:
    """The message itself: it stands here, and is said elsewhere."""
    return message


@cache
def _catalogue(of: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [of], fallback=True)
