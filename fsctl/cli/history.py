"""``fsctl history``: who changed what in the office, and when."""

import click

from fsctl.cli import options
from fsctl.store.history import list_changes


@click.command()
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most this many.")
@options.common
def history(limit: int, as_json: bool, database: str | None) -> None:
    """The latest changes, newest first."""
    rows = list_changes(options.to_read(database), limit)
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("at", "who", "path", "before", "after"))
