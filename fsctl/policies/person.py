"""Ringing a person."""

from collections.abc import Iterable

from fsctl.model.actions import Leg, Party, Play, Ring
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.executives import assistants_of
from fsctl.model.office import Office
from fsctl.model.sections import User
from fsctl.policies.caller_id import shown_inside


def ring_person(
    call: Call, user: User, office: Office, beside: Iterable[Leg] = (), *, seconds: int = 0, show: Party | None = None,
    announce: Play | None = None,
) -> Ring:
    """Ring all phones of a person, and the legs ``beside`` them, for ``seconds``; 0: the person's own time.

    They show who calls, or what ``show`` says. ``announce`` is heard there before the call is the person's.
    An executive's call that comes to one of his assistants stays his.
    """
    own = Leg(Destination("user", user.extension), seconds or user.ring_seconds, announce=announce)
    return Ring(tuple((leg,) for leg in (own, *beside)), show or shown_inside(call, office),
                executive=_acts_for(user, call, office), for_user=call.for_user)


def _acts_for(user: User, call: Call, office: Office) -> str:
    """The executive for whom somebody takes this call, which was his before; "" for none."""
    executive = office.users.get(call.for_user)
    assistants = assistants_of(executive) if executive else ()
    return call.for_user if user.extension in assistants and call.user not in assistants else ""
