"""``fsctl history``: who changed what in the office, and when."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import click

from fsctl.cli import options
from fsctl.cli.local_time import local, of_reader
from fsctl.cli.steps import reason_json
from fsctl.model.changes import changed, value_of
from fsctl.model.who import in_words
from fsctl.officefile.difference import literal
from fsctl.store.history import list_changes


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most this many.")
@options.common
def history(limit: int, as_json: bool, database: str | None) -> None:
    """The latest changes, newest first."""
    store = options.to_read(database)
    rows, zone = list_changes(store, limit), of_reader(store)
    rows = [row | {"at": local(row["at"], zone, exact=as_json)} for row in rows]
    if as_json:
        options.print_json([row | reason_json(changed(row["path"], row["before"], row["after"], zone, literal))
                            for row in rows])
    else:
        shown = [row | {"who": in_words(row["who"]), "before": _shown(row, row["before"], zone),
                        "after": _shown(row, row["after"], zone)} for row in rows]
        options.print_table(shown, ("at", "who", "path", "before", "after"))


def _shown(row: Mapping[str, Any], value: object, zone: tzinfo) -> str | None:
    """In words, or as the office file has it."""
    return None if value is None else str(value_of(row["path"], value, zone, literal))
