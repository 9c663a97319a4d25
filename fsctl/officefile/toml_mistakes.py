"""What the library says of a mistake in TOML, in the reader's language.

Its words are English (``tomllib``, which has no other ones); they are told as they are where they are not known.
"""

import re
import tomllib
from typing import Final

from fsctl.words import marked, say

_AT: Final = re.compile(
    r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)

#: What is found where, and how that is said.
_MISTAKES: Final = (
    (r"Invalid statement", marked("Invalid statement")),
    (r"Expected newline or end of document after a statement",
     marked("Expected newline or end of document after a statement")),
    (r"Expected '=' after a key in a key/value pair", marked("Expected '=' after a key in a key/value pair")),
    (r"Expected '\]' at the end of a table declaration", marked("Expected ']' at the end of a table declaration")),
    (r"Expected '\]\]' at the end of an array declaration",
     marked("Expected ']]' at the end of an array declaration")),
    (r"Expected (?P<value>.*)", marked("Expected {value}")),
    (r"Found invalid character (?P<value>.*)", marked("Found invalid character {value}")),
    (r"Illegal character (?P<value>.*)", marked("Illegal character {value}")),
    (r"Cannot declare (?P<value>.*) twice", marked("Cannot declare {value} twice")),
    (r"Cannot overwrite a value", marked("Cannot overwrite a value")),
    (r"Cannot mutate immutable namespace (?P<value>.*)", marked("Cannot mutate immutable namespace {value}")),
    (r"Cannot redefine namespace (?P<value>.*)", marked("Cannot redefine namespace {value}")),
    (r"Duplicate inline table key (?P<value>.*)", marked("Duplicate inline table key {value}")),
    (r"Invalid initial character for a key part", marked("Invalid initial character for a key part")),
    (r"Unclosed array", marked("Unclosed array")),
    (r"Unclosed inline table", marked("Unclosed inline table")),
    (r"Unescaped '\\' in a string", marked("Unescaped '\\' in a string")),
    (r"Invalid hex value", marked("Invalid hex value")),
    (r"Escaped character is not a Unicode scalar value", marked("Escaped character is not a Unicode scalar value")),
    (r"Unterminated string", marked("Unterminated string")),
    (r"Invalid date or datetime", marked("Invalid date or datetime")),
    (r"Invalid value", marked("Invalid value")),
)


def mistake(error: tomllib.TOMLDecodeError) -> str:
    """``Unterminated string (at line 3, column 5)``."""
    found = _AT.fullmatch(str(error))
    if found is None:
        return str(error)
    what = _said(found["what"])
    if found["line"] is None:
        return say("{what} (at end of document)", what=what)
    return say("{what} (at line {line}, column {column})", what=what, line=found["line"], column=found["column"])


def _said(what: str) -> str:
    for pattern, message in _MISTAKES:
        if found := re.fullmatch(pattern, what, re.DOTALL):
            return say(message, **found.groupdict())
    return what
