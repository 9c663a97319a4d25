"""Until when something lasts, said piece by piece."""

import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.model.spoken_moment import recordings, until

TEXTS = tomllib.loads((Path(__file__).parents[3] / "freeswitch_conf" / "prompts.toml").read_text("utf-8"))
ZONE = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 17, 30, tzinfo=ZONE)


def said(moment, now, language):
    """As it is heard."""
    pieces = (name.split("/") for name in until(moment, now, ZONE, language))
    return " ".join(TEXTS[language][folder][piece] for folder, piece in pieces)


@pytest.mark.parametrize(("moment", "de", "en"), [
    (datetime(2026, 11, 23, 18, 0), "Bis heute achtzehn Uhr", "Until today, six p m"),
    (datetime(2026, 11, 24, 8, 30), "Bis morgen acht Uhr dreißig", "Until tomorrow, eight thirty a m"),
    (datetime(2026, 11, 24, 0, 0), "Bis morgen null Uhr", "Until tomorrow, twelve a m"),
    (datetime(2026, 11, 27, 13, 5), "Bis Freitag dreizehn Uhr fünf", "Until Friday one oh five p m"),
    (datetime(2026, 11, 29, 1, 1), "Bis Sonntag ein Uhr eins", "Until Sunday one oh one a m"),
    (datetime(2026, 11, 30, 8, 0), "Bis zum dreißigsten November acht Uhr",
     "Until the thirtieth of November eight a m"),
    (datetime(2027, 1, 7, 12, 21), "Bis zum siebten Januar zwölf Uhr einundzwanzig",
     "Until the seventh of January twelve twenty one p m"),
    (None, "Bis auf weiteres.", "Until further notice."),
])
def test_as_a_person_would_say_it(moment, de, en):
    there = moment.replace(tzinfo=ZONE) if moment else None
    assert [said(there, NOW, language) for language in ("de", "en")] == [de, en]


def test_by_the_clocks_of_the_site():
    assert until(NOW, NOW, ZoneInfo("Europe/London"), "de") == (
        "moments/until", "moments/today", "hours/16", "minutes/30")


@given(st.timedeltas(timedelta(0), timedelta(days=800)), st.sampled_from(["de", "en"]))
def test_every_piece_has_a_recording_with_words(ahead, language):
    assert set(until(NOW + ahead, NOW, ZONE, language)) <= set(recordings(language))
    assert said(NOW + ahead, NOW, language)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_recording_lacks_words_and_no_words_are_idle(language):
    folders = {name.partition("/")[0] for name in recordings(language)}
    assert sorted(recordings(language)) == sorted(
        f"{folder}/{piece}" for folder in folders for piece in TEXTS[language][folder])
