"""A call: the facts that policies judge by."""

from dataclasses import dataclass
from datetime import datetime

from fsctl.model.actions import Party
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Outcome
from fsctl.model.reasons import NONE, Reason


@dataclass(frozen=True, slots=True)
class Call:
    """One call as it stands now.

    ``user`` is the authenticated extension that calls, never what a From header claims; None from outside. ``external``
    means that the call arrived from a trunk, whatever number it shows, and it stays so through reroutes and transfers;
    a telephone of the own dialplan beside the office is neither external nor a ``user``. ``dialled`` is what was
    dialled (digits, ``+``, ``*`` and ``#``); ``to`` is where the call is going now. ``at`` is the aware instant at
    which the call arrived, ``site`` the site that it was for then.

    ``transferred_by`` is the extension whose talk this call was transferred out of. ``recalled``: nobody took it then,
    and it has come back to him; ``told`` is the announcement that he hears when he takes it, "" for none. ``rang``: it
    rang there already, for the transferor, who did not wait for an answer. ``by`` is the user who caused the call to go
    where it goes now: who dialled, transferred or forwarded it; OFFICE or None where the office file alone did.
    ``parker`` is who had parked a call that comes back from its slot. ``skips`` names the stages at which it is not
    asked any more. ``sent_by`` is the place that the call was sent on from last; None while it is where it was dialled.
    ``diverted`` are the numbers outside that sent it here, as the network tells. ``outcome`` and ``why`` tell what
    became of ringing ``to``, once somebody tried. ``shown`` is who the called side sees, where that is not the caller
    as such. ``withheld``: nobody shall see who calls. ``for_user`` is the executive whose filtered call it was when it
    came, until it rings for another one; ``on_behalf`` the one in whose name an assistant makes it now; "" for none.
    ``intercepted``: an intercept has sent it on. ``talk`` is the channel by which ``user`` talked when he dialled this
    in the talk; "" for a call of its own. ``chance`` is this call's random number, from 0 to below 1.
    """

    uuid: str
    caller: Party
    user: str | None
    external: bool
    dialled: str
    to: Destination
    at: datetime
    site: str | None
    transferred_by: str | None
    by: str | None
    parker: str | None
    chance: float
    skips: tuple[str, ...] = ()
    outcome: Outcome | None = None
    why: Reason = NONE
    shown: Party | None = None
    withheld: bool = False
    sent_by: Destination | None = None
    diverted: tuple[str, ...] = ()
    recalled: bool = False
    told: str = ""
    rang: bool = False
    for_user: str = ""
    on_behalf: str = ""
    intercepted: bool = False
    talk: str = ""
