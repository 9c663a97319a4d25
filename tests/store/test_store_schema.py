"""Migrations: taken once, by one of several processes, and equal to the models."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from playhouse.schema_diff import diff_models

from fsctl.errors import FsctlError, Unreachable
from fsctl.store import migrations
from fsctl.store.database import Store
from fsctl.store.migrations import Step, migrate, status
from fsctl.store.office import read_tree, read_versions
from fsctl.store.tables import TABLES

STEPS = sorted(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))
MIGRATE = "import sys; from fsctl.store import database, migrations; sys.stdin.readline();"
MIGRATE += "print(migrations.migrate(database.open_database(sys.argv[1])))"


def test_steps_are_taken_once(bare: Store) -> None:
    assert status(bare) == [Step(name, False) for name in STEPS]
    assert migrate(bare) == STEPS
    assert migrate(bare) == []
    assert status(bare) == [Step(name, True) for name in STEPS]


@pytest.mark.slow
def test_processes_that_start_at_once_share_the_work(url: str) -> None:
    started = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, url],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in started:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=30) for process in started]
    assert sorted(out.strip() for out, _ in results) == [str(STEPS), "[]", "[]", "[]"], results


def test_the_migrated_schema_is_that_of_the_models(store: Store) -> None:
    with store.database.bind_ctx(list(TABLES)), store.reading():
        assert not diff_models(store.database, list(TABLES))
        database: Any = store.database
        assert set(database.get_tables()) == {table._meta.table_name for table in TABLES} | {"schema_migration"}
        for table in TABLES:
            meta: Any = table._meta
            columns = {column.name: column for column in database.get_columns(table._meta.table_name)}
            for field in table._meta.sorted_fields:
                assert columns[field.column_name].null == field.null, field
            key = [field.column_name for field in meta.get_primary_keys()]
            assert database.get_primary_keys(table._meta.table_name) == key


def test_a_newer_database_is_refused_in_words(store: Store) -> None:
    with store.transaction():
        store.sql("INSERT INTO schema_migration (name, applied) VALUES ('0999_later', '2030-01-01 00:00:00')")
    with pytest.raises(FsctlError, match="newer fsctl .*0999_later") as refused:
        migrate(store)
    assert not isinstance(refused.value, Unreachable)


def test_a_database_without_tables_names_the_remedy(bare: Store) -> None:
    for read in (read_versions, read_tree):
        with pytest.raises(Unreachable, match="fsctl db migrate"):
            read(bare)
