"""The databases of the tests: an SQLite file, and a PostgreSQL server that is started for the session."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsctl.store.database import open_database
from tests.ports import free_port


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of an empty PostgreSQL server on the loopback interface."""
    servers = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not servers:
        missing = "no PostgreSQL server under /usr/lib/postgresql"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="fsctl-pg-"))
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if user:
        account = pwd.getpwnam("postgres")
        os.chown(folder, account.pw_uid, account.pw_gid)
    data, options = str(folder / "data"), f"-p {port} -h 127.0.0.1 -k {folder} -F"

    def run(tool: str, *arguments: str) -> None:
        command = [*user, str(servers[-1] / tool), "-D", data, *arguments]
        subprocess.run(
            command, cwd="/", check=True, timeout=60, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
        )

    run("initdb", "-U", "fsctl", "-A", "trust", "-E", "UTF8", "--no-sync", "--no-locale")
    run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://fsctl@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/fsctl.sqlite"
    address: str = request.getfixturevalue("postgresql")
    store = open_database(address)
    with store.transaction():
        store.sql("DROP SCHEMA public CASCADE")
        store.sql("CREATE SCHEMA public")
    store.close()
    return address
