"""``fsctl codes`` and ``fsctl policies``: what the office's star codes and policies are."""

from pathlib import Path

import click

from fsctl.card.content import counts
from fsctl.cli import completion, options
from fsctl.cli.help_texts import braced
from fsctl.model.codes import CONFERENCE_KEY, all_codes, all_keys
from fsctl.model.office import Office
from fsctl.model.sections import User
from fsctl.policies.stages import CODES, FEATURES
from fsctl.words import marked, say, term

#: The one key that dials a number, and no code.
_GROUP_CALL = marked("calls the group, or joins its call")

#: Through whom a policy applies to a person, as ``Feature.through`` says it.
_THROUGH = {
    "user": marked("user {name}"), "group": marked("group {name}"), "site": marked("site {name}"),
    "office": marked("office"),
}


@click.command()
@click.argument("extension", required=False, shell_complete=completion.people)
@click.option("--card", is_flag=True, help="Print the card for beside the phone instead, as HTML: one page of A4.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write the card to a file, by its name as PDF (.pdf) or HTML (.html).")
@options.common
def codes(extension: str | None, card: bool, output: Path | None, as_json: bool, database: str | None) -> None:
    """The star codes and the keys of lamps as this office has them: what each does, and whether it counts in a talk.

    ``here`` says whether it can do anything in this office, as ``night`` where no site has a night service; with
    EXTENSION, whether it can do anything for that person. That person's card has no others.
    """
    if output and not card:
        raise click.UsageError(say("--output is for --card"))
    if card and as_json:
        raise click.UsageError(say("--card is HTML or PDF, never JSON"))
    office = options.office_to_read(database)
    user = options.user_of(office, extension) if extension is not None else None
    if card:
        from fsctl.cli.code_card import make

        make(office, user, output)
        return
    rows = [_row(digits, name, office, user) for name, digits in (*all_codes(office.codes), *all_keys())]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table([row | {"in_talk": _yes(row["in_talk"]), "here": _yes(row["here"]),
                                    "does": say(braced(str(row["does"])))} for row in rows],
                            ("code", "name", "in_talk", "here", "does"))


def _row(digits: str, name: str, office: Office, user: User | None) -> dict[str, object]:
    """``asks`` is what is dialled after it, "key" the name of a lamp."""
    here = counts(name, office, user)
    if name == CONFERENCE_KEY:
        return {"code": digits, "name": name, "in_talk": False, "asks": "key", "here": here, "does": _GROUP_CALL}
    code = CODES[name]
    feature = next(each for each in FEATURES if name in each.codes)
    return {"code": digits, "name": name, "in_talk": code.in_talk != "", "asks": code.asks,
            "here": here, "does": code.does or feature.summary}


def _yes(value: object) -> str:
    return say("yes") if value else ""


@click.command()
@click.argument("extension", required=False, shell_complete=completion.people)
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
        options.print_table([{"policy": term("policy", row["policy"]), "through": _through(row["through"]),
                              "does": say(braced(row["does"]))} for row in rows], ("policy", "through", "does"))


def _through(whom: str) -> str:
    return ", ".join(map(_one, whom.split(", ")))


def _one(whom: str) -> str:
    kind, _, name = whom.partition(" ")
    return say(_THROUGH[kind], name=name) if kind in _THROUGH else whom
