"""Reads dial strings: ``{…}`` and ``[…]`` variables, ``,`` side by side, ``|`` in turn, ``:_:`` for both at once."""

import re
from dataclasses import dataclass, field

Variables = dict[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """One leg: its own variables and its endpoint, such as ``user/101@office``."""

    endpoint: str
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dial:
    """What to ring. Each branch has its stages, each stage its targets; several branches were joined by ``:_:``."""

    branches: list[list[list[Target]]]
    variables: Variables = field(default_factory=dict)


def parse(text: str) -> Dial:
    """ValueError where the real switch would not understand it."""
    text = text.strip()
    common: Variables = {}
    while text.startswith(("{", "<")):
        inner, text = _bracketed(text, {"{": "}", "<": ">"}[text[0]])
        common |= _variables(inner)
    branches = [
        [[_target(leg) for leg in _split(stage, ",")] for stage in _split(branch, "|")]
        for branch in _split(text, ":_:")
    ]
    return Dial(branches, common)


def _target(text: str) -> Target:
    text = text.strip()
    variables: Variables = {}
    while text.startswith("["):
        inner, text = _bracketed(text, "]")
        variables |= _variables(inner)
    return Target(text, variables)


def _bracketed(text: str, closing: str) -> tuple[str, str]:
    """What stands in brackets, whatever quotes there are (switch_utils.c, switch_find_end_paren), and the rest."""
    end = text.find(closing)
    if end < 0:
        raise ValueError(f"no {closing!r} in the dial string {text[:60]!r}")
    return text[1:end], text[end + 1 :].lstrip()


def _split(text: str, delimiter: str) -> list[str]:
    """At delimiters outside of brackets."""
    parts, depth, begin, at = [], 0, 0, 0
    while at < len(text):
        if text[at] in "[{":
            depth += 1
        elif text[at] in "]}":
            depth = max(depth - 1, 0)
        elif not depth and text.startswith(delimiter, at):
            parts.append(text[begin:at])
            begin = at = at + len(delimiter)
            continue
        at += 1
    return [*parts, text[begin:]]


def _variables(text: str) -> Variables:
    delimiter = ","
    if text.startswith("^^") and len(text) > 2:
        delimiter, text = text[2], text[3:]
    found = {}
    for part in _separate(text, delimiter):
        name, equals, value = part.partition("=")
        if equals:
            found[name.strip()] = value
    return found


def separate(text: str, delimiter: str = " ") -> list[str]:
    """Arguments as switch_separate_string takes them: ``'`` keeps together, ``^^;`` names another delimiter."""
    if text.startswith("^^") and len(text) > 2:
        delimiter, text = text[2], text[3:]
    return _separate(text, delimiter)


def _separate(text: str, delimiter: str) -> list[str]:
    parts, current, quoted, at = [], "", False, 0
    while at < len(text):
        character = text[at]
        if character == "\\" and at + 1 < len(text) and text[at + 1] in ("'", "\\", delimiter):
            current += text[at + 1]
            at += 1
        elif character == "'":
            quoted = not quoted
        elif character == delimiter and not quoted:
            parts.append(current)
            current = ""
        else:
            current += character
        at += 1
    return [re.sub(r"^\s+|\s+$", "", part) for part in [*parts, current] if part.strip()]
