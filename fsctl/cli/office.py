"""``fsctl office``: write a first office file, check one, bring the database to it, and write it out again."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import click

from fsctl import clock
from fsctl.cli import options
from fsctl.cli.endpoints import password, switches
from fsctl.cli.left_behind import NOTHING, Remains, remains
from fsctl.cli.office_new import new
from fsctl.cli.office_test import test
from fsctl.cli.progress import progress
from fsctl.errors import FsctlError
from fsctl.model.recordings import misread
from fsctl.officefile import check as check_tree
from fsctl.officefile import load
from fsctl.officefile.change_words import concern_the_switch, in_few_words, one
from fsctl.officefile.difference import Change, difference
from fsctl.officefile.difference import export as to_toml
from fsctl.schema import Problem, structure
from fsctl.store.database import NoOffice, Store
from fsctl.store.office import read_folder, read_tree, read_undamaged, write_tree
from fsctl.store.orphans import clear
from fsctl.words import say
from fsctl.words.settings import in_words

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
        raise FsctlError(say("{file}: {number} to be mended", file=file, number=len(bad)))


@office.command()
@FILE
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--reload", "reload_", is_flag=True, help="Write the dialplan and directory anew and reload them.")
@click.option("--verbose", is_flag=True, help="Show every value that changed, as the file has it.")
@switches
@password
@options.common
def apply(file: Path, dry_run: bool, reload_: bool, verbose: bool, switches: tuple[tuple[str, int], ...],
          esl_password: str, as_json: bool, database: str | None) -> None:
    """Bring the database to FILE and say what changed.

    What people switched at run time stays, but what belonged to a person, group or site that is gone is cleared.
    """
    tree, problems = _checked(file)
    errors = [each for each in problems if not each.warning]
    _tell(problems)
    if errors:
        raise FsctlError(say("{file}: nothing was changed; {number} to be mended", file=file, number=len(errors)))
    changes, comes_to = bring(_to_compare(database) if dry_run else options.created(database), tree, file, dry_run)
    if as_json:
        options.print_json({"changes": [
            {"path": each.path, "before": each.before, "after": each.after} for each in changes],
            "cleared": [asdict(each) for each in comes_to.cleared], "left": [asdict(each) for each in comes_to.left]})
    else:
        options.print_lines(map(one, changes) if verbose else in_few_words(changes, tree))
        options.print_lines(say("cleared: {path} ({before}), which is nobody's any more",
                                path=each.path, before=in_words(each.before)) for each in comes_to.cleared)
        options.print_lines(say("left: {path} ({value}): {because}", path=each.path, value=in_words(each.value),
                                because=each.because) for each in comes_to.left)
    if reload_ and not dry_run:
        from fsctl.cli.freeswitch import reload_switches

        done = reload_switches(database, switches, esl_password)
        if not as_json:
            click.echo(say("FreeSWITCH has read {folder} anew", folder=done.paths[0].parent.parent), err=True)
    elif changes and not as_json and (what := _next(file, changes, dry_run)):
        click.echo(what, err=True)


def bring(
    store: Store | None, tree: dict[str, Any], file: Path, dry_run: bool = False,
) -> tuple[list[Change], Remains]:
    """Bring the database to an office that was checked; what changed, and what that comes to for what was switched.

    That the file has moved is no change. Without a ``store`` everything is new, and nothing is written.
    """
    with progress() as told:
        told.at(say("comparing it with the database"))
        before, damaged = read_undamaged(store) if store else ({}, [])
        changes, folder, who = difference(before, tree), _folder(file), options.user_name()
        comes_to = remains(store, before, structure(tree)) if store else NOTHING
        if store is None or dry_run:
            return changes, comes_to
        with store.transaction():
            if changes or damaged or folder != read_folder(store):
                written = told.counted(say("writing the changes"), changes, len(changes))
                write_tree(store, tree, written, who, clock.now(), folder, anew=bool(damaged))
            if changes or comes_to.cleared:
                clear(store, comes_to.settings, comes_to.hunts, who, clock.now())
    return changes, comes_to


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
office.add_command(new)


def _checked(file: Path) -> tuple[dict[str, Any], list[Problem]]:
    with progress() as told:
        told.at(say("reading the office file"))
        tree = load(file)
        problems = check_tree(tree, clock.now(), partial(told.at, say("checking the office, rule")))
    return tree, [*problems, *_folders(tree, _folder(file))]


def _folder(file: Path) -> str:
    """Where the file lies; "" for what lies nowhere, as what is read from a pipe."""
    folder = os.path.dirname(os.path.abspath(file))
    return "" if f"{folder}/".startswith(("/dev/", "/proc/")) else folder


def _folders(tree: dict[str, Any], folder: str) -> Iterator[Problem]:
    """Recordings and sound files lie beside the file, and FreeSWITCH has to understand what the folders above it are
    called. Sound files may lie elsewhere all the same, as FSCTL_PROMPTS says.
    """
    section = tree.get("office")
    if not isinstance(section, dict):
        return
    for key, counts in (("recordings", section.get("record") is True), ("prompts", "prompts" in section)):
        if not counts or str(section.get(key, "")).startswith("/"):
            continue
        warning = key == "prompts"
        if not folder:
            yield Problem(
                f"office.{key}", say("is relative to the file, which lies nowhere: give a whole path"), warning)
        elif wrong := misread(folder):
            yield Problem(f"office.{key}", say(
                "would lie in {folder}, and FreeSWITCH cannot have {wrong} in a name: give a whole path",
                folder=folder, wrong=repr(wrong)), warning)


def _tell(problems: list[Problem]) -> None:
    for each in problems:
        click.echo(say("warning: {problem}", problem=each) if each.warning else str(each), err=True)


def _next(file: Path, changes: list[Change], dry_run: bool) -> str:
    """What is to be done now; nothing where it counts from the next call on."""
    if dry_run:
        return say("nothing was changed, because of --dry-run")
    if not concern_the_switch(changes):
        return ""
    return say("next: fsctl freeswitch directory, and reloadxml in FreeSWITCH;"
               " 'fsctl office apply {file} --reload' does both", file=file)
