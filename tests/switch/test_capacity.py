"""How many calls a process takes at once, by the open files it may have."""

import resource

import pytest

from fsctl.switch.capacity import most_calls

INFINITY = resource.RLIM_INFINITY


@pytest.mark.parametrize(("limits", "calls", "files"), [
    ((1024, 524288), 5000, 5100), ((1024, 4096), 3996, 4096), ((8192, 8192), 5000, 8192), ((1024, 1024), 924, 1024),
    ((1024, INFINITY), 5000, 5100), ((INFINITY, INFINITY), 5000, INFINITY), ((64, 64), 1, 64),
])
def test_as_many_calls_as_there_may_be_files(monkeypatch, limits, calls, files):
    now = list(limits)
    monkeypatch.setattr(resource, "getrlimit", lambda which: tuple(now))
    monkeypatch.setattr(resource, "setrlimit", lambda which, new: now.__setitem__(slice(None), new))
    assert most_calls() == calls
    assert now == [files, limits[1]]
