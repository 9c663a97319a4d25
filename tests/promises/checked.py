"""What is said of an office file: the sample with a few changes."""

import copy
from typing import Any

from fsctl import officefile
from tests.unit.test_officefile import NOW, changed


def check(changes: dict[str, Any]) -> list[tuple[str, bool]]:
    """All findings, and whether each is a warning alone."""
    return [(str(each), each.warning) for each in officefile.check(changed(copy.deepcopy(changes)), NOW)]
