"""The whole command line in German over the sample office: no English is left, and nothing else is otherwise.

What is English is what the catalogue has English texts with and no German one, nor the office file, and what nobody
types.
"""

import re

import pytest

from fsctl import sample
from fsctl.cli import run
from fsctl.policies.stages import FEATURES
from tests.promises.commands import COMMANDS, ENDING, READING, WITH_DATABASE, Bench
from tests.words import messages
from tests.words.test_catalogues import ENGLISH, TYPED, texts

pytestmark = pytest.mark.slow

#: What commands are given that cannot be done, and what they say then.
MISTAKES = [
    "explain 101", "explain 101 102 --at xyzzy", "explain 101 102 --outcomes xyzzy", "xyzzy",
    "night on paris", "night on berlin --until 25:00", "forward set 999 always 101", "forward set 101 always xyzzy:1",
    "hunt status xyzzy", "calls show xyzzy", "calls list --limit 0", "calls list --limit xyzzy", "dnd on 999",
    "intercept on 999", "park list --xyzzy", "schedule show xyzzy", "schedule show open", "office apply xyzzy",
    "office check xyzzy.toml", "executive show 101", "assistant out 101", "group call xyzzy", "status 999",
    "serve --listen xyzzy", "policies 999", "office test xyzzy.toml",
    "doctor --switch x:y",
    "schedule import xyzzy.ics", "db migrate xyzzy", "recordings list --limit -1", "codes xyzzy xyzzy",
]

#: Words that are neither: names of the program and of other ones, and what is typed.
NAMES = {"fsctl", "freeswitch", "sip", "json", "iso", "toml", "esl", "rtp", "codec", "name", "version", "text", "hold",
         "status", "filter", "host", "port", "url", "sqlite", "postgresql", "utc", "xml", "so", "am", "in", "an", "war",
         "was", "not", "also", "die", "den", "man", "hat", "bald", "alle", "rat", "arm", "of", "test", "warn", "ok",
         "fail", "xyzzy"}


#: The name of a command in a group's help.
COMMAND = re.compile(r"^  [a-z-]+  +")


def words(text):
    return set(re.findall(r"[a-zäöüß]{2,}", text.lower()))


CATALOGUE = [pair for each in messages.read("de") if each.id for pair in texts(each)]
GERMAN = set().union(*(words(said) for _, said in CATALOGUE))
TYPED_WORDS = words(" ".join(COMMANDS)) | words(sample.text()) | {
    word for command in COMMANDS.values() for each in command.params for option in each.opts for word in words(option)}
SUSPECTED = set().union(*(words(TYPED.sub(" ", english)) for english, _ in CATALOGUE)) - GERMAN - TYPED_WORDS - NAMES


def english_in(output):
    """English words of an answer, each with its line."""
    for line in output.splitlines():
        left = TYPED.sub(" ", COMMAND.sub("", line))
        found = (words(left) & SUSPECTED) | {each.lower() for each in ENGLISH.findall(left.lower())} - NAMES
        if found:
            yield line, sorted(found)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Bench(tmp_path_factory.mktemp("office"))
    made.fill()
    return made


@pytest.fixture(autouse=True)
def in_german(monkeypatch):
    monkeypatch.setenv("FSCTL_LANGUAGE", "de")


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_help(bench, path):
    code, told, complained = bench.answer(*path.split(), "--help")
    assert (code, complained, list(english_in(told))) == (0, "", [])
    assert told.startswith("Aufruf: fsctl ")


@pytest.mark.parametrize("path", sorted({"", *(path.rpartition(" ")[0] for path in COMMANDS if " " in path)}))
def test_help_of_groups(bench, path):
    _, told, complained = bench.answer(*path.split(), "--help")
    assert (complained, list(english_in(told))) == ("", [])


@pytest.mark.parametrize("path", ENDING)
def test_answers(bench, path):
    _, told, complained = bench.answer(*bench.words(path))
    assert (list(english_in(told)), list(english_in(complained))) == ([], [])


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes(bench, mistake):
    path = next((path for path in WITH_DATABASE if mistake.startswith(path)), "")
    database = ["--database", str(bench.database)] if path else []
    code, told, complained = bench.answer(*mistake.split(), *database)
    assert (code in (1, 2, 3), list(english_in(told)), list(english_in(complained))) == (True, [], [])
    assert complained


@pytest.mark.parametrize("path", READING)
def test_json_is_the_same_but_for_reasons(bench, path, monkeypatch):
    """Keys and values are data; words are there beside them, as ``reason`` beside ``reason_id``."""
    words_ = [*bench.words(path), "--json"]
    if not any("--json" in each.opts for each in COMMANDS[path].params):
        pytest.skip("it has no data to print")
    german = bench.answer(*words_)
    monkeypatch.setenv("FSCTL_LANGUAGE", "en")
    english = bench.answer(*words_)
    assert german[0] == english[0]
    assert re.findall(r'"(\w+)":', german[1]) == re.findall(r'"(\w+)":', english[1])


def test_every_policy_has_a_name_that_people_know():
    german = {message.id: message.string for message in messages.read("de") if message.context == "policy"}
    assert all(german[feature.name] != feature.name for feature in FEATURES)


@pytest.mark.parametrize(("arguments", "environment", "begins"), [
    (["--help"], {}, "Usage"), (["--help"], {"LANG": "de_AT.UTF-8"}, "Aufruf"),
    (["--help"], {"LANG": "fr_FR"}, "Usage"),
    (["--help"], {"LANG": "de_DE", "LC_MESSAGES": "C"}, "Usage"), (["--help"], {"LC_ALL": "de", "LANG": "C"}, "Aufruf"),
    (["--help"], {"LANG": "de_DE", "FSCTL_LANGUAGE": "en"}, "Usage"),
    (["--language", "en", "--help"], {"FSCTL_LANGUAGE": "de"}, "Usage"),
    (["night", "on", "--help", "--language", "de"], {"FSCTL_LANGUAGE": "en"}, "Aufruf"),
    (["night", "--language=de", "on", "--help"], {}, "Aufruf"), (["--help", "--language", "DE"], {}, "Aufruf"),
    (["--help"], {"FSCTL_LANGUAGE": "DE"}, "Aufruf"), (["--help"], {"FSCTL_LANGUAGE": "de_CH.UTF-8"}, "Aufruf"),
    (["--help"], {"FSCTL_LANGUAGE": "fr", "LANG": "de_DE"}, "Aufruf"),
])
def test_which_language(monkeypatch, capsys, arguments, environment, begins):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE", "FSCTL_LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    run(arguments)
    assert capsys.readouterr().out.partition(":")[0] == begins


@pytest.mark.parametrize(("arguments", "environment"), [
    (["--language", "fr", "codes"], {}), (["codes", "--language", "fr"], {}), (["codes"], {"FSCTL_LANGUAGE": "fr"}),
])
def test_a_language_that_is_none(monkeypatch, capsys, arguments, environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run(arguments) == 2
    assert "'fr'" in capsys.readouterr().err


def test_a_language_that_is_none_is_told_in_the_terminals(monkeypatch, capsys):
    monkeypatch.setenv("FSCTL_LANGUAGE", "fr")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert run(["codes"]) == 2
    assert "FSCTL_LANGUAGE ist 'fr' und muss eines von en, de sein" in capsys.readouterr().err


def test_an_option_outweighs_a_wrong_variable(bench, monkeypatch):
    monkeypatch.setenv("FSCTL_LANGUAGE", "fr")
    assert bench.answer("codes", "--language", "de", "--database", str(bench.database))[0] == 0


@pytest.mark.parametrize("path", sorted(COMMANDS))
def test_the_usage_has_the_same_brackets(bench, path, monkeypatch):
    def usage():
        _, told, _ = bench.answer(*path.split(), "--help")
        return re.findall(r"[\[\]]|\.\.\.", told.partition("\n\n")[0])

    german = usage()
    monkeypatch.setenv("FSCTL_LANGUAGE", "en")
    assert german == usage()


def test_times_of_a_german_table_can_be_typed(bench):
    database = ("--database", str(bench.database))
    shown = bench.answer("schedule", "show", "open", "--site", "berlin", *database)[1].splitlines()[2]
    at = re.match(r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d [+-]\d\d:\d\d", shown)[0]
    code, told, complained = bench.answer("explain", "101", "102", "--at", at, *database)
    assert (code, complained) == (0, "")
    assert bench.answer("night", "on", "berlin", "--until", at, *database)[0] == 0
    assert at in bench.answer("night", "status", *database)[1]
    assert bench.answer("night", "auto", "berlin", *database)[0] == 0


@pytest.mark.parametrize("name", ["2026-13-45T99:99Z", "Zeit 2026-12-24T18:00Z", "{name}", "%s {0}", "2026-12-24"])
def test_texts_of_the_office_file_stay_as_they_are(tmp_path, name):
    made = Bench(tmp_path)
    made.fill()
    (tmp_path / "office.toml").write_text(sample.text().replace('"Anna Adler"', f'"{name}"'), "utf-8")
    database = ("--database", str(made.database))
    assert made.answer("office", "apply", str(tmp_path / "office.toml"), *database)[0] == 0
    for words in (("history",), ("explain", "102", "101"), ("codes", "101", "--card"), ("forward", "list")):
        code, told, complained = made.answer(*words, *database)
        assert (code, complained) == (0, "")
        assert name in told or words[0] == "forward"
