"""``fsctl db``: the database's schema."""

import click

from fsctl.cli import options
from fsctl.store.database import open_database
from fsctl.store.migrations import migrate as migrate_store
from fsctl.store.migrations import status as status_of
from fsctl.store.steps import refuse_foreign
from fsctl.words import say, term


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
@options.common
def migrate(as_json: bool, database: str | None) -> None:
    """Bring the schema up to date; does nothing where it is."""
    store = open_database(database)
    refuse_foreign(store)
    done = migrate_store(store)
    if as_json:
        options.print_json({"migrated": done})
    else:
        click.echo("\n".join(done) or say("up to date"))


@db.command()
@options.common
def status(as_json: bool, database: str | None) -> None:
    """Which migrations were run."""
    found = status_of(open_database(database, to_read=True))
    rows = [{"migration": step.name, "applied": step.applied} for step in found]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(
            [row | {"applied": term("applied", "True") if row["applied"] else term("applied", "False")}
             for row in rows], ("migration", "applied"))
