"""Expansion of ``${…}`` in application arguments and dialplan fields, API calls included, as deep as it goes."""

from collections.abc import Callable

#: The real switch goes 100 deep; whatever goes beyond this is a loop.
_DEPTH = 20

Lookup = Callable[[str], str | None]
Call = Callable[[str, str], str]


def expand(text: str, lookup: Lookup, call: Call, depth: int = 0) -> str:
    """``${name}`` by ``lookup``, ``${name(argument)}`` by ``call``; what comes out is expanded again.

    That is how a caller's name becomes a command on the real switch (switch_channel.c, expand_variables), so it must
    do so here.
    """
    if "$" not in text or depth > _DEPTH:
        return text
    out, at = [], 0
    while at < len(text):
        if text.startswith("\\$", at):
            out.append("$")
            at += 2
        elif text.startswith("${", at) and (end := _closing(text, at + 2)) >= 0:
            out.append(_value(text[at + 2 : end], lookup, call, depth + 1))
            at = end + 1
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _closing(text: str, at: int) -> int:
    depth = 1
    for place in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if not depth:
            return place
    return -1


def _value(inner: str, lookup: Lookup, call: Call, depth: int) -> str:
    inner = expand(inner, lookup, call, depth)
    name, bracket, rest = inner.partition("(")
    if bracket and rest.endswith(")"):
        return call(name.strip(), rest[:-1])
    name, _, slice_ = inner.partition(":")
    value = expand(lookup(name) or "", lookup, call, depth)
    return _sliced(value, slice_) if slice_ else value


def _sliced(value: str, bounds: str) -> str:
    try:
        first, *length = (int(part) for part in bounds.split(":"))
    except ValueError:
        return value
    begin = max(first, 0) if first >= 0 else max(len(value) + first, 0)
    return value[begin : begin + length[0]] if length and length[0] >= 0 else value[begin:]
