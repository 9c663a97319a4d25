"""``fsctl executive``: whose calls assistants take, what their filters do, and who handles which call."""

from collections.abc import Sequence
from typing import Any

import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.cli.assistant_rows import assistant_row, in_words
from fsctl.cli.endpoints import password, switches
from fsctl.cli.explain import assumed_call
from fsctl.cli.joined_talk import drop, mute
from fsctl.cli.local_time import local, of_site
from fsctl.cli.status import Seen, looked
from fsctl.errors import FsctlError
from fsctl.model.destination import Destination
from fsctl.model.executives import assistants_of, handled_for, mode_now, on_mode
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.sections import FILTER_MODES, User
from fsctl.model.settings import OFF, ON, filter_path
from fsctl.policies.executive_rules import decide
from fsctl.store.settings import change_setting
from fsctl.words import say
from fsctl.words.places import place

#: Somebody outside whom no rule knows.
_STRANGER = "0"

_executive = click.argument("extension", metavar="EXECUTIVE", shell_complete=completion.executives)


@click.group()
def executive() -> None:
    """Executives: their calls are filtered, and ring their assistants. EXECUTIVE is an extension."""


@executive.command("list")
@switches
@password
@options.common
def list_(switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool, database: str | None) -> None:
    """All executives: the filter, the assistants, and who has whose caller now."""
    _show(None, switches, esl_password, as_json, database)


@executive.command()
@_executive
@switches
@password
@options.common
def show(extension: str, switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
         database: str | None) -> None:
    """One executive, a line for each assistant.

    The states: free, ringing, busy, do not disturb, intercepted, offline; unknown where no switch tells.
    """
    _show(extension, switches, esl_password, as_json, database)


@executive.command()
@_executive
@click.argument("mode", required=False, type=click.Choice(FILTER_MODES))
@options.common
def on(extension: str, mode: str | None, as_json: bool, database: str | None) -> None:
    """Switch the filter on: to MODE, else to the file's mode, or all calls where the file says off."""
    _switch(extension, mode or ON, as_json, database)


@executive.command()
@_executive
@options.common
def off(extension: str, as_json: bool, database: str | None) -> None:
    """Switch the filter off: calls go to EXECUTIVE as to anybody."""
    _switch(extension, OFF, as_json, database)


@executive.command()
@_executive
@options.common
def auto(extension: str, as_json: bool, database: str | None) -> None:
    """Leave the filter to the office file again."""
    _switch(extension, None, as_json, database)


@executive.command()
@_executive
@click.option("--from", "caller", metavar="CALLER", default=_STRANGER, help="Who calls; default: a stranger outside.",
              shell_complete=completion.people)
@click.option("--called", metavar="NUMBER", help="How; default: by the first number of EXECUTIVE.")
@click.option("--at", "at", metavar="TIME", help="When, as for fsctl explain; default: now.")
@options.common
def rules(extension: str, caller: str, called: str | None, at: str | None, as_json: bool, database: str | None) -> None:
    """The rules of the filter, and which one would decide about a call."""
    office = options.office_to_read(database)
    user = options.executive_of(office, extension)
    dialled = called or (user.extension if caller in office.users or not user.numbers else user.numbers[0])
    call = assumed_call(caller, dialled, at, office)
    if call.to != Destination("user", user.extension):
        if call.to.kind == "unknown":
            raise FsctlError(say("{number} is no number of {user}: nobody has it", number=dialled, user=user.name))
        raise FsctlError(say("{number} is no number of {user}: it is {place}",
                             number=dialled, user=user.name, place=place(str(call.to))))
    found, mode = decide(call, user, office), mode_now(user, office)
    rows = [{"name": rule.name, "from": list(rule.from_), "called": list(rule.called), "during": rule.during,
             "action": rule.action, "decides": rule.name == found.rule}
            for rule in (user.executive.rules if user.executive else ())]
    if as_json:
        options.print_json({"executive": user.extension, "mode": mode, "rules": rows, "filtered": found.filtered,
                            "reason": str(found.why)})
        return
    options.print_table([{key: _plain(value) for key, value in row.items()} for row in rows],
                        ("name", "from", "called", "during", "action", "decides"))
    values = {"caller": say("a stranger outside") if caller == _STRANGER else caller, "dialled": dialled,
              "why": found.why}
    click.echo(say("{caller} → {dialled}: to the assistants ({why})", **values) if found.filtered else
               say("{caller} → {dialled}: not filtered ({why})", **values))


executive.add_command(mute)
executive.add_command(drop)


def _show(
    extension: str | None, switches: Sequence[tuple[str, int]], secret: str, as_json: bool, database: str | None
) -> None:
    office = options.office_to_read(database)
    listed = [each for each in office.users.values() if each.executive]
    users = [options.executive_of(office, extension)] if extension else listed
    with looked(switches, secret) as seen:
        rows = [_row(each, office, seen) for each in users]
        if as_json:
            options.print_json(rows)
            return
        for row in rows:
            click.echo(_headline(row))
            options.print_table([in_words(each) for each in row["assistants"]], ("user", "in", "state", "divert"))
            options.print_table(row["handling"], ("caller", "assistant", "since"))


def _headline(row: dict[str, Any]) -> str:
    values = {"executive": row["executive"], "mode": row["mode"], "alerting": row["alerting"]}
    return (say("{executive}: filter on ({mode}), {alerting}", **values) if row["filter"] == ON else
            say("{executive}: filter off ({mode}), {alerting}", **values))


def _row(user: User, office: Office, seen: Seen) -> dict[str, Any]:
    mode = mode_now(user, office)
    return {
        "executive": user.extension,
        "filter": OFF if mode == OFF else ON,
        "mode": on_mode(user) if mode == OFF else mode,
        "alerting": user.executive.alerting if user.executive else None,
        "assistants": [assistant_row(each, user, office, seen) for each in assistants_of(user)],
        "handling": _handling(user, office, seen.live),
    }


def _handling(executive: User, office: Office, live: Live) -> list[dict[str, Any]]:
    return [{"caller": each.caller.who.name if each.caller.who else None, "assistant": each.by,
             "since": local(each.since, of_site(executive.site, office))} for each in handled_for(executive, live)]


def _switch(extension: str, value: str | None, as_json: bool, database: str | None) -> None:
    store = options.opened(database)
    path = filter_path(options.executive_of(options.office_of(store), extension).extension)
    changed = change_setting(store, path, value, options.user_name(), clock.now())
    options.tell_change(path, value, changed, as_json)


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return say("decides") if value else ""
    return ", ".join(value) if isinstance(value, list) else value
