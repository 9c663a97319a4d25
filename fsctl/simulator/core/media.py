"""How long sounds take. There are no samples here: what is played is only waited for."""

import math
import re
import wave
from pathlib import Path

_TONE = re.compile(r"%\(([^)]*)\)")
_LOOPS = re.compile(r"loops=(-?\d+)")


def seconds_of(sound: str) -> float | None:
    """The length of a sound file or stream, ``inf`` for one without an end; None if there is no such file."""
    sound = re.sub(r"^\{[^}]*\}", "", sound.strip())
    scheme, _, rest = sound.partition("://")
    if scheme == "tone_stream":
        return _tones(rest)
    if scheme == "silence_stream":
        length = rest.split(",")[0]
        return math.inf if length.startswith("-") else _number(length) / 1000
    if scheme == "file_string":
        parts = parts_of(sound)
        return sum(seconds_of(part) or 0.0 for part in parts) if parts else None
    if scheme == "local_stream":
        return None  # as in a bare installation
    return _file(Path(sound))


def parts_of(sound: str) -> list[str]:
    """What is heard of it, one after the other: the files of a ``file_string`` but for those that are missing."""
    parts = sound.removeprefix("file_string://").split("!") if sound.startswith("file_string://") else [sound]
    return [part for part in parts if seconds_of(part) is not None]


def _tones(script: str) -> float:
    loops = [int(found[1]) for found in _LOOPS.finditer(script)]
    if any(count < 0 for count in loops):
        return math.inf
    once = sum(sum(_number(part) for part in tone[1].split(",")[:2]) for tone in _TONE.finditer(script)) / 1000
    return once * max([1, *loops])


def _file(path: Path) -> float | None:
    try:
        with wave.open(str(path)) as sound:
            return float(sound.getnframes() / sound.getframerate())
    except (OSError, EOFError, wave.Error, ValueError):
        return None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
