"""What is shown of work that takes long, and that scripts see nothing of it."""

import signal
import sys

import pytest

from fsctl.cli.progress import progress


def worked(told):
    told.at("reading the office file")
    signal.raise_signal(signal.SIGALRM)
    for _ in told.counted("writing the changes", "abc", 2000):
        signal.raise_signal(signal.SIGALRM)
    signal.raise_signal(signal.SIGALRM)


def test_at_a_terminal(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    before = signal.getsignal(signal.SIGALRM)
    with progress() as told:
        assert signal.getitimer(signal.ITIMER_REAL)[1] > 0
        worked(told)
    shown = capfd.readouterr()
    lines = shown.err.split("\r\x1b[K")
    assert lines[:3] == ["", "reading the office file …", "writing the changes: 0 of 2,000"]
    assert lines[-2:] == ["writing the changes: 2 of 2,000", ""] and shown.out == ""
    assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL)[1] == 0


def test_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    before = signal.getsignal(signal.SIGALRM)
    with progress() as told:
        assert signal.getsignal(signal.SIGALRM) is before and signal.getitimer(signal.ITIMER_REAL)[1] == 0
        assert list(told.counted("writing", "abc", 3)) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
