"""``fsctl codes`` and ``fsctl policies``: what the office's star codes and policies are."""

import click

from fsctl.cli import options
from fsctl.model.codes import all_codes
from fsctl.model.office import Office
from fsctl.model.sections import Forward, User
from fsctl.policies import SUMMARIES


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
    through = _through(office, user) if user else dict.fromkeys(SUMMARIES, "office")
    rows = [{"policy": name, "through": through[name], "does": text}
            for name, text in SUMMARIES.items() if name in through]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("policy", "through", "does"))


def _through(office: Office, user: User) -> dict[str, str]:
    """What applies to a user, and through whom: user, group, site or office."""
    person = f"user {user.extension}"
    found = {"emergency": f"site {user.site}", "star_codes": "office", "do_not_disturb": person, "extension": person,
             "outbound": person, "unknown_number": "office"}
    if office.forwarding(user.extension) != Forward():
        found["forwarding"] = person
    if user.mailbox:
        found["mailbox"] = person
    groups = [key for key, group in office.groups.items() if group.hunt and user.extension in group.members]
    if groups:
        found["hunt_group"] = ", ".join(f"group {key}" for key in groups)
    pickup = [key for key, group in office.groups.items() if group.pickup and user.extension in group.members]
    if pickup or user.monitors:
        found["call_pickup"] = ", ".join(f"group {key}" for key in pickup) or person
    site = office.sites.get(user.site)
    if site and site.night and user.night != "exempt":
        found["night_service"] = person if user.night == "on" else f"site {site.key}"
    if site and site.reception:
        found["reception"] = f"site {site.key}"
    return found
