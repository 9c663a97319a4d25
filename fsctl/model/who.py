"""Who has switched something: a user of the machine, or a person at a telephone by what was dialled there."""

from typing import Final

from fsctl.words import say

_BY: Final = " by "


def by_phone(user: str, dialled: str) -> str:
    """How it is kept of somebody who has dialled it."""
    return f"{user}{_BY}{dialled}"


def in_words(who: str) -> str:
    """For people."""
    user, by, dialled = who.partition(_BY)
    return say("{user} by {code}", user=user, code=dialled) if by else who
