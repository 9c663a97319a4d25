"""What a shell completes of the office: its people, groups, sites, extensions and switches.

A key was pressed, and somebody waits: little is read, nothing is made or changed, and whatever goes wrong is no answer.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from fsctl.words import marked, say

if TYPE_CHECKING:  # needed only where a shell asks
    from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]
Found = Iterable[tuple[str, str]]

#: So many answers are enough, and so many seconds.
_MOST, _SECONDS = 200, 2.0


def hasten() -> None:
    """A shell asks: say nothing but answers, and end silently if a database lets it wait."""
    sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    signal.signal(signal.SIGALRM, _give_up)


def _give_up(*_: object) -> None:
    os._exit(0)


class Office:
    """The entries of the office's sections that begin as was typed, in the file's order."""

    def __init__(self, store: Any, typed: str) -> None:
        self.store, self.typed = store, typed

    def entries(self, kind: str, having: str = "", *, all_names: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
        """Those of a section with a key ``having``; with ``all_names`` also those that begin otherwise."""
        from fsctl.store.office import read_entries

        beginning = "" if all_names else self.typed
        for name, entry in read_entries(self.store, kind, beginning, having).items():
            if isinstance(entry, dict) and (not having or entry.get(having)):
                yield name, entry

    def named(self, kind: str, having: str = "") -> Found:
        """Their names, and what they are called."""
        return ((name, str(entry.get("name", ""))) for name, entry in self.entries(kind, having))

    def numbers_of_groups(self, *parts: str) -> Found:
        """The extensions of what groups have."""
        for name, entry in self.entries("groups", all_names=True):
            for part in parts:
                has = entry.get(part)
                own = has if isinstance(has, dict) else {}
                for extension in (own.get("extension"), *own.get("extensions", ())):
                    if extension:
                        yield str(extension), str(entry.get("name", name))


def _people(office: Office) -> Found:
    return office.named("users")


def _executives(office: Office) -> Found:
    return office.named("users", "executive")


def _assistants(office: Office) -> Found:
    listed = {assistant for _, entry in office.entries("users", "executive", all_names=True)
              for assistant in entry["executive"].get("assistants", ())}
    return ((name, called) for name, called in office.named("users") if name in listed)


def _groups(part: str) -> Callable[[Office], Found]:
    """Groups that have something, by name or extension."""
    def found(office: Office) -> Found:
        yield from office.named("groups", part)
        yield from office.numbers_of_groups(part)

    return found


def _slots(office: Office) -> Found:
    yield from office.numbers_of_groups("park")
    yield from _people(office)


def _extensions(office: Office) -> Found:
    yield from _people(office)
    yield from office.numbers_of_groups("hunt", "conference", "park")


def completing(*kinds: Callable[[Office], Found], also: Found = ()) -> Complete:
    """Completes what the kinds find in the office, and what there is ``also``, each with its message if not ""."""
    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        found = {name: say(message) if message else "" for name, message in also}
        try:
            office = Office(_store(ctx), incomplete)
            for kind in kinds:
                found |= dict(kind(office))
        except Exception:  # an error's words would stand amid what somebody types
            pass
        items = (CompletionItem(name, help=_plain(called)) for name, called in found.items()
                 if name.startswith(incomplete))
        return [item for item, _ in zip(items, range(_MOST), strict=False)]

    return complete


def _store(ctx: click.Context) -> Any:
    """The database that the command would have."""
    from fsctl.store.database import open_database

    url = ctx.params.get("database") or os.environ.get("FSCTL_DATABASE")
    if signal.getsignal(signal.SIGALRM) is _give_up:
        signal.setitimer(signal.ITIMER_REAL, _SECONDS)
    return open_database(url, to_read=True)


def _plain(called: str) -> str | None:
    """In one line, as a shell wants it."""
    return " ".join("".join(each if each.isprintable() else " " for each in called).split()) or None


people = completing(_people)
people_or_groups = completing(_people, lambda office: office.named("groups"))
executives = completing(_executives)
assistants = completing(_assistants)
hunts = completing(_groups("hunt"))
members_and_hunts = completing(_people, _groups("hunt"))
conferences = completing(_groups("conference"))
one_of_three = completing(_people, also=[("caller", marked("who has called"))])
in_conference = completing(_people, also=[("all", marked("everybody in it"))])
sites = completing(lambda office: office.named("sites"))
night_sites = completing(lambda office: office.named("sites", "night"))
schedules = completing(lambda office: ((name, "") for name, _ in office.named("schedules")))
slots = completing(_slots)
extensions = completing(_extensions)
