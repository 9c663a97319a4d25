"""``fsctl assistant``: who takes calls of which executive, and where they go instead."""

import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.cli.assistant_rows import assistant_row, in_words
from fsctl.cli.endpoints import password, switches
from fsctl.cli.forward import target_of
from fsctl.cli.status import looked
from fsctl.errors import FsctlError
from fsctl.model.executives import assistants_of, executives_of
from fsctl.model.office import Office
from fsctl.model.sections import User
from fsctl.model.settings import OUT, assistant_path, divert_path
from fsctl.policies.assistant_pool import chosen, refusal
from fsctl.store.settings import change_setting
from fsctl.words import say

_assistant = click.argument("extension", metavar="ASSISTANT", shell_complete=completion.assistants)
_executive = click.argument("executive", metavar="[EXECUTIVE]", required=False, shell_complete=completion.executives)


@click.group()
def assistant() -> None:
    """Assistants of executives. ASSISTANT and EXECUTIVE are extensions; without EXECUTIVE all of his are meant."""


@assistant.command("list")
@click.argument("extension", metavar="[ASSISTANT]", required=False, shell_complete=completion.assistants)
@switches
@password
@options.common
def list_(extension: str | None, switches: tuple[tuple[str, int], ...], esl_password: str, as_json: bool,
          database: str | None) -> None:
    """Everybody, or ASSISTANT, with each executive whose calls he is listed to take."""
    office = options.office_to_read(database)
    if extension:
        _executives_of(extension, office)
    with looked(switches, esl_password) as seen:
        rows = [{"assistant": each, "executive": user.extension} | assistant_row(each, user, office, seen)
                for user in office.users.values() for each in assistants_of(user) if extension in (None, each)]
        for row in rows:
            del row["user"]
        if as_json:
            options.print_json(rows)
        else:
            options.print_table([in_words(row) for row in rows],
                                ("assistant", "executive", "in", "state", "divert"))


@assistant.command("in")
@_assistant
@_executive
@options.common
def in_(extension: str, executive: str | None, as_json: bool, database: str | None) -> None:
    """Ring ASSISTANT again for calls of EXECUTIVE."""
    _opt(extension, executive, None, as_json, database)


@assistant.command()
@_assistant
@_executive
@options.common
def out(extension: str, executive: str | None, as_json: bool, database: str | None) -> None:
    """Ring ASSISTANT no longer for calls of EXECUTIVE."""
    _opt(extension, executive, OUT, as_json, database)


@assistant.command()
@_assistant
@_executive
@click.argument("to", required=False, shell_complete=completion.extensions)
@options.common
def divert(extension: str, executive: str | None, to: str | None, as_json: bool, database: str | None) -> None:
    """Send calls of EXECUTIVE that would ring ASSISTANT to TO: digits as he would dial them, user:101 or number:+49….

    Without TO they ring at his phone again.
    """
    store = options.opened(database)
    office = options.office_of(store)
    own = _executives_of(extension, office, executive)
    if to is None:
        changes: dict[str, str | None] = {divert_path(each.extension, extension): None for each in own}
    else:
        target = target_of(to, extension, office)
        if why_not := refusal(office.users[extension], own[0], target, office):
            raise FsctlError(say("calls of {user} do not go to {to}: {why}", user=own[0].extension, to=to, why=why_not))
        changes = {divert_path(own[0].extension, extension): str(target)}
    _change(changes, as_json, database)


def _opt(extension: str, executive: str | None, value: str | None, as_json: bool, database: str | None) -> None:
    office = options.office_to_read(database)
    _executives_of(extension, office, executive)
    executives, why_not = chosen(extension, executive or "", office, out=value is not None)
    if not executives:
        raise FsctlError(say("{why}; write opt_out = true in the office file", why=why_not))
    _change({assistant_path(each.extension, extension): value for each in executives}, as_json, database)


def _executives_of(extension: str, office: Office, executive: str | None = None) -> list[User]:
    """The executives of an assistant, or that one of them; FsctlError says what does not fit."""
    own = list(executives_of(options.user_of(office, extension).extension, office))
    if not own:
        known = ", ".join(dict.fromkeys(each for user in office.users.values() for each in assistants_of(user)))
        raise FsctlError(say(
            "{user} is nobody's assistant; there are {known}", user=extension, known=known or say("none")))
    if executive is None:
        return own
    wanted = options.executive_of(office, executive)
    if wanted not in own:
        raise FsctlError(say("{user} is no assistant of {executive}; there are {known}",
                             user=extension, executive=executive, known=", ".join(assistants_of(wanted))))
    return [wanted]


def _change(changes: dict[str, str | None], as_json: bool, database: str | None) -> None:
    store = options.opened(database)
    changed = {path: change_setting(store, path, value, options.user_name(), clock.now())
               for path, value in changes.items()}
    if as_json:
        options.print_json([{"path": path, "value": changes[path], "changed": each} for path, each in changed.items()])
        return
    for path, each in changed.items():
        options.tell_change(path, changes[path], each, as_json)
