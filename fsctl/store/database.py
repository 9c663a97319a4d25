"""Opening the database: an SQLite file, by one connection, or a PostgreSQL pool, with transactions for greenlets."""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock  # gevent's where it has patched; commands that serve no calls do without
from typing import Any, Final, TypeVar
from urllib.parse import quote

import peewee
from platformdirs import user_data_dir
from playhouse.pool import MaxConnectionsExceeded, PooledPostgresqlDatabase

from fsctl.errors import FsctlError, Unreachable
from fsctl.words import marked, say, term
from fsctl.words.system import system_error

#: SQLite waits this long without letting other greenlets run; after that, they run between attempts.
_BUSY_MILLISECONDS: Final = 50
_PATIENCE_SECONDS: Final = 5.0
_PRAGMAS: Final = {
    "busy_timeout": _BUSY_MILLISECONDS,
    "journal_mode": "wal",
    "foreign_keys": 1,
    "synchronous": "full",
}
_REMEDIES: Final = (
    ("no such table|relation .* does not exist", marked("it has no tables yet, or older ones: run 'fsctl db migrate'")),
    ("locked", marked("another program keeps it locked: end that program, or try again")),
    ("not a database|malformed", marked("the file is damaged or no SQLite database: restore a copy or name another")),
    ("decode to UTF-8", marked("a row is damaged: apply the office file again, or restore a copy")),
    ("readonly|read-only", marked("make the file and its folder writable for this user")),
    ("unable to open", marked("check that the folder exists and that this user may read and write there")),
    ("full|No space", marked("make room on the disk")),
    ("permission denied|must be owner", marked("have its owner grant this user what is missing")),
    ("password|authentication|role .* does not exist", marked("check the user name and the password in the URL")),
    ("database .* does not exist", marked("create the database with 'createdb', or correct the URL")),
    ("", marked("check that the server runs and that the URL names it")),
)
_SQLITE_REMEDY: Final = marked("check the disk and the file")

#: What lies behind Peewee: rows that are fetched one by one fail with its exceptions.
_SQLITE: Final[Any] = peewee.sqlite3  # type: ignore[attr-defined]

_Done = TypeVar("_Done")

#: What the driver raises becomes Peewee's own; a name in a class body would be mangled.
_EXCEPTIONS: Final[Any] = vars(peewee)["__exception_wrapper__"]


class NoOffice(FsctlError):
    """Nothing was applied to a database yet, or it is another one than was meant."""

    def __init__(self, place: str) -> None:
        super().__init__(say(
            "there is no office in the database {database}: bring one in with 'fsctl office apply FILE', or name"
            " another database with --database or FSCTL_DATABASE", database=place))


class Store:
    """One database. Every query runs within ``transaction()`` or ``reading()``; both may be nested.

    Never let a greenlet wait (network, sleep, queue) within ``transaction()``: the others wait for it.
    """

    def __init__(self, database: peewee.Database, place: str, *, postgresql: bool) -> None:
        self.database = database
        self.place = place
        self.postgresql = postgresql
        self._lock: Any = RLock()
        self._durable = True

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        """Everything or nothing. Waits up to 5 s for another process to finish writing.

        What is not ``durable`` outlives the process, but the last of it not a power failure: nobody waits for the disk.
        """
        with self._exclusive(), self._in_words(), self._connected():
            self._wait_for_disk(durable)
            atomic: Any = self.database.atomic()
            self.patiently(atomic.__enter__)
            try:
                yield
            except BaseException as error:
                # A greenlet killed amid a query leaves a connection that cannot roll back: let go of it for good.
                try:
                    atomic.__exit__(type(error), error, error.__traceback__)
                except peewee.PeeweeException:
                    self._let_go()
                raise
            atomic.__exit__(None, None, None)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """A connection for queries that change nothing."""
        with self._exclusive(), self._in_words(), self._connected():
            try:
                yield
            except UnicodeEncodeError:  # of what is asked for
                raise
            except ValueError as error:  # of a column that has something else than it should
                raise FsctlError(say(
                    "the database {database} has a damaged row: {why}; apply the office file again, or restore a copy",
                    database=self.place, why=error)) from error

    @contextmanager
    def reading_damaged(self) -> Iterator[None]:
        """The same where text may have bytes that are none: each is read as �."""
        with self.reading():
            if self.postgresql:  # which takes no such text
                yield
                return
            database: Any = self.database
            connection = database.connection()
            connection.text_factory = lambda text: text.decode("utf-8", "replace")
            try:
                yield
            finally:
                connection.text_factory = str

    def change(self, statement: str, values: Sequence[object], *, durable: bool = True) -> list[tuple[Any, ...]]:
        """One statement that is a transaction by itself; what it returns."""
        if self.postgresql:
            with self.transaction(durable=durable):
                return _rows(self.sql(statement, values))
        with self._exclusive(), self._in_words(), self._connected():
            self._wait_for_disk(durable)
            return self.patiently(lambda: _rows(self.sql(statement, values)))

    def run(self, query: Any) -> Any:
        """Execute a query of fsctl.store.tables here."""
        return query.execute(self.database)

    def sql(self, statement: str, values: Sequence[object] = ()) -> Any:
        database: Any = self.database  # the stubs leave this method untyped
        return database.execute_sql(statement, values)

    def sql_each(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Execute a statement for each of the rows."""
        database: Any = self.database
        with _EXCEPTIONS:
            database.cursor().executemany(statement, rows)

    def close(self) -> None:
        """Close all connections. The store opens new ones when it is used again, as after a fork."""
        database: Any = self.database
        with self._exclusive():
            database.close_all() if self.postgresql else database.close()

    def _let_go(self) -> None:
        database: Any = self.database
        if self.postgresql:
            database.manual_close()
        elif not database.transaction_depth():  # else the outermost does so
            database.close()

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        if self.postgresql:
            yield
        else:
            with self._lock:
                yield

    @contextmanager
    def _connected(self) -> Iterator[None]:
        if not self.database.is_closed():
            yield
            return
        self.patiently(self.database.connect)
        self._durable = True
        try:
            yield
        finally:
            if self.postgresql:  # back to the pool; SQLite's one stays open
                self.database.close()

    def _wait_for_disk(self, durable: bool) -> None:
        if not self.postgresql and durable is not self._durable and not self.database.transaction_depth():
            self.sql(f"PRAGMA synchronous = {'full' if durable else 'normal'}")
            self._durable = durable

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except (peewee.IntegrityError, peewee.DataError):
            raise
        except (peewee.PeeweeException, MaxConnectionsExceeded, _SQLITE.DatabaseError) as error:
            raise Unreachable(_sentence(self.place, str(error), self.postgresql)) from error
        except UnicodeEncodeError as error:
            raise FsctlError(say(
                "{found} is no text: it has bytes that are not UTF-8", found=repr(error.object))) from error

    def patiently(self, attempt: Callable[[], _Done]) -> _Done:
        """What the attempt gives, which is made again for some seconds while another process keeps an SQLite file."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                return attempt()
            except peewee.OperationalError as error:
                if self.postgresql or "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(0.02)


def _rows(cursor: Any) -> list[tuple[Any, ...]]:
    return cursor.fetchall() if cursor.description else []


def open_database(url: str | None = None, *, create: bool = True, to_read: bool = False) -> Store:
    """The database at ``url``: a path, ``sqlite:///relative``, ``sqlite:////absolute`` or ``postgresql://…``.

    Without one, FSCTL_DATABASE says; without that, it is a file in the user's data folder. Unreachable says why
    it cannot be opened; NoOffice that there is none, where it is not to be created. One ``to_read`` is neither
    created nor written, and may be one that nobody can write.
    """
    create = create and not to_read
    url = url or os.environ.get("FSCTL_DATABASE") or str(_default_file(create))
    store = _postgresql(url) if re.match("postgres(ql)?://", url) else _sqlite(url, create, to_read)
    with store.reading():
        store.patiently(lambda: store.sql("SELECT 1" if store.postgresql else "SELECT count(*) FROM sqlite_master"))
    return store


def _sqlite(url: str, create: bool, to_read: bool) -> Store:
    name = url.removeprefix("sqlite:///")
    if "://" in name or name in ("", ":memory:"):
        raise FsctlError(say("{found} is no database: write a file's path, sqlite:///path or"
                             " postgresql://user@host/name", found=repr(url)))
    path = Path(name).expanduser().absolute()
    if os.path.isdir(path):
        raise Unreachable(say(
            "the database {database} cannot be used: it is a folder; name a file in it", database=path))
    if not create and not os.path.lexists(path) and os.access(path.parent, os.X_OK, effective_ids=True):
        raise NoOffice(str(path))
    # Told before anything lies beside it.
    if not to_read and path.exists() and not os.access(path, os.W_OK, effective_ids=True):
        raise Unreachable(say("the database {database} cannot be used: it is read-only; {remedy}",
                              database=path, remedy=say(_remedy("read-only"))))
    mode = "rwc" if create else "immutable" if to_read and _nobody_writes(path) else "rw"
    database = peewee.SqliteDatabase(
        f"file:{quote(os.fsencode(path))}?{'immutable=1' if mode == 'immutable' else f'mode={mode}'}",
        # Who only reads serves no calls, and may wait without letting others run.
        pragmas={"busy_timeout": int(_PATIENCE_SECONDS * 1000), "query_only": 1} if to_read else _PRAGMAS,
        uri=True,
        lock_type="IMMEDIATE",
        autoconnect=False,
        check_same_thread=False,
        thread_safe=False,  # the store sees to it that one greenlet at a time has the connection
    )
    return Store(database, str(path), postgresql=False)


def _nobody_writes(path: Path) -> bool:
    """Whether this user may not, and nobody else does just now: SQLite would need files of its own beside it."""
    writable = all(os.access(each, os.W_OK, effective_ids=True) for each in (path, path.parent))
    return not writable and not os.path.lexists(f"{path}-wal")


def _postgresql(url: str) -> Store:
    place = re.sub(r"(//[^/@]*):[^/]*@", r"\1@", url)
    dsn = re.sub("^postgres(ql)?://", "postgresql://", url)
    try:
        import psycopg  # noqa: F401
    except ImportError:
        raise FsctlError(say(
            "PostgreSQL ({database}) needs a driver: run pip install 'psycopg[binary]'", database=place)) from None
    database = PooledPostgresqlDatabase(
        dsn, prefer_psycopg3=True, max_connections=20, timeout=5, connect_timeout=3, autoconnect=False
    )
    return Store(database, place, postgresql=True)


def _default_file(create: bool) -> Path:
    folder = Path(user_data_dir("fsctl"))
    try:
        if create:
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unreachable(say("the database's folder {folder} cannot be made ({why}); name another with --database",
                              folder=folder, why=system_error(error))) from error
    return folder / "fsctl.sqlite"


def _sentence(place: str, reason: str, postgresql: bool) -> str:
    remedy = _remedy(reason)
    if not postgresql and remedy == _REMEDIES[-1][1]:
        remedy = _SQLITE_REMEDY
    first = reason.strip().splitlines()[0].rstrip(".?! ") if reason.strip() else say("no reason given")
    first = term("system", first)
    return say("the database {database} cannot be used: {why}; {remedy}", database=place, why=first, remedy=say(remedy))


def _remedy(reason: str) -> str:
    return next(text for pattern, text in _REMEDIES if re.search(pattern, reason))


def stamp(moment: datetime) -> str:
    """An aware instant as text that sorts by time: UTC, ISO 8601, milliseconds."""
    if moment.tzinfo is None:
        raise ValueError("the time needs an offset")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def moment(text: object) -> datetime | None:
    """The instant of such a text; None for what is none."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None
