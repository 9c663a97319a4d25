"""The office in the database: its file's sections as they were written, replaced as a whole."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, Protocol

from peewee import JOIN

from fsctl.errors import FsctlError
from fsctl.store.database import Store
from fsctl.store.history import note
from fsctl.store.statements import Statement, given
from fsctl.store.tables import OfficeVersion, Section
from fsctl.words import say

#: Sections without entries: they are one row, as is anything that is no section (``version``).
_WHOLE: Final = ("office", "numbering", "codes")
#: Stands where bytes were no text.
_LOST: Final = "\N{REPLACEMENT CHARACTER}"
_VERSIONS: Final = Statement(lambda: OfficeVersion.select(OfficeVersion.id, OfficeVersion.version))
_WRITE: Final = Statement(lambda: Section.insert(
    kind=given("kind"), name=given("name"), position=given("position"), body=given("body"),
).on_conflict(
    conflict_target=[Section.kind, Section.name], update={"position": given("position"), "body": given("body")}))
_REMOVE: Final = Statement(lambda: Section.delete().where(Section.kind == given("kind"), Section.name == given("name")))


class Change(Protocol):
    """One difference: where in the file, and what was and is there; None where nothing was or is."""

    @property
    def path(self) -> str: ...
    @property
    def before(self) -> object: ...
    @property
    def after(self) -> object: ...


def read_versions(store: Store) -> tuple[int, int]:
    """How often the office was changed, and how often what is switched at run time."""
    with store.reading():
        rows = dict(_VERSIONS.rows(store))
        return rows.get(1, 0), rows.get(2, 0)


def read_tree(store: Store) -> tuple[int, dict[str, Any]]:
    """The office as its file had it, and its version, as of one instant. An empty tree: nothing was applied."""
    query = (
        OfficeVersion.select(OfficeVersion.version, Section.kind, Section.name, Section.body)
        .join(Section, JOIN.LEFT_OUTER, on=(OfficeVersion.id == 1))
        .where(OfficeVersion.id == 1)
        .order_by(Section.position)
        .tuples()
    )
    with store.reading():
        rows = list(store.run(query))
    tree, damaged = _tree((kind, name, body) for _, kind, name, body in rows if kind is not None)
    if damaged:
        more = len(damaged) - 3
        raise FsctlError(say(
            "the office in the database {database} is damaged at {paths} and {more} more: apply its file again",
            database=store.place, paths=", ".join(damaged[:3]), more=more,
        ) if more > 0 else say(
            "the office in the database {database} is damaged at {paths}: apply its file again",
            database=store.place, paths=", ".join(damaged)))
    return (rows[0][0] if rows else 0), tree


def read_entries(store: Store, kind: str, beginning: str = "", having: str = "") -> dict[str, Any]:
    """The entries of one section, as ``sites``, by their names; none of a section that there is not.

    ``beginning`` is how the names begin, and ``having`` a key that is somewhere in them. Damaged ones are left out.
    """
    where: Any = (Section.kind == kind) & Section.name.startswith(beginning) & Section.body.contains(having)
    query = Section.select(Section.name, Section.body).where(where).order_by(Section.position).tuples()
    entries: dict[str, Any] = {}
    with store.reading():
        for name, body in store.run(query):
            with suppress(ValueError):
                entries[name] = json.loads(body)
    return entries


def read_undamaged(store: Store) -> tuple[dict[str, Any], list[str]]:
    """What can be read of the office, and the paths of what cannot."""
    with store.reading_damaged():
        rows = store.sql("SELECT kind, name, body FROM section ORDER BY position").fetchall()
    return _tree(rows, _LOST)


def _tree(rows: Iterable[tuple[Any, Any, Any]], lost: str = "") -> tuple[dict[str, Any], list[str]]:
    """The tree, and the paths of rows that cannot be read, or have the character that stands for what was ``lost``."""
    tree: dict[str, Any] = {}
    damaged: list[str] = []
    for kind, name, body in rows:
        try:
            value, section = json.loads(body), tree.setdefault(kind, {}) if name else tree
            section[name or kind] = value
            if lost and lost in f"{kind} {name} {body}":
                raise ValueError
        except (ValueError, TypeError, RecursionError):
            damaged.append(".".join(str(each) for each in (kind, name) if each))
    return tree, damaged


def read_folder(store: Store) -> str:
    """Where the file lies that was applied last; "" if nobody knows."""
    with store.reading():
        rows = list(store.run(OfficeVersion.select(OfficeVersion.folder).where(OfficeVersion.id == 1).tuples()))
    return (rows[0][0] if rows else None) or ""


def write_tree(
    store: Store, tree: Mapping[str, Any], changes: Iterable[Change], who: str, now: datetime, folder: str = "", *,
    anew: bool = False,
) -> int:
    """Replace the office and note the changes, all or nothing; the new version. Run-time state stays as it is.

    ``folder`` is where its file lies, as an absolute path. With ``anew`` nothing of what is there is looked at.
    """
    sections = {key: (position, body) for position, (key, body) in enumerate(_sections(tree))}
    with store.transaction():
        # First the version: on PostgreSQL its row makes two writers wait for each other.
        newer = OfficeVersion.update(version=OfficeVersion.version + 1, folder=folder or None)
        bumped = store.run(newer.where(OfficeVersion.id == 1))
        if bumped != 1:
            raise FsctlError(say("the database {database} lost its version row; restore a copy", database=store.place))
        if anew:
            store.run(Section.delete())
        _replace(store, sections)
        note(store, ((change.path, change.before, change.after) for change in changes), who, now)
        return read_versions(store)[0]


def _replace(store: Store, sections: Mapping[tuple[str, str], tuple[int, str]]) -> None:
    """Write those that differ, since of a large office few do."""
    query = Section.select(Section.kind, Section.name, Section.position, Section.body).tuples()
    before = {(kind, name): (position, body) for kind, name, position, body in store.run(query)}
    _REMOVE.run_each(store, ({"kind": kind, "name": name} for kind, name in before.keys() - sections.keys()))
    _WRITE.run_each(store, (
        {"kind": kind, "name": name, "position": position, "body": body}
        for (kind, name), (position, body) in sections.items() if before.get((kind, name)) != (position, body)))


def _sections(tree: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for kind, value in tree.items():
        if kind in _WHOLE or not isinstance(value, Mapping) or not value:
            yield (kind, ""), _json(value)
            continue
        for name, entry in value.items():
            if not name:
                raise FsctlError(say("an entry of [{section}] has an empty name; give it one", section=kind))
            yield (kind, name), _json(entry)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
