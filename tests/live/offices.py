"""The office that scenarios run in: the sample office, but no clock switches its night service, and nobody's calls are
intercepted.
"""

import re

from fsctl import sample

_BY_SCHEDULE = 'night = { outside = "open", to = "attendant:after-hours" }'
_BY_HAND = 'night = { to = "attendant:after-hours" }'

assert _BY_SCHEDULE in sample.text()
#: The sample office with its call intercept: 104 has left, and 103 may not call abroad.
INTERCEPTED = sample.text().replace(_BY_SCHEDULE, _BY_HAND)
OFFICE, _intercepts = re.subn(r"(?ms)^\[[a-z]+\.[a-z0-9]+\.intercept\]$.*?(?=^$)", "", INTERCEPTED)

assert _intercepts == 2


def changed(office, *changes):
    """The same, in which each of these texts has become another."""
    for before, after in changes:
        assert office.count(before) == 1, before
        office = office.replace(before, after)
    return office


#: All calls of 130 are filtered and not seen by himself (test_screening.py), and assistants have little patience. 101,
#: 102, 103 and 131 pick up each other's calls.
EXECUTIVES = (
    OFFICE.replace('filter = "rules" ', 'filter = "all" ').replace('screening = "silent" ', 'screening = "off" ')
    .replace('alerting = "sequential"   ', 'alerting = "sequential"\nring_seconds = 4\n#')
    .replace("ring_seconds = 15\nrollover", "rollover")
    .replace('members = ["101", "102", "103"]\npickup = true', 'members = ["101", "102", "103", "131"]\npickup = true'))

assert EXECUTIVES.count('filter = "all"') == EXECUTIVES.count("\nring_seconds = 4\n") == 1
