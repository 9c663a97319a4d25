"""A user who does not want to be disturbed is busy for everybody; his phones stay quiet.

Codes: ``dnd_on`` and ``dnd_off``.
"""

from functools import partial

from fsctl.model.actions import Because, Change, Pass, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Busy
from fsctl.model.settings import dnd_path
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import Code, confirmed, refuse


def run(call: Call, office: Office, live: Live) -> Policy:
    """What the user set for being busy counts: forwarding, else the mailbox."""
    if call.to.kind != "user" or call.outcome is not None:
        return Pass()
    name = office.users[call.to.name].name
    if office.settings.dnd(call.to.name):
        return Pass(Busy(), f"{name} does not want to be disturbed")
    return Pass(why=f"{name} can be disturbed")
    yield  # a policy is a generator, also one that never acts


def _switch(
    code: str, value: str | None, says: str, call: Call, office: Office, live: Live, digits: str
) -> Policy:
    language, user = language_for(call, office), office.users.get(call.user or "")
    if user is None:
        return (yield from refuse("only a user of the office can do that", language))
    yield Because(f"{user.name} {says}")
    outcome = yield Change(f"code:{code}", dnd_path(user.extension), value)
    return (yield from confirmed(outcome, code.replace("_", "-"), language))


CODES = {
    "dnd_on": Code(partial(_switch, "dnd_on", "on", "does not want to be disturbed")),
    "dnd_off": Code(partial(_switch, "dnd_off", None, "can be disturbed again")),
}
