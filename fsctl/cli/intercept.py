"""``fsctl intercept``: whose calls are answered by an announcement, as the office file says or for now."""

from datetime import datetime

import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.cli.instants import end_time, until_option
from fsctl.cli.intercept_words import AUTO, in_table
from fsctl.cli.intercept_words import switched as in_words
from fsctl.cli.local_time import local, of_site
from fsctl.errors import FsctlError
from fsctl.model import destination, numbers
from fsctl.model.announcements import BUILT_IN
from fsctl.model.destination import Destination
from fsctl.model.digits import plain
from fsctl.model.intercept import (
    Owner,
    Switched,
    announced_by,
    intercept_value,
    is_silent,
    key_of,
    places_of,
    rule_by_hand,
    switched,
)
from fsctl.model.office import Office
from fsctl.model.sections import Intercept
from fsctl.model.settings import OFF, ON, intercept_path
from fsctl.policies import destinations
from fsctl.store.database import Store
from fsctl.store.settings import change_setting
from fsctl.words import say
from fsctl.words.places import place

_owner = click.argument("owner", metavar="USER|GROUP", shell_complete=completion.people_or_groups)
_until = until_option("the next HH:MM, or ISO 8601")


@click.group()
def intercept() -> None:
    """Call intercept: callers hear an announcement, and nobody's phone rings.

    USER is an extension, GROUP a name of the office file. A group's counts for its own numbers and for its members.
    """


@intercept.command("list")
@options.common
def list_(as_json: bool, database: str | None) -> None:
    """All users and groups with rules in the office file, or whose intercept was switched.

    The state is on, off, or auto, which is as the rules of the file say.
    """
    office, now = options.office_to_read(database), clock.now()
    owners: tuple[Owner, ...] = (*office.users.values(), *office.groups.values())
    told = {key_of(each): switched(each, office.settings, now) for each in owners}
    rows = [_row(each, told[key_of(each)], office) for each in owners
            if each.intercept != Intercept() or told[key_of(each)]]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(map(in_table, rows), ("owner", "name", "state", "until", "by", "announce", "new_number",
                                                   "to", "inbound", "outbound"))


@intercept.command()
@_owner
@_until
@click.option("--announce", metavar="NAME", help="What callers hear; default: as the office file says.")
@click.option("--new-number", metavar="NUMBER", help="Said after it, digit by digit.")
@click.option("--to", metavar="DEST", help="Where the call goes then: mailbox:101, user:101, or as dialled.",
              shell_complete=completion.extensions)
@options.common
def on(owner: str, until: str | None, announce: str | None, new_number: str | None, to: str | None, as_json: bool,
       database: str | None) -> None:
    """Intercept all incoming calls.

    What is not said here is as in the file's first rule for all incoming calls, else for all from outside, else for
    all of colleagues.
    """
    store = options.opened(database)
    office = options.office_of(store)
    found = _chosen(office, owner)
    known = (*BUILT_IN, *office.announcements)
    if announce is not None and announce not in known:
        raise FsctlError(say("there is no announcement {announce}; there are {known}",
                             announce=repr(announce), known=", ".join(known)))
    number = _number(new_number, found, office) if new_number is not None else ""
    target = _target(to, found, office) if to is not None else None
    told = Switched(True, _end(until, found, office), announce or "", number, target)
    _switch(found, told, office, as_json, store)


@intercept.command()
@_owner
@_until
@options.common
def off(owner: str, until: str | None, as_json: bool, database: str | None) -> None:
    """Let all calls through, incoming and outgoing, whatever the office file says."""
    store = options.opened(database)
    office = options.office_of(store)
    found = _chosen(office, owner)
    _switch(found, Switched(False, _end(until, found, office)), office, as_json, store)


@intercept.command()
@_owner
@options.common
def auto(owner: str, as_json: bool, database: str | None) -> None:
    """Leave it to the office file again."""
    store = options.opened(database)
    office = options.office_of(store)
    _switch(_chosen(office, owner), None, office, as_json, store)


def _switch(owner: Owner, told: Switched | None, office: Office, as_json: bool, store: Store) -> None:
    path, value = intercept_path(key_of(owner)), intercept_value(told) if told else None
    changed = change_setting(store, path, value, options.user_name(), clock.now())
    shown = in_words(told, of_site(owner.site, office)) if told and not as_json else value
    options.tell_change(path, shown, changed, as_json)


def _row(owner: Owner, told: Switched | None, office: Office) -> dict[str, object]:
    """What callers hear is told of who is switched on: else the rules decide."""
    rule = rule_by_hand(owner.intercept, told) if told and told.on else None
    to = (rule.zero or rule.reroute or rule.mailbox) if rule else None
    heard = rule if rule and not is_silent(rule) else None
    return {
        "owner": key_of(owner), "name": owner.name, "state": AUTO if told is None else ON if told.on else OFF,
        "until": local(told.until, of_site(owner.site, office)) if told else None,
        "by": told.by if told else None,
        "announce": announced_by(heard) if heard else None,
        "new_number": (heard.new_number or None) if heard else None,
        "to": str(to) if to else None,
        "inbound": len(owner.intercept.inbound), "outbound": len(owner.intercept.outbound),
    }


def _chosen(office: Office, name: str) -> Owner:
    if name in office.users:
        return office.users[name]
    if name in office.groups:
        return office.groups[name]
    known = ", ".join((*office.users, *office.groups)) or say("none")
    raise FsctlError(say("there is no user or group {name}; there are {known}", name=repr(name), known=known))


def _end(until: str | None, owner: Owner, office: Office) -> datetime | None:
    return end_time(until, of_site(owner.site, office), clock.now()) if until is not None else None


def _number(text: str, owner: Owner, office: Office) -> str:
    """An extension, or a complete number as it is dialled at the site."""
    digits, country = plain(text), office.numbering_of(office.sites.get(owner.site)).country
    complete = digits if digits in office.extensions else numbers.international(digits, country)
    if complete is None:
        raise FsctlError(
            say("--new-number: {text} is no extension and no complete number; write it as +4930…", text=repr(text)))
    return complete


def _target(text: str, owner: Owner, office: Office) -> Destination:
    site = office.sites.get(owner.site)
    try:
        to = destination.parse(text) if ":" in text else destinations.dialled(plain(text), site, office)
    except ValueError as error:
        raise FsctlError(f"--to: {error}") from None
    if why_not := destinations.refusal(to, office, site):
        raise FsctlError(f"--to: {why_not}")
    if office.owner_of(to) in places_of(owner):
        raise FsctlError(
            say("--to: {to} is {name}, whose calls are intercepted", to=place(str(to)), name=owner.name))
    return to
