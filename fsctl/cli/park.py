"""``fsctl park``: who waits where, and parking from the shell."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from fsctl import clock
from fsctl.cli import completion, on_a_switch, options
from fsctl.cli.endpoints import password, switches
from fsctl.cli.local_time import local, of_site
from fsctl.errors import FsctlError
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.parking import group_for, held_by, is_place, may_park
from fsctl.policies.park_recall import waiting
from fsctl.store import parked
from fsctl.store.parked import Entry
from fsctl.switch.calls.parking import sending
from fsctl.switch.calls.sending import announce, send
from fsctl.switch.link.event_socket import EventSocket
from fsctl.words import say


@click.group()
def park() -> None:
    """Parked calls. A SLOT is one of a group's, or a person's extension."""


@park.command("list")
@options.common
def list_(as_json: bool, database: str | None) -> None:
    """Who waits where, since when, and when the call comes back."""
    store = options.to_read(database)
    office = options.office_of(store)
    rows = [_row(row, office, as_json) for row in parked.list_parked(store)]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table(rows, ("slot", "caller", "parker", "since", "recall_at", "uuid"))


@park.command()
@click.argument("extension", shell_complete=completion.people)
@click.argument("slot", required=False, shell_complete=completion.slots)
@switches
@password
@options.common
def add(extension: str, slot: str | None, switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
        database: str | None) -> None:
    """Park the call that EXTENSION has on hold, or else talks with, in SLOT.

    Without SLOT in the first free one of the group; where there is none, on the extension itself.
    """
    store = options.opened(database)
    office = options.office_of(store)
    options.user_of(office, extension)
    group = group_for(extension, office)
    slots = [slot] if slot else [*(group.park.extensions if group and group.park else ()), extension]
    for each in slots:
        if not is_place(each, office):
            raise FsctlError(
                say("{slot} is no slot and nobody's extension; 'fsctl office export' shows the slots", slot=each))
        if not may_park(extension, each, office):
            raise FsctlError(say("{slot} is a slot of another site than {extension}'s", slot=each, extension=extension))
    link, call = _call_of(extension, switches, esl_password)
    try:
        for each in slots:
            action = waiting(each, extension, office, call.uuid)
            entry = Entry(each, call.uuid, action.group, call.user or call.number, extension, action.recall_seconds)
            if not parked.put(store, entry, "", clock.now()):
                continue
            sent = sending(action)
            if not announce(link, call.uuid, sent) or not send(link, call.uuid, sent):
                parked.free(store, [call.uuid])
                raise FsctlError(
                    say("the call of {extension} is over, or on its way to somewhere else", extension=extension))
            told = say("parked in {slot}", slot=each)
            options.print_json({"slot": each, "uuid": call.uuid}) if as_json else click.echo(told)
            return
    finally:
        link.close()
    raise FsctlError(
        say("another call waits in {slot}", slot=slots[0]) if len(slots) == 1 else say("all slots are occupied"))


def _row(row: Mapping[str, Any], office: Office, exact: bool) -> dict[str, Any]:
    """By the clocks of where it waits."""
    group, user = office.groups.get(row["group"]), office.users.get(row["slot"])
    zone = of_site(group.site if group else user.site if user else None, office)
    return {**row, **{key: local(row[key], zone, exact=exact) for key in ("since", "recall_at")}}


def _call_of(extension: str, switches: Sequence[tuple[str, int]], secret: str) -> tuple[EventSocket, LiveCall]:
    """Whom somebody holds, or else talks with, and the switch that has both."""
    found = on_a_switch.find(switches, secret, lambda live: held_by(extension, live) or _other(extension, live))
    if found is None:
        raise FsctlError(say("{extension} talks with nobody", extension=extension))
    return found


def _other(extension: str, live: Live) -> LiveCall | None:
    channels = {call.uuid: call for call in live.calls}
    talking = (call for call in live.of(extension) if call.state == "talking" and call.peer in channels)
    return next((channels[call.peer or ""] for call in talking), None)
