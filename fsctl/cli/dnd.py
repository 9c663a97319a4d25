"""``fsctl dnd``: who does not want to be disturbed."""


import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.model.settings import dnd_path
from fsctl.store.settings import change_setting


@click.group()
def dnd() -> None:
    """Who does not want to be disturbed."""


@dnd.command("list")
@options.common
def list_(as_json: bool, database: str | None) -> None:
    """Everybody who does not want to be disturbed now."""
    office = options.office_to_read(database)
    rows = [{"user": user.extension, "name": user.name} for user in office.users.values()
            if office.settings.dnd(user.extension)]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("user", "name"))


@dnd.command()
@click.argument("extension", shell_complete=completion.people)
@options.common
def on(extension: str, as_json: bool, database: str | None) -> None:
    """Calls for EXTENSION are met as if that person were busy."""
    _switch(extension, "on", as_json, database)


@dnd.command()
@click.argument("extension", shell_complete=completion.people)
@options.common
def off(extension: str, as_json: bool, database: str | None) -> None:
    """EXTENSION can be called again."""
    _switch(extension, None, as_json, database)


def _switch(extension: str, value: str | None, as_json: bool, database: str | None) -> None:
    store = options.opened(database)
    path = dnd_path(options.user_of(options.office_of(store), extension).extension)
    changed = change_setting(store, path, value, options.user_name(), clock.now())
    options.tell_change(path, value, changed, as_json)
