"""What ``fsctl hunt`` shows and says, in words; programs are told in English."""

from collections.abc import Mapping
from typing import Literal

from fsctl.words import say, term
from fsctl.words.moments import told

#: What a member does.
State = Literal["free", "ringing", "busy", "left", "do not disturb", "intercepted", "offline", "unknown"]


def headline(row: Mapping[str, object]) -> str:
    """Of a group: its policy, and who took the last call."""
    group, policy = row["group"], term("hunt policy", str(row["policy"]))
    if row["pointer"] is None:
        return say("{group} ({policy}): last call taken by nobody", group=group, policy=policy)
    return say("{group} ({policy}): last call taken by {member}", group=group, policy=policy, member=row["pointer"])


def in_table(member: Mapping[str, object]) -> dict[str, object]:
    """A member's row as the table has it."""
    return {**member, "state": term("state", str(member["state"]))}


def left(member: str, group: str, until: str | None) -> str:
    """Somebody is not rung for a group any more."""
    if until is None:
        return say("{member} left {group}", member=member, group=group)
    return say("{member} left {group} until {until}", member=member, group=group, until=told(until))


def joined(member: str, group: str, until: str | None) -> str:
    """Somebody is rung for a group again."""
    if until is None:
        return say("{member} joined {group}", member=member, group=group)
    return say("{member} joined {group} until {until}", member=member, group=group, until=told(until))
