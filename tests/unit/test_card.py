"""The card for beside the phone: whose codes stand on it, and that all of it stands on one page."""

import sys
import tomllib
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO

import pytest
from pypdf import PdfReader

from fsctl import sample
from fsctl.card import Card, Row, Section, fonts
from fsctl.card.block import Text
from fsctl.card.content import card, counts
from fsctl.card.entries import ENTRIES, EXECUTIVE
from fsctl.card.html import html
from fsctl.card.layout import HEIGHT, MARGIN, WIDTH, sheet
from fsctl.card.listing import clipped, listed, ranges
from fsctl.card.pdf import pdf
from fsctl.card.wrapping import split, wrapped
from fsctl.errors import FsctlError
from fsctl.model.codes import CONFERENCE_KEY, Codes, all_codes, all_keys
from fsctl.policies.stages import CODES
from fsctl.schema import structure
from fsctl.words import LANGUAGES, speaking

ON = date(2026, 12, 24)
RECORDING = sample.text().replace("record = false", "record = true")
OFFICE = structure(tomllib.loads(RECORDING))

PICKUP = {"pickup", "pickup_directed", "pickup_lamp"}
EVERYBODY = {"park", "retrieve", "forward_always", "forward_always_off", "dnd_on", "dnd_off", "withhold", "join",
             "record", "slot_key"}
NIGHT = {"night", "night_on", "night_off", "night_auto", "night_key"}
GROUP = PICKUP | {"barge_in", "group_park", "hunt_leave", "hunt_join", "hunt_key"}
ASSISTANT = PICKUP | {"filter_on", "filter_off", "push", "on_behalf", "divert"}
OPTS = {"opt_in", "opt_out", "assistant_key"}

#: Of the sample office, whose talks may be recorded.
SERVED = {
    "101": EVERYBODY | NIGHT | GROUP | {"mailbox", CONFERENCE_KEY},
    "102": EVERYBODY | NIGHT | GROUP | {"mailbox", CONFERENCE_KEY},
    "103": EVERYBODY | NIGHT | GROUP,
    "104": EVERYBODY | NIGHT,
    "130": EVERYBODY | NIGHT | PICKUP | {"mailbox", "filter_on", "filter_off", "take_over", CONFERENCE_KEY},
    "131": EVERYBODY | NIGHT | ASSISTANT | OPTS | {"mailbox"},
    "132": EVERYBODY | NIGHT | ASSISTANT | OPTS,
    "120": EVERYBODY | NIGHT | {"mailbox"},
}
EVERY_CODE = {name for name, _ in (*all_codes(Codes()), *all_keys())}

HOSTILE = "<script>alert('x')</script> & \"Öztürk\" \x00\x07\n\u202e)(\\ " + "W" * 200


def served(extension, of):
    return {code for code in EVERY_CODE if counts(code, of, of.users[extension])}


def changed(*changes):
    text = RECORDING
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return structure(tomllib.loads(text))


def crowded():
    """Everybody and everything has a long name, and there are many groups; each person is in all."""
    people = {key: replace(user, name=f"{user.name} {HOSTILE}", mailbox=True) for key, user in OFFICE.users.items()}
    sales = OFFICE.groups["sales"]
    groups = {f"a-group-with-a-long-name-{number}": replace(
        sales, key=f"a-group-with-a-long-name-{number}", name=f"{number} {HOSTILE}", members=tuple(people),
        hunt=replace(sales.hunt, extension=f"{3000 + number}"), conference=OFFICE.groups["crew"].conference,
        park=replace(sales.park, extensions=tuple(str(number * 1000 + 7 * slot) for slot in range(20))))
        for number in range(1, 31)}
    sites = {key: replace(site, name=f"{site.name} {HOSTILE}") for key, site in OFFICE.sites.items()}
    return replace(OFFICE, users=people, groups=groups, sites=sites)


def texts(of: Card):
    yield from (of.title, of.about, of.legend, of.made, *of.emergency)
    yield from (each for fact in of.facts for each in fact)
    for section in of.sections:
        yield section.heading
        for row in section.rows:
            yield from filter(None, (row.digits, row.after, row.text, row.talk))


def digits(of: Card):
    return [row.digits for section in of.sections for row in section.rows]


def read(content):
    """The pages of a PDF as their text without blanks: lines end anywhere, also in long words."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(content)).pages]


def bare(text):
    return "".join(text.split())


@pytest.mark.parametrize("extension", OFFICE.users)
def test_a_person_has_the_codes_that_do_something_for_him(extension):
    assert served(extension, OFFICE) == SERVED[extension]
    shown = digits(card(OFFICE, OFFICE.users[extension], ON))
    by_name = dict(all_codes(OFFICE.codes))
    assert {name for name, code in by_name.items() if code in shown} == SERVED[extension] & by_name.keys()


@pytest.mark.parametrize(("extension", "gone", "changes"), [
    ("101", NIGHT, [('night_by = "site"', 'night_by = ["102"]')]),
    ("101", {"night", "night_on", "night_off", "night_auto", "night_key"},
     [('night = { outside = "open", to = "attendant:after-hours" }', "")]),
    ("101", {"record"}, [("record = true", "record = false")]),
    ("101", {"barge_in"}, [('barge_in = "pickup-group"', 'barge_in = "nobody"')]),
    ("101", {"mailbox"}, [("mailbox = true\nring_seconds = 20", "mailbox = false\nring_seconds = 20")]),
    ("131", OPTS, [("opt_out = true", "opt_out = false")]),
    ("131", {"filter_on", "filter_off"}, [("assistants_may_switch = true", "assistants_may_switch = false")]),
    ("130", {CONFERENCE_KEY}, [('members = ["101", "102", "130", "+491701234567"]', 'members = ["101", "102"]')]),
    ("103", {"group_park", "barge_in", "hunt_leave", "hunt_join", "hunt_key"} | PICKUP,
     [('members = ["101", "102", "103"]', 'members = ["101", "102"]')]),
    ("103", {"barge_in"} | PICKUP, [('members = ["101", "102", "103"]', 'members = ["103"]')]),
])
def test_what_he_may_not_is_not_there(extension, gone, changes):
    assert served(extension, changed(*changes)) == SERVED[extension] - gone


@pytest.mark.parametrize(("extension", "more", "changes"), [
    ("120", NIGHT, [('reception = "user:120"\nnight = { to = "mailbox:120" }', 'reception = "user:120"\nnight_by = []'),
                    ('night_by = "site"', 'night_by = ["120"]')]),
    ("104", {"barge_in"}, [('barge_in = "pickup-group"', 'barge_in = "site"')]),
    ("104", {CONFERENCE_KEY}, [('callers = "members"', 'callers = "site"')]),
    ("120", {CONFERENCE_KEY}, [('callers = "members"', 'callers = "anyone"')]),
])
def test_what_he_may_is(extension, more, changes):
    assert served(extension, changed(*changes)) == SERVED[extension] | more


def test_each_code_and_key_has_its_words():
    assert {entry.code for entry in ENTRIES} == EVERY_CODE
    for entry in ENTRIES:
        if (entry.code, entry.heading) != ("join", EXECUTIVE) and entry.code != CONFERENCE_KEY:
            assert bool(entry.talk) == bool(CODES[entry.code].in_talk), entry
            assert bool(entry.after) <= (CODES[entry.code].asks in ("extension", "number")), entry


def test_the_office_has_all_and_its_sites_apart():
    made = card(OFFICE, None, ON)
    assert len(digits(made)) == 40
    assert made.title == "Phone codes" and made.about == "Berlin, London" and made.made == "As of 24 Dec 2026"
    assert made.emergency == ("Emergency, Berlin: 110, 112", "Emergency, London: 999, 112")
    assert dict(made.facts) == {
        "To the outside, Berlin": "0 + number", "To the outside, London": "9 + number",
        "From outside, Berlin": "+49305550100", "From outside, London": "+442079460100"}
    rows = [row for section in made.sections for row in section.rows]
    assert Row("701–703", "", "Slots of Verkauf: transfer a call there; dialled, they fetch it") in rows
    assert Row("#64", "+ executive + number", "Call that number in the executive's name") in rows


def test_a_persons_own_things():
    anna = card(OFFICE, OFFICE.users["101"], ON)
    assert (anna.title, anna.about, anna.emergency) == (
        "Anna Adler", "Extension 101, Berlin", ("Emergency: 110, 112",))
    assert dict(anna.facts) == {
        "To the outside": "0 + number", "From outside": "+49305550101", "Pickup groups": "Verkauf"}
    assert {"300", "380", "701–703", "night+berlin", "hunt+sales", "slot+701, slot+702, slot+703"} <= {*digits(anna)}
    assert dict(card(OFFICE, OFFICE.users["130"], ON).facts)["Assistants"] == "131 Fatma Fuchs, 132 Georg Graf"
    fatma = card(OFFICE, OFFICE.users["131"], ON)
    assert dict(fatma.facts)["Executives"] == "130 Dr. Erika Ernst"
    assert {"assistant+130", "slot+131"} <= {*digits(fatma)} and "300" not in digits(fatma)
    hannah = card(OFFICE, OFFICE.users["120"], ON)
    assert hannah.emergency == ("Emergency: 999, 112",) and dict(hannah.facts)["To the outside"] == "9 + number"


def test_without_prefix_and_help_nothing_is_claimed():
    changes = ('external_prefix = "0" ', 'external_prefix = "" '), ('emergency = ["110", "112"]', "emergency = []")
    made = card(changed(*changes), OFFICE.users["101"], ON)
    assert made.emergency == () and dict(made.facts)["To the outside"] == "number without prefix"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", [OFFICE, crowded()], ids=["sample", "crowded"])
@pytest.mark.parametrize("extension", [None, *OFFICE.users])
def test_all_of_it_stands_on_one_page(of, extension, language):
    with speaking(language):
        made = card(of, of.users.get(extension), ON)
        pages = read(pdf(made))
    assert len(pages) == 1
    for text in texts(made):
        assert bare(text) in pages[0], text
    assert "�" not in pages[0]


def test_forty_codes_are_large_enough_to_be_read():
    assert sheet(card(OFFICE, None, ON), lambda text, size, bold: len(text) * size * 0.18).size >= 9


def test_nothing_stands_beyond_the_margins():
    def measure(text, size, bold):
        return len(text) * size * 0.2

    for each in sheet(card(crowded(), None, ON), measure).drawn:
        right = each.x + (measure(each.text, each.size, each.bold) if isinstance(each, Text) else each.width)
        assert each.x >= MARGIN and right <= WIDTH - MARGIN + 0.01 and 0 < each.y <= HEIGHT - MARGIN, each


def test_what_does_not_fit_is_refused_in_words():
    row = Row("*1", "+ number", "does " * 30)
    large = Card("en", "A", "B", (), (), (Section("C", (row,) * 200),), "", "")
    for make in (pdf, html):
        with pytest.raises(FsctlError, match="^the card does not fit on one page$"):
            make(large)


def test_umlauts_and_the_signs_of_western_europe_need_no_font_of_the_machine():
    made = replace(card(OFFICE, None, ON), title="„Größe“ – Åsa Çelik… 5 €")
    assert fonts.usual(made) and bare(made.title) in read(pdf(made))[0]
    assert b"/Helvetica" in pdf(made)


def test_other_letters_are_those_of_a_font_of_the_machine():
    made = replace(card(OFFICE, None, ON), title="Ελένη Щербакова Łukasz")
    if fonts.best(made) is None:
        pytest.skip("no font with these letters on this machine")
    assert bare(made.title) in read(pdf(made))[0]
    assert len(read(pdf(made))) == 1


def test_what_no_font_has_stands_as_a_question_mark(monkeypatch, tmp_path):
    (tmp_path / "DejaVuSans.ttf").write_bytes(b"no font at all")
    (tmp_path / "DejaVuSans-Bold.ttf").write_bytes(b"")
    best, folders = fonts.best, [str(tmp_path), str(tmp_path / "none")]
    monkeypatch.setattr(fonts, "best", lambda card: best(card, folders))
    made = replace(card(OFFICE, None, ON), title="Łukasz 😀 X\udfff")
    assert "?ukasz?X?" in read(pdf(made))[0]


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("extension", [None, *OFFICE.users])
def test_html_has_all_of_it_and_no_tags_of_others(extension, language):
    of = crowded()
    with speaking(language):
        made = card(of, of.users.get(extension), ON)
        page = html(made)
    reader = Reader()
    reader.feed(page)
    assert f'<html lang="{language}">' in page and "script" not in reader.tags and reader.tags.count("main") == 1
    found = bare(" ".join(reader.text))
    for text in texts(made):
        assert bare(text) in found, text


def test_html_and_pdf_show_the_same_sections_in_the_same_order():
    made = card(OFFICE, None, ON)
    reader = Reader()
    reader.feed(html(made))
    page = read(pdf(made))[0]
    places = [[bare(" ".join(reader.text)).index(bare(each.heading)) for each in made.sections],
              [page.index(bare(each.heading)) for each in made.sections]]
    assert all(found == sorted(found) for found in places)


def test_without_the_library_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(FsctlError, match="^a PDF needs fpdf: run pip install fpdf2$"):
        pdf(card(OFFICE, None, ON))


def test_names_and_numbers_stay_short():
    assert clipped(" A\n\x00B\u202e ") == "A B"
    assert clipped("a" * 40) == "a" * 40 and clipped("a" * 41) == "a" * 39 + "…"
    assert listed("abca") == "a, b, c" and listed("abcdef") == "a, b, c, d (and 2 more)" and listed([]) == ""
    assert ranges(["701", "702", "703", "710", "99", "100"]) == "701–703, 710, 99, 100"


@pytest.mark.parametrize(("text", "width", "lines"), [
    ("one two three", 7, ["one two", "three"]), ("onetwothree", 4, ["onet", "woth", "ree"]),
    ("a onetwo", 4, ["a", "onet", "wo"]), ("", 4, [""]), ("a", 0.5, ["a"])])
def test_lines(text, width, lines):
    assert wrapped(text, width, 1, False, lambda text, size, bold: len(text)) == lines


@pytest.mark.parametrize(("heights", "first"), [([], 0), ([5], 0), ([1, 1, 2], 2), ([9, 1, 1], 1), ([1, 1, 9], 2)])
def test_columns(heights, first):
    assert split(heights) == first
