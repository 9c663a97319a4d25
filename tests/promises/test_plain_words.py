"""Refusals are in words of the office, and files are read as programs write them (point 24)."""

import builtins
import sys

import pytest

from fsctl import sample
from fsctl.errors import FsctlError
from fsctl.model.destination import DIALLED_KINDS
from fsctl.officefile import calendar_import
from fsctl.store.database import open_database

#: What nobody writes, dials or has in a file.
INNER = [f"{kind}:" for kind in DIALLED_KINDS] + ["Errno", "Error(", "\\x", "None"]

NUMBERS = ("01701234567", "0170 123 45 67", "(0170) 1234567", "112", "0112", "*86", "*72103", "701", "777", "x", "",
           "number:0170 1234567", "number:112", "user:777", "mailbox:103", "hunt:crew", "nothing:1", "hangup:x")


@pytest.mark.parametrize("words", [
    ("forward", "set", "101"), ("assistant", "divert", "131", "130"), ("intercept", "on", "104", "--to"),
    ("intercept", "on", "104", "--new-number"), ("executive", "rules", "130", "--called"), ("group", "call", "crew"),
    ("hunt", "leave"), ("status",), ("night", "on"), ("schedule", "show"), ("calls", "show"), ("policies",),
])
@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_refused_is_called_as_people_call_it(bench, words, number):
    bench.fill()
    code, _, complaint = bench.answer(*words, number, "--database", str(bench.database))
    assert not [each for each in INNER if each in complaint], complaint
    assert code == 0 or complaint.startswith(("fsctl: ", "Usage: "))


def test_a_number_outside_without_its_prefix(bench):
    bench.fill()
    assert bench.answer("forward", "set", "101", "0170 1234567", "--database", str(bench.database))[2] == (
        "fsctl: calls for 101 do not go to 0170 1234567: 01701234567 is not a number that can be dialled here; one "
        "outside is dialled with 0 before it, or written as +4930…\n")


@pytest.mark.parametrize(("before", "after", "told"), [
    ("version = 1\n", "version = 1\n[settings]\nx = 1\n", "settings: unknown key; known are version, office"),
    ("version = 1\n", "version = 1\n[holidays]\n", "holidays: unknown key; known are version, office"),
    ("version = 1\n", "version = 1\nfolder = '/'\n", "folder: unknown key; known are version, office"),
    ("version = 1\n", "version = 1\n[site.x]\n", "site: unknown key; did you mean sites?"),
    ("[sites.london]\n", "[sites.london]\nkeys = 1\n", "sites.london.keys: unknown key; known are name, timezone"),
    ("[users.101]\n", "[users.101]\nextensions = 1\n", "users.101.extensions: unknown key; known are name, site"),
    ("[users.101]\n", "[users.101]\nextension = '101'\n", "users.101: has its extension from the section's name"),
])
def test_only_keys_that_may_be_written_are_suggested(bench, before, after, told):
    assert before in sample.text()
    (bench.folder / "office.toml").write_text(sample.text().replace(before, after, 1), "utf-8")
    code, _, complaint = bench.answer("office", "check", str(bench.folder / "office.toml"))
    assert (code, told in complaint) == (1, True), complaint
    assert complaint.count("\n") == 2  # nothing else is wrong, and how many there are


#: As editors and programs write files.
WRITTEN = {
    "a mark before it": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "lines of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "both": lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
}
NOT_READ = {
    "UTF-16": (lambda text: text.encode("utf-16"), "is UTF-16; save it as UTF-8"),
    "UTF-16 the other way": (lambda text: b"\xfe\xff" + text.encode("utf-16-be"), "is UTF-16; save it as UTF-8"),
    "Latin-1": (lambda text: text.replace("Anna", "Jürgen").encode("latin-1", "replace"), "is not UTF-8 (at line"),
    "lines of old": (lambda text: text.replace("\n", "\r").encode(), "is not TOML"),
    "nothing but noughts": (lambda text: bytes(100), "is not TOML"),
}


@pytest.mark.parametrize("kind", WRITTEN)
def test_files_are_read_however_they_were_saved(bench, kind):
    for name in ("office.toml", "tests.toml", "calendar.ics"):
        text = (bench.folder / name).read_text("utf-8").replace("\r\n", "\n")
        (bench.folder / name).write_bytes(WRITTEN[kind](text))
    passwords = bench.folder / "passwords.toml"
    passwords.write_bytes(WRITTEN[kind]('101 = "secret-of-101"\n'))
    for path in ("office check", "office apply", "office test", "schedule import"):
        code, _, complaint = bench.answer(*bench.words(path))
        assert (code, complaint.partition("next: ")[0]) == (0, ""), path
    assert bench.answer(*bench.words("freeswitch directory"), "--passwords", str(passwords))[0] == 0
    assert '101 = "secret-of-101"' in passwords.read_text("utf-8")


@pytest.mark.parametrize("kind", NOT_READ)
def test_files_that_cannot_be_read_are_refused_in_words(bench, kind):
    write, says = NOT_READ[kind]
    for name, path in (("office.toml", "office check"), ("office.toml", "office apply"), ("tests.toml", "office test")):
        bench.fill()
        text = (bench.folder / name).read_bytes()
        (bench.folder / name).write_bytes(write(f"# Anna\n{text.decode()}"))
        code, _, complaint = bench.answer(*bench.words(path))
        assert (code, says in complaint) == (1, True), (path, complaint)
        (bench.folder / name).write_bytes(text)


@pytest.mark.parametrize(("missing", "needs", "remedy"), [
    ("psycopg", lambda: open_database("postgresql://me@127.0.0.1:1/x"), "pip install 'psycopg[binary]'"),
    ("icalendar", calendar_import._libraries, "pip install icalendar recurring-ical-events"),
    ("recurring_ical_events", calendar_import._libraries, "pip install icalendar recurring-ical-events"),
])
def test_the_remedy_for_a_library_that_is_missing_fits_a_clone_too(monkeypatch, missing, needs, remedy):
    """Nothing is said of fsctl's own package, which a clone is not installed from."""
    found = builtins.__import__

    def without(name, *rest):
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return found(name, *rest)

    monkeypatch.delitem(sys.modules, missing, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(FsctlError) as refused:
        needs()
    assert remedy in str(refused.value) and "fsctl[" not in str(refused.value)
