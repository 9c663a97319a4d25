"""``--until``, as people write it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from fsctl.cli.instants import end_time
from fsctl.errors import FsctlError

ZONE = ZoneInfo("Europe/Berlin")


def berlin(*moment):
    return datetime(*moment, tzinfo=ZONE)


@pytest.mark.parametrize(("text", "now", "end"), [
    ("18:00", berlin(2026, 11, 23, 17), berlin(2026, 11, 23, 18)),
    ("07:00", berlin(2026, 11, 23, 17), berlin(2026, 11, 24, 7)),
    ("7:00", berlin(2026, 12, 31, 7), berlin(2027, 1, 1, 7)),
    ("24:00", berlin(2026, 11, 23, 17), berlin(2026, 11, 24)),
    ("00:00", berlin(2026, 11, 23, 0), berlin(2026, 11, 24)),
    ("00:30", datetime(2026, 11, 23, 23, 15, tzinfo=UTC), berlin(2026, 11, 24, 0, 30)),
    ("07:00", berlin(2026, 10, 24, 12), datetime(2026, 10, 25, 6, tzinfo=UTC)),  # the clocks go back in that night
    ("2026-11-24T06:00", berlin(2026, 11, 23, 17), berlin(2026, 11, 24, 6)),
    ("2026-11-24T06:00Z", berlin(2026, 11, 23, 17), datetime(2026, 11, 24, 6, tzinfo=UTC)),
])
def test_when_it_ends(text, now, end):
    """An hour alone is the next one: who writes 07:00 in the afternoon means tomorrow's."""
    assert end_time(text, ZONE, now) == end


@pytest.mark.parametrize(("text", "says"), [
    ("2026-11-23T16:59", "is over"), ("25:00", "is no time of day"), ("24:01", "is no time of day"),
    ("soon", "is no time; write 18:00"), ("1066-10-14T09:00", "the year must be 1970 to 2999"),
])
def test_what_is_no_end(text, says):
    with pytest.raises(FsctlError, match=says):
        end_time(text, ZONE, berlin(2026, 11, 23, 17))
