"""What a test has as switched: the only state that there is for its call.

``night`` is ``{berlin = "on"}``: as if somebody had switched it: on, off, or auto, as if nobody had. ``filter`` is
``{130 = "on"}``: an executive's likewise, with its modes besides; ``intercept`` is ``{104 = "on"}``, of a user or a
group. ``opted_out`` is ``{130 = ["131"]}``, assistants of an executive; ``dnd`` is ``["101"]``, who does not want to be
disturbed; ``forward`` is ``{101 = { always = "user:102" }}``, as in the office file, or "off". ``left`` is
``{sales = ["101"]}``, who is rung no longer for a hunt group, and ``pointer`` ``{sales = "101"}``, who took its last
call.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from fsctl.model.actions import Survey
from fsctl.model.destination import parse
from fsctl.model.executives import assistants_of
from fsctl.model.hunting import Standing
from fsctl.model.office import Office
from fsctl.model.sections import FILTER_MODES
from fsctl.model.settings import (
    LEFT,
    OFF,
    ON,
    OUT,
    Setting,
    Settings,
    assistant_path,
    dnd_path,
    filter_path,
    forward_path,
    hunt_path,
    intercept_path,
    night_path,
)
from fsctl.words import marked, say
from fsctl.words.places import place

#: The keys of a test that have something as switched.
KEYS: Final = ("night", "filter", "opted_out", "intercept", "dnd", "forward", "left", "pointer")

_AUTO: Final = "auto"
_STATES: Final = (ON, OFF, _AUTO)
_FORWARDS: Final = ("always", "busy", "no_answer", "offline")

_NO_NIGHT: Final = marked("there is no such site with a night service; known are {known}")
_NO_USER: Final = marked("there is no such user; known are {known}")
_NO_USER_OR_GROUP: Final = marked("there is no such user or group; known are {known}")
_NO_EXECUTIVE: Final = marked("there is no such executive; known are {known}")
_NO_HUNT: Final = marked("there is no such hunt group; known are {known}")
_ASSISTANTS: Final = marked("must be a list of assistants; known are {known}")
_MEMBERS: Final = marked("must be a list of members; known are {known}")
_ONE_MEMBER: Final = marked("must be one of the members; known are {known}")


@dataclass(frozen=True, slots=True)
class Switched:
    """By path as in fsctl.model.settings, and by hunt group who took its last call."""

    values: Mapping[str, str]
    pointers: Mapping[str, str]

    def settings(self, at: datetime) -> Settings:
        """As if it had been switched just before ``at``."""
        before = at - timedelta(seconds=1)
        return Settings({path: Setting(value, "test", before) for path, value in self.values.items()})

    def standing(self, survey: Survey) -> Standing:
        """How a hunt group stands."""
        return Standing(self.pointers.get(survey.hunt))


def switched(table: Mapping[str, Any]) -> Switched:
    """What a table without mistakes has as switched."""
    states = (("night", night_path), ("filter", filter_path), ("intercept", intercept_path))
    members = (("opted_out", assistant_path, OUT), ("left", hunt_path, LEFT))
    values = {path(name): state for key, path in states for name, state in table.get(key, {}).items() if state != _AUTO}
    values |= {path(name, each): value for key, path, value in members
               for name, listed in table.get(key, {}).items() for each in listed}
    values |= {dnd_path(user): ON for user in table.get("dnd", ())}
    for user, forwards in table.get("forward", {}).items():
        values |= {forward_path(user, kind): to for kind, to in forwards.items()}
    return Switched(values, table.get("pointer", {}))


def mistakes(table: Mapping[str, Any], office: Office) -> Iterator[tuple[str, str]]:
    """All that is wrong with what a table has as switched, each with its place in the table, ``.night.berlin``."""
    nights = [key for key, each in office.sites.items() if each.night]
    hunts = {key: group.members for key, group in office.groups.items() if group.hunt}
    pools = {user.extension: assistants_of(user) for user in office.users.values() if user.executive}
    for key, like, missing, known, wrong in (
        ("night", '{berlin = "on"}', _NO_NIGHT, nights, _one_of(_STATES)),
        ("intercept", '{104 = "on"}', _NO_USER_OR_GROUP, [*office.users, *office.groups], _one_of(_STATES)),
        ("filter", '{130 = "on"}', _NO_EXECUTIVE, list(pools), _one_of((*_STATES, *FILTER_MODES))),
        ("opted_out", '{130 = ["131"]}', _NO_EXECUTIVE, list(pools), _listed(pools, _ASSISTANTS)),
        ("left", '{sales = ["101"]}', _NO_HUNT, list(hunts), _listed(hunts, _MEMBERS)),
        ("pointer", '{sales = "101"}', _NO_HUNT, list(hunts), _listed(hunts, _ONE_MEMBER, one=True)),
        ("forward", '{101 = { always = "user:102" }}', _NO_USER, list(office.users), _forwards(office)),
    ):
        yield from _entries(key, table.get(key, {}), like, missing, known, wrong)
    dnd = table.get("dnd", [])
    if not isinstance(dnd, list) or not all(each in office.users for each in dnd):
        yield ".dnd", say("must be a list of users; known are {known}", known=_known(list(office.users)))


def _entries(
    key: str, value: object, like: str, missing: str, known: Sequence[str], wrong: Callable[[str, object], str]
) -> Iterator[tuple[str, str]]:
    if not isinstance(value, Mapping):
        yield f".{key}", say("must be a table like {example}", example=like)
        return
    for name, state in value.items():
        if name not in known:
            yield f".{key}.{name}", say(missing, known=_known(known))
        elif message := wrong(name, state):
            yield f".{key}.{name}", message


def _one_of(words: Sequence[str]) -> Callable[[str, object], str]:
    return lambda _, state: "" if state in words else say("must be one of {known}", known=", ".join(words))


def _listed(of: Mapping[str, Sequence[str]], must: str, one: bool = False) -> Callable[[str, object], str]:
    def wrong(name: str, value: object) -> str:
        listed = [value] if one else value
        if isinstance(listed, list) and all(each in of[name] for each in listed):
            return ""
        return say(must, known=_known(of[name]))
    return wrong


def _forwards(office: Office) -> Callable[[str, object], str]:
    def wrong(_: str, value: object) -> str:
        if not isinstance(value, Mapping) or not value.keys() <= set(_FORWARDS):
            return say("must be a table of {known}", known=", ".join(_FORWARDS))
        return next((message for to in value.values() if (message := _misdirected(to, office))), "")
    return wrong


def _misdirected(to: object, office: Office) -> str:
    if to == OFF:
        return ""
    try:
        there = office.has(parse(to if isinstance(to, str) else repr(to)))
        return "" if there else say("there is no {place}", place=place(str(to)))
    except ValueError as error:
        return str(error)


def _known(names: Sequence[str]) -> str:
    return ", ".join(names) or say("none")
