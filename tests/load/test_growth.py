"""How the cost of a call grows, as ``scripts/load growth`` finds it; and how often a controller wakes for nothing."""

import json
import subprocess
import sys
import time

import pytest

from load import cpu
from load.compared import controller
from load.growth import memory, offices, table
from load.growth.axes import AXES

pytestmark = pytest.mark.slow

#: The database is looked at four times a second; all else that happens without a reason comes once in ten seconds.
MOST_WAKES_A_SECOND = 10
SECONDS = 4.0


def test_a_controller_that_is_idle_hardly_wakes(tmp_path):
    with controller(tmp_path, offices.office(15)) as server:
        cpu.wait_idle(server.pid, 0.0)
        before, start = memory.woken(server.pid), time.monotonic()
        time.sleep(SECONDS)
        wakes = (memory.woken(server.pid) - before) / (time.monotonic() - start)
    assert 0 < wakes < MOST_WAKES_A_SECOND


def test_what_grows_is_brought_about_and_measured(tmp_path):
    told = tmp_path / "told.json"
    subprocess.run(
        [sys.executable, "-m", "load.growth", "--quick", "talks", "waiting", "--most", "1", "--rounds", "2",
         "--json", told], check=True, capture_output=True)
    found = json.loads(told.read_text())
    sizes = {axis["name"]: [size["size"] for size in axis["sizes"]] for axis in found["axes"]}
    assert sizes == {"talks": [1], "waiting": [0, 1]}
    for size in (size for axis in found["axes"] for size in axis["sizes"]):
        assert (size["failed"], size["open"], len(size["rounds"])) == (0, 0, 2)
        assert 0 < size["p50"] < 10 and size["cpu"] < 1 and size["change"] < 1 and size["rss"] > 10e6
    assert "callers who wait in a group: " in "\n".join(table.table(found))


def test_memory_of_each_is_what_the_largest_has_more():
    def axis(*sizes, later):
        return {"grows_later": later, "sizes": [
            {"size": size, "rss_before": before, "rss": after} for size, before, after in sizes]}

    assert table.of_each(axis((1, 900, 1000), (11, 700, 1000), later=True)) == 20
    assert table.of_each(axis((1, 900, 1000), (11, 700, 1500), later=False)) == 50
    assert table.of_each(axis((1, 900, 1000), later=True)) is None


def test_who_calls_whom_is_in_the_office():
    for size in AXES["people"].sizes[:-1]:
        tree = offices.office(size)
        pairs = list(AXES["people"].pairs(size))
        assert len(pairs) > size / 4
        assert all(f"[users.{who}]\n" in tree for pair in pairs[:40] for who in pair)
