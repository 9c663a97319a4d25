"""The file of SIP passwords. One that a telephone may have by now is never exchanged for another."""

import secrets
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fsctl.cli import whole_files
from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.schema import written
from fsctl.switch.generated.directory import passwords_in
from fsctl.words import marked, say
from fsctl.words.system import system_error

#: How a new file begins: so one that has nothing at all is known to have lost it.
_HEAD: Final = marked("# SIP passwords by extension. Each stays until it is changed here; what is missing is made up.")
_REMEDY: Final = marked("name another file with --passwords")


@dataclass(frozen=True, slots=True)
class Passwords:
    """The passwords of all people, by extension, and of whom each was new to ``file``.

    ``taken_over`` has those found in files that were written before, ``made_up`` those that nobody had.
    """

    file: Path
    known: Mapping[str, str]
    taken_over: tuple[str, ...] = ()
    made_up: tuple[str, ...] = ()


def completed(file: Path, office: Office, before: Iterable[Path], *, used: bool) -> Passwords:
    """The passwords in ``file``, with those added to it that were missing; it is made 600.

    They are looked for in the files ``before``, directories or other files of passwords. FsctlError where one of all
    these cannot be read, and where ``file`` has been ``used`` and is gone with all passwords that there were.
    """
    text, found = _read(file)
    if isinstance(found.get("users"), dict):
        raise FsctlError(
            say("{file} is an office file, and keeps no passwords; {remedy}", file=file, remedy=say(_REMEDY)))
    missing = [user for user in office.users if user not in found]
    others = _others(file, before, missing)
    if used and not text.strip() and not others and missing:
        raise FsctlError(_lost(file))
    added = {user: others.get(user) or secrets.token_urlsafe(18) for user in missing}
    wrong = [user for user in office.users if user in found and not _is_password(found[user])]
    if wrong:
        raise FsctlError(
            say("{file}: the password of {users} must be a text in quotes", file=file, users=", ".join(wrong)))
    if added or not file.exists():
        _add(file, text or say(_HEAD), found, added)
    with suppress(OSError):  # another one's file, who knows to whom he shows it
        file.chmod(0o600)
    return Passwords(
        file, {user: added[user] if user in added else str(found[user]) for user in office.users},
        tuple(user for user in missing if user in others), tuple(user for user in missing if user not in others))


def _lost(file: Path) -> str:
    if file.exists():
        return say("{file}: the passwords were kept there, and it is empty; restore a copy of it, or name another file"
                   " with --passwords", file=file)
    return say("{file}: the passwords were kept there, and it is gone; restore a copy of it, or name another file"
               " with --passwords", file=file)


def _others(file: Path, before: Iterable[Path], missing: Iterable[str]) -> dict[str, str]:
    """The passwords of those ``missing``, from the first of the files that has one."""
    wanted, others = set(missing), dict[str, str]()
    for each in before:
        if not wanted:
            break
        if each != file:
            known = _in_directory(each) if each.suffix == ".xml" else _read(each)[1]
            others |= {user: str(known[user]) for user in wanted if _is_password(known.get(user))}
            wanted -= others.keys()
    return others


def _read(file: Path) -> tuple[str, dict[str, object]]:
    """The text of a file of passwords, and what is in it; nothing where there is none."""
    try:
        text = file.read_text("utf-8-sig") if file.exists() or file.is_symlink() else ""
        return text, tomllib.loads(text)
    except (OSError, ValueError) as error:
        why = system_error(error) if isinstance(error, OSError) else error
        raise FsctlError(say("{file}: cannot be read as TOML of passwords: {why}; restore a copy of it, or name another"
                             " file with --passwords", file=file, why=why)) from None


def _in_directory(file: Path) -> Mapping[str, str]:
    try:
        return passwords_in(file) if file.exists() else {}
    except (OSError, ValueError) as error:
        raise FsctlError(say("{file}: its passwords cannot be read: {why}; remove it if no telephone uses them",
                             file=file, why=error)) from None


def _add(file: Path, text: str, found: Mapping[str, object], added: Mapping[str, str]) -> None:
    more = "".join(f'{written(user)} = {_quoted(password)}\n' for user, password in added.items())
    lines = text if text.endswith("\n") else f"{text}\n"
    # What comes after the name of a table would be that table's.
    tables = any(isinstance(value, dict | list) for value in found.values())
    whole_files.write({file: [more, lines] if tables else [lines, more]}, say(_REMEDY))


def _quoted(password: str) -> str:
    """As TOML; a password that was taken over may have anything in it."""
    escaped = password.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in escaped) + '"'


def _is_password(value: object) -> bool:
    return isinstance(value, str) and value != ""
