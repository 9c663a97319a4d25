"""A user who does not want to be disturbed is busy for everybody; his phones stay quiet.

Codes: ``dnd_on`` and ``dnd_off``.
"""

from functools import partial

from fsctl.model.actions import Because, Change, Pass, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Busy
from fsctl.model.reasons import declare, reason
from fsctl.model.settings import dnd_path
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import confirmed, refuse
from fsctl.words import marked

REASONS = declare({
    "do_not_disturb.on": "{name} does not want to be disturbed",
    "do_not_disturb.off": "{name} can be disturbed",
    "do_not_disturb.switched_on": "{name} does not want to be disturbed",
    "do_not_disturb.switched_off": "{name} can be disturbed again",
    "do_not_disturb.no_user": "only a user of the office can do that",
})


def run(call: Call, office: Office, live: Live) -> Policy:
    """What the user set for being busy counts: forwarding, else the mailbox."""
    if call.to.kind != "user" or call.outcome is not None:
        return Pass()
    name = office.users[call.to.name].name
    if office.settings.dnd(call.to.name):
        return Pass(Busy(), reason("do_not_disturb.on", name=name))
    return Pass(why=reason("do_not_disturb.off", name=name))
    yield  # a policy is a generator, also one that never acts


def _switch(code: str, value: str | None, call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, user = language_for(call, office), office.users.get(call.user or "")
    if user is None:
        return (yield from refuse(reason("do_not_disturb.no_user"), language))
    if value:
        yield Because("do_not_disturb.switched_on", name=user.name)
    else:
        yield Because("do_not_disturb.switched_off", name=user.name)
    outcome = yield Change(f"code:{code}", dnd_path(user.extension), value)
    return (yield from confirmed(outcome, code.replace("_", "-"), language))


FEATURE = Feature.of(__name__, __doc__, through=themselves, codes={
    "dnd_on": Code(partial(_switch, "dnd_on", "on"), does=marked("my phones stay quiet, and I am busy for everybody")),
    "dnd_off": Code(partial(_switch, "dnd_off", None), does=marked("my phones ring again")),
})
STAGE = FEATURE.stage(run)
