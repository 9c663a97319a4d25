"""Call pickup on the switch: how a ringing call is taken, and how the one who owns it notices.

Every ``bridge`` that rings people whose calls somebody may pick up has one leg more, ``pickup/<uuid of the caller>``.
It rings nobody; who executes ``pickup`` with that key takes its place as the leg that answered. FreeSWITCH gives it to
exactly one (mod_dptools.c, pickup_pop_uuid), tells all phones that the call was completed elsewhere, and shows each
side the other. A phone that takes a call by INVITE with Replaces comes past fsctl: FreeSWITCH intercepts the caller.
"""

from collections.abc import Mapping

from fsctl.model.actions import Party
from fsctl.switch.session.call_session import CallSession
from fsctl.switch.wire import is_uuid
from fsctl.switch.wire.displays import before_the_talk, no_longer_ringing, shown, shown_by_phone

#: Longest wait for FreeSWITCH, in seconds.
_SECONDS = 5


def take(session: CallSession, uuid: str, picker: Party, caller: Party | None) -> bool:
    """Whether this session's channel now has the ringing call of the channel ``uuid``, whose phone sees ``picker``.

    FreeSWITCH tells this session's own phone of ``caller`` after the answer only, which many phones do not take, and
    names ``picker`` in the answer.

    CallerGone as from a wait. The variables of the leg that was taken are on this channel when the application
    completes, and the answer follows within a tick. FreeSWITCH itself then ends the leases of both.
    """
    name, number = shown(picker)
    sees = f";{before_the_talk(caller)}" if caller else ""
    with session.batch():
        session.execute("multiset", f"^^;hangup_after_bridge=true;api_on_pickup_own=sched_del {session.uuid}{sees}")
        session.execute("set_profile_var", f"caller_id_name={name}")
        session.execute("set_profile_var", f"caller_id_number={number}")
        pickup = session.execute("pickup", uuid)
    taken = pickup.wait(_SECONDS).get("variable_fsctl_picked_up") == uuid
    session.api_nowait(f"sched_api +1 none {no_longer_ringing(session.uuid)}")  # once the answer has gone out
    return taken


def taken_by(event: Mapping[str, str]) -> str:
    """The channel that has taken the call which an event of the caller tells of; "" if none has.

    That is a CHANNEL_BRIDGE with a phone that had called itself, or the end of a bridge whose caller was intercepted.
    """
    if event.get("Event-Name") == "CHANNEL_BRIDGE":
        return event.get("Other-Leg-Unique-ID", "") if event.get("Other-Leg-Direction") == "inbound" else ""
    intercepted = "PICKED_OFF" in event.get("variable_originate_causes", "")
    return event.get("variable_signal_bond", "") if intercepted and event.get("Answer-State") == "answered" else ""


def show(session: CallSession, other: str, picker: Party, caller: Party) -> None:
    """Let both see whom they talk with: after an INVITE with Replaces FreeSWITCH shows the caller himself.

    It does so when the talk begins, which no event tells here; so a moment later.
    """
    for uuid, party in ((session.uuid, picker), (other, caller)):
        if is_uuid(uuid):
            session.api_nowait(f"sched_api +1 none uuid_display {uuid} {shown_by_phone(party)}")
