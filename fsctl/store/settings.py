"""What people switched at run time: reading it, and changing one of it with a note of who did."""

from datetime import datetime
from typing import Any, Final

from fsctl.errors import FsctlError
from fsctl.model.settings import Setting
from fsctl.store.database import Store, stamp
from fsctl.store.history import note
from fsctl.store.tables import OfficeVersion, SettingRow

#: The row of ``office_version`` that counts these changes.
VERSION_ROW: Final = 2


def read_settings(store: Store) -> dict[str, Setting]:
    """All settings by path."""
    with store.reading():
        rows = list(store.run(SettingRow.select().tuples()))
    return {path: Setting(value, who, datetime.fromisoformat(at)) for path, value, who, at in rows}


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
        raise FsctlError(f"The database {store.place} lost its version row; restore a copy.")
