"""``fsctl office apply`` says what a person wants to know, with values as the file has them, and what is to be done."""

import json
import tomllib

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from fsctl import sample
from fsctl.cli import cli, freeswitch
from fsctl.officefile.change_words import concern_the_switch, in_few_words
from fsctl.officefile.difference import SECTIONS, difference, literal
from fsctl.schema import structure
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_xml
from fsctl.switch.generated.directory import users_xml
from tests.promises.test_passwords_stay import Link

SAMPLE = tomllib.loads(sample.text())
NEXT = ("next: fsctl freeswitch directory, and reloadxml in FreeSWITCH;"
        " 'fsctl office apply office.toml --reload' does both")
PYTHON = ("True", "False", "None", "['", "{'")


@pytest.fixture
def apply(tmp_path, monkeypatch):
    """Applies a text; what is printed, and told beside it. The office before is the sample, unless it is ``first``."""
    monkeypatch.setenv("FSCTL_DATABASE", str(tmp_path / "office.sqlite"))
    monkeypatch.setenv("FSCTL_DIRECTORY", str(tmp_path / "fs"))
    monkeypatch.setattr(freeswitch, "EventSocket", Link)
    monkeypatch.chdir(tmp_path)

    def run(text, *arguments, first=False):
        if not first:
            run(sample.text(), first=True)
        (tmp_path / "office.toml").write_text(text, "utf-8")
        result = CliRunner().invoke(cli, ["office", "apply", "office.toml", *arguments], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.stdout.splitlines(), [line for line in result.stderr.splitlines() if "warning" not in line]

    return run


def changed(*pairs):
    text = sample.text()
    for before, after in pairs:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return text


NEW_PERSON = ("[users.120]", '[users.105]\nname = "Otto"\nsite = "berlin"\nmailbox = true\n[users.120]')
NAME = ('name = "Clara Conrad"', 'name = "Clara Cohn"')


def test_the_first_time_it_says_how_much_there_is_and_what_comes_next(apply):
    assert apply(sample.text(), first=True) == (
        ["8 people, 3 groups, 2 sites, 1 trunk, 2 schedules, 1 attendant, 1 announcement"], [NEXT])


@pytest.mark.parametrize(("pairs", "lines"), [
    ([], []), ([NAME], ['users.103.name: "Clara Conrad" → "Clara Cohn"']),
    ([NEW_PERSON], ["1 person added: 105 Otto"]),
    ([NEW_PERSON, NAME], ["1 person added: 105 Otto", 'users.103.name: "Clara Conrad" → "Clara Cohn"']),
    ([('name = "Georg Graf"\n', 'name = "Georg Graf"\nmailbox = true\n')], ["users.132.mailbox: nothing → true"]),
    ([("barge_tone = true", "barge_tone = false")], ["office.barge_tone: true → false"]),
    ([('"+491701234567"]\n[groups.crew', '"103"]\n[groups.crew')],
     ['groups.crew.members: ["101", "102", "130", "+491701234567"] → ["101", "102", "130", "103"]']),
    ([('[announcements.closed]', '[announcements."a b"]\nde = "x.wav"\n[announcements.closed]')],
     ["1 announcement added: a b"]),
    ([('inbound = [\n  { calls = ["+4917012345*"], reroute = "user:101" },', "inbound = [")],
     ['users.104.intercept.inbound: [{ calls = ["+4917012345*"], reroute = "user:101" }, { calls = "all", during = '
      '"open", announce = "n… → [{ calls = "all", during = "open", announce = "number-changed", new_number = '
      '"+493055501019", zero =…']),
])
def test_later_it_says_what_is_different(apply, pairs, lines):
    assert apply(changed(*pairs))[0] == lines


def test_who_is_removed_is_named(apply):
    text = sample.text()
    begin, end = text.index("[groups.interns]"), text.index("[attendants.after-hours]")
    assert apply(text[:begin] + text[end:])[0] == ["1 group removed: interns Interns"]


def test_many_changes_are_counted_and_verbose_shows_them_all(apply):
    people = "".join(f'[users.{number}]\nname = "P{number}"\nsite = "berlin"\n' for number in range(500, 530))
    many = sample.text() + people
    lines, _ = apply(many)
    assert lines == ["30 people added: " + ", ".join(f"{each} P{each}" for each in range(500, 510)) + " and 20 more"]
    other = many.replace('name = "P', 'name = "Q').replace("barge_tone = true", "barge_tone = false")
    lines, _ = apply(other, "--dry-run", first=True)
    assert lines == ["office: 1 value changed",
                     "30 people changed: " + ", ".join(map(str, range(500, 510))) + " and 20 more"]
    lines, _ = apply(other, "--verbose", first=True)
    assert lines == ["office.barge_tone: true → false", *(f'users.{n}.name: "P{n}" → "Q{n}"' for n in range(500, 530))]


def test_verbose_shows_every_value_as_the_file_has_it(apply):
    lines, _ = apply(sample.text(), "--verbose", first=True)
    assert len(lines) == len(difference({}, SAMPLE))
    assert not [line for line in lines if any(each in line for each in PYTHON)]
    for line in lines:
        path, _, after = line.partition(": nothing → ")
        tree = SAMPLE
        for name in path.replace('"', "").split("."):
            tree = tree[name]
        assert tomllib.loads(f"x = {after}")["x"] == tree


def test_history_has_values_as_the_file_has_them(apply, tmp_path):
    apply(changed(("barge_tone = true", "barge_tone = false")))
    found = CliRunner().invoke(cli, ["history", "--limit", "1000"], catch_exceptions=False).stdout
    assert not any(each in found for each in PYTHON)
    newest = found.splitlines()[1].split()[2:]
    assert newest == ["office.barge_tone", "true", "false"]
    rows = json.loads(CliRunner().invoke(cli, ["history", "--limit", "1", "--json"]).stdout)
    assert (rows[0]["before"], rows[0]["after"]) == (True, False)


@pytest.mark.parametrize(("arguments", "told"), [
    ((), [NEXT]), (("--dry-run",), ["nothing was changed, because of --dry-run"]), (("--json",), [])])
def test_it_says_what_comes_next(apply, arguments, told):
    assert apply(changed(NEW_PERSON), *arguments)[1] == told


def test_reload_has_nothing_left_to_do(apply, tmp_path):
    told = apply(changed(NEW_PERSON), "--reload")[1]
    assert told[-1] == f"FreeSWITCH has read {tmp_path / 'fs'} anew" and NEXT not in told


@pytest.mark.parametrize("arguments", [(), ("--verbose",), ("--dry-run",)])
def test_json_is_by_its_contract(apply, arguments):
    lines, _ = apply(changed(NAME), "--json", *arguments)
    assert json.loads("\n".join(lines))["changes"] == [
        {"path": "users.103.name", "before": "Clara Conrad", "after": "Clara Cohn"}]


#: Changes of an office file, each of what it has somewhere.
CHANGES = [
    NEW_PERSON, NAME, ('extension = "300"', 'extension = "301"'), ('numbers = ["+49305550300"]', 'numbers = []'),
    ('emergency = ["110", "112"]            # no policy', 'emergency = ["112"]            # no policy'),
    ('transfer_recall = true', 'transfer_recall = false'), ('withhold = "#31"', 'withhold = "#32"'),
    ('caller_id = "+49305550100"', 'caller_id = "+49305550199"'), ('external_prefix = "9"', 'external_prefix = "8"'),
    ('reception = "user:120"', 'reception = "mailbox:120"'), ('language = "en"\nholidays', 'language = "de"\nholidays'),
    ("barge_tone = true", "barge_tone = false"), ('park = "*68"', 'park = "*69"'), ("retries = 3 ", "retries = 4 "),
    ('fri = ["08:00-16:00"]', 'fri = ["08:00-15:00"]'), ('de = "geschlossen.wav"', 'de = "zu.wav"'),
    ("keep_calls_days = 90", "keep_calls_days = 91"), ("hold_recall_seconds = 0", "hold_recall_seconds = 9"),
    ('prompts = "prompts"', 'prompts = "p"'), ('own_context = ""', 'own_context = "default"'),
    ("outside_legs = 3", "outside_legs = 4"),
    ('show_callers = "e164"', 'show_callers = "national"'), ('record = "*44"', 'record = "*45"'),
]


def generated(tree):
    office = structure(tree)
    return (users_xml(office, dict.fromkeys(office.users, "x")), emergency_xml(office), failsafe_xml(office))


@pytest.mark.parametrize("pair", CHANGES, ids=lambda pair: pair[1][:25])
def test_whatever_the_directory_is_made_from_has_to_be_written_anew(pair):
    tree = tomllib.loads(changed(pair))
    concerned = concern_the_switch(difference(SAMPLE, tree))
    assert concerned or generated(tree) == generated(SAMPLE)
    also = "office.", "transfer_recall", "own_context", "withhold"
    assert concerned == any(each in pair[0] for each in also) or difference(
        SAMPLE, tree)[0].path.split(".")[0] not in ("office", "codes")


KEYS = st.text(min_size=1, max_size=5)
VALUES = st.recursive(
    st.booleans() | st.integers(-2**60, 2**60) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8)


@given(VALUES)
def test_a_literal_is_read_back_as_what_it_was(value):
    text = literal(value)
    assert "\n" not in text and tomllib.loads(f"x = {text}")["x"] == value


@given(st.dictionaries(st.sampled_from(SECTIONS[1:]), st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES)), max_size=3),
       st.dictionaries(st.sampled_from(SECTIONS[1:]), st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES)), max_size=3))
def test_whatever_changed_there_is_something_to_say(before, after):
    changes = difference({"version": 1} | before, {"version": 1} | after)
    lines = list(in_few_words(changes, after))
    assert bool(lines) == bool(changes)
    assert all(line.isprintable() or line for line in lines)
