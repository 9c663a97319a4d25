"""What people switched at run time, beside the office file and stronger than it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from fsctl.model.destination import Destination, parse
from fsctl.model.sections import FILTER_MODES

#: The value of a setting that is switched off although the file has it on.
OFF = "off"

#: The value of a member who left a hunt group.
LEFT = "left"

#: The value of an executive's filter that is switched on, to whatever mode the file says.
ON = "on"

#: The value of an assistant who takes no part in an executive's calls.
OUT = "out"


@dataclass(frozen=True, slots=True)
class Setting:
    """What was switched, by whom and when."""

    value: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """A site's night service switched by hand, ``until`` an instant or until further notice."""

    on: bool
    until: datetime | None
    by: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Settings:
    """By path: ``forward.101.always`` is a destination or ``off``, ``dnd.101`` is ``on``, ``night.berlin`` is ``on``
    or ``off``, with ``until`` and an instant in ISO 8601 where it ends by itself. ``hunt.sales.101`` is ``left``, with
    ``until`` or ``from`` and such an instant where the member comes back, or goes, by himself. ``filter.130`` is
    ``on``, ``off`` or a mode of that executive's filter, ``assistant.130.131`` is ``out`` and ``divert.130.131`` a
    destination for the calls of 130 that would ring his assistant 131. ``intercept.104``, or ``intercept.sales`` for a
    group, is as fsctl.model.intercept writes it.

    No value means that the office file counts. What cannot be read counts as not there, so that a database written
    by another version never stops a call.
    """

    values: Mapping[str, Setting] = field(default_factory=dict)

    def forward(self, user: str, kind: str) -> Destination | str | None:
        """Where a user's calls were sent by hand: a destination, OFF, or None where nobody set anything."""
        setting = self.values.get(forward_path(user, kind))
        if setting is None:
            return None
        if setting.value == OFF:
            return OFF
        try:
            return parse(setting.value)
        except ValueError:
            return None

    def dnd(self, user: str) -> bool:
        """Whether a user does not want to be disturbed."""
        setting = self.values.get(dnd_path(user))
        return setting is not None and setting.value == "on"

    def night(self, site: str, at: datetime) -> Override | None:
        """The override in force at ``at``; one that was set later plays no part, nor one that has run out."""
        setting = self.values.get(night_path(site))
        if setting is None or setting.at > at:
            return None
        state, _, until = setting.value.partition(" until ")
        try:
            end = datetime.fromisoformat(until) if until else None
        except ValueError:
            return None
        if state not in ("on", OFF) or (end is not None and (end.tzinfo is None or end <= at)):
            return None
        return Override(state == "on", end, setting.who, setting.at)

    def left(self, hunt: str, member: str, at: datetime) -> bool:
        """Whether a member of a hunt group is not to be rung at ``at``."""
        setting = self.values.get(hunt_path(hunt, member))
        if setting is None or setting.at > at or (read := _left(setting.value)) is None:
            return False
        word, instant = read
        return instant is None or (at < instant if word == "until" else at >= instant)

    def next_instant(self, path: str, at: datetime) -> datetime | None:
        """The first instant after ``at`` at which what was switched begins, or a member's leave begins or ends."""
        setting = self.values.get(path)
        if setting is None:
            return None
        _word, instant = _left(setting.value) or ("", None)
        return min((each for each in (setting.at, instant) if each is not None and each > at), default=None)

    def filter(self, executive: str) -> str | None:
        """How an executive's filter was switched: ON, OFF or a mode; None where nobody did."""
        setting = self.values.get(filter_path(executive))
        return setting.value if setting and setting.value in (ON, OFF, *FILTER_MODES) else None

    def opted_out(self, executive: str, assistant: str) -> bool:
        """Whether an assistant wants no calls of this executive."""
        setting = self.values.get(assistant_path(executive, assistant))
        return setting is not None and setting.value == OUT

    def diverted(self, executive: str, assistant: str) -> Destination | None:
        """Where the calls of an executive go instead of this assistant's phone; None where he set nothing."""
        setting = self.values.get(divert_path(executive, assistant))
        try:
            return parse(setting.value) if setting else None
        except ValueError:
            return None


def _left(value: str) -> tuple[str, datetime | None] | None:
    """``until`` or ``from`` and the instant of a member who left, "" and None for good; None for what is none of it."""
    state, _, moment = value.partition(" ")
    word, _, text = moment.partition(" ")
    try:
        instant = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    if state != LEFT or word not in ("", "until", "from") or (instant is not None and instant.tzinfo is None):
        return None
    return word, instant


def forward_path(user: str, kind: str) -> str:
    """Of one kind of forwarding: always, busy, no_answer or offline."""
    return f"forward.{user}.{kind}"


def dnd_path(user: str) -> str:
    """Of do not disturb."""
    return f"dnd.{user}"


def night_path(site: str) -> str:
    """Of a site's night service."""
    return f"night.{site}"


def hunt_path(hunt: str, member: str) -> str:
    """Of a member's part in a hunt group."""
    return f"hunt.{hunt}.{member}"


def filter_path(executive: str) -> str:
    """Of an executive's filter."""
    return f"filter.{executive}"


def assistant_path(executive: str, assistant: str) -> str:
    """Of an assistant's part in an executive's calls."""
    return f"assistant.{executive}.{assistant}"


def divert_path(executive: str, assistant: str) -> str:
    """Of where an assistant's calls of an executive go."""
    return f"divert.{executive}.{assistant}"


def intercept_path(owner: str) -> str:
    """Of the call intercept of a user or a group."""
    return f"intercept.{owner}"


def left_value(until: datetime | None = None) -> str:
    """How it is kept that a member left, until an instant or until further notice."""
    return LEFT + (f" until {until.isoformat()}" if until else "")


def joined_value(until: datetime | None = None) -> str | None:
    """How it is kept that a member joined again; with ``until`` he leaves then."""
    return f"{LEFT} from {until.isoformat()}" if until else None


def night_value(on: bool, until: datetime | None) -> str:
    """How an override is kept."""
    return ("on" if on else OFF) + (f" until {until.isoformat()}" if until else "")
