"""What clocks on the wall show, and when they are changed."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_ONE_DAY: Final = timedelta(days=1)
_SECONDS: Final = 24 * 60 * 60


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the wall shows."""
    return at.astimezone(zone).replace(tzinfo=None)


def clock_changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The instants from which clocks go by another offset."""
    before = begin.replace(microsecond=0)
    while before < end:
        after, offset = before + _ONE_DAY, _offset(before, zone)
        if offset != _offset(after, zone):
            yield before + timedelta(seconds=bisect_left(
                range(_SECONDS), True, key=lambda each: _offset(before + timedelta(seconds=each), zone) != offset))
        before = after


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
