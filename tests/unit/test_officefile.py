"""The office file: the exact words for what is wrong in it, differences, and writing it."""

import copy
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fsctl import officefile, sample
from fsctl.errors import FsctlError

SAMPLE = tomllib.loads(sample.text())

#: Before the last date of the sample.
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    """The sample with values at paths; None takes away what is there."""
    tree: Any = copy.deepcopy(SAMPLE)
    for path, value in changes.items():
        *parents, last = path.split("/")
        here = tree
        for part in parents:
            here = here[int(part)] if isinstance(here, list) else here.setdefault(part, {})
        if value is None:
            del here[last]
        else:
            here[int(last) if isinstance(here, list) else last] = value
    return tree


INCOMPLETE = "is not a complete number; write it as +4930…"
ROWS: list[tuple[dict[str, Any], str]] = [
    (
        {"users/130/executive/assistants": ["131", "139"]},
        "users.130.executive.assistants[1]: there is no user 139",
    ),
    (
        {"users/130/executive/assistants": ["130"]},
        "users.130.executive.assistants[0]: 130 cannot be his own assistant",
    ),
    ({"groups/sales/hunt/overflow/to": "hunt:none"}, "groups.sales.hunt.overflow.to: there is no group none"),
    ({"groups/sales/hunt/busy": "hunt:crew"}, "groups.sales.hunt.busy: group crew has no hunt"),
    (
        {"groups/sales/hunt/busy": "mailbox:103"},
        "groups.sales.hunt.busy: user 103 has no mailbox; write mailbox = true there",
    ),
    ({"attendants/after-hours/menu/1": "user:9"}, "attendants.after-hours.menu.1: there is no user 9"),
    ({"sites/london/reception": "attendant:x"}, "sites.london.reception: there is no attendant x"),
    ({"sites/london/reception": "announcement:x"}, "sites.london.reception: there is no announcement x"),
    ({"users/103/site": "rome"}, "users.103.site: there is no site rome"),
    ({"sites/berlin/night/outside": "x"}, "sites.berlin.night.outside: there is no schedule x"),
    (
        {"sites/berlin/night/during": "stocktaking"},
        "sites.berlin.night: has both `outside` and `during`; keep one",
    ),
    ({"sites/berlin/night_by": ["999"]}, "sites.berlin.night_by[0]: there is no user 999"),
    ({"trunks/provider/sites": ["x"]}, "trunks.provider.sites[0]: there is no site x"),
    ({"users/101/numbers/0": "+49"}, f'users.101.numbers[0]: "+49" {INCOMPLETE}'),
    ({"users/101/numbers/0": "116117"}, f'users.101.numbers[0]: "116117" {INCOMPLETE}'),
    ({"users/101/numbers/0": '"' + "x" * 60}, f'users.101.numbers[0]: "\\"{"x" * 56}..." {INCOMPLETE}'),
    ({"groups/crew/members": ["+49"]}, f'groups.crew.members[0]: "+49" {INCOMPLETE}'),
    ({"groups/crew/members": ["101", "101"]}, "groups.crew.members[1]: 101 is listed twice"),
    (
        {"groups/crew/conference/extension": "300"},
        "groups.crew.conference.extension: extension 300 is used twice: also at groups.sales.hunt.extension",
    ),
    (
        {"users/120/numbers/0": "+442079460100"},
        "users.120.numbers[0]: number +442079460100 is used twice: also at sites.london.numbers[0]",
    ),
    (
        {"groups/crew/conference/extension": "120"},
        "groups.crew.conference.extension: extension 120 is used twice: also at users.120",
    ),
    (
        {"groups/crew/conference/extension": "01"},
        "groups.crew.conference.extension: extension 01 begins with external_prefix 0 and hides outside numbers",
    ),
    (
        {"groups/crew/conference/extension": "91"},
        "groups.crew.conference.extension: extension 91 begins with external_prefix 9 and hides outside numbers",
    ),
    (
        {"groups/crew/conference/extension": "1"},
        'groups.crew.conference.extension: "1" is not an extension, which has 2 to 6 digits',
    ),
    (
        {"sites/london/reception": "hangup:tired"},
        'sites.london.reception: "tired" is no reason to hang up; known are busy, no-answer, offline, rejected, '
        "unknown-number, number-changed, normal",
    ),
    ({"sites/london/reception": "number:+49"}, f'sites.london.reception: "+49" {INCOMPLETE}'),
    (
        {"schedules/open/weekly": {"mon-sun": ["00:00-24:00"]}, "schedules/open/except": []},
        "schedules.open: is always open",
    ),
    (
        {"schedules/open/weekly": {"moon": []}},
        "schedules.open.weekly.moon: 'moon' is not a day; write one of mon, tue, wed, thu, fri, sat, sun, or a range "
        "like mon-thu",
    ),
    (
        {"groups/crew/members": ["101"] + [f"+4930555501{n:02}" for n in range(20)]},
        "groups.crew.members[20]: a group call has at most 20 members",
    ),
    (
        {"attendants/after-hours/greeting/de": "../secret.wav"},
        'attendants.after-hours.greeting.de: "../secret.wav" is not the name of a sound file below the folder of '
        "prompts",
    ),
    (
        {"announcements/closed/en": "${system(x)}.wav"},
        'announcements.closed.en: "${system(x)}.wav" is not the name of a sound file below the folder of prompts',
    ),
    ({"codes/park": "*98"}, "codes.park: *98 clashes with codes.pickup"),
    ({"codes/park": "*281"}, "codes.park: *281 clashes with codes.night"),
    ({"codes/park": "68"}, 'codes.park: "68" is not a code; write * or #, then digits'),
    ({"numbering/country": "XX"}, 'numbering.country: "XX" is not a country; write two letters like DE'),
    ({"sites/london/timezone": "Mars"}, 'sites.london.timezone: there is no time zone "Mars"'),
    ({"sites/london/holidays": "GB-X"}, 'sites.london.holidays: the holidays of "GB-X" are not known: '
     'the subdivisions of GB are ENG, NIR, SCT, WLS'),
    ({"sites/london/holidays": "England"}, 'sites.london.holidays: the holidays of "England" are not known: '
     "begin with the two letters of a country, like DE or GB-ENG"),
    ({"sites/london/holidays": "VA-X"}, 'sites.london.holidays: the holidays of "VA-X" are not known: '
     "write VA; it has no subdivisions"),
    (
        {"schedules/open/weekly/fri": ["25:00-26:00"]},
        "schedules.open.weekly.fri[0]: '25:00-26:00' has hours that don't exist",
    ),
    ({"schedules/open/weekly": {}, "schedules/open/also": []}, "schedules.open: is never open"),
    ({"sites/berlin/park/recall_seconds": 29}, "sites.berlin.park.recall_seconds: must be 30 to 600, not 29"),
    (
        {"groups/sales/hunt/weights": {"101": 5}},
        'groups.sales.hunt.weights: has no effect with policy = "circular"',
    ),
    (
        {"groups/sales/hunt/policy": "weighted", "groups/sales/hunt/weights": {"120": 5}},
        "groups.sales.hunt.weights.120: 120 is not a member of the group",
    ),
    ({"trunks/provider/dial": "sofia/x/5"}, "trunks.provider.dial: needs {number} or {e164}"),
    ({"trunks/provider/dial": "{x=1}sofia/x/{number}"},
     'trunks.provider.dial: has "{x=1}"; only {number} and {e164} stand for something'),
    ({"users/103/name": "a\nb"}, "users.103.name: must not have control characters"),
    (
        {"users/102/forward": {"always": "user:103"}, "users/103/forward": {"always": "user:102"}},
        "users.102.forward.always: this is a loop: 102 -> 103 -> 102",
    ),
    ({"users/103/forward": {"busy": "user:103"}}, "users.103.forward.busy: this is a loop: 103 -> 103"),
    (
        {"users/130/executive/rollover/to": "user:103", "users/103/forward": {"no_answer": "user:130"}},
        "users.103.forward.no_answer: this is a loop: 103 -> 130 -> 103",
    ),
    (
        {"groups/sales/intercept": {"inbound": {"calls": "all", "reroute": "hunt:sales"}}},
        "groups.sales.intercept.inbound.reroute: hunt:sales is Verkauf, whose calls are intercepted",
    ),
    (
        {"groups/101": {"name": "Adler", "site": "berlin", "members": ["102"]}},
        "groups.101: 101 is an extension; `fsctl intercept on 101` could mean either",
    ),
    (
        {"sites/london/park/recall_to": "alternate"},
        'sites.london.park: needs `alternate` for recall_to = "alternate"',
    ),
    (
        {"users/101/monitors": ["102", "103", "104", "130", "131", "132", "120", "105", "106"],
         "users/105": SAMPLE["users"]["103"], "users/106": SAMPLE["users"]["103"]},
        "users.101.monitors[8]: at most 8 are allowed",
    ),
]


def test_the_sample_has_no_mistakes() -> None:
    assert officefile.check(SAMPLE, NOW) == []


@pytest.mark.parametrize(
    ("changes", "problem"), ROWS, ids=[row[1].split(":")[0] + str(i) for i, row in enumerate(ROWS)]
)
def test_rules(changes: dict[str, Any], problem: str) -> None:
    assert [str(each) for each in officefile.check(changed(changes), NOW)] == [problem]


def test_mistakes_of_schema_and_of_names_come_together() -> None:
    found = officefile.check(changed({"users/102/name": None, "users/103/monitors": ["9", "102"]}), NOW)
    assert [str(each) for each in found] == ["users.102: needs `name`", "users.103.monitors[0]: there is no user 9"]


def test_difference_names_leaves() -> None:
    after = changed({"users/101/ring_seconds": 25, "users/102/name": None, "codes/park": "*69"})
    assert officefile.difference(SAMPLE, after) == [
        officefile.Change("codes.park", "*68", "*69"),
        officefile.Change("users.101.ring_seconds", 20, 25),
        officefile.Change("users.102.name", "Bernd Brandt", None),
    ]
    assert officefile.difference(SAMPLE, SAMPLE) == []


def test_export_loads_to_the_same_tree() -> None:
    assert officefile.parse(officefile.export(SAMPLE)) == SAMPLE
    assert officefile.export(officefile.parse(officefile.export(SAMPLE))) == officefile.export(SAMPLE)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = 1\nb = = 2", "is not TOML: Invalid value (at line 2, column 5)"),
        (b"a = 1\n\xff", "is not UTF-8 (at line 2)"),
        (b"#" * 50_000_001, "is larger than 50 MB, which no office file is"),
        (b"a = " + b"[" * 9000, "is not TOML: "),
    ],
)
def test_files_that_cannot_be_loaded(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "office.toml"
    file.write_bytes(content)
    with pytest.raises(FsctlError) as caught:
        officefile.load(file)
    assert str(caught.value).startswith(f"{file}: {message}")
    with pytest.raises(FsctlError, match="No such file"):
        officefile.load(tmp_path / "none")


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 999),
    st.floats(),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.sampled_from(["user:101", "hunt:sales", "number:+49", "holidays"]),
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_tree_is_too_odd(data: st.DataObject) -> None:
    tree: Any = copy.deepcopy(SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        here = tree
        while True:
            keys = list(here) if isinstance(here, dict) else list(range(len(here)))
            if not keys:
                break
            key = data.draw(st.sampled_from(keys))
            if isinstance(here[key], dict | list) and data.draw(st.integers(0, 4)):
                here = here[key]
                continue
            if data.draw(st.booleans()):
                del here[key]
            else:
                here[key] = copy.deepcopy(data.draw(ODD))  # it may be changed in the next round
            break
    for problem in officefile.check(tree, NOW):
        assert str(problem)
