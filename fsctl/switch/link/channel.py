"""From what FreeSWITCH tells about a channel to a LiveCall. Nothing here knows a socket or a clock."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Final

from fsctl.facts.arriving import logged_in
from fsctl.model.digits import dialable
from fsctl.model.foreign import clean_name, clean_number, unmark
from fsctl.model.live import LiveCall, State
from fsctl.switch.wire.text import is_uuid

#: Of so many contacts of a 302 the variables: the address, and who is called there.
_CONTACTS: Final = tuple(
    (f"variable_sip_redirect_contact_{number}", f"variable_sip_redirect_contact_user_{number}") for number in range(8))

#: A qvalue (RFC 3261 §25.1).
_Q = re.compile(r"(?i:;\s*q\s*=\s*)(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)(?=\s*(?:;|$))")

#: The variable in which the file is noted to which the person at a channel records his talk.
RECORDING: Final = "fsctl_recording"

#: The variable in which who called is noted before others bridge his channel: ``number|name``.
NOTED: Final = "fsctl_party"

_RECORDING: Final = f"variable_{RECORDING}"
_NOTED: Final = f"variable_{NOTED}"

EPOCH = datetime.fromtimestamp(0, UTC)


def read_channel(
    facts: Mapping[str, str], node: str, at: datetime | None = None, before: LiveCall | None = None
) -> LiveCall:
    """A channel by its own variables: of an event ``at`` that carries them, or of ``uuid_dump``.

    ``number`` and ``name`` tell who is at this end, as shown. A phone that calls is told apart from one that is called
    by FreeSWITCH's direction; the person is the one who authenticated, or the one whom ``fsctl_leg`` names. ``peer``
    of a phone that is rung is the caller, who himself has none before somebody answers. Of a channel that was there
    ``before``, other events say with whom it talks, in which room it is and whether it is recorded.
    """
    outbound = facts.get("Call-Direction") == "outbound"
    state, user = state_of(facts), user_of(facts)
    number, name = _shown(facts, outbound, user)
    if before is None:
        room, recorded, alerts = _room(facts), recorded_to(facts), alerting(facts)
        peer = _peer(facts, outbound, state) if not room else None
    else:
        peer, room, recorded, alerts = before.peer, before.room, before.recorded, before.alerting or alerting(facts)
        state = before.state if peer and state == "parked" else state
    since = before.since if before and state == before.state else at or _since(facts, state)
    return LiveCall(
        uuid=facts.get("Unique-ID", ""),
        user=user,
        peer=peer,
        direction="outbound" if outbound else "inbound",
        state=state,
        since=since,
        number=user or (_called(facts) if outbound else number),
        name=name,
        for_user=_user(facts.get("variable_fsctl_for", "")),
        hunt=_word(facts.get("variable_fsctl_hunt", "")),
        executive=_user(facts.get("variable_fsctl_executive", "")),
        recalls=_word(facts.get("variable_fsctl_recalls", "")),
        slot=clean_number(facts.get("variable_fsctl_slot", "")) or None if not bonded(facts) else None,
        parker=_extension(facts.get("variable_fsctl_parker", "")),
        node=node,
        alerting=alerts,
        journal=_word(facts.get("variable_fsctl_journal", "")),
        sent_by=_place(facts.get("variable_fsctl_sent_by", "")),
        withheld=facts.get("variable_fsctl_withheld") == "true",
        room=room,
        group=_extension(facts.get("variable_fsctl_group", "")),
        recorded=recorded,
    )


def state_of(facts: Mapping[str, str]) -> State:
    """Of a channel as such. The state ``held`` is that of the phone that holds, not of the one that hears the music.

    A caller whose call was taken and who is now sent on goes through RINGING again, but stays answered.
    """
    if facts.get("Channel-Call-State") == "HELD":
        return "held"
    if facts.get("variable_fsctl_slot") and not bonded(facts):
        return "parked"
    return "talking" if facts.get("Answer-State") == "answered" else "ringing"


def alerting(facts: Mapping[str, str]) -> bool:
    """Whether its phone has said that it rings, or more (switch_channel.c, switch_channel_callstate_t)."""
    return facts.get("Channel-Call-State", "") not in ("", "DOWN", "DIALING")


def bonded(facts: Mapping[str, str]) -> bool:
    """Whether it talks with another channel."""
    return bool(facts.get("variable_signal_bond"))


def user_of(facts: Mapping[str, str]) -> str | None:
    """The office's person at this phone. Whoever came from a trunk is nobody, whatever his variables say."""
    if facts.get("Call-Direction") == "outbound":
        return _user(facts.get("variable_fsctl_leg", ""))
    if facts.get("variable_fsctl_external") == "true":
        return None
    return _user(f"user+{logged_in(facts)}")


def recorded_to(facts: Mapping[str, str]) -> str | None:
    """The file to which the person at a channel records his talk, without its folder; None where he does not."""
    return PurePosixPath(facts.get(_RECORDING, "")).name or None


def redirect_of(facts: Mapping[str, str]) -> str:
    """Where a phone that answered 302 wanted its call to go, if a telephone can dial that; else "".

    Of several such contacts that is the first of those with the highest ``q`` (RFC 3261 §20.10).
    """
    contacts = []
    for contact, user in _CONTACTS:
        if (called := facts.get(user)) and (dialled := dialable(called)):
            contacts.append((_preference(facts.get(contact, "")), dialled))
    return max(contacts, key=itemgetter(0), default=(0.0, ""))[1]


def _preference(contact: str) -> float:
    """The ``q`` of a Contact as it was sent, 1 where it has none that is one. Parameters stand after the address."""
    found = _Q.search(contact.rpartition(">")[2])
    return float(found[1]) if found else 1.0


def refusal_of(facts: Mapping[str, str]) -> int:
    """The SIP status by which a phone refused a call; 0 where it did not.

    ``sip_invite_failure_status`` is 487 also where FreeSWITCH itself cancelled the leg (mod_sofia.c, sofia_on_hangup).
    """
    protocol, _, status = facts.get("variable_proto_specific_hangup_cause", "").partition(":")
    return int(status) if protocol == "sip" and re.fullmatch("[3-6][0-9]{2}", status, re.ASCII) else 0


def rings_nobody(facts: Mapping[str, str]) -> bool:
    """Whether this is the leg by which a call can be picked up (fsctl.switch.calls.pickup): no telephone.

    A caller can name his own channel (X-FS-Channel-Name), and thereby, with ``__B`` behind it, those that ring for him.
    """
    if facts.get("Call-Direction") != "outbound":
        return False
    endpoint, _, uuid = facts.get("Channel-Name", "").partition("/")
    return endpoint == "pickup" and is_uuid(uuid)


def room_of(facts: Mapping[str, str], header: str = "Conference-Name") -> str | None:
    """The conference that an event tells of; None for a name that is none of ours."""
    return _word(facts.get(header, ""))


def moment(facts: Mapping[str, str], header: str = "Event-Date-Timestamp") -> datetime:
    """One of FreeSWITCH's times, which are microseconds since 1970; 1970 where there is none."""
    stamp = facts.get(header, "")
    if stamp.isascii() and stamp.isdigit() and len(stamp) < 18:
        return datetime.fromtimestamp(int(stamp) / 1e6, UTC)
    return EPOCH


def sequence(facts: Mapping[str, str]) -> int:
    """FreeSWITCH's number of an event, and of a dump: given when it is made (switch_event.c:1982)."""
    number = facts.get("Event-Sequence", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 20 else 0


def _peer(facts: Mapping[str, str], outbound: bool, state: State) -> str | None:
    if state == "ringing":  # a leg of a branch names no other leg (switch_ivr_originate.c, originating_leg_uuid)
        caller = facts.get("Other-Leg-Unique-ID") or facts.get("variable_originating_leg_uuid")
        caller = caller or facts.get("variable_fsctl_group_caller")  # FreeSWITCH rings it for nobody
        return caller or None if outbound else None
    return facts.get("variable_signal_bond") or None


def _room(facts: Mapping[str, str]) -> str | None:
    """Only the key goes when a channel leaves its room; the name stays (conference_member.c, conference_member_del)."""
    return room_of(facts, "variable_conference_name") if facts.get("variable_conference_call_key") else None


def _since(facts: Mapping[str, str], state: State) -> datetime:
    """When the state began; an event says it by its own time, which the table prefers."""
    headers = {"held": "Caller-Channel-Last-Hold", "ringing": "Caller-Channel-Created-Time"}
    began = moment(facts, headers.get(state, "Caller-Channel-Answered-Time"))
    return began if began > EPOCH else moment(facts)


def _called(facts: Mapping[str, str]) -> str:
    """The number of whom a leg rings that is no person of the office."""
    called = unmark(facts.get("variable_fsctl_leg", ""))
    return called.name if called else dialable(facts.get("Caller-Destination-Number", ""))


def _shown(facts: Mapping[str, str], outbound: bool, own: str | None) -> tuple[str, str]:
    """Number and name of who is at this end, as FreeSWITCH shows them: as ``Caller`` where he calls, else ``Callee``.

    He is called, too, who took a call that rang elsewhere. FreeSWITCH swaps both of a channel that others bridge
    (switch_channel.c, switch_channel_flip_cid): what was noted of him before tells (NOTED), else a person's ``own``
    number.
    """
    number, bar, name = facts.get(_NOTED, "").partition("|")
    if bar:
        return clean_number(number), clean_name(name)
    side, other = ("Callee", "Caller") if outbound or facts.get("variable_fsctl_picked_up") else ("Caller", "Callee")
    number = clean_number(facts.get(f"Caller-{side}-ID-Number", ""))
    if own and number != own == clean_number(facts.get(f"Caller-{other}-ID-Number", "")):
        side, number = other, own
    return number, clean_name(facts.get(f"Caller-{side}-ID-Name", ""))


def _user(mark: str) -> str | None:
    target = unmark(mark) if mark else None
    return target.name if target and target.kind == "user" else None


def _place(mark: str) -> str | None:
    kind, plus, name = mark.partition("+")
    return f"{kind}:{name}" if plus and re.fullmatch(r"[a-z]{1,10}\+[A-Za-z0-9_-]{1,64}", mark, re.ASCII) else None


def _extension(text: str) -> str | None:
    return text if text.isascii() and text.isdigit() and len(text) <= 15 else None


def _word(text: str) -> str | None:
    return text if text.isascii() and text.replace("-", "").replace("_", "").isalnum() and len(text) <= 64 else None
