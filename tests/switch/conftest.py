"""A database with its tables, and the switch at which group calls are tried, for all that are about them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from tests.switch.gathering import Office, Session


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_database(str(tmp_path / "office.sqlite"))
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def here(session: Session, tmp_path: Path) -> Iterator[Office]:
    here = Office(session, tmp_path)
    yield here
    here.store.close()
