"""Which part of a schedule decides, and which day is named with it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from fsctl.model import schedule
from fsctl.model.opening import Reason
from fsctl.model.sections import Schedule
from fsctl.model.timetable import Timetable

BERLIN = ZoneInfo("Europe/Berlin")
CHRISTMAS = {"de": "Erster Weihnachtstag", "en": "Christmas Day"}
HOLIDAYS = {date(2026, 12, 25): CHRISTMAS}
TIMES = schedule.read(Schedule(
    key="shop", weekly={"mon-fri": ("08:00-18:00",), "sat": ("20:00-04:00",)}, dates=("2026-12-27",),
    except_=("holidays", "2026-12-22", "2026-12-24 12:00-24:00"), also=("2026-12-25 10:00-11:00",),
))


@pytest.mark.parametrize(("at", "reason"), [
    ("2026-12-21T12:00", Reason("weekly", date(2026, 12, 21))),
    ("2026-12-20T03:00", Reason("weekly", date(2026, 12, 19))),  # what the evening before has begun
    ("2026-12-21T19:00", Reason("outside", date(2026, 12, 21))),
    ("2026-12-22T12:00", Reason("except", date(2026, 12, 22))),
    ("2026-12-24T13:00", Reason("except", date(2026, 12, 24), {"de": "Heiligabend", "en": "Christmas Eve"})),
    ("2026-12-25T12:00", Reason("holiday", date(2026, 12, 25), CHRISTMAS)),
    ("2026-12-25T10:30", Reason("also", date(2026, 12, 25))),
    ("2026-12-27T12:00", Reason("dates", date(2026, 12, 27))),
])
def test_what_decides(at, reason):
    opening = Timetable(TIMES, BERLIN, HOLIDAYS.get).opening(datetime.fromisoformat(at).replace(tzinfo=BERLIN))
    assert opening.reason == reason
