"""From FreeSWITCH's channel data to a Call."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from fsctl.facts.bound import bound
from fsctl.model import contexts
from fsctl.model.actions import Party
from fsctl.model.call import Call
from fsctl.model.destination import sent_by_dialplan
from fsctl.model.digits import dialable, plain
from fsctl.model.foreign import clean_name, clean_number, unmark
from fsctl.model.office import Office
from fsctl.model.sections import Site

#: The connection that a channel obeys. The dialplan clears it before it hands a channel to a controller.
OWNER: Final = "fsctl_owner"

_ADDRESS: Final = re.compile(r"(?:sips?|tel):([^@;>,]{1,60})", re.IGNORECASE)
#: More of them is not read, in characters.
_MOST_TOLD: Final = 4000


def read_call(facts: Mapping[str, str], office: Office, at: datetime, chance: float) -> Call:
    """The call as the switch tells it. Only a channel that authenticated as a user is internal, whatever it shows.

    ``facts`` are the headers of the reply to ``connect``, ``chance`` is a random number from 0 to below 1. A user is
    one of the office, or of an own dialplan beside it, who then has no extension here, whatever it is there. After a
    transfer FreeSWITCH shows the transferred party as if it had dialled: then the digits are the transferor's, and so
    is what may be reached by them. Where nobody knows who that was, since the fail-safe had connected them, only what
    an outside caller may reach.
    """
    outside = facts.get("variable_fsctl_external") == "true"
    own = outside and _from_own_dialplan(facts, office)
    named = None if outside else _user_of(facts)
    user = named if named in office.users else None
    external = user is None and not own
    transferor = facts.get("variable_fsctl_transferred_by", "")
    transferred_by = transferor if transferor in office.users else None
    dialled = dialable(facts.get("Caller-Destination-Number", ""))
    within = facts.get("Caller-Context") == contexts.WITHIN  # where nobody can dial
    sent = sent_by_dialplan(facts.get("Caller-Destination-Number", "")) if within else None
    transferred = bool(transferor or facts.get("variable_fsctl_from_leg"))
    by = transferred_by if transferred else user
    if facts.get("Caller-Context") == contexts.PUBLIC:  # what leads there is read as callers outside write it
        by = transferred_by = None
    parker = None
    if sent and sent.kind == "recall":  # nobody transferred it
        parker = clean_number(facts.get("variable_fsctl_parker", "")) or None
        by, transferred_by = parker, None
    elif sent:
        pusher = facts.get("variable_fsctl_pusher", "")
        by = transferred_by = pusher if pusher in office.users else None
    if sent:
        dialled = f"{sent.kind}+{sent.name}"
    to, site = bound(dialled, by, office, sent)
    return Call(
        uuid=facts.get("Unique-ID", ""),
        caller=_caller(facts, office, site if external else None, external=external),
        user=user,
        external=external,
        dialled=dialled,
        to=to,
        at=at,
        site=site.key if site else None,
        transferred_by=transferred_by,
        rang=facts.get("variable_fsctl_rang") == "true",
        by=by,
        parker=parker,
        chance=chance,
        withheld=facts.get("variable_fsctl_withheld") == "true",
        diverted=_diverted(facts, office) if external else (),
        for_user=_executive_of(facts, office),
    )


def identity(facts: Mapping[str, str], office: Office, call: Call) -> str:
    """Who calls, for the journal: of one who withholds his number only where the office keeps that."""
    if not call.external:
        return call.user or call.caller.number
    return who_called(facts, office, office.sites.get(call.site or ""))


def who_called(facts: Mapping[str, str], office: Office, site: Site | None) -> str:
    """The number of an outside caller, for the journal; ``site`` is the one that is called."""
    if facts.get("variable_fsctl_withheld") != "true":
        shown = facts.get("Caller-Caller-ID-Number", "")
    elif office.office.keep_withheld:
        shown = facts.get("variable_fsctl_identity", "")
    else:
        return "anonymous"
    return office.caller_number(plain(shown) or clean_number(shown), site)


def _caller(facts: Mapping[str, str], office: Office, site: Site | None, *, external: bool) -> Party:
    """Who calls, as the switch shows him; one from outside by his one number, however the trunk writes that."""
    name, shown = facts.get("Caller-Caller-ID-Name", ""), facts.get("Caller-Caller-ID-Number", "")
    digits = plain(shown) or clean_number(shown)
    number = office.caller_number(digits, site) if external else digits
    return Party("" if plain(name) == digits != "" else clean_name(name), number)


def _diverted(facts: Mapping[str, str], office: Office) -> tuple[str, ...]:
    """The numbers outside that sent the call here, as the network tells: by Diversion (RFC 5806) or History-Info."""
    told = facts.get("variable_sip_h_Diversion", "") + "," + facts.get("variable_sip_history_info", "")
    found = (office.caller_number(plain(text), None) for text in _ADDRESS.findall(told[:_MOST_TOLD]))
    return tuple(dict.fromkeys(each for each in found if each and each not in office.numbers))


def _user_of(facts: Mapping[str, str]) -> str | None:
    """Who is at this phone: he who called from it, or he who was called there and is now transferred himself."""
    if facts.get("Call-Direction") == "outbound":
        called = unmark(facts.get("variable_fsctl_leg", ""))
        return called.name if called and called.kind == "user" else None
    return logged_in(facts)


def logged_in(facts: Mapping[str, str]) -> str:
    """The extension that a phone has logged in as; "" for none, and for a user of another directory's."""
    user = facts.get("variable_user_name", "")
    ours = facts.get("variable_user_context", contexts.DEFAULT) == contexts.DEFAULT
    return user if ours or facts.get("variable_fsctl_extension") == user else ""


def _from_own_dialplan(facts: Mapping[str, str], office: Office) -> bool:
    """Whether a telephone has logged in that comes by the own dialplan of the FreeSWITCH.

    Who came by an address is none, though FreeSWITCH calls him authorized, too (sofia.c, sofia_handle_sip_i_invite).
    """
    return (
        office.office.own_context != ""
        and facts.get("Call-Direction") == "inbound"
        and facts.get("variable_sip_authorized") == "true"
        and not facts.get("variable_sip_acl_authed_by")
        and bool(facts.get("variable_user_name"))
    )


def _executive_of(facts: Mapping[str, str], office: Office) -> str:
    """Whose filtered call it has been, or was handed over to; "" for none who is an executive now."""
    marked = unmark(facts.get("variable_fsctl_for", ""))
    user = office.users.get(marked.name) if marked and marked.kind == "user" else None
    return user.extension if user and user.executive else ""


def left_to_failsafe(facts: Mapping[str, str]) -> bool:
    """Whether the fail-safe already has this call: a stalled controller gets its connection too late."""
    return facts.get("variable_fsctl_failsafe") == "true" or facts.get(
        "Caller-Destination-Number", "").startswith("failsafe_")


def waited_seconds(facts: Mapping[str, str]) -> float:
    """Seconds from dialling to the answer to ``connect``, both by the switch's clock (µs); 0.0 if it doesn't say."""
    stamps = [facts.get(name, "") for name in ("Caller-Profile-Created-Time", "Event-Date-Timestamp")]
    if not all(stamp.isascii() and stamp.isdigit() and len(stamp) < 20 for stamp in stamps):
        return 0.0
    dialled, answered = map(int, stamps)
    return (answered - dialled) / 1e6
