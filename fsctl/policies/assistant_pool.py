"""Assistants take part in an executive's calls or not, as they wish, or have them go elsewhere.

Codes: ``opt_out`` and the executive's extension, alone: of all one's executives; ``opt_in`` likewise. ``divert``, the
extension and a number sends the calls of that executive there instead of to one's phone; without a number no longer.
The key ``assistant+130`` toggles; its lamp is lit for who takes part in the calls of 130.
"""

from collections.abc import Sequence

from fsctl.model.actions import Because, Change, Policy
from fsctl.model.call import Call
from fsctl.model.destination import FILE_KINDS, Destination
from fsctl.model.executives import DIVERT_KINDS, dialled_for, executives_of, takes_part
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import User
from fsctl.model.settings import OUT, assistant_path, divert_path
from fsctl.policies import forwarding
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import changed, confirmed, name_of, refuse
from fsctl.words import marked
from fsctl.words.places import place

REASONS = declare({
    "assistant_pool.not_of": "{name} is no assistant of {executive}",
    "assistant_pool.of_nobody": "{name} is nobody's assistant",
    "assistant_pool.may_not": "assistants of {executive} may not opt out",
    "assistant_pool.opts_out": "{name} takes no calls of {executive}",
    "assistant_pool.opts_in": "{name} takes calls of {executive} again",
    "assistant_pool.to_executive": "calls of {executive} cannot go back to {executive}",
    "assistant_pool.to_nobody": "calls of {executive} can go to a person or a number outside, not to {to}",
    "assistant_pool.diverts": "{name} sends calls of {executive} to {to}",
    "assistant_pool.diverts_no_more": "{name} takes calls of {executive} at the phone again",
}, {"to": place})


def chosen(assistant: str, executive: str, office: Office, *, out: bool) -> tuple[tuple[User, ...], Reason]:
    """The executives of an assistant whose pools he may leave, or rejoin, of ``executive`` alone if that is not "".

    Why not, where there are none. Asked by star code and command line alike. Nobody is kept from taking part.
    """
    own, name = executives_of(assistant, office), name_of(assistant, office)
    wanted = tuple(each for each in own if executive in ("", each.extension))
    if not wanted:
        if executive:
            return (), reason("assistant_pool.not_of", name=name, executive=executive)
        return (), reason("assistant_pool.of_nobody", name=name)
    may = tuple(each for each in wanted if not out or (each.executive and each.executive.opt_out))
    return may, reason("assistant_pool.may_not", executive=", ".join(each.name for each in wanted))


def refusal(assistant: User, executive: User, to: Destination, office: Office) -> Reason:
    """Why an assistant may not send an executive's calls to ``to``; NONE if he may."""
    whose = office.owner_of(to)
    if whose == Destination("user", executive.extension):
        return reason("assistant_pool.to_executive", executive=executive.name)
    if whose.kind not in DIVERT_KINDS and whose.kind in (*FILE_KINDS, "site"):  # of others forwarding has its own words
        return reason("assistant_pool.to_nobody", executive=executive.name, to=str(to))
    return forwarding.refusal(assistant.extension, whose, office)


def _opt(call: Call, office: Office, digits: str, *, out: bool) -> Policy:
    language = language_for(call, office)
    executives, why_not = chosen(call.user or "", digits, office, out=out)
    if not executives:
        return (yield from refuse(why_not, language))
    return (yield from _change(call, office, executives, out, digits))


def _out(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _opt(call, office, digits, out=True))


def _in(call: Call, office: Office, live: Live, digits: str) -> Policy:
    return (yield from _opt(call, office, digits, out=False))


def _toggle(call: Call, office: Office, live: Live, key: str) -> Policy:
    executive = office.users.get(key)
    out = executive is not None and takes_part(call.user or "", executive, office)
    return (yield from _opt(call, office, key, out=out))


def _change(call: Call, office: Office, executives: Sequence[User], out: bool, digits: str) -> Policy:
    name, result = name_of(call.user, office), "code:opt_out" if out else "code:opt_in"
    outcome = yield from changed((
        Because("assistant_pool.opts_out", name=name, executive=each.name) if out
        else Because("assistant_pool.opts_in", name=name, executive=each.name),
        Change(result, assistant_path(each.extension, call.user or ""), OUT if out else None)) for each in executives)
    return (yield from confirmed(outcome, "opt-out" if out else "opt-in", language_for(call, office), digits))


def _divert(call: Call, office: Office, live: Live, digits: str) -> Policy:
    """The digits begin with the extension of one of his executives, the longest that there is."""
    language, user = language_for(call, office), office.users.get(call.user or "")
    executive, dialled = dialled_for(digits, call.user or "", office)
    if user is None or executive is None:
        name = name_of(call.user, office)
        return (yield from refuse(reason("assistant_pool.not_of", name=name, executive=digits), language))
    path = divert_path(executive.extension, user.extension)
    if not dialled:
        yield Because("assistant_pool.diverts_no_more", name=user.name, executive=executive.name)
        outcome = yield Change("code:divert", path, None)
        return (yield from confirmed(outcome, "divert-off", language, digits))
    to = forwarding.target(dialled, user.extension, office)
    if why_not := refusal(user, executive, to, office):
        return (yield from refuse(why_not, language, "blocked" if to.kind == "number" else "not-possible"))
    yield Because("assistant_pool.diverts", name=user.name, executive=executive.name, to=str(to))
    outcome = yield Change("code:divert", path, str(to))
    return (yield from confirmed(outcome, "divert-on", language, dialled))


def _through(user: User, office: Office) -> str:
    return themselves(user, office) if executives_of(user.extension, office) else ""


def _may_leave(user: User, office: Office) -> bool:
    return bool(chosen(user.extension, "", office, out=True)[0])


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "opt_in": Code(
        _in, asks="extension", alone=True, serves=_may_leave,
        does=marked("I take calls of the executive dialled after it again, alone: of all mine")),
    "opt_out": Code(
        _out, asks="extension", alone=True, serves=_may_leave,
        does=marked("I take calls of the executive dialled after it no longer, alone: of none of mine")),
    "divert": Code(
        _divert, asks="number",
        does=marked("calls of the executive dialled after it go to the number after that; without one: to me")),
    "assistant_key": Code(_toggle, asks="key", serves=_may_leave,
                          does=marked("I take the executive's calls no longer, or again")),
})
STAGE = FEATURE.stage()
