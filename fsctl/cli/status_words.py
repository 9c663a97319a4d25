"""What ``fsctl status`` shows of people, in words; programs are told in English."""

from collections.abc import Mapping
from typing import Final, Literal, cast

from fsctl.cli.steps import plain
from fsctl.model.group_calls import ANONYMOUS
from fsctl.model.presence import State as InCalls
from fsctl.words import marked, say, term
from fsctl.words.places import place

#: What somebody does besides what he does in calls.
State = InCalls | Literal["offline", "parked for", "diverted", "do not disturb", "unknown"]

#: Where calls are sent, and when: by the kinds of forwarding.
_SENT: Final = {
    "always": marked("always {to}"), "busy": marked("busy {to}"), "no-answer": marked("no-answer {to}"),
    "offline": marked("offline {to}"),
}


def in_table(row: Mapping[str, object]) -> dict[str, object]:
    """A row as the table has it."""
    forward = cast(dict[str, str], row["forward"])
    return {
        **row, "state": term("state", str(row["state"])), "with": _whom(row["with"]),
        "forward": ", ".join(say(_SENT[when], to=place(to)) for when, to in forward.items()),
        "dnd": term("switched", "on") if row["dnd"] else "",
    }


def phone_in_words(phone: Mapping[str, object]) -> str:
    """What is known of a phone that is registered; its address where that is asked for."""
    told = {"client": phone["client"] or say("a phone"), "transport": phone["transport"],
            "seconds": phone["expires_seconds"]}
    if "address" in phone:
        return say("{client} by {transport} at {address}, registered for {seconds} s more",
                   address=plain(phone["address"]), **told)
    return say("{client} by {transport}, registered for {seconds} s more", **told)


def _whom(whom: object) -> object:
    return term("place", ANONYMOUS) if whom == ANONYMOUS else place(str(whom)) if whom else whom
