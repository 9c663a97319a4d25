"""The files of recordings: which there are, how long they are, and those that FreeSWITCH could not finish.

It writes how long a recording is into the file's head when it closes it. A file whose FreeSWITCH was killed has all the
audio but says that there is none, so that it would not be played.
"""

import logging
import os
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from fsctl.model.recordings import told_by

log = logging.getLogger(__name__)

#: Of the parts of a head no more is read than this, in bytes.
_MOST_HEAD: Final = 4096
_SIZE: Final = struct.Struct("<I")
#: RIFF cannot say more.
_MOST: Final = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Recording:
    """One file: the UUID of its call, when it began, and how many seconds of audio it has; None if it cannot be read.
    """

    path: Path
    call: str
    at: datetime
    seconds: float | None


@dataclass(frozen=True, slots=True)
class _Audio:
    """Where a file has its audio: from which byte, how many it says and has, and how many make a second.

    ``whole`` is whether it says how large the file is.
    """

    start: int
    said: int
    there: int
    bytes_per_second: int
    whole: bool


def listed(folder: Path) -> list[Recording]:
    """All recordings of a folder, the newest first; those that are still written, too. OSError if it cannot be read."""
    found = []
    for path, (call, at) in _files(folder):
        try:
            with path.open("rb") as file:
                audio = _audio(file)
        except FileNotFoundError:  # just taken away
            continue
        except OSError:
            found.append(Recording(path, call, at, None))
            continue
        seconds = audio.there / audio.bytes_per_second if audio and audio.bytes_per_second else 0.0
        found.append(Recording(path, call, at, round(seconds, 2)))
    return sorted(found, key=lambda each: (each.at, each.call), reverse=True)


def mend(folder: Path, going_on: Collection[str] = ()) -> list[Path]:
    """Write into the heads of files how long they are, where they say another thing.

    Which these were. ``going_on`` are the names of those that FreeSWITCH still writes.
    """
    mended, failed = [], []
    try:
        for path, _ in _files(folder):
            try:
                if path.name not in going_on and _mend(path):
                    mended.append(path)
            except OSError as error:
                failed.append(f"{path.name}: {error.strerror}")
    except FileNotFoundError:  # nothing was recorded yet
        pass
    except OSError as error:
        failed.append(f"{folder}: {error.strerror}")
    if failed:
        log.warning("%d recordings in %s may be cut off, and the user of fsctl cannot put them right: %s",
                    len(failed), folder, failed[0])
    return mended


def _mend(path: Path) -> bool:
    with path.open("rb") as file:
        audio = _audio(file)
    if audio is None or (audio.whole and audio.said == min(audio.there, _MOST)):
        return False
    with path.open("r+b") as file:
        for at, size in ((4, audio.start + audio.there - 8), (audio.start - 4, audio.there)):
            file.seek(at)
            file.write(_SIZE.pack(min(size, _MOST)))
    return True


def _files(folder: Path) -> Iterator[tuple[Path, tuple[str, datetime]]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if (told := told_by(entry.name)) is not None and entry.is_file(follow_symlinks=False):
                yield Path(entry.path), told


def _audio(file: BinaryIO) -> _Audio | None:
    """What the head of a WAV file says, and the file's size; None where it is no such file, or has no head yet."""
    head = file.read(_MOST_HEAD)
    size = file.seek(0, os.SEEK_END)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return None
    at, rate = 12, 0
    while at + 8 <= len(head):
        name, (length,) = head[at : at + 4], _SIZE.unpack_from(head, at + 4)
        if name == b"fmt " and at + 20 <= len(head):
            (rate,) = _SIZE.unpack_from(head, at + 16)
        if name == b"data":
            whole, there = _SIZE.unpack_from(head, 4)[0] == min(size - 8, _MOST), size - at - 8
            # What follows the audio in a whole file is none.
            return _Audio(at + 8, length, length if whole and 0 < length < there else there, rate, whole)
        at += 8 + length + length % 2
    return None
