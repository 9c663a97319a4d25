"""A schedule asked without remembering anything: each day and each edge is worked out anew, up to the horizon."""

from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

from fsctl.model.clock_changes import clock_changes, wall_clock
from fsctl.model.opening import Days, Holiday, Opening
from fsctl.model.schedule import Times

ONE_DAY = timedelta(days=1)


def plain_opening(times: Times, zone: ZoneInfo, at: datetime, holiday: Holiday) -> Opening:
    days = Days(times, holiday)
    open_, reason = days.state(wall_clock(at, zone))
    begin, limit = at.astimezone(UTC), at.astimezone(UTC) + days.horizon
    while begin < limit:
        end = min(begin + timedelta(days=14), limit)
        for instant in sorted({*edges(days, zone, begin, end), *clock_changes(zone, begin, end)}):
            if begin < instant <= end and days.state(wall_clock(instant, zone))[0] != open_:
                return Opening(at, open_, reason, instant)
        begin = end
    return Opening(at, open_, reason, None)


def edges(days: Days, zone: ZoneInfo, begin: datetime, end: datetime) -> set[datetime]:
    found = set()
    day, last = wall_clock(begin, zone).date() - ONE_DAY, wall_clock(end, zone).date() + ONE_DAY
    while day <= last:
        walls = {datetime.combine(day, time()), *(wall for span in days.spans(day) for wall in (span.begin, span.end))}
        found |= {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for wall, fold in product(walls, (0, 1))}
        day += ONE_DAY
    return found
