"""A large office, to measure and test with: the same file for the same number of people, of the shape of a small one.

``python load/large_office.py 20000 office.toml`` writes one.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

#: So many people as extensions of six digits have room for.
MOST_PEOPLE: Final = 100_000

_EXTENSIONS, _GROUPS, _SLOTS = 100_000, 200_000, 300_000
_AT_A_SITE, _IN_A_GROUP, _IN_A_LARGE_GROUP = 5_000, 15, 500
_LARGE_GROUPS, _MOST_LAMPS = 3, 8
_BEGINNING: Final = """\
version = 1

[numbering]
external_prefix = "0"

[trunks.provider]
dial = "sofia/gateway/provider/{number}"
caller_id = "+493040000000"

[schedules.open]
weekly = { mon-fri = ["08:00-18:00"] }
except = ["holidays"]

[attendants.after-hours]
greeting = { de = "nachtansage.wav" }
menu = { 1 = "mailbox:100001" }
"""


def large_office(people: int) -> str:
    """The file of an office of so many people, each with a number and up to eight lamps.

    There is a pickup group for each fifteen of them, of which some are hunted, parked at or called all at once; and a
    few large hunt groups. Some people are executives, have telephones outside, or have left.
    """
    if not _IN_A_GROUP <= people <= MOST_PEOPLE:
        raise ValueError(f"needs {_IN_A_GROUP} to {MOST_PEOPLE} people")
    sites = -(-people // _AT_A_SITE)
    parts = [_BEGINNING]
    parts += ("\n".join(_site(index)) for index in range(sites))
    parts += ("\n".join(_person(index, people)) for index in range(people))
    parts += ("\n".join(_group(index, people)) for index in range(people // _IN_A_GROUP))
    parts += ("\n".join(_large_group(index, people)) for index in range(_LARGE_GROUPS))
    return "\n".join(parts)


def _site(index: int) -> Iterator[str]:
    yield f"[sites.s{index}]"
    yield f'name = "Site {index}"'
    yield 'timezone = "Europe/Berlin"'
    yield 'language = "de"'
    yield 'holidays = "DE-BE"'
    yield f'numbers = ["+4930{4_000_000 + index * 1000}"]'
    yield f'reception = "hunt:large{index % _LARGE_GROUPS}"'
    yield 'night = { outside = "open", to = "attendant:after-hours" }\n'


def _person(index: int, people: int) -> Iterator[str]:
    own = _extension(index)
    yield f"[users.{own}]"
    yield f'name = "Person {index}"'
    yield f'site = "s{index // _AT_A_SITE}"'
    yield f'numbers = ["+4930{5_500_000 + index}"]'
    lamps = [_extension((index + other) % people) for other in range(1, index % (_MOST_LAMPS + 1) + 1)]
    if lamps:
        yield f"monitors = {_listed(lamps)}"
    if index % 2:
        yield "mailbox = true"
        yield f'forward = {{ no_answer = "mailbox:{own}", offline = "user:{_extension(index - 1)}" }}'
    if index % 7 == 0:
        yield f'devices = ["+49170{1_000_000 + index}"]'
    if index % 11 == 0:
        yield 'outside = ["national", "mobile", "international", "116117"]'
    if index % 100 == 50:
        assistants = [_extension((index + other) % people) for other in (1, 2)]
        yield f"[users.{own}.executive]"
        yield f"assistants = {_listed(assistants)}"
        yield 'filter = "rules"'
        yield f'rules = [{{ name = "outside", from = "external", called = ["+4930{5_500_000 + index}"], ' \
              'during = "open", action = "divert" }, ' \
              f'{{ name = "colleague", from = ["{_extension(index - 1)}", "+4917012345*"], action = "accept" }}]'
    if index % 200 == 100:
        yield f"[users.{own}.intercept]"
        yield f'inbound = {{ calls = ["+4917012345*", "{_extension(index - 1)}"], announce = "out-of-service" }}'
        yield f'outbound = {{ calls = ["premium", "{_extension(index - 2)}"], announce = "blocked" }}'
    yield ""


def _group(index: int, people: int) -> Iterator[str]:
    members = [_extension(index * _IN_A_GROUP + other) for other in range(_IN_A_GROUP)]
    yield f"[groups.g{index}]"
    yield f'name = "Group {index}"'
    yield f'site = "s{index * _IN_A_GROUP // _AT_A_SITE}"'
    yield f"members = {_listed(members)}"
    yield "pickup = true"
    if index % 3 == 0:
        yield f"[groups.g{index}.hunt]"
        yield f'extension = "{_GROUPS + index}"'
        yield f'numbers = ["+4930{6_500_000 + index}"]'
        yield 'policy = "circular"'
        yield f'overflow = {{ after_seconds = 60, to = "mailbox:{members[(index + 1) % 2]}" }}'
    if index % 5 == 0:
        slots = [str(_SLOTS + index * 3 + other) for other in range(3)]
        yield f"[groups.g{index}.park]"
        yield f"extensions = {_listed(slots)}"
    if index % 10 == 9:
        yield f"[groups.g{index}.conference]"
        yield f'extension = "{_GROUPS + 50_000 + index}"'
    yield ""


def _large_group(index: int, people: int) -> Iterator[str]:
    size = min(_IN_A_LARGE_GROUP, people // _LARGE_GROUPS)
    members = [_extension(index * (people // _LARGE_GROUPS) + other) for other in range(size)]
    yield f"[groups.large{index}]"
    yield f'name = "Large group {index}"'
    yield 'site = "s0"'
    yield f"members = {_listed(members)}"
    yield f"[groups.large{index}.hunt]"
    yield f'extension = "{_GROUPS + 90_000 + index}"'
    yield 'policy = "longest-idle"\n'


def _extension(index: int) -> str:
    return str(_EXTENSIONS + index)


def _listed(names: list[str]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(large_office(int(sys.argv[1])), encoding="utf-8")
