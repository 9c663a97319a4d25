"""Tones: each phone speaks one of its own, so that one can tell who hears whom."""

import array
import math
import wave
from pathlib import Path


def recorded(file: Path) -> "tuple[int, array.array[int]]":
    """Samples a second, and the samples."""
    with wave.open(str(file)) as sound:
        return sound.getframerate(), array.array("h", sound.readframes(sound.getnframes()))


def tones(rate: int, samples: "array.array[int]") -> list[int]:
    """The tones of the last fifth of a second, in Hz, of those that anybody here speaks, the loudest first.

    What is ten times weaker than that one is nobody's: it comes from mixing and coding.
    """
    power = {tone: _power(samples[-rate // 5 :], tone / rate) for tone in (425, 660, *range(500, 3400, 100))}
    least = max(1e4, max(power.values()) / 10)
    return sorted((tone for tone in power if power[tone] > least), key=power.__getitem__, reverse=True)


def loudest_tone(rate: int, samples: "array.array[int]") -> int | None:
    """The loudest of them; None where it is quiet."""
    return next(iter(tones(rate, samples)), None)


def _power(samples: "array.array[int]", frequency: float) -> float:
    """How much of one frequency there is (Goertzel)."""
    factor, last, before = 2 * math.cos(2 * math.pi * frequency), 0.0, 0.0
    for sample in samples:
        last, before = sample + factor * last - before, last
    return (last * last + before * before - factor * last * before) / max(len(samples), 1)
