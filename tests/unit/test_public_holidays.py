"""Public holidays by region."""

import subprocess
import sys
from datetime import date

import pytest

from fsctl import public_holidays
from fsctl.errors import FsctlError


@pytest.mark.parametrize(
    ("region", "day", "names"),
    [
        ("DE-BE", date(2026, 4, 3), {"de": "Karfreitag", "en": "Good Friday"}),
        ("DE-BE", date(2026, 3, 8), {"de": "Frauentag", "en": "Women's Day"}),
        ("DE-HH", date(2026, 3, 8), None),
        ("DE-BE", date(2018, 3, 8), None),  # a holiday since 2019
        ("DE-BE", date(2020, 5, 8), {"de": "75. Jahrestag der Befreiung vom Nationalsozialismus und der Beendigung des "
                                           "Zweiten Weltkriegs in Europa",
                                     "en": "75th anniversary of the liberation from Nazism and the end of the Second "
                                           "World War in Europe"}),
        ("DE", date(2017, 10, 31), {"de": "Reformationstag", "en": "Reformation Day"}),  # everywhere, once
        ("DE", date(2026, 10, 31), None),
        ("DE-SN", date(2026, 11, 18), {"de": "Buß- und Bettag", "en": "Repentance and Prayer Day"}),
        ("DE-BY", date(2026, 8, 15), {"de": "Mariä Himmelfahrt", "en": "Assumption Day"}),
        ("DE-TH", date(2026, 6, 4), None),  # Corpus Christi: in few places only
        ("DE-BE", date(2026, 12, 24), None),
        ("DE-BE", date(2100, 3, 26), {"de": "Karfreitag", "en": "Good Friday"}),
        ("AT", date(2026, 10, 26), {"de": "Nationalfeiertag", "en": "National Day"}),
        ("GB-ENG", date(2027, 12, 28), {"de": "Boxing Day (observed)", "en": "Boxing Day (observed)"}),
        ("GB-SCT", date(2026, 11, 30), {"de": "Saint Andrew's Day", "en": "Saint Andrew's Day"}),
        ("US", date(2021, 12, 31), {"de": "New Year's Day (observed)", "en": "New Year's Day (observed)"}),
        ("FR", date(1990, 7, 14), {"de": "National Day", "en": "National Day"}),
        ("NZ", date(2026, 2, 6), {"de": "Waitangi Day", "en": "Waitangi Day"}),
        ("", date(2026, 12, 25), None),
    ],
)
def test_names(region: str, day: date, names: dict[str, str] | None) -> None:
    assert public_holidays.holiday(region, day) == names


@pytest.mark.parametrize(
    ("region", "says"),
    [
        ("GB-XX", "'GB-XX' are not known: the subdivisions of GB are ENG, NIR, SCT, WLS"),
        ("DE-", "'DE-' are not known: the subdivisions of DE are BB, BE"),
        ("england", "begin with the two letters of a country"),
    ],
)
def test_a_region_that_is_unknown_names_those_there_are(region: str, says: str) -> None:
    with pytest.raises(FsctlError, match=says):
        public_holidays.holiday(region, date(2026, 1, 1))


@pytest.mark.slow
def test_the_library_is_loaded_only_when_it_is_asked() -> None:
    program = """
import sys
import fsctl.cli.serve, fsctl.store.snapshot, fsctl.policies, fsctl.officefile
from fsctl.public_holidays import holiday
assert "holidays" not in sys.modules
holiday("DE", __import__("datetime").date(2026, 1, 1))
assert "holidays" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
