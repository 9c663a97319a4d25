"""How numbers are read, however they were written."""

import pytest

from fsctl.model.digits import SEPARATORS, dialable, plain, read


@pytest.mark.parametrize(("text", "digits"), [
    ("0 112", "0112"), ("0-112", "0112"), ("1.1.2", "112"), ("(112)", "112"), ("112\u200b", "112"),
    ("+49 (0)170 1234567", "+491701234567"), ("+49 170 1234567", "+491701234567"), ("+49(0)30/123-45", "+493012345"),
    ("+49 ( 0 ) 30 12", "+493012"), ("0049 (0) 30 12", "00493012"), ("0 0049 (0)30 12", "000493012"),
    ("011 44 (0)20 79", "011442079"), ("+49 [0]30 12", "+493012"), ("00 49 (0)30 12", "00493012"),
    ("(0)30 12", "03012"), ("0 (0)30 12", "003012"), ("9 (0)20 79", "902079"), ("(030) 12", "03012"),
    ("\u202a+49\u00a030\u202f12\u202c", "+493012"),
    ("030\u201012\u201334\u221256", "030123456"), ("112\ufe0f\u20e3", "112"),
    ("112;phone-context=+49@example.org", "112"), ("+4930123;npdi;rn=+4940", "+4930123"), ("104;x=1", "104"),
    ("*72 030-12", "*7203012"), ("104#", "104#"), ("0+49 30 12", "0+493012"),
    ("", ""), (" - ", ""), (";x", ""), ("alice", ""), ("1,2", ""), ("112'", ""), ("112\n", ""), ("1\x0012", ""),
    ("١١٢", ""), ("112@evil", ""), ("${x}", ""), ("1" * 33, ""), ("1 " * 32, "1" * 32),
])
def test_plain_digits(text, digits):
    assert plain(text) == digits


def test_each_separator_may_stand_anywhere():
    for first, last in SEPARATORS:
        for point in {first, last}:
            between = chr(point)
            assert plain(between + "+4" + between + between + "9" + between) == "+49", hex(point)


@pytest.mark.parametrize("text", ["slot+701", "night+berlin-mitte", "hunt+sales_1"])
def test_the_name_of_a_key_is_no_number(text):
    assert (dialable(text), plain(text), read(text)) == (text, "", text)
    assert dialable("slot+" + "x" * 41) == ""


def test_what_is_no_number_in_the_office_file_stays():
    assert [read(each) for each in ("+49 30 55*", "external", "country:CH", "+4930")] == [
        "+493055*", "external", "country:CH", "+4930"]
