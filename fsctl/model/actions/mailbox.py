"""Leaving messages, and listening to them."""

from dataclasses import dataclass
from typing import ClassVar

from fsctl.model.actions.verb import Certain, Weight, World
from fsctl.model.outcomes import CallerGone, Moved, Outcome


@dataclass(frozen=True, slots=True)
class Mailbox(Certain[CallerGone | Moved]):
    """Let the caller leave a message for ``user``, or with ``fetch`` listen to that user's own. The call ends there."""

    ends_call: ClassVar[bool] = True

    user: str
    language: str
    fetch: bool = False

    @property
    def target(self) -> str:
        return f"mailbox:{self.user}"

    def assumed(self, world: World) -> CallerGone:
        return CallerGone()

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return Weight.GOT, "code:mailbox" if self.fetch else self.target
