"""The office in which growth is measured, and who calls whom there."""

from collections.abc import Iterator

from load.large_office import large_office

#: A hunt group without anybody but two people who talk, and the number outside that leads there.
QUEUE_NUMBER = "+49309999999"
#: Who talks with each other in it.
BUSY = ("100001", "100002")
#: Between whom the calls are made that are measured, where it does not matter who it is.
CALLERS, CALLED = ("100003", "100005", "100009"), ("100004", "100006", "100010")

_QUEUE = f"""
[sites.always-open]
name = "Always open"
timezone = "Europe/Berlin"
language = "de"
numbers = []
reception = "hunt:queue"

[groups.queue]
name = "Queue"
site = "always-open"
members = ["{BUSY[0]}", "{BUSY[1]}"]
[groups.queue.hunt]
extension = "299999"
numbers = ["{QUEUE_NUMBER}"]
policy = "circular"
overflow = {{ after_seconds = 3600, to = "mailbox:100001" }}
"""

#: Of each hundred people those in front have no executive among them, nobody whose calls are intercepted.
_PLAIN, _OF = 40, 100


def office(people: int) -> str:
    """The office file of so many people."""
    return large_office(people) + _QUEUE


def everybody(people: int) -> Iterator[tuple[str, str]]:
    """Who calls whom, from all of so many people in turn."""
    step = 1 if people < 1000 else 7919  # far apart, so that nothing is near in any memory
    for turn in range(people):
        caller = turn * step % (people - 1)
        if 2 < caller % _OF < _PLAIN:
            yield str(100_000 + caller), str(100_001 + caller)


def elsewhere(pairs: int) -> Iterator[tuple[str, str]]:
    """Who talk while others call, so many pairs in turn."""
    for number in range(pairs):
        yield str(100_020 + number * 2), str(100_021 + number * 2)
