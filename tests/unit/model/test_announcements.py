"""Which tone stands for an announcement that has no recording."""

import pytest

from fsctl.model.announcements import tone_of


@pytest.mark.parametrize(("announcement", "tone"), [
    ("blocked", "refusal"),
    ("enter-number", "question"),
    ("dnd-on", "confirmation"),
    ("closed-today", "refusal"),  # the office's own
])
def test_tones(announcement, tone):
    assert tone_of(announcement) == tone
