"""Leaving a call to what else FreeSWITCH does."""

from dataclasses import dataclass

from fsctl.model.actions.verb import Certain, Weight, World
from fsctl.model.outcomes import Moved, Outcome, Performed


@dataclass(frozen=True, slots=True)
class Leave(Certain[Performed | Moved]):
    """The call goes on in the own dialplan of the FreeSWITCH (``[office] own_context``), where ``number`` is dialled.

    Performed when it is over. No policy is asked any more, and no controller is needed.
    """

    number: str

    @property
    def target(self) -> str:
        return f"own:{self.number}"

    def assumed(self, world: World) -> Performed:
        return Performed()

    def leaves(self, outcome: Outcome | None) -> tuple[Weight, str]:
        return Weight.GOT, self.target
