"""Destinations as the office file writes them."""

import pytest

from fsctl.model.destination import Destination, parse, sent_by_dialplan


def test_both_ways():
    assert parse("number:+491701234567") == Destination("number", "+491701234567")
    assert str(parse("hunt:sales")) == "hunt:sales"
    assert parse("attendant:a:b") == Destination("attendant", "a:b")


@pytest.mark.parametrize("text", ["", "user", "user:", ":101", "site:berlin", "slot:701", "101"])
def test_anything_else_is_refused_in_words(text):
    with pytest.raises(ValueError, match="is not a destination; write kind:name, where kind is one of user, hunt"):
        parse(text)


@pytest.mark.parametrize(("text", "kind", "name"), [
    ("recall+701", "recall", "701"), ("recall+7", "recall", "7"), ("recall+" + "1" * 15, "recall", "1" * 15),
    ("recall+0", "recall", "0"), ("recall+9", "recall", "9"),
    ("push+130", "push", "130"), ("push+1", "push", "1"), ("push+" + "9" * 15, "push", "9" * 15),
])
def test_the_words_of_the_dialplan(text, kind, name):
    assert sent_by_dialplan(text) == Destination(kind, name)


@pytest.mark.parametrize("text", [
    "recall+" + "1" * 16, "recall+", "recall+70a", "recall+701 ", "recall+٣", "xrecall+701", "recall701",
    "recall++701", "park+701", "701", "Recall+701", "recall+701\n", "",
    "push+" + "1" * 16, "push+", "push+13a", "push+130 ", "push+٣", "xpush+130", "push130", "push++130", "Push+130",
    "push+130\n", "push:130", "ring_push+130", "recallpush+130", "slot+701",
])
def test_what_somebody_dialled_is_none(text):
    assert sent_by_dialplan(text) is None
