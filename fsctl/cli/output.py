"""Standard output and errors, whatever becomes of the terminal, the pipe or the disk behind them."""

import errno
import io
import os
import sys
from typing import Any, TextIO

from fsctl.words.system import system_error


class _Lossy(io.FileIO):
    """Drops what cannot be written, so that what a command does is not cut short in the middle."""

    lost: OSError | None = None

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data) or 0
        except OSError as error:
            self.lost = error
            return len(memoryview(data).cast("B"))


def take_over() -> None:
    """From now on nothing that is shown makes a command fail. What the terminal has no character for is shown as ``?``.

    Streams that the caller has closed lead nowhere: no file may be opened in their place.
    """
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  for the whole run
    sys.stdout = lossy(sys.stdout, "replace")
    sys.stderr = lossy(sys.stderr, "backslashreplace")


def lossy(stream: TextIO | None, errors: str) -> TextIO:
    """The same stream, to which writing never fails."""
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Lossy(stream.fileno(), "w", closefd=False)), encoding=stream.encoding, errors=errors,
        line_buffering=True)


def nobody_reads() -> bool:
    """Whether whoever read the output has gone, or there was no room for some of it."""
    return _lost() is not None


def why_lost() -> str:
    """Why some of the output is missing; "" where nothing is, or nobody wanted to read more."""
    sys.stdout.flush()
    lost = _lost()
    return "" if lost is None or lost.errno == errno.EPIPE else system_error(lost)


def writes_unicode() -> bool:
    """Whether each character can be shown."""
    return "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()


def _lost() -> OSError | None:
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.lost if isinstance(raw, _Lossy) else None
