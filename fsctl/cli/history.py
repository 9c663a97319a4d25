"""``fsctl history``: who changed what in the office, and when."""

from datetime import tzinfo

import click

from fsctl.cli import options
from fsctl.cli.local_time import local, of_reader, within
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
        options.print_json(rows)
    else:
        shown = [row | {side: _shown(row[side], zone) for side in ("before", "after")} for row in rows]
        options.print_table(shown, ("at", "who", "path", "before", "after"))


def _shown(value: object, zone: tzinfo) -> str | None:
    """As the office file has it, with instants by the clocks of who reads it."""
    return None if value is None else within(literal(value), zone)
