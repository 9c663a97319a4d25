"""Whoever is not reached and has a mailbox gets a message there; its owner listens to it by star code.

Code: ``mailbox``.
"""

from fsctl.model.actions import Because, Done, Mailbox, Pass, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.policies.language import language_for, language_of
from fsctl.policies.star_codes import Code, refuse


def run(call: Call, office: Office, live: Live) -> Policy:
    """Forwarding was asked before: a user's own settings for busy, no answer and offline come first."""
    user = office.users.get(call.to.name)
    if call.to.kind not in ("user", "mailbox") or user is None or (call.to.kind == "user" and call.outcome is None):
        return Pass()
    if not user.mailbox:
        return Pass(why=f"{user.name} has no mailbox")
    if call.to.kind == "user":
        yield Because(call.why)
        return Reroute(Destination("mailbox", call.to.name))
    yield Because(f"mailbox of {user.name}")
    yield Mailbox(user.extension, language_of(user, office))
    return Done()


def _fetch(call: Call, office: Office, live: Live, digits: str) -> Policy:
    user = office.users.get(call.user or "")
    if user is None or not user.mailbox:
        whose = user.name if user else "the caller"
        return (yield from refuse(f"{whose} has no mailbox", language_for(call, office)))
    yield Because(f"{user.name} listens to messages")
    yield Mailbox(user.extension, language_of(user, office), fetch=True)
    return Done()


CODES = {"mailbox": Code(_fetch)}
