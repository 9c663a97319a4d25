"""Destinations as the office file writes them."""

import pytest

from fsctl.model.destination import Destination, parse


def test_both_ways():
    assert parse("number:+491701234567") == Destination("number", "+491701234567")
    assert str(parse("hunt:sales")) == "hunt:sales"
    assert parse("attendant:a:b") == Destination("attendant", "a:b")


@pytest.mark.parametrize("text", ["", "user", "user:", ":101", "site:berlin", "slot:701", "101"])
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(ValueError, match="is not a destination; write kind:name, where kind is one of user, hunt"):
        parse(text)
