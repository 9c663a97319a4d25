"""What all tests share."""

# Before anything imports a socket, and the loop before there is a hub.
from tests import virtual_time; virtual_time.install()
from gevent import monkey; monkey.patch_all()

import os
import subprocess

os.environ["FSCTL_LANGUAGE"] = "en"  # whatever the terminal's is

import gevent
import pytest
from hypothesis import settings

from fsctl.simulator.switch import Simulator
from tests.databases import postgresql as postgresql
from tests.databases import url as url

#: What pytest-xdist tells a worker comes from a thread of execnet's: the hub waits for it although no greenlet does.
_from_threads = gevent.get_hub().loop.async_()
_from_threads.start(lambda: None)



def pytest_addoption(parser):
    parser.addoption("--quick", action="store_true",
                     help="leave out what is marked `slow`, by hand or by its folder; fewer examples of each property")


def pytest_configure(config):
    if config.getoption("--quick"):
        settings.register_profile("quick", max_examples=25)
        settings.load_profile("quick")


def pytest_collection_modifyitems(config, items):
    for item in items:
        folder = item.path.relative_to(config.rootpath).parts[1]
        if folder in ("live", "simulator") or "race" in item.fixturenames or _postgresql(item):
            item.add_marker("slow")
    if config.getoption("--quick"):
        left_out = [item for item in items if item.get_closest_marker("slow")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Time passes at once, but where a PostgreSQL server has its part: it is a process that nothing here waits for."""
    if _postgresql(item):
        return (yield)
    with virtual_time.leaping():
        return (yield)


@pytest.fixture(autouse=True)
def _nowhere(monkeypatch):
    """The tests' machine stands at no site, so that times of the whole office are those of its first one."""
    monkeypatch.setenv("TZ", "UTC")


@pytest.fixture(autouse=True)
def _quick_without_others(request, monkeypatch):
    """What is not marked `slow` cannot start another process or a simulator: the mark is checked, not trusted."""
    if not request.node.get_closest_marker("slow"):
        def refuse(*_, **__):
            raise AssertionError("mark this test with `slow`")
        for owner, name in ((subprocess.Popen, "__init__"), (os, "fork"), (Simulator, "__init__")):
            monkeypatch.setattr(owner, name, refuse)


def _postgresql(item):
    params = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return "postgresql" in (*item.fixturenames, *params)
