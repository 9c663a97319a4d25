"""The catalogues: everything that fsctl says is in them, with the same values in each language."""

import re
from gettext import GNUTranslations
from pathlib import Path
from string import Formatter

import pytest

from fsctl.words import LANGUAGES
from tests.words import messages

ROOT = Path(__file__).parents[2]
OTHERS = LANGUAGES[1:]
ALL = messages.all_messages()
CATALOGUES = {spoken: messages.read(spoken) for spoken in LANGUAGES}

#: English words that German texts have no use for.
ENGLISH = re.compile(
    r"\b(the|of|is|are|and|for|with|has|have|it|that|this|there|where|which|whom|from|they|their|would|cannot|must"
    r"|only|calls?|phones?|nobody|somebody|known)\b")

#: What is typed, and stands so in every language: between back quotes, as an option, or as a key with its value.
TYPED = re.compile(r"`[^`]*`|--[a-z-]+|\bfsctl [a-z ]+|'[^']*'|\{+[^}]*\}+|\"[^\"]*\"|\[[^\]]*\]|\S*[_=/:]\S*")


def key(message):
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def texts(message):
    """Pairs of what is said in English and otherwise."""
    if isinstance(message.id, str):
        return [(message.id, message.string)]
    return list(zip(message.id, message.string, strict=True))


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("spoken", OTHERS)
def test_a_catalogue_has_what_is_said_and_nothing_else(spoken):
    """``scripts/messages`` writes what is missing, and leaves out what is gone."""
    found = {key(each) for each in CATALOGUES[spoken] if each.id}
    assert (found - {key(each) for each in ALL if each.id}, {key(each) for each in ALL if each.id} - found) == (
        set(), set())
    assert len(found) > 1000


def test_no_message_is_said_with_a_number_and_without_one():
    """Not every gettext finds the one where the other stands."""
    found = list(messages.found())
    of_numbers = {(context, message[0]) for context, message in found if isinstance(message, tuple)}
    assert [each for each in found if each in of_numbers] == []


@pytest.mark.parametrize("spoken", OTHERS)
def test_nothing_is_left_untranslated(spoken):
    """Nor is fuzzy: what was said otherwise when it was translated is not compiled."""
    assert [key(each) for each in CATALOGUES[spoken]
            if each.id and (each.fuzzy or not all(said for _, said in texts(each)))] == []


@pytest.mark.parametrize("spoken", OTHERS)
def test_the_values_are_the_same_in_each_language(spoken):
    wrong = [(english, said) for each in CATALOGUES[spoken] if each.id and "python-format" not in each.flags
             for english, said in texts(each)
             if fields(said) != fields(english) and not (each.id in messages.CLICK and fields(said) <= fields(english))]
    assert wrong == []
    wrong = [(english, said) for each in CATALOGUES[spoken] if each.id and "python-format" in each.flags
             for english, said in texts(each) if sorted(re.findall(r"%\(\w+\)s", said)) != sorted(
                 re.findall(r"%\(\w+\)s", english))]
    assert wrong == []


@pytest.mark.parametrize("spoken", OTHERS)
def test_no_english_is_left_in_what_is_said_otherwise(spoken):
    left = {said: found for each in CATALOGUES[spoken] if each.id and each.context != "pattern"
            for _, said in texts(each) if (found := ENGLISH.findall(TYPED.sub(" ", said)))}
    assert left == {}


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_is_compiled_is_what_is_written(spoken):
    with messages.path(spoken, "mo").open("rb") as file:
        compiled = GNUTranslations(file)
    written = GNUTranslations(messages.compiled(CATALOGUES[spoken]))
    assert {name: text for name, text in compiled._catalog.items() if name} == {
        name: text for name, text in written._catalog.items() if name}


def test_english_is_what_stands_in_the_program():
    assert [each.id for each in CATALOGUES["en"] if each.id] == []


def test_the_glossary_has_the_same_words_in_both_languages():
    tables = (ROOT / "docs" / "glossary.md").read_text("utf-8").split("## Deutsch")
    english, german = (re.findall(r"^\| ([a-z][a-z -]*) \|", table, re.MULTILINE) for table in tables)
    assert german == english and len(german) > 30
