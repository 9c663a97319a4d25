"""Where the files lie that were written for FreeSWITCH last: every command that writes them goes there again."""

from dataclasses import dataclass
from pathlib import Path

from fsctl.store.database import Store
from fsctl.store.tables import OfficeVersion


@dataclass(frozen=True, slots=True)
class Files:
    """The folder of the XML, and the file of SIP passwords, as absolute paths."""

    directory: Path
    passwords: Path


def read_files(store: Store) -> Files | None:
    """Where they lie; None if none were written yet."""
    query = OfficeVersion.select(OfficeVersion.directory, OfficeVersion.passwords).where(OfficeVersion.id == 1)
    with store.reading():
        rows = list(store.run(query.tuples()))
    directory, passwords = rows[0] if rows else (None, None)
    return Files(Path(directory), Path(passwords)) if directory and passwords else None


def remember(store: Store, files: Files) -> None:
    """Note where they lie now. Nothing is written where that is known."""
    if read_files(store) == files:
        return
    with store.transaction():
        store.run(OfficeVersion.update(directory=str(files.directory), passwords=str(files.passwords)).where(
            OfficeVersion.id == 1))
