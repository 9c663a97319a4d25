"""What all unit tests share."""

import pytest

from fsctl.model import numbers


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Answers of one test must not serve another: a wrong change to the code would hide behind them."""
    for cached in (numbers.international, numbers.readings, numbers.is_short, numbers.class_of):
        cached.cache_clear()
