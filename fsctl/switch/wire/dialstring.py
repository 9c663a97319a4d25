"""The only place that quotes: dial strings, built from foreign text that was made harmless (fsctl.model.foreign)."""

import re
from collections.abc import Mapping, Sequence
from itertools import count

from fsctl.model import contexts, directory_entry
from fsctl.model.actions import Leg, Party, Ring
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.hold_recall import Held, shown_of
from fsctl.model.office import Office
from fsctl.model.parties import party_of
from fsctl.switch.wire import displays, sounds
from fsctl.switch.wire.event import Audio
from fsctl.switch.wire.phones import Arranged, Phone, all_of
from fsctl.switch.wire.text import word

#: Who answers a recall and is not connected in time, since the controller is gone, is hung up on.
UNCONNECTED_SECONDS = 5

#: So long a phone that made no offer may take to confirm its answer: whoever answered hears nothing until then.
ACK_SECONDS = 5

#: So many legs that answer at once are told apart (freeswitch_conf/dialplan/fsctl/transferred.xml).
ANSWERS = 4
_NO_ACK = "RECOVERY_ON_TIMER_EXPIRE"

#: The executive whose call it is, at all its channels; and at those that act for him.
FOR_USER, EXECUTIVE = "fsctl_for", "fsctl_executive"

#: Said to a caller's channel before it has answered his offer: he is taken without encryption, too.
UNENCRYPTED_TOO = "rtp_secure_media_inbound=optional"

#: Said of all legs of an emergency call, in ``{…}`` alone (switch_ivr_originate.c): they pass FreeSWITCH's limits of
#: sessions and of sessions per second.
UNLIMITED = "no_throttle_limits=true"

#: Said to the leg of a trunk: whoever withholds his number shows it to help, and to the network that carries the call
#: in P-Asserted-Identity alone (RFC 3325; sofia_glue.c, sofia_glue_do_invite).
IDENTIFIED = "origination_privacy=screen"
_WITHHELD = ("origination_privacy=screen:hide_name:hide_number", "sip_cid_type=pid", "sip_from_display=Anonymous",
             "sip_from_uri='sip:anonymous@anonymous.invalid'")
_IDENTITY: Mapping[str, tuple[str, ...]] = {"": (), "shown": (IDENTIFIED,), "withheld": _WITHHELD}


def prepare(ring: Ring, office: Office, call: Call, audio: Audio = "none") -> str:
    """Argument of ``multiset`` before a bridge: what the called side sees, and what the caller does while it rings.

    He does so by ``initial_callee_id_…``, which FreeSWITCH tells a phone that rings or is answered before what it knows
    of the leg (mod_sofia.c, generate_pai_str). So a leg that is answered takes it away.

    A leg that asks for a 1, or hears something first, is answered long before its call is taken, so that
    ``api_on_answer`` would end the lease too early; there the caller's own thread ends it when the talk begins
    (switch_ivr_bridge.c:406). So it does of one whose answer may yet fail, since he made no offer.

    Who hears something already, without being answered, is told by audio only that it rings.
    """
    late = audio == "impossible" or any(leg.confirm or leg.announce for leg in ring.everybody)
    more = ";bridge_pre_execute_aleg_app=sched_cancel" if late else ""
    more += ";bridge_pre_execute_bleg_app=stop_dtmf" if any(leg.confirm for leg in ring.everybody) else ""
    more += f";ringback={sounds.RINGBACK}" if audio == "early" else ""
    more += f";{UNENCRYPTED_TOO}" if call.to.kind == "emergency" else ""
    for_user = ring.executive or ring.for_user
    more += f";{FOR_USER}={mark(Destination('user', for_user))}" if for_user else ""
    name, number = displays.shown(ring.show)
    return (f"^^;effective_caller_id_name={name};effective_caller_id_number={number}"
            f";{displays.before_the_talk(displays.ringing(ring, office, call))}{more}")


def bridge(ring: Ring, arranged: Arranged, office: Office, call: Call, audio: Audio = "none") -> str:
    """Argument of ``bridge`` for the phones that there are, one at least: ``,`` side by side, ``|`` in turn, and
    ``:_:`` between branches that have several stages.

    When a leg answers, FreeSWITCH itself cancels the caller's watchdog (``api_on_answer``), so that a stalled
    controller can neither strand the caller nor cut the talk.

    What a network says before it answers (early media) is put through to who calls it and nobody else: of several legs
    the first such would end the ringing of all others, nobody has a time then, and who hears something already, or has
    made no offer, could not be connected so. Else each leg tells the caller that it rings (switch_ivr_originate.c:589
    does so of 180 alone, and of none in branches with several stages). Who has made no offer and does not confirm
    within ACK_SECONDS that he was answered is hung up on.
    """
    several = any(len(stages) > 1 for stages in arranged)
    pickup = _pickup(ring, office, call)
    ignored = audio != "none" or bool(ring.hunt) or not _is_line(all_of(arranged))
    uuid = word(call.uuid)
    more = [f"api_on_media='uuid_ring_ready {uuid}'"] if ignored else []
    more += [f"api_on_ring='uuid_ring_ready {uuid}'"] if several else []
    if audio == "impossible":
        more.append("signal_bond=none")  # else what its phone tells before the answer is not heard (sofia.c:6634)
        more.append(f"api_on_answer_ack='sched_api +{ACK_SECONDS} {uuid} uuid_kill {uuid} {_NO_ACK}'")
    numbers = count()

    def dialled(phone: Phone) -> str:
        return _phone(phone, office, call, ring, [*more, _answers(call, phone, next(numbers))])

    within = pickup if several else ""  # each branch rings by itself, and each stage ends with the last of its phones
    branches = (
        "|".join(within + ",".join(map(dialled, stage)) for stage in stages) for stages in arranged)
    joined = ":_:".join(branches) if several else pickup + ",".join(branches)
    for_all = [UNLIMITED] if call.to.kind == "emergency" else []
    for_all += ["ignore_early_media=true"] if ignored else []
    return (f"{{{','.join(for_all)}}}" if for_all else "") + joined


def recall(journal: str, legs: Mapping[str, str], held: Held, office: Office, domain: str) -> str:
    """Argument of ``originate``: rings who holds a call at all his phones, ``legs`` being the endpoints by the UUIDs
    of their channels to be. Who answers waits. ``journal`` is the recall's UUID there.

    Nobody waits there for longer than UNCONNECTED_SECONDS. The channel tells who is at it before it waits, since
    FreeSWITCH takes what it showed while it rang for the name of that person.
    """
    user = office.users[held.holder.user or ""]
    name, number = displays.shown(displays.at_phone(shown_of(held, office), held.holder.user or "", office))
    extension = word(user.extension)
    told = registered(extension, office, domain)
    own = told["origination_callee_id_name"]
    variables = (
        f"originate_timeout={user.ring_seconds + 1}", "ignore_early_media=true",
        "outbound_redirect_fatal=true", "hangup_after_bridge=true",
        f"park_timeout={UNCONNECTED_SECONDS}:NORMAL_CLEARING",
        f"fsctl_leg=user+{extension}", f"fsctl_recalls={word(held.holder.uuid)}",
        f"fsctl_journal={word(journal)}",
        *quoted(told),
        f"origination_caller_id_name='{name}'", f"origination_caller_id_number={number}",
    )
    phones = ",".join(f"[origination_uuid={word(uuid)}]{endpoint}" for uuid, endpoint in legs.items())
    applications = f"set_profile_var:callee_id_name={own},set_profile_var:callee_id_number={extension},park"
    return f"{{{','.join(variables)}}}{phones} '{applications}' inline"


def registered(extension: str, office: Office, domain: str) -> dict[str, str]:
    """What the leg of a registered phone is told beside its mark: as FreeSWITCH's own endpoint ``user`` would do it
    (mod_dptools.c, user_outgoing_channel). A call that is sent on from there is the person's, whoever called.
    """
    user = word(extension)
    own = directory_entry.variables(office.users[extension], office) if extension in office.users else {}
    return displays.answering(own.get("fsctl_name", user), user) | {
        "dialed_user": user, "dialed_domain": domain, "sip_invite_domain": domain, "presence_id": f"{user}@{domain}",
        "force_transfer_context": contexts.DEFAULT} | own


def mark(target: Destination) -> str:
    """A destination as a channel variable holds it (``user+101``), to be read by fsctl.model.foreign.unmark.

    ValueError if it could be more than a word.
    """
    return f"{word(target.kind)}+{word(target.name)}"


def _is_line(phones: Sequence[Phone]) -> bool:
    """Whether that is an outside line alone, which has the call when it answers."""
    return len(phones) == 1 and phones[0].leg.trunk is not None and not phones[0].leg.confirm


def _pickup(ring: Ring, office: Office, call: Call) -> str:
    """The leg by which a call can be picked up (fsctl.switch.calls.pickup), where somebody may do so; else "".

    It stands before the phones: one that is taken by INVITE with Replaces learns so if its leg was the last to begin.
    """
    people = any(leg.target.kind == "user" and leg.target.name in office.picked_up for leg in ring.legs)
    if not people and not ring.executive:
        return ""
    uuid = word(call.uuid)
    marks = "".join(f"{each}," for each in _filtered(ring))
    return (f"[fsctl_picked_up={uuid},{marks}"
            f"api_on_pickup_caller='sched_del {uuid}',api_on_pickup_called='{displays.no_longer_ringing(call.uuid)}']"
            f"pickup/{uuid},")


def _filtered(ring: Ring) -> list[str]:
    """For whom it rings at the assistants of an executive, and who takes it talks."""
    if not ring.executive:
        return []
    return acting_for(ring.executive)


def acting_for(executive: str) -> list[str]:
    """What the channel of somebody says who acts for an executive."""
    marked = mark(Destination("user", executive))
    return [f"{FOR_USER}={marked}", f"{EXECUTIVE}={marked}"]


def _seconds(leg: Leg, ring: Ring) -> int:
    """The switch counts whole seconds and rings up to one too few. Who only sees the call has to outlast all stages."""
    stages = max(map(len, ring.branches)) if leg in ring.screening else 0
    return int(leg.ring_seconds) + 1 + stages


def _answers(call: Call, phone: Phone, number: int) -> str:
    """The leg tells the caller's channel when it is answered; each of some in a place of its own."""
    return f"api_on_answer_by='uuid_setvar {word(call.uuid)} fsctl_answered_{number % ANSWERS} {word(phone.uuid)}'"


def _phone(phone: Phone, office: Office, call: Call, ring: Ring, more: Sequence[str]) -> str:
    leg, hunt = phone.leg, ring.hunt
    variables = [
        f"origination_uuid={word(phone.uuid)}",
        f"leg_timeout={_seconds(leg, ring)}",
        f"fsctl_leg={mark(leg.target)}",
        "outbound_redirect_fatal=true",  # else a phone's 302 would send the call anywhere without asking
        f"api_on_answer_called='{displays.no_longer_ringing(call.uuid)}'",
    ]
    if leg.progress_seconds is not None:
        variables.append(f"leg_progress_timeout={int(leg.progress_seconds)}")
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", hunt):
        variables.append(f"fsctl_hunt={hunt}")
    variables += _filtered(ring)
    if phone.alert:
        variables.append(f"alert_info='{phone.alert}'")  # unlike sip_h_Alert-Info no leg inherits it
    if leg.confirm:
        variables += confirming(leg.confirm)
    elif leg.announce:  # "exec" runs an application, and needs no key then (switch_ivr_originate.c)
        variables += ["group_confirm_key=exec", f"group_confirm_file='playback {sounds.prompt(leg.announce)}'"]
    else:
        variables.append(f"api_on_answer='sched_del {word(call.uuid)}'")
    variables += more
    show = leg.show or ring.show
    own = show if leg.trunk is not None else displays.at_phone(show, leg.target.name, office)
    if own != ring.show:  # which the caller's channel says for all
        variables += calling(own)
    if leg.trunk is not None:
        variables += outside(leg, party_of(leg.person, office) or displays.ringing(ring, office, call))
    else:
        variables += quoted(registered(leg.target.name, office, "${domain}"))
    return f"[{','.join(variables)}]{phone.endpoint}"


def calling(party: Party) -> list[str]:
    """What a leg shows of who calls."""
    name, number = displays.shown(party)
    return [f"origination_caller_id_name='{name}'", f"origination_caller_id_number={number}"]


def confirming(language: str) -> list[str]:
    """What a leg is told so that whoever answers is asked to press 1, and has the call only then."""
    return ["execute_on_answer='execute_extension keys XML fsctl'", "group_confirm_key=1",
            f"group_confirm_file='{sounds.press_1(language)}'"]


def outside(leg: Leg, party: Party) -> list[str]:
    """What the leg of a trunk is told beside its mark; ``party`` is whom others see there."""
    told = directory_entry.NOTES_TRANSFER | displays.answering(*displays.shown(party))
    variables = ["fsctl_external=true", *quoted(told), encryption(plain=leg.plain), *_IDENTITY[leg.identity]]
    if leg.sent_by and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", leg.sent_by.name):
        variables.append(f"fsctl_sent_by={leg.sent_by.kind}+{leg.sent_by.name}")
    return variables


def encryption(*, plain: bool) -> str:
    """What the leg of a trunk is told of it: what is set for all (vars.xml), unless its gateway says
    ``rtp_secure_media_outbound``; or none, against either.
    """
    return "rtp_secure_media_outbound=forbidden" if plain else "rtp_secure_media='${fsctl_trunk_srtp}'"


def quoted(variables: Mapping[str, str]) -> list[str]:
    """As they stand between brackets; the values have no quotes."""
    return [f"{name}='{value}'" for name, value in variables.items()]
