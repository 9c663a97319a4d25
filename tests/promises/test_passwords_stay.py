"""No password that a telephone may have is ever exchanged for another, whatever command writes the directory."""

import json
import stat
import tomllib
import xml.etree.ElementTree as ET

import pytest
from click.testing import CliRunner

from fsctl import sample
from fsctl.cli import cli, freeswitch
from fsctl.errors import FsctlError, Unreachable

XML = "directory/users.xml"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command with the sample office applied, in a folder of its own; the exit code and all that was told."""
    monkeypatch.setenv("FSCTL_DATABASE", str(tmp_path / "office.sqlite"))
    for name in ("FSCTL_DIRECTORY", "FSCTL_PASSWORDS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(freeswitch, "user_data_dir", lambda _: str(tmp_path / "default"))
    monkeypatch.setattr(freeswitch, "EventSocket", Link)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "office.toml").write_text(sample.text(), "utf-8")

    def command(*arguments):
        result = CliRunner().invoke(cli, list(arguments))
        if isinstance(result.exception, FsctlError):
            return 1, f"{result.output}{result.exception}"
        assert not result.exception or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    assert command("office", "apply", "office.toml")[0] == 0
    return command


class Link:
    """An event socket to a FreeSWITCH that does what it is told."""

    def __init__(self, *_):
        pass

    def open(self):
        pass

    close = open

    def api(self, *_, timeout):
        return "+OK"


def known_to_the_switch(folder):
    """The passwords that FreeSWITCH goes by."""
    users = ET.parse(folder / XML).iter("user")
    return {user.get("id"): user.find("params/param[@name='password']").get("value") for user in users}


def directory(run, *arguments):
    return run("freeswitch", "directory", *arguments)


RELOAD = ("office", "apply", "office.toml", "--reload")


@pytest.mark.parametrize("told", [
    ("--passwords", "secret.toml"), ("--out", "xml"), ("--out", "xml", "--passwords", "secret.toml"), ()])
@pytest.mark.parametrize("again", [RELOAD, ("freeswitch", "directory"), ("freeswitch", "directory", "--out", "moved"),
                                   ("freeswitch", "directory", "--passwords", "another.toml")])
def test_apply_with_reload_finds_the_directory_and_the_passwords_wherever_they_are_kept(run, tmp_path, told, again):
    assert directory(run, *told)[0] == 0
    folder = tmp_path / ("xml" if "--out" in told else "default/freeswitch")
    before = known_to_the_switch(folder)
    assert len(set(before.values())) == 8
    assert run(*again)[0] == 0
    now = tmp_path / "moved" if "moved" in again else folder
    assert known_to_the_switch(now) == known_to_the_switch(folder) == before


def test_an_option_wins_and_is_remembered(run, tmp_path):
    assert directory(run, "--out", "first", "--passwords", "one.toml")[0] == 0
    assert directory(run, "--out", "second", "--passwords", "two.toml")[0] == 0
    assert run(*RELOAD)[0] == 0
    (tmp_path / "first" / XML).unlink()
    (tmp_path / "office.toml").write_text(sample.text().replace("[users.103]", "[users.109]").replace('"103"', '"109"'))
    code, told = run(*RELOAD)
    assert (code, "two.toml: the password of 109 was made up" in told) == (0, True), told
    assert "109" in known_to_the_switch(tmp_path / "second") and not (tmp_path / "first" / XML).exists()


@pytest.mark.parametrize("command", [RELOAD, ("freeswitch", "directory")])
def test_the_environment_says_it_for_both_commands(run, tmp_path, monkeypatch, command):
    (tmp_path / "ours.toml").write_text('101 = "mine"\n')
    monkeypatch.setenv("FSCTL_DIRECTORY", str(tmp_path / "fs"))
    monkeypatch.setenv("FSCTL_PASSWORDS", str(tmp_path / "ours.toml"))
    assert run(*command)[0] == 0
    assert known_to_the_switch(tmp_path / "fs")["101"] == "mine"
    assert not (tmp_path / "default").exists()


def test_a_directory_of_before_keeps_its_passwords_though_nobody_remembers_their_file(run, tmp_path):
    assert directory(run, "--out", "default/freeswitch", "--passwords", "secret.toml")[0] == 0
    before = known_to_the_switch(tmp_path / "default/freeswitch")
    other = str(tmp_path / "other.sqlite")
    code, told = run(*RELOAD, "--database", other)
    assert (code, "8 passwords were taken over" in told) == (0, True), told
    assert known_to_the_switch(tmp_path / "default/freeswitch") == before
    code, told = run("freeswitch", "directory", "--json", "--database", other)
    assert (json.loads(told)["taken_over"], json.loads(told)["made_up"]) == ([], [])


def test_who_cannot_write_the_database_has_the_files_all_the_same(run, tmp_path, monkeypatch):
    def refused(*_):
        raise Unreachable("it is read-only")

    monkeypatch.setattr(freeswitch, "remember", refused)
    code, told = directory(run, "--out", "fs")
    assert (code, "where these files lie is not remembered: it is read-only" in told) == (0, True)
    assert len(known_to_the_switch(tmp_path / "fs")) == 8


def test_odd_passwords_are_taken_over_as_they_are(run, tmp_path):
    odd = 'a"b\\c$${domain}<&>ü\''
    (tmp_path / "secret.toml").write_text(f"101 = '''{odd}'''\n", "utf-8")
    assert directory(run, "--passwords", "secret.toml")[0] == 0
    (tmp_path / "secret.toml").unlink()
    assert directory(run)[0] == 0
    assert tomllib.loads((tmp_path / "secret.toml").read_text("utf-8"))["101"] == odd


def test_another_directory_that_has_passwords_of_its_own_keeps_them(run, tmp_path):
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "passwords.toml").write_text('101 = "theirs"\n')
    assert directory(run, "--out", "first")[0] == directory(run, "--out", "second")[0] == 0
    assert known_to_the_switch(tmp_path / "second")["101"] == "theirs"
    assert known_to_the_switch(tmp_path / "first")["101"] != "theirs"


def damaged(text):
    return lambda file: file.write_text(text)


@pytest.mark.parametrize("command", [RELOAD, ("freeswitch", "directory"),
                                     ("freeswitch", "directory", "--passwords", "secret.toml")])
@pytest.mark.parametrize(("harm", "says"), [
    (lambda file: file.unlink(), "the passwords were kept there, and it is gone; restore a copy of it, or name"),
    (damaged(""), "the passwords were kept there, and it is empty; restore a copy of it, or name another"),
    (damaged("\n"), "the passwords were kept there, and it is empty"),
    (damaged('101 = "mi'), "cannot be read as TOML of passwords"),
    (damaged('101 = ""\n'), "the password of 101 must be a text in quotes"),
    (damaged("101 = 7\n"), "the password of 101 must be a text in quotes"),
    (lambda file: file.write_bytes(b'101 = "\xff"\n'), "cannot be read as TOML of passwords"),
    (lambda file: (file.unlink(), file.mkdir()), "cannot be read as TOML of passwords: Is a directory"),
    (lambda file: (file.unlink(), file.symlink_to("gone")), "cannot be read as TOML of passwords: No such file"),
])
def test_a_file_of_passwords_that_is_lost_or_damaged_is_an_error(run, tmp_path, harm, says, command):
    assert directory(run, "--passwords", "secret.toml")[0] == 0
    xml = tmp_path / "default/freeswitch" / XML
    xml.unlink()
    harm(tmp_path / "secret.toml")
    code, told = run(*command)
    assert (code, says in told) == (1, True), told
    assert not xml.exists()


@pytest.mark.parametrize("text", ["<include><domain", "", "\x00"])
def test_a_directory_whose_passwords_cannot_be_read_is_not_written_over(run, tmp_path, text):
    xml = tmp_path / "fs" / XML
    xml.parent.mkdir(parents=True)
    xml.write_text(text)
    code, told = directory(run, "--out", "fs")
    assert (code, "remove it if no telephone uses them" in told) == (1, True), told
    assert xml.read_text() == text and not (tmp_path / "fs/passwords.toml").exists()


@pytest.mark.parametrize(("text", "extension"), [
    ('# ours\n101 = "mine"  # Anna\n777 = "a door"\nnote = 7\n', "777"),
    ('\ufeff# ours\r\n101 = "mine"  # Anna\r\n777 = "a door"', "777"),
    ('# ours\n101 = "mine"  # Anna\n[old]\n777 = "a door"\n', "old"),
])
def test_comments_and_unknown_entries_stay(run, tmp_path, text, extension):
    file = tmp_path / "secret.toml"
    file.write_bytes(text.encode())
    assert directory(run, "--passwords", "secret.toml")[0] == 0
    now = file.read_text("utf-8")
    assert all(each in now for each in ("# ours\n", '101 = "mine"  # Anna\n', '777 = "a door"'))
    assert extension in tomllib.loads(now)
    assert len({"101", "102", "103", "104", "130", "131", "132", "120"} & tomllib.loads(now).keys()) == 8


def test_the_file_is_only_its_owners_and_stays_where_a_link_leads(run, tmp_path):
    real, link = tmp_path / "safe" / "real.toml", tmp_path / "secret.toml"
    real.parent.mkdir()
    real.write_text('101 = "mine"\n')
    real.chmod(0o644)
    link.symlink_to(real)
    assert directory(run, "--passwords", "secret.toml")[0] == 0
    assert link.is_symlink() and "102" in tomllib.loads(real.read_text())
    assert stat.S_IMODE(real.stat().st_mode) == 0o600
    real.chmod(0o644)
    assert directory(run)[0] == 0
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(run, tmp_path, monkeypatch):
    file = tmp_path / "secret.toml"
    file.write_text('101 = "mine"\n')

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    code, told = directory(run, "--passwords", "secret.toml")
    assert (code, "No space left on device; name another file with --passwords" in told) == (1, True), told
    assert file.read_text() == '101 = "mine"\n'
    assert sorted(each.name for each in tmp_path.iterdir() if "secret" in each.name) == ["secret.toml"]


def test_an_office_file_gets_no_passwords(run, tmp_path):
    code, said = run("freeswitch", "directory", "--passwords", "office.toml")
    assert (code, "is an office file, and keeps no passwords" in said) == (1, True), said
    assert (tmp_path / "office.toml").read_text("utf-8") == sample.text()
