"""``fsctl office``: check an office file, bring the database to it, and write it out again."""

import os
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click

from fsctl import clock
from fsctl.cli import options
from fsctl.cli.endpoints import password, switches
from fsctl.cli.office_test import test
from fsctl.cli.progress import progress
from fsctl.errors import FsctlError
from fsctl.model.recordings import misread
from fsctl.officefile import check as check_tree
from fsctl.officefile import load
from fsctl.officefile.difference import Change, difference
from fsctl.officefile.difference import export as to_toml
from fsctl.schema import Problem
from fsctl.store.database import NoOffice, Store
from fsctl.store.office import read_folder, read_tree, read_undamaged, write_tree

FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group()
def office() -> None:
    """Check, apply and export office files."""


@office.command()
@FILE
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@options.common
def check(file: Path, strict: bool, as_json: bool, database: str | None) -> None:
    """All that is wrong with FILE, each with its place."""
    _, problems = _checked(file)
    if as_json:
        options.print_json({"problems": [
            {"path": each.path, "message": each.message, "warning": each.warning} for each in problems]})
    else:
        _tell(problems)
    bad = [each for each in problems if strict or not each.warning]
    if bad:
        raise FsctlError(f"{file}: {len(bad)} to be mended")


@office.command()
@FILE
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--reload", "reload_", is_flag=True, help="Write the dialplan and directory anew and reload them.")
@switches
@password
@options.common
def apply(file: Path, dry_run: bool, reload_: bool, switches: tuple[tuple[str, int], ...], esl_password: str,
          as_json: bool, database: str | None) -> None:
    """Bring the database to FILE and say what changed. What people switched at run time stays."""
    tree, problems = _checked(file)
    errors = [each for each in problems if not each.warning]
    _tell(problems)
    if errors:
        raise FsctlError(f"{file}: nothing was changed; {len(errors)} to be mended")
    changes = bring(_to_compare(database) if dry_run else options.created(database), tree, file, dry_run)
    if as_json:
        options.print_json({"changes": [
            {"path": each.path, "before": each.before, "after": each.after} for each in changes]})
    else:
        options.print_lines(f"{each.path}: {_shown(each.before)} → {_shown(each.after)}" for each in changes)
    if reload_ and not dry_run:
        from fsctl.cli.freeswitch import reload_switches

        reload_switches(database, switches, esl_password)


def bring(store: Store | None, tree: dict[str, Any], file: Path, dry_run: bool = False) -> list[Change]:
    """Bring the database to an office that was checked; what changed. That the file has moved is no change."""
    with progress() as told:
        told.at("comparing it with the database")
        before, damaged = read_undamaged(store) if store else ({}, [])
        changes, folder = difference(before, tree), _folder(file)
        if store and not dry_run and (changes or damaged or folder != read_folder(store)):
            written = told.counted("writing the changes", changes, len(changes))
            write_tree(store, tree, written, options.user_name(), clock.now(), folder, anew=bool(damaged))
    return changes


def _to_compare(database: str | None) -> Store | None:
    """The database as it is; None where there is no office in it yet."""
    try:
        return options.to_read(database)
    except NoOffice:
        return None


@office.command()
@options.common
def export(as_json: bool, database: str | None) -> None:
    """The office as a file that applies without change."""
    tree = read_tree(options.with_office(options.to_read(database)))[1]
    if as_json:
        options.print_json(tree)
    else:
        click.echo(to_toml(tree), nl=False)


office.add_command(test)


def _checked(file: Path) -> tuple[dict[str, Any], list[Problem]]:
    with progress() as told:
        told.at("reading the office file")
        tree = load(file)
        problems = check_tree(tree, clock.now(), partial(told.at, "checking the office, rule"))
    return tree, [*problems, *_recordings(tree, _folder(file))]


def _folder(file: Path) -> str:
    """Where the file lies; "" for what lies nowhere, as what is read from a pipe."""
    folder = os.path.dirname(os.path.abspath(file))
    return "" if f"{folder}/".startswith(("/dev/", "/proc/")) else folder


def _recordings(tree: dict[str, Any], folder: str) -> Iterator[Problem]:
    """Recordings lie beside the file, and FreeSWITCH has to understand what the folders above it are called."""
    section = tree.get("office")
    if not isinstance(section, dict) or section.get("record") is not True:
        return
    if str(section.get("recordings", "")).startswith("/"):
        return
    if not folder:
        yield Problem("office.recordings", "is relative to the file, which lies nowhere: give a whole path")
    elif wrong := misread(folder):
        yield Problem("office.recordings", f"would lie in {folder}, and FreeSWITCH cannot have {wrong!r} in a name: "
                      "give a whole path")


def _tell(problems: list[Problem]) -> None:
    for each in problems:
        click.echo(f"{'warning: ' if each.warning else ''}{each}", err=True)


def _shown(value: object) -> str:
    return "nothing" if value is None else str(value)
