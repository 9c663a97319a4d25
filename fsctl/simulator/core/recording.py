"""The file of a recording: as long as it lasted, and silent, since there are no samples here."""

import time
import wave
from pathlib import Path

HEADER_BYTES, SAMPLE_BYTES = 44, 2
#: Samples a second.
RATE = 8000
_FRAME_SECONDS = 0.02


class Recording:
    """A WAV file in the making. OSError if it cannot be written; missing folders are made."""

    def __init__(self, path: str) -> None:
        self.path = path
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._file = open(path, "wb")  # noqa: SIM115  finish() closes both
        self._sound = wave.open(self._file)  # noqa: SIM115
        self._sound.setnchannels(1)
        self._sound.setsampwidth(SAMPLE_BYTES)
        self._sound.setframerate(RATE)
        self._sound.writeframes(b"")
        self._file.flush()  # it has its header from the beginning
        self._began = time.monotonic()

    def finish(self) -> int:
        """Write what it lasted, in whole frames of audio; how many samples that are."""
        frames = round((time.monotonic() - self._began) / _FRAME_SECONDS)
        samples = round(frames * _FRAME_SECONDS * RATE)
        self._sound.writeframes(bytes(samples * SAMPLE_BYTES))
        self._sound.close()
        self._file.close()
        return samples
