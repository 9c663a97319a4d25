"""The office file: loading it, checking it, comparing two of them and writing one."""

import codecs
import tomllib
from pathlib import Path
from typing import Any

from fsctl.errors import FsctlError
from fsctl.officefile.checks import check
from fsctl.officefile.difference import Change, difference, export
from fsctl.officefile.toml_mistakes import mistake
from fsctl.words import say
from fsctl.words.system import system_error

__all__ = ["Change", "check", "difference", "export", "load", "parse"]

#: No office needs a larger file: one of 100,000 people has some 20 MB.
LARGEST = 50_000_000


def load(path: str | Path) -> dict[str, Any]:
    """The tree of an office file; FsctlError says why it cannot be read."""
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise FsctlError(say("{path}: cannot be read: {why}", path=path, why=system_error(error))) from None
    if len(content) > LARGEST:
        raise FsctlError(say(
            "{path}: is larger than {most} MB, which no office file is", path=path, most=LARGEST // 1_000_000))
    try:
        return parse(decoded(content))
    except FsctlError as error:
        raise FsctlError(f"{path}: {error}") from None


def decoded(content: bytes) -> str:
    """A file's text, also with the mark that Windows puts before it; FsctlError where it is no UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise FsctlError(say("is UTF-16; save it as UTF-8")) from None
        line = content.count(b"\n", 0, error.start) + 1
        raise FsctlError(say("is not UTF-8 (at line {line}); save it as UTF-8", line=line)) from None


def parse(text: str) -> dict[str, Any]:
    """The tree of an office file's text; FsctlError names the line of a mistake in its TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FsctlError(say("is not TOML: {why}", why=mistake(error))) from None
    except (RecursionError, ValueError):
        raise FsctlError(say("is not TOML: nested too deeply, or a number too long")) from None
