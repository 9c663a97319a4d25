"""What verbs are made of."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from fsctl.model.destination import Destination

if TYPE_CHECKING:
    from fsctl.model.actions.speech import Play


@dataclass(frozen=True, slots=True)
class Party:
    """Who is shown to the other side: a name and a number, either may be empty. Not yet cleaned."""

    name: str
    number: str


#: Who is shown of somebody who withholds his number.
ANONYMOUS = Party("Anonymous", "")


@dataclass(frozen=True, slots=True)
class Leg:
    """One telephone to ring for ``ring_seconds``. An outside one goes by the trunk named ``trunk``.

    With ``confirm`` whoever answers is asked in that language to press 1, and only then has the call, so that no
    mailbox out there takes it; the other legs ring on until then. ``show`` is who this leg sees calling, where that
    differs from what the others see. ``announce`` is heard by whoever answers before the call is his. ``whose`` is the
    extension of the person whose telephone outside this is. A leg that neither rings nor answers within
    ``progress_seconds`` is given up, where that is set. The audio of a ``plain`` one is not encrypted, whatever is set.
    With ``identity`` an outside line is told that the called side shall not see who calls, or shall whatever else was
    said. ``sent_by`` is the place that sends the call on to a telephone outside. With ``alert`` a registered phone is
    told to ring otherwise than for calls of its own.
    """

    target: Destination
    ring_seconds: int
    trunk: str | None = None
    confirm: str = ""
    show: Party | None = None
    announce: "Play | None" = None
    whose: str = ""
    progress_seconds: int | None = None
    plain: bool = False
    identity: Literal["", "withheld", "shown"] = ""
    sent_by: Destination | None = None
    alert: Literal["", "silent", "splash"] = ""

    @property
    def person(self) -> Destination:
        """Who is rung by it."""
        return Destination("user", self.whose) if self.whose else self.target
