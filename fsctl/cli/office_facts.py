"""``fsctl codes`` and ``fsctl policies``: what the office's star codes and policies are."""

import click

from fsctl.cli import options
from fsctl.model.codes import all_codes
from fsctl.policies.stages import FEATURES


@click.command()
@options.common
def codes(as_json: bool, database: str | None) -> None:
    """The star codes as this office has them."""
    rows = [{"code": digits, "name": name}
            for name, digits in all_codes(options.office_of(options.opened(database)).codes)]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("code", "name"))


@click.command()
@click.argument("extension", required=False)
@options.common
def policies(extension: str | None, as_json: bool, database: str | None) -> None:
    """The policies in the order in which they are asked; with EXTENSION, those that apply to that person."""
    office = options.office_of(options.opened(database))
    user = options.user_of(office, extension) if extension is not None else None
    rows = [{"policy": feature.name, "through": through, "does": feature.summary}
            for feature in FEATURES if (through := feature.through(user, office) if user else "office")]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("policy", "through", "does"))
