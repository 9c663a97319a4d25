"""Why something happens to a call: a short stable name with its values, and the words for it.

The name and the values are what is kept and compared; the words stand once, as an English template beside whoever gives
the reason, and may change. ``declare`` makes a module's templates known. ``str()`` tells a reason in the language of
who asks (``fsctl.words``).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any, Union

from fsctl.words import term

_templates: dict[str, str] = {}

#: How values are told that are words of fsctl's own, by the reason's name and theirs.
_spoken: dict[tuple[str, str], Callable[[str], str]] = {}

#: How reasons are told that no template can tell, as instants.
_forms: dict[str, Callable[[Mapping[str, "Value"]], str]] = {}


Value = Union[str, int, "Reason", tuple["Reason", ...]]


@dataclass(frozen=True, slots=True)
class Reason:
    """``name`` is of the form ``do_not_disturb.on``; "" is no reason at all, and is false.

    Values are text, whole numbers, or reasons themselves, of which several are told one after the other.
    """

    name: str = ""
    values: tuple[tuple[str, Value], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.name)

    def __str__(self) -> str:
        """In words. A name that nobody declares, or not with these values, as of older programs, is told as it is."""
        if not self.name:
            return ""
        if form := _forms.get(self.name):
            return form(dict(self.values))
        told = {key: self._told(key, value) for key, value in self.values}
        template = _templates.get(self.name)
        if template is not None and values_of(template) <= told.keys():
            return term(self.name, template, **told)
        if told.keys() == {_WORDS}:
            return told[_WORDS]
        return " ".join([self.name, *(f"{key}={value}" for key, value in told.items())])

    def _told(self, key: str, value: "Value") -> str:
        if isinstance(value, tuple):
            return "; ".join(map(str, value))
        spoken = _spoken.get((self.name, key)) if isinstance(value, str) else None
        return spoken(str(value)) if spoken else str(value)


def reason(name: str, /, **values: Value) -> Reason:
    """The reason of that name with these values, in whatever order they are given; all but Value as their text."""
    return Reason(name, tuple(sorted((key, _value(each)) for key, each in values.items())))


#: What is told where there is nothing to tell.
NONE = Reason()

#: The one value of some reasons of older journals: what they say, in a language that was chosen then.
_WORDS = "words"


def plain(text: str) -> Reason:
    """Words that have no name of their own, as in older journals."""
    return reason("text", text=text) if text else NONE


def declare(
    templates: Mapping[str, str], spoken: Mapping[str, Callable[[str], str]] | None = None
) -> Mapping[str, str]:
    """Make templates known: words with ``{value}`` in them, by the names of their reasons.

    ``spoken`` tells, by the names of values in these templates, what a value is in the reader's language that is a word
    of fsctl's own. ValueError for a name that has other words already, and for words that have more than plain names in
    braces.
    """
    for name, template in templates.items():
        for _, field, spec, conversion in Formatter().parse(template):
            if field is not None and (not field.isidentifier() or spec or conversion):
                raise ValueError(f"the words of {name} must have plain names in braces: {template!r}")
        if _templates.setdefault(name, template) != template:
            raise ValueError(f"the reason {name} has words already: {_templates[name]!r}")
        for value, tell in (spoken or {}).items():
            if value in values_of(template):
                _spoken[name, value] = tell
    return templates


def declare_form(name: str, tell: Callable[[Mapping[str, Value]], str]) -> None:
    """Make known how reasons of this name are told, by their values; of older or damaged journals some may be missing.
    """
    _forms[name] = tell


def within(told: Reason) -> Iterator[Reason]:
    """The reason itself, and all that are among its values."""
    yield told
    for _, value in told.values:
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Reason):
                yield from within(each)


def values_of(template: str) -> frozenset[str]:
    """The names of the values that a template wants."""
    return frozenset(field for _, field, _, _ in Formatter().parse(template) if field)


def templates() -> Mapping[str, str]:
    """All that were declared so far."""
    return dict(_templates)


def to_json(told: Reason) -> list[Any]:
    """``[name, {value: …}]`` for the journal; a reason within it likewise."""
    return [told.name, {key: _value_to_json(value) for key, value in told.values}] if told else []


def from_json(kept: Any) -> Reason:
    """What ``to_json`` made; text, as in older journals, stands for itself, and so does what is damaged."""
    match kept:
        case str():
            return plain(kept)
        case [str(name), dict(values)]:
            return Reason(name, tuple(sorted((str(key), _value_from_json(each)) for key, each in values.items())))
        case [] | None:
            return NONE
    return plain(str(kept))


def _value_to_json(value: Value) -> Any:
    if isinstance(value, Reason):
        return {"reason": to_json(value)}
    if isinstance(value, tuple):
        return {"reasons": [to_json(each) for each in value]}
    return value


def _value_from_json(kept: Any) -> Value:
    match kept:
        case {"reason": told}:
            return from_json(told)
        case {"reasons": list(several)}:
            return tuple(map(from_json, several))
    return _value(kept)


def _value(given: object) -> Value:
    if isinstance(given, tuple) and all(isinstance(each, Reason) for each in given):
        return given
    return given if isinstance(given, str | int | Reason) and not isinstance(given, bool) else str(given)


declare({"text": "{text}"})
