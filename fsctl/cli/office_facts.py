"""``fsctl codes`` and ``fsctl policies``: what the office's star codes and policies are."""

import click

from fsctl.cli import options
from fsctl.model.codes import all_codes
from fsctl.policies.stages import CODES, FEATURES


@click.command()
@options.common
def codes(as_json: bool, database: str | None) -> None:
    """The star codes as this office has them, and which of them count in a talk."""
    rows = [{"code": digits, "name": name, "in_talk": name in CODES and CODES[name].in_talk != ""}
            for name, digits in all_codes(options.office_to_read(database).codes)]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table([row | {"in_talk": "yes" if row["in_talk"] else ""} for row in rows],
                            ("code", "name", "in_talk"))


@click.command()
@click.argument("extension", required=False)
@options.common
def policies(extension: str | None, as_json: bool, database: str | None) -> None:
    """The policies in the order in which they are asked; with EXTENSION, those that apply to that person."""
    office = options.office_to_read(database)
    user = options.user_of(office, extension) if extension is not None else None
    rows = [{"policy": feature.name, "through": through, "does": feature.summary}
            for feature in FEATURES if (through := feature.through(user, office) if user else "office")]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("policy", "through", "does"))
