"""An assistant of an executive in a table: whether he takes part, what he is doing, and where his calls go instead."""

from typing import Any, Literal

from fsctl import clock
from fsctl.cli.status import Seen
from fsctl.model.executives import divert_of, takes_part
from fsctl.model.office import Office
from fsctl.model.presence import engaged
from fsctl.model.sections import User
from fsctl.policies.intercept_rules import gets_no_calls
from fsctl.words import term
from fsctl.words.places import place

#: What an assistant is doing.
State = Literal["free", "ringing", "busy", "do not disturb", "intercepted", "offline", "unknown"]


def assistant_row(assistant: str, user: User, office: Office, seen: Seen) -> dict[str, Any]:
    """One assistant of an executive, as things stand."""
    to = divert_of(assistant, user, office)
    return {"user": assistant, "in": takes_part(assistant, user, office), "state": _state(assistant, office, seen),
            "divert": str(to) if to else None}


def in_words(row: dict[str, Any]) -> dict[str, Any]:
    """Such a row as a person reads it."""
    return row | {"in": term("assistant", "in") if row["in"] else term("assistant", "out"),
                  "state": term("state", row["state"]), "divert": place(row["divert"] or "")}


def _state(assistant: str, office: Office, seen: Seen) -> State:
    channels = seen.live.of(assistant)
    if engaged(channels, rung_counts=False):
        return "busy"
    if channels:
        return "ringing"
    if office.settings.dnd(assistant):
        return "do not disturb"
    if gets_no_calls(office.users[assistant], office, clock.now()):
        return "intercepted"
    if not seen.live.known:
        return "unknown"
    return "free" if assistant in seen.registered else "offline"
