"""The office file: loading it, checking it, comparing two of them and writing one."""

import tomllib
from pathlib import Path
from typing import Any

from fsctl.errors import FsctlError
from fsctl.officefile.checks import check
from fsctl.officefile.difference import Change, difference, export

__all__ = ["Change", "check", "difference", "export", "load", "parse"]

#: No office needs a larger file: one of 100,000 people has some 20 MB.
LARGEST = 50_000_000


def load(path: str | Path) -> dict[str, Any]:
    """The tree of an office file; FsctlError says why it cannot be read."""
    try:
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise FsctlError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > LARGEST:
        raise FsctlError(f"{path}: is larger than {LARGEST // 1_000_000} MB, which no office file is")
    try:
        return parse(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FsctlError(f"{path}: is not UTF-8 (at line {line})") from None
    except FsctlError as error:
        raise FsctlError(f"{path}: {error}") from None


def parse(text: str) -> dict[str, Any]:
    """The tree of an office file's text; FsctlError names the line of a mistake in its TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FsctlError(f"is not TOML: {error}") from None
    except (RecursionError, ValueError):
        raise FsctlError("is not TOML: nested too deeply, or a number too long") from None
