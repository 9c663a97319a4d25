"""The office that scenarios run in: the sample office, but no clock switches its night service."""

from fsctl import sample

_BY_SCHEDULE = 'night = { outside = "open", to = "attendant:after-hours" }'
_BY_HAND = 'night = { to = "attendant:after-hours" }'

assert _BY_SCHEDULE in sample.text()
OFFICE = sample.text().replace(_BY_SCHEDULE, _BY_HAND)


def changed(office, *changes):
    """The same, in which each of these texts has become another."""
    for before, after in changes:
        assert office.count(before) == 1, before
        office = office.replace(before, after)
    return office
