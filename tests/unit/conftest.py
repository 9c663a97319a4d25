"""What all unit tests share."""

import pytest

from fsctl.model import call_classes, numbers


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Answers of one test must not serve another: a wrong change to the code would hide behind them."""
    for cached in (numbers.international, numbers.readings, numbers.national, numbers.is_short, numbers.is_emergency,
                   call_classes.class_of, call_classes.belongs):
        cached.cache_clear()
