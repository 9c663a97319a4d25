"""``fsctl codes`` and ``fsctl policies``: what the office's star codes and policies are."""

import click

from fsctl.cli import completion, options
from fsctl.cli.help_texts import braced
from fsctl.model.codes import CONFERENCE_KEY, all_codes, all_keys
from fsctl.model.office import Office
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
@options.common
def codes(as_json: bool, database: str | None) -> None:
    """The star codes and the keys of lamps as this office has them: what each does, and whether it counts in a talk.

    ``here`` says whether it can do anything in this office, as ``night`` where no site has a night service.
    """
    office = options.office_to_read(database)
    rows = [_row(digits, name, office) for name, digits in (*all_codes(office.codes), *all_keys())]
    if as_json:
        options.print_json(rows)
    else:
        options.print_table([row | {"in_talk": _yes(row["in_talk"]), "here": _yes(row["here"]),
                                    "does": say(braced(str(row["does"])))} for row in rows],
                            ("code", "name", "in_talk", "here", "does"))


def _row(digits: str, name: str, office: Office) -> dict[str, object]:
    """``asks`` is what is dialled after it, "key" the name of a lamp."""
    if name == CONFERENCE_KEY:
        here = any(group.conference for group in office.groups.values())
        return {"code": digits, "name": name, "in_talk": False, "asks": "key", "here": here, "does": _GROUP_CALL}
    code = CODES[name]
    feature = next(each for each in FEATURES if name in each.codes)
    return {"code": digits, "name": name, "in_talk": code.in_talk != "", "asks": code.asks,
            "here": feature.does_something(name, office), "does": code.does or feature.summary}


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
