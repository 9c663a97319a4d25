"""Says whether the scenarios were run on a real FreeSWITCH."""

import os
from pathlib import Path

import pytest


def test_real_freeswitch():
    prefix = os.environ.get("FREESWITCH")
    if not prefix:
        pytest.skip("real FreeSWITCH: not run (set FREESWITCH)")
    assert (Path(prefix) / "bin" / "freeswitch").exists()
