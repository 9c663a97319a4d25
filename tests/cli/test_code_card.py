"""``fsctl codes --card``, and the codes of a person."""

import json
import os
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.cli.test_explain import database as database
from tests.cli.test_explain import run


def test_the_card_is_html_unless_a_file_says_otherwise(database):
    code, shown = run("codes", "--card", database=database)
    assert code == 0 and shown.startswith("<!DOCTYPE html>") and "*98" in shown
    assert "Anna Adler" in run("codes", "101", "--card", database=database)[1]


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_pdf_of_one_page(database, tmp_path, language):
    file = tmp_path / "cards" / "card.PDF"
    umask = os.umask(0o022)
    try:
        arguments = ("130", "--card", "--output", str(file), "--language", language)
        assert run("codes", *arguments, database=database) == (0, "")
    finally:
        os.umask(umask)
    reader = PdfReader(BytesIO(file.read_bytes()))
    assert len(reader.pages) == 1 and "Dr. Erika Ernst" in reader.pages[0].extract_text()
    assert file.stat().st_mode & 0o777 == 0o644
    assert os.listdir(file.parent) == [file.name]


def test_html_in_a_file_is_what_is_printed(database, tmp_path):
    file = tmp_path / "card.html"
    assert run("codes", "101", "--card", "--output", str(file), database=database) == (0, "")
    assert file.read_text("utf-8") == run("codes", "101", "--card", database=database)[1]


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (["--output", "card.pdf"], 2, "--output is for --card"),
    (["--card", "--json"], 2, "--card is HTML or PDF, never JSON"),
    (["--card", "--output", "card.odt"], 2, "card.odt: name a file that ends with .pdf or .html"),
    (["--card", "--output", "card"], 2, "card: name a file that ends with .pdf or .html"),
    (["999", "--card"], 1, "there is no user 999"),
])
def test_what_a_user_did_wrong_is_told_in_words(database, tmp_path, monkeypatch, arguments, code, says):
    (tmp_path / "cards").mkdir()
    monkeypatch.chdir(tmp_path / "cards")
    found, output = run("codes", *arguments, database=database)
    assert (found, says in output) == (code, True), output
    assert os.listdir() == []


def test_a_file_that_cannot_be_written_is_told_and_nothing_is_left(database, tmp_path):
    (tmp_path / "file").write_text("mine")
    code, output = run("codes", "--card", "--output", str(tmp_path / "file" / "card.pdf"), database=database)
    assert code == 1 and "cannot be written: File exists; name another file with --output" in output
    assert (tmp_path / "file").read_text() == "mine"


def test_the_codes_of_a_person(database):
    here = {row["name"] for row in json.loads(run("codes", "104", "--json", database=database)[1]) if row["here"]}
    assert "park" in here and not here & {"pickup", "mailbox", "on_behalf", "take_over", "hunt_leave"}
    everywhere = json.loads(run("codes", "--json", database=database)[1])
    assert len(everywhere) == len(json.loads(run("codes", "104", "--json", database=database)[1]))
