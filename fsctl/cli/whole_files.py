"""Writing files so that nobody ever reads half of one, or new ones beside old ones."""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from fsctl.cli.signals import cleared_away
from fsctl.errors import FsctlError
from fsctl.words import say
from fsctl.words.system import system_error


@contextmanager
def alone(folder: Path, remedy: str) -> Iterator[None]:
    """Nobody else who asks so reads or writes in the folder meanwhile; it is made if there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        opened = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise FsctlError(say("{file} cannot be written: {why}; {remedy}",
                             file=folder, why=system_error(error), remedy=remedy)) from None
    try:
        with suppress(OSError):  # not every network's file system has locks
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_UN)  # gevent closes files later
        os.close(opened)


@cleared_away()  # passwords stand there
def write(texts: Mapping[Path, Iterable[str] | Iterable[bytes]], remedy: str, mode: int = 0o600) -> list[Path]:
    """All of the files or none, each at once and for its owner alone. FsctlError ends with the ``remedy``.

    One that is there keeps its owner, and stays where a link leads.
    """
    places = {path: path.resolve() for path in texts}
    beside = {path: place.with_name(f".{place.name}.{os.getpid()}") for path, place in places.items()}
    path = Path()
    try:
        for path, text in texts.items():
            beside[path].parent.mkdir(parents=True, exist_ok=True)
            file = os.open(beside[path], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
            with os.fdopen(file, "wb") as opened:
                opened.writelines(each.encode() if isinstance(each, str) else each for each in text)
                opened.flush()
                os.fsync(file)
            _as_before(beside[path], places[path])
        for path, new in beside.items():
            new.replace(places[path])
    except OSError as error:
        raise FsctlError(say("{file} cannot be written: {why}; {remedy}",
                             file=path, why=system_error(error), remedy=remedy)) from None
    finally:  # also where somebody has interrupted it
        for new in beside.values():
            with suppress(OSError):
                new.unlink(missing_ok=True)
    return list(texts)


def _as_before(new: Path, place: Path) -> None:
    """The administrator who writes a service's file anew does not take it from it."""
    with suppress(OSError):
        before = place.stat()
        if before.st_uid != os.geteuid():
            os.chown(new, before.st_uid, before.st_gid)
