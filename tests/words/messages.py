"""All that fsctl says, and the catalogues of it: ``scripts/messages`` brings ``fsctl/locale`` up to date.

A message is what a source gives ``say``, ``say_number``, ``term`` or ``marked`` as a literal, a reason's template, a
command's help, or a word of one of the lists here, which are those of the program itself.
"""

import ast
import importlib
import io
import pkgutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import click
from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog

import fsctl
from fsctl.card.entries import AFTER
from fsctl.cli import assistant_rows, cli, group
from fsctl.cli.help_texts import braced, metavar, translated
from fsctl.cli.hunt_words import State as HuntState
from fsctl.cli.intercept_words import AUTO
from fsctl.cli.schedule import STATES
from fsctl.cli.status_words import State as StatusState
from fsctl.cli.steps import OUTCOMES, RESULTS
from fsctl.model.actions import HANGUP_CAUSES, Action, Reroute
from fsctl.model.announcements import BUILT_IN
from fsctl.model.call_classes import CLASSES
from fsctl.model.codes import Codes, all_codes, all_keys
from fsctl.model.destination import DIALLED_KINDS, FILE_KINDS
from fsctl.model.group_calls import ANONYMOUS
from fsctl.model.outcomes import Outcome
from fsctl.model.reasons import templates
from fsctl.model.sections import HuntPolicy
from fsctl.policies.stages import FEATURES
from fsctl.store.journal_table import JournalState
from fsctl.words import DOMAIN, FOLDER, LANGUAGES, moments, places, system
from fsctl.words.settings import SETTINGS

ROOT = Path(fsctl.__file__).parent

#: What a source says by: how many of its first values are the context, and how many after these the message.
KEYWORDS = {"say": (0, 1), "marked": (0, 1), "say_number": (0, 2), "term": (1, 1)}

#: What a catalogue has been made on, the same every day: it changes with its messages alone.
_MADE = datetime(2026, 1, 1, tzinfo=UTC)

#: What the library of the command line says itself.
CLICK: tuple[str | tuple[str, str], ...] = (
    "Usage:", "[OPTIONS]", "COMMAND [ARGS]...", "Options", "Commands", "Show this message and exit.",
    "Show the version and exit.", "%(prog)s, version %(version)s", "Error: {message}",
    "Try '{command} {option}' for help.", "Missing argument", "Missing option", "Missing parameter", "Missing command.",
    "No such command {name!r}.", "No such option {name!r}.", "Invalid value for {param_hint}: {message}",
    "Invalid value: {message}", "{value!r} is not a valid {number_type}.", "{value} is not in the range {range}.",
    "default: {default}", "Aborted!", "env var: {var}", "Option {name!r} does not take a value.",
    "{name} {filename!r} does not exist.", "{name} {filename!r} is a file.", "{name} {filename!r} is a directory.",
    "{name} {filename!r} is not readable.", "{name} {filename!r} is not writable.", "file", "directory", "path",
    "Error: invalid input",
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    ("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments."),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    ("{value!r} does not match the format {format}.", "{value!r} does not match the formats {formats}."),
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
)


def all_messages() -> Catalog:
    """The template of all catalogues."""
    catalogue = Catalog(project="fsctl", charset="utf-8")
    for context, message in found():
        if message:
            catalogue.add(message, context=context or None)
    return catalogue


def found() -> Iterator[tuple[str, str | tuple[str, str]]]:
    """Each message with its context, some several times; two messages for one that depends on a number."""
    for module in _modules():
        yield from said_in((ROOT / module).read_text("utf-8"))
    yield from templates().items()
    yield from (("", each) for each in CLICK)
    yield from _of_commands(translated(cli))
    yield from (("", braced(each.summary)) for each in FEATURES)
    for context, words in words_by_context().items():
        yield from ((context, word) for word in words)


def said_in(source: str) -> Iterator[tuple[str, str | tuple[str, str]]]:
    """What a source says by literals, each with its context."""
    for node in ast.walk(ast.parse(source)):
        contexts, messages = KEYWORDS.get(getattr(getattr(node, "func", None), "id", ""), (0, 0))
        if not messages:
            continue
        assert isinstance(node, ast.Call)
        texts = [each.value for each in node.args[: contexts + messages] if isinstance(each, ast.Constant)]
        if len(texts) == contexts + messages:
            message = texts[contexts:]
            yield texts[0] if contexts else "", message[0] if messages == 1 else (message[0], message[1])


def words_by_context() -> dict[str, tuple[str, ...]]:
    """Words of lists that stand elsewhere in the program, by what ``term`` knows them as."""
    return {
        "policy": (*(each.name for each in FEATURES), "route", "transfer", "hold_recall", "failsafe"),
        "action": (*dict.fromkeys(each.__name__.lower() for each in (*get_args(Action), Reroute)), "pass", "transfer"),
        "outcome": tuple(each.word for each in get_args(Outcome)) + OUTCOMES + RESULTS,
        "call": get_args(JournalState),
        "announcement": tuple(BUILT_IN),
        "ending": tuple(HANGUP_CAUSES),
        "code": tuple(dict.fromkeys(name for name, _ in (*all_codes(Codes()), *all_keys()))),
        "kind of place": (*FILE_KINDS, *DIALLED_KINDS),
        "class of calls": CLASSES,
        "place": (*places.PLACES, places.CALLER, ANONYMOUS),
        "pattern": moments.PATTERNS,
        "time zone": moments.ZONES,
        "switched": (*SETTINGS, AUTO),
        "state": words(StatusState) + words(HuntState) + words(assistant_rows.State),
        "hunt policy": words(HuntPolicy),
        "opening": STATES,
        "system": system.ERRORS,
        "dialled after": AFTER,
        "column": tuple(columns()),
        "group call": get_args(group.State),
        "in a group call": get_args(group.Part),
    }


def words(of: object) -> tuple[str, ...]:
    """All words of a type of such, or of several."""
    return (of,) if isinstance(of, str) else tuple(word for each in get_args(of) for word in words(each))


def columns() -> Iterator[str]:
    """The names of columns of tables, as the commands have them."""
    for module in _modules():
        for node in ast.walk(ast.parse((ROOT / module).read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "print_table":
                yield from ast.literal_eval(node.args[1])


def _modules() -> list[Path]:
    return sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py") if "simulator" not in path.parts)


def _of_commands(command: click.Command) -> Iterator[tuple[str, str]]:
    texts = [command.help, *(each.help for each in command.params if isinstance(each, click.Option))]
    yield from (("", braced(text)) for text in texts if text)
    yield from (("metavar", shown) for each in command.params if (shown := metavar(each)))
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), name)
            assert found is not None
            yield from _of_commands(found)


def read(spoken: str) -> Catalog:
    """A catalogue as it lies there; an empty one where none does."""
    catalogue = Catalog(locale=spoken)
    if path(spoken, "po").exists():
        with path(spoken, "po").open("rb") as file:
            catalogue = pofile.read_po(file, locale=spoken)
    catalogue.header_comment = f"# What fsctl says, in the language {spoken!r}. scripts/messages brings it up to date."
    catalogue.project, catalogue.version, catalogue.fuzzy = "fsctl", fsctl.__version__, False
    catalogue.creation_date = catalogue.revision_date = _MADE
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    return catalogue


def compiled(catalogue: Catalog) -> io.BytesIO:
    """What the program reads."""
    made = io.BytesIO()
    mofile.write_mo(made, catalogue)
    made.seek(0)
    return made


def update() -> None:
    """Write catalogues anew: with new messages, without those that are gone, and what is made from them."""
    for spoken in LANGUAGES:
        catalogue = read(spoken)
        catalogue.update(all_messages() if spoken != LANGUAGES[0] else Catalog(), no_fuzzy_matching=True,
                         update_creation_date=False)
        catalogue.obsolete.clear()
        path(spoken, "po").parent.mkdir(parents=True, exist_ok=True)
        with path(spoken, "po").open("wb") as file:
            pofile.write_po(file, catalogue, no_location=True, sort_output=True, omit_header=False, width=120)
        path(spoken, "mo").write_bytes(compiled(catalogue).getvalue())


def path(spoken: str, ending: str) -> Path:
    """Where a catalogue lies, as text (``po``) or as the program reads it (``mo``)."""
    return FOLDER / spoken / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def _import_all() -> None:
    for module in pkgutil.walk_packages(fsctl.__path__, "fsctl."):
        if not module.name.startswith("fsctl.simulator") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


_import_all()

if __name__ == "__main__":
    update()
