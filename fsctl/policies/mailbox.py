"""Whoever is not reached and has a mailbox gets a message there; its owner listens to it by star code.

Code: ``mailbox``.
"""

from fsctl.model.actions import Because, Done, Mailbox, Pass, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare, reason
from fsctl.model.sections import User
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.language import language_for, language_of
from fsctl.policies.star_codes import name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "mailbox.none": "{name} has no mailbox",
    "mailbox.of": "mailbox of {name}",
    "mailbox.listens": "{name} listens to messages",
})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Forwarding was asked before: a user's own settings for busy, no answer and offline come first."""
    user = office.users.get(call.to.name)
    if call.to.kind not in ("user", "mailbox") or user is None or (call.to.kind == "user" and call.outcome is None):
        return Pass()
    if not user.mailbox:
        return Pass(why=reason("mailbox.none", name=user.name))
    if call.to.kind == "user":
        yield Because(call.why)
        return Reroute(Destination("mailbox", call.to.name))
    yield Because("mailbox.of", name=user.name)
    yield Mailbox(user.extension, language_of(user, office))
    return Done()


def _fetch(call: Call, office: Office, live: Live, digits: str) -> Policy:
    user = office.users.get(call.user or "")
    if user is None or not user.mailbox:
        return (yield from refuse(reason("mailbox.none", name=name_of(call.user, office)), language_for(call, office)))
    yield Because("mailbox.listens", name=user.name)
    yield Mailbox(user.extension, language_of(user, office), fetch=True)
    return Done()


def _through(user: User, office: Office) -> str:
    return themselves(user, office) if user.mailbox else ""


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "mailbox": Code(_fetch, does=marked("plays the messages in my mailbox")),
})
STAGE = FEATURE.stage(run)
