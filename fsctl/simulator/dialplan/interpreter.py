"""Interprets FreeSWITCH's XML dialplan: the very files that the real switch reads."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from pathlib import PurePath

from fsctl.simulator.dialplan.pcre import compiled

_INCLUDE = re.compile(r'<X-PRE-PROCESS\s+cmd="include"\s+data="([^"]*)"\s*/>')
_SET = re.compile(r'<X-PRE-PROCESS\s+cmd="set"\s+data="([^"=]*)=([^"]*)"\s*/>')
_GLOBAL = re.compile(r"\$\$\{([^}]*)\}")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_CAPTURE = re.compile(r"\$(?:(\d+)|\{(\d+)\})")

#: Reads a file that is included, by its path.
Read = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Action:
    """An application and its argument, whose ``${…}`` are still to be expanded."""

    application: str
    data: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What conditions ask of a call: a field of its caller profile, and a text with ``${…}`` expanded.

    ``execute`` does at once what an action with ``inline`` says.
    """

    field: Callable[[str], str]
    expand: Callable[[str], str]
    execute: Callable[[Action], None] = lambda action: None


def preprocess(text: str, variables: MutableMapping[str, str], read: Read, folder: PurePath | str = "") -> str:
    """Fill in ``$${…}`` and what is included, as the real switch does before it reads a file as XML.

    What is set there counts among the ``variables`` from then on.

    A relative path counts from the ``folder`` of the file where it stands (switch_xml.c, preprocess_glob).
    """

    def include(found: re.Match[str]) -> str:
        path = PurePath(folder, found[1])
        return _without_root(preprocess(read(str(path)), variables, read, path.parent))

    def remember(found: re.Match[str]) -> str:
        variables[found[1]] = found[2]
        return ""

    filled = _GLOBAL.sub(lambda found: variables.get(found[1], ""), _COMMENT.sub("", text))
    return _INCLUDE.sub(include, _SET.sub(remember, filled))


def _without_root(text: str) -> str:
    return re.sub(r"</?include\s*/?>", "", text)


class Dialplan:
    """All contexts of a file. ValueError (ParseError) when it is no XML."""

    def __init__(self, text: str) -> None:
        root = ET.fromstring(text)
        self._contexts = {each.get("name", ""): each for each in root.iter("context")}

    def __contains__(self, context: str) -> bool:
        return context in self._contexts

    def text(self, context: str) -> str:
        """A context as XML."""
        return ET.tostring(self._contexts[context], encoding="unicode")

    def hunt(self, context: str, facts: Facts) -> list[Action]:
        """The actions of all extensions that match, up to the first without ``continue``; none: nothing matched."""
        actions: list[Action] = []
        for extension in self._contexts[context].findall("extension") if context in self._contexts else ():
            if _try(extension, facts, actions) and extension.get("continue") != "true":
                break
        return actions


def _try(extension: ET.Element, facts: Facts, actions: list[Action]) -> bool:
    """Collect the actions of one extension; whether it counts as matched (mod_dialplan_xml.c, parse_exten)."""
    proceed = False
    for condition in extension.findall("condition"):
        match, proceed = _condition(condition, facts)
        if match is None:
            found = list(_actions(condition, "anti-action", None))
            proceed = proceed or bool(found)
        else:
            found = list(_actions(condition, "action", match))
        for at_once, action in found:
            if at_once:
                facts.execute(action)
            else:
                actions.append(action)
        stop = condition.get("break", "on-false")
        if stop == "always" or stop == ("on-false" if match is None else "on-true"):
            break
    return proceed


class _Absolute:
    """A condition that asks nothing."""

    def substitute(self, data: str) -> str:
        return data


@dataclass(frozen=True, slots=True)
class _Matched:
    match: re.Match[str]

    def substitute(self, data: str) -> str:
        if not self.match.re.groups:
            return data
        return _CAPTURE.sub(lambda found: self._group(int(found[1] or found[2])), data)

    def _group(self, number: int) -> str:
        return (self.match[number] or "") if number <= self.match.re.groups else ""


def _condition(condition: ET.Element, facts: Facts) -> tuple[_Absolute | _Matched | None, bool]:
    """How it matched, None if not, and whether the extension may count as matched so far."""
    rule = condition.get("regex")
    if rule is None:
        if condition.get("field") is None:
            return _Absolute(), True
        found = _match(condition, facts)
        return found, found is not None
    asked: list[_Matched | None] = []
    for each in condition.findall("regex"):
        asked.append(_match(each, facts))
        if rule != "xor" and (asked[-1] is None) is (rule == "all"):  # nothing is asked once it is decided
            break
    hits = [each for each in asked if each is not None]
    fine = {"all": len(hits) == len(asked), "xor": len(hits) == 1}.get(rule, bool(hits))
    return (hits[-1] if hits else _Absolute()) if fine else None, fine


def _match(element: ET.Element, facts: Facts) -> _Matched | None:
    field = element.get("field", "")
    value = facts.expand(field) if "$" in field else facts.field(field)
    found = compiled(facts.expand(element.get("expression", ""))).search(value)
    return _Matched(found) if found else None


def _actions(condition: ET.Element, tag: str, match: _Absolute | _Matched | None) -> Iterator[tuple[bool, Action]]:
    """The actions, each with whether it is executed while others are still looked for."""
    for element in condition.findall(tag):
        data = element.text or element.get("data") or ""
        action = Action(element.get("application", ""), match.substitute(data) if match else data)
        yield element.get("inline") == "true", action
