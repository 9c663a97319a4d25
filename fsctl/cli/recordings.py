"""``fsctl recordings``: the talks that people have recorded."""

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path

import click

from fsctl.cli import options
from fsctl.cli.local_time import local, of_reader
from fsctl.errors import FsctlError
from fsctl.recordings import Recording, listed
from fsctl.store.recorded_calls import recorded_by, who_called
from fsctl.words import say, say_number
from fsctl.words.system import system_error


@click.group()
def recordings() -> None:
    """Talks that people have recorded by the code ``record``."""


@recordings.command("list")
@options.common
def list_(as_json: bool, database: str | None) -> None:
    """All recordings, the newest first: of which call, by whom, and how long."""
    store = options.to_read(database)
    office = options.office_of(store)
    folder = office.recordings_folder
    if not folder:
        raise FsctlError(say("nobody knows where the office file lies; apply it again"))
    try:
        found = listed(Path(folder))
    except FileNotFoundError:
        found = []
    except OSError as error:
        raise FsctlError(say("{folder} cannot be read: {why}; run this as a user who may",
                             folder=folder, why=system_error(error))) from error
    by, calls = recorded_by(store), who_called(store, {each.call for each in found})
    zone = of_reader(office)
    rows = [_row(each, by, calls, zone, as_json) for each in found]
    if unreadable := sum(each.seconds is None for each in found):
        click.echo(say_number(
            "{number} of them cannot be read by this user, so nobody knows how long they are",
            "{number} of them cannot be read by this user, so nobody knows how long they are", unreadable), err=True)
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("at", "by", "caller", "dialled", "seconds", "file"))


def _row(
    each: Recording, by: Mapping[str, str], calls: Mapping[str, tuple[str, str]], zone: tzinfo, exact: bool
) -> dict[str, object]:
    """``by``, ``caller`` and ``dialled`` are null where the journal has them no more."""
    caller, dialled = calls.get(each.call, (None, None))
    return {
        "file": str(each.path), "call": each.call, "at": local(each.at, zone, exact=exact), "seconds": each.seconds,
        "by": by.get(each.path.name), "caller": caller, "dialled": dialled,
    }
