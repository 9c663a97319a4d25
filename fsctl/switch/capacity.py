"""How many calls one process takes at once. What is above that the dialplan's fail-safe takes."""

import resource
from typing import Final

#: Talks count, too: a call's connection lasts as long as the call.
MOST_CALLS: Final = 5000

#: Open files that are no calls: links, the database, logs.
OTHER_FILES: Final = 100


def most_calls() -> int:
    """As many as there may be open files, of which the system gives a process fewer than it may have at most."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CALLS + OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CALLS if soft == resource.RLIM_INFINITY else max(min(MOST_CALLS, soft - OTHER_FILES), 1)
