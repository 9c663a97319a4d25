"""A program that plays a telephone: its process, and what it prints."""

import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from tests.live.lab import Lab


def needed(program: str) -> None:
    """RuntimeError if it is not there."""
    if shutil.which(program) is None:
        raise RuntimeError(f"the live tests need {program}, which is not installed: apt-get install baresip sip-tester")


class Program:
    """One process in a group of its own, with ``folder`` as its working directory."""

    def __init__(self, lab: Lab, arguments: Sequence[str], folder: Path) -> None:
        self.printed = ""
        self._lab = lab
        # Line by line, though nobody looks at a terminal.
        self._process = subprocess.Popen(
            ["stdbuf", "-oL", *arguments], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, start_new_session=True)
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def wait_printed(self, text: str, timeout: float = 5) -> None:
        """TimeoutError if it does not print that; RuntimeError if it ends before."""
        self._lab.wait(lambda: text in self.printed or not self.alive, timeout, f"no {text!r} in {self.printed}")
        if text not in self.printed:
            raise RuntimeError(f"it ended with {self._process.returncode}: {self.printed}")

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Returns when it has ended; what does not end upon a milder signal than SIGKILL gets this one after 5 s."""
        self._signal(number)
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()
        self._reader.join()

    def _signal(self, number: signal.Signals) -> None:
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass

    def _read(self, output: BinaryIO) -> None:
        with output:
            while piece := output.readline():
                with self._lab.changed:
                    self.printed += piece.decode("utf-8", "replace")
                    self._lab.changed.notify_all()
