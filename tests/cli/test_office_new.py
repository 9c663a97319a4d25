"""``fsctl office new``: questions, and a file that has nothing wrong with it."""

import tomllib

import pytest
from click.testing import CliRunner

from fsctl import clock, officefile
from fsctl.cli import cli
from fsctl.officefile.first import key_of

#: Answers up to the people, with Enter for all that has a default.
DEFAULTS = ["", "", "", "", "", "", "", ""]


def new(folder, *answers):
    """The exit code, all that is said, and the office that was written, None if none was."""
    file = folder / "first.toml"
    done = CliRunner().invoke(cli, ["office", "new", str(file)], input="".join(f"{each}\n" for each in answers))
    office = tomllib.loads(file.read_text("utf-8")) if file.exists() else None
    return done.exit_code, done.output + str(done.exception or ""), office


@pytest.mark.parametrize(("number", "country", "zone", "language", "emergency"), [
    ("+49305550100", "DE", "Europe/Berlin", "de", ["110", "112"]),
    ("+49 (0)89 5550100", "DE", "Europe/Berlin", "de", ["110", "112"]),
    ("+442079460100", "GB", "Europe/London", "en", ["112", "999"]),
    ("+12125550100", "US", "America/New_York", "en", ["112", "911"]),
    ("+41445550100", "CH", "Europe/Zurich", "de", ["112", "117", "118", "144"]),
])
def test_by_the_number_the_rest_is_offered(tmp_path, number, country, zone, language, emergency):
    code, said, office = new(tmp_path, number, *DEFAULTS, "201 Anna Adler", "202 Bernd \"B\" Brandt", "", "")
    assert code == 0, said
    assert officefile.check(office, clock.now()) == []
    assert (office["numbering"]["country"], office["numbering"]["emergency"]) == (country, emergency)
    site = office["sites"]["office"]
    assert (site["timezone"], site["language"], site["reception"]) == (zone, language, "hunt:all")
    assert [each["name"] for each in office["users"].values()] == ["Anna Adler", 'Bernd "B" Brandt']
    assert f"fsctl office apply {tmp_path / 'first.toml'}" in said


def test_other_answers(tmp_path):
    code, said, office = new(
        tmp_path, "+49305550100", "", "Büro Nord", "Europe/Vienna", "en", "-",
        "mon-thu 08:00-12:00 13:00-18:00, fri 08:00-16:00", "-", "berlin-1", "300 Anna", "-", "300")
    assert code == 0, said
    assert officefile.check(office, clock.now()) == []
    site = office["sites"]["buero-nord"]
    assert site == {"name": "Büro Nord", "timezone": "Europe/Vienna", "language": "en", "numbers": ["+49305550100"],
                    "reception": "user:300", "night": {"outside": "open", "to": "mailbox:300"}}
    assert office["schedules"]["open"] == {
        "weekly": {"mon-thu": ["08:00-12:00", "13:00-18:00"], "fri": ["08:00-16:00"]}}
    assert office["trunks"] == {"berlin-1": {"dial": "sofia/gateway/berlin-1/{e164}", "caller_id": "+49305550100"}}
    assert office["groups"]["all"]["hunt"]["extension"] == "400"  # 300 is Anna's


def test_an_office_without_a_number_and_always_open(tmp_path):
    code, said, office = new(tmp_path, "-", "GB", "", "Europe/London", "", "", "-", "9", "", "101 Ann", "")
    assert code == 0, said
    assert officefile.check(office, clock.now()) == []
    assert "schedules" not in office and "numbers" not in office["sites"]["office"]


@pytest.mark.parametrize(("place", "wrong", "says"), [
    (0, "0305550100", "is no complete number"), (0, "+999123", "is no complete number"),
    (1, "Germany", "is no country; write two letters"), (3, "Berlin", "timezone"), (4, "fr", "language"),
    (5, "DE-XX", "holidays"), (6, "always", "write days and hours"), (6, "mon-fri 8 to 5", "weekly"),
    (7, "x", "external_prefix"), (8, "{number}", "a gateway's name has"), (9, "Anna", "write an extension and a name"),
    (9, "101", "write an extension and a name"), (9, "112 Anna", "it is an emergency number"),
    (9, "-", "write an extension and a name"), (10, "101 Bernd", "101 is Anna already"),
    (11, "102", "there is no user 102"),
])
def test_what_is_wrong_is_said_at_once_and_asked_again(tmp_path, place, wrong, says):
    answers = ["+49305550100", *DEFAULTS, "101 Anna", "-", "all"]
    right = new(tmp_path, *answers)[2]
    (tmp_path / "first.toml").unlink()
    code, said, office = new(tmp_path, *answers[:place], wrong, *answers[place:])
    assert code == 0, said
    assert says in said
    assert office == right


def test_nothing_is_written_before_the_last_answer_and_nothing_is_written_over(tmp_path):
    code, said, office = new(tmp_path, "+49305550100", *DEFAULTS, "101 Anna")
    assert (code, office) == (1, None)
    (tmp_path / "first.toml").write_text("version = 1\n")
    code, said, office = new(tmp_path)
    assert (code, office) == (1, {"version": 1})
    assert "is there already, and stays" in said


@pytest.mark.parametrize(("name", "key"), [
    ("Berlin", "berlin"), ("Büro Nord", "buero-nord"), ("Straße 7", "strasse-7"), ("Łódź", "odz"), ("本社", "office"),
    ("São  Paulo!", "sao-paulo"),
])
def test_a_sites_key_can_be_dialled(name, key):
    assert key_of(name) == key
