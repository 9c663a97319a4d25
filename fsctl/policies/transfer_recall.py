"""A call that was transferred and that nobody takes comes back to who transferred it.

Whatever the reason: busy, no answer, declined, offline, no such number, not allowed, a loop. It rings his phones for
his time, shown as a recall; if he does not take it, his own ways for busy, no answer and offline count.
"""

from dataclasses import replace

from fsctl.model.actions import NotTaken, Pass, Play, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import User
from fsctl.policies.caller_id import as_recall
from fsctl.policies.extension import ring
from fsctl.policies.feature import Feature, everybody
from fsctl.policies.language import language_of

REASONS = declare({
    "transfer_recall.not_taken": "{because}; the call comes back to {name}, who transferred it",
    "transfer_recall.rings": "{name} had transferred the call",
})

NAME = "transfer_recall"


def comes_back(call: Call, office: Office, ended: NotTaken, why: Reason) -> tuple[Call, Reroute, Reason] | None:
    """The call as it comes back to who transferred it, how it gets there, and why; None if it ends here.

    It comes back once for each transfer. Who transferred it at a phone outside is nobody of the office.
    """
    transferor = office.users.get(call.transferred_by or "")
    if transferor is None or call.recalled or not (office.office.transfer_recall or ended.comes_back):
        return None
    back = Reroute(Destination("user", transferor.extension), by=transferor.extension,
                   show=as_recall(replace(call, shown=None), transferor, office))
    told = ended.announcement if ended.tell else ""
    returned = replace(call, to=back.to, by=back.by, skips=(), outcome=None, why=NONE, shown=back.show, recalled=True,
                       told=told, sent_by=call.to, intercepted=False)
    return returned, back, reason("transfer_recall.not_taken", because=why, name=transferor.name)


def run(call: Call, office: Office, live: Live) -> Policy:
    """His phones ring whatever he has set for all calls: he had this one a moment ago."""
    user = office.users.get(call.transferred_by or "")
    if not call.recalled or user is None or call.to != Destination("user", user.extension):
        return Pass()
    told = Play(call.told, language_of(user, office)) if call.told else None
    return (yield from ring(call, user, office, live, reason("transfer_recall.rings", name=user.name), announce=told))


def _through(user: User, office: Office) -> str:
    return everybody(user, office) if office.office.transfer_recall else ""


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
