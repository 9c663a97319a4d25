"""A bench without anything of the machine it stands on."""

import pytest

from tests.ports import free_port
from tests.promises.commands import Bench


@pytest.fixture
def bench(tmp_path, monkeypatch):
    for name in ("FSCTL_SWITCH", "FSCTL_LISTEN"):
        monkeypatch.setenv(name, f"127.0.0.1:{free_port()}")
    monkeypatch.setenv("FSCTL_DIRECTORY", str(tmp_path / "freeswitch"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "share"))
    return Bench(tmp_path)
