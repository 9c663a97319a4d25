"""What people switched at run time: reading it, and changing one of it with a note of who did."""

import logging
from datetime import datetime
from functools import cache
from typing import Any, Final

from fsctl.errors import FsctlError
from fsctl.model.settings import Setting
from fsctl.store.database import Store, moment, stamp
from fsctl.store.history import note
from fsctl.store.tables import OfficeVersion, SettingRow
from fsctl.words import say

_log = logging.getLogger(__name__)

#: The row of ``office_version`` that counts these changes.
VERSION_ROW: Final = 2


def read_settings(store: Store) -> dict[str, Setting]:
    """All settings by path. One that is damaged counts as not made: calls go on."""
    with store.reading():
        rows = list(store.run(SettingRow.select().tuples()))
    found = {path: Setting(value, who, since) for path, value, who, at in rows if (since := moment(at)) is not None}
    for path in {path for path, *_ in rows} - found.keys():
        _tell_once(f"the database {store.place} has a damaged row: {path} counts for nothing until it is set again")
    return found


@cache
def _tell_once(message: str) -> None:
    _log.error("%s", message)


def list_settings(store: Store, prefix: str = "") -> list[dict[str, Any]]:
    """``{path, value, who, at}`` of all settings whose path begins so, in their order."""
    with store.reading():
        rows = list(store.run(SettingRow.select().order_by(SettingRow.path).dicts()))
    return [row for row in rows if row["path"].startswith(prefix)]


def change_setting(store: Store, path: str, value: str | None, who: str, now: datetime) -> bool:
    """Set it, or with None leave it to the office file again. Whether that changed anything."""
    with store.transaction():
        # First its row, as it is: on PostgreSQL that makes two writers wait for each other.
        _raise_version(store, 0)
        found = list(store.run(SettingRow.select(SettingRow.value).where(SettingRow.path == path).tuples()))
        before = found[0][0] if found else None
        if before == value:
            return False
        if value is None:
            store.run(SettingRow.delete().where(SettingRow.path == path))
        else:
            row = {"value": value, "who": who, "at": stamp(now)}
            written = SettingRow.insert(path=path, **row)
            store.run(written.on_conflict(conflict_target=[SettingRow.path], update=row))
        note(store, [(path, before, value)], who, now)
        _raise_version(store, 1)
        return True


def _raise_version(store: Store, by: int) -> None:
    raised = OfficeVersion.update(version=OfficeVersion.version + by).where(OfficeVersion.id == VERSION_ROW)
    if store.run(raised) != 1:
        raise FsctlError(say("the database {database} lost its version row; restore a copy", database=store.place))
