"""What time it is, for everybody but the policies, who are told."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The aware instant. By ``time.time``, so that whoever has a clock of his own need change it only there."""
    return datetime.fromtimestamp(time.time(), UTC)
