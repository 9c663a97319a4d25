"""``fsctl forward``: where people's calls go, and changing that from a shell."""


import click

from fsctl import clock
from fsctl.cli import completion, options
from fsctl.errors import FsctlError
from fsctl.model import destination
from fsctl.model.destination import Destination
from fsctl.model.digits import dialable
from fsctl.model.office import Office
from fsctl.model.sections import Forward
from fsctl.model.settings import OFF, forward_path
from fsctl.policies import forwarding
from fsctl.store.settings import change_setting
from fsctl.words import say, term
from fsctl.words.places import place

#: When; the words of outcomes.
KINDS = ("always", "busy", "no-answer", "offline")

_user = click.argument("extension", shell_complete=completion.people)
_when = click.option("--when", type=click.Choice(KINDS), default="always", show_default=True, help="Which calls.")


@click.group()
def forward() -> None:
    """Where people's calls go."""


@forward.command("list")
@click.argument("extension", required=False, shell_complete=completion.people)
@options.common
def list_(extension: str | None, as_json: bool, database: str | None) -> None:
    """The forwarding of everybody, or of EXTENSION; ``by`` says who set it: the file, or people by hand."""
    office = options.office_to_read(database)
    users = [options.user_of(office, extension).extension] if extension else list(office.users)
    rows = [row for user in users for row in _rows(office, user)]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table([_in_words(row) for row in rows], ("user", "when", "to", "by"))


@forward.command("set")
@_user
@click.argument("to", shell_complete=completion.extensions)
@_when
@options.common
def set_(extension: str, to: str, when: str, as_json: bool, database: str | None) -> None:
    """Send calls for EXTENSION to TO: digits as that person would dial them, or a destination like mailbox:101."""
    office = options.office_of(options.opened(database))
    user = options.user_of(office, extension)
    target = target_of(to, extension, office)
    if why_not := forwarding.refusal(user.extension, target, office):
        raise FsctlError(say("calls for {user} do not go to {to}: {why}", user=extension, to=to, why=why_not))
    _change(database, extension, when, str(target), as_json)


@forward.command()
@_user
@_when
@options.common
def off(extension: str, when: str, as_json: bool, database: str | None) -> None:
    """No forwarding for EXTENSION, whatever the office file says."""
    options.user_of(options.office_of(options.opened(database)), extension)
    _change(database, extension, when, OFF, as_json)


@forward.command()
@_user
@_when
@options.common
def auto(extension: str, when: str, as_json: bool, database: str | None) -> None:
    """Leave EXTENSION's forwarding to the office file again."""
    options.user_of(options.office_of(options.opened(database)), extension)
    _change(database, extension, when, None, as_json)


def target_of(text: str, extension: str, office: Office) -> Destination:
    try:
        return destination.parse(text) if ":" in text else forwarding.target(dialable(text), extension, office)
    except ValueError as error:
        raise FsctlError(str(error)) from None


def sent_to(forward: Forward, when: str) -> Destination | None:
    """Where calls go when that happens, one of KINDS."""
    to: Destination | None = getattr(forward, _key(when))
    return to


def _key(when: str) -> str:
    """As the office file has it, and the path of what is switched."""
    return when.replace("-", "_")


def _rows(office: Office, user: str) -> list[dict[str, str]]:
    now = office.forwarding(user)
    rows: list[dict[str, str]] = []
    for when in KINDS:
        to, by_hand = sent_to(now, when), office.settings.forward(user, _key(when)) is not None
        if to is not None or by_hand:
            rows.append({"user": user, "when": when, "to": str(to) if to else OFF, "by": "hand" if by_hand else "file"})
    return rows


def _in_words(row: dict[str, str]) -> dict[str, str]:
    """A row as a person reads it; when is as ``--when`` takes it."""
    return row | {"to": term("switched", row["to"]) if row["to"] == OFF else place(row["to"]),
                  "by": term("set by", "hand") if row["by"] == "hand" else term("set by", "file")}


def _change(database: str | None, extension: str, when: str, value: str | None, as_json: bool) -> None:
    path = forward_path(extension, _key(when))
    changed = change_setting(options.opened(database), path, value, options.user_name(), clock.now())
    options.tell_change(path, value, changed, as_json)
