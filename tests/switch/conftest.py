"""The switch at which group calls are tried, for all that are about them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.switch.gathering import Office, Session


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def here(session: Session, tmp_path: Path) -> Iterator[Office]:
    here = Office(session, tmp_path)
    yield here
    here.store.close()
