"""How a policy ends, and why it does what it does."""

from dataclasses import dataclass

from fsctl.model.actions.parts import Party
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Outcome
from fsctl.model.reasons import NONE, Reason, Value, reason


@dataclass(frozen=True, slots=True, init=False)
class Because:
    """The reason for the next action of this policy: ``Because("do_not_disturb.on", name=…)``. Nothing is performed."""

    reason: Reason

    def __init__(self, name: str | Reason, /, **values: Value) -> None:
        told = name if isinstance(name, Reason) else reason(name, **values)
        object.__setattr__(self, "reason", told)


@dataclass(frozen=True, slots=True)
class Pass:
    """Ending: this policy has nothing more to say; the next one is asked.

    ``outcome`` says what became of ringing whom the call is for, for those asked next: nobody rings there any more.
    ``why`` says what became of it, or else why this policy leaves such a call alone; NONE where it has nothing to do
    with such destinations. ``skips`` names the stages that this call is not asked at any more, wherever it goes.
    """

    outcome: Outcome | None = None
    why: Reason = NONE
    skips: tuple[str, ...] = ()


#: Who causes what the office file says of sites, groups and attendants: its destinations need nobody's class.
OFFICE = ""


@dataclass(frozen=True, slots=True)
class Reroute:
    """Ending: the call goes to ``to`` instead, and all policies are asked again.

    ``by`` is who caused that, by whose class outside calls are allowed: a user, OFFICE, or None for whoever it was.
    ``skips`` names the stages (fsctl.policies.stages) that this call is not asked at any more. ``show`` is who the
    called side sees from now on, where that is not simply the caller; ``withheld``: nobody sees who that is.
    ``on_behalf`` is the executive in whose name the caller calls from now on. ``intercepted``: an intercept sends it
    there, and no other one sends it on.
    """

    to: Destination
    by: str | None = None
    skips: tuple[str, ...] = ()
    show: Party | None = None
    withheld: bool = False
    on_behalf: str = ""
    intercepted: bool = False


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Ending: nobody took the call, or it cannot go where it should. It ends so, or comes back to who transferred it.

    ``hangup`` is as for Hangup; ``announcement`` is what the caller hears before, in ``language``, "" for nothing. With
    ``tell`` whoever had transferred the call hears that as well, when it comes back. With ``comes_back`` it does so
    whatever the office has set for transfers.
    """

    hangup: str
    announcement: str = ""
    language: str = "en"
    tell: bool = False
    comes_back: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """Ending: nothing more is to be done for this call."""


Ending = Pass | Reroute | NotTaken | Done
