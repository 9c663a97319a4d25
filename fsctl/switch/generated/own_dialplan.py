"""The ways between the office and an own dialplan of the FreeSWITCH: into the office, and out of it."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from fsctl.model import contexts
from fsctl.model.office import Office
from fsctl.switch.generated import dialled, pieces

#: What the dialplan sets for its own calls and FreeSWITCH goes by.
_OUR_WAYS = ("socket_resume force_transfer_context execute_on_blind_transfer transfer_ringback hangup_after_bridge"
             " continue_on_fail sip_ignore_remote_cause last_bridge_to fsctl_transferor fsctl_external fsctl_failsafe"
             " fsctl_owner fsctl_moved")

#: What goes on there, with the number or name that was dialled.
_OWN = r"^own\+([A-Za-z0-9*#+][A-Za-z0-9*#+_.-]{0,63})\z"

#: Who is no outside caller and was not transferred, or was transferred by somebody of the office.
_BY_THE_OFFICE = r"^//\z|/[0-9]{1,15}\z"


def office_texts(office: Office) -> Iterator[str]:
    """Extensions for a context that is not fsctl's: what the office has, as callers write it, goes on at fsctl."""
    return pieces.texts(_ways_in(office))


def _ways_in(office: Office) -> Iterator[ET.Element]:
    for destination, pattern in dialled.ways_in(office):
        root = ET.Element("include")
        way = pieces.condition(pieces.extension(root, f"fsctl {destination}"), "destination_number", pattern)
        pieces.action(way, "unset", "last_bridge_to")  # a call of its own, whatever it was there
        pieces.action(way, "transfer", f"$1 XML {contexts.PUBLIC}")
        yield root


def ways_out(office: Office) -> Iterator[ET.Element]:
    """``own+1000`` goes on in the own dialplan of the FreeSWITCH, like any other call there. So does what people of the
    office dial in the fail-safe, or transfer somebody to, and nothing above has taken.
    """
    root, context = ET.Element("include"), office.office.own_context
    own = pieces.condition(pieces.extension(root, "own dialplan"), "destination_number", _OWN)
    if not context:
        pieces.action(own, "unset", "fsctl_phones")
        yield root
        return
    pieces.action(own, "sched_cancel")
    pieces.action(own, "multiunset", _OUR_WAYS)
    pieces.action(own, "transfer", f"$1 XML {context}")
    yield root
    root = ET.Element("include")
    extension = pieces.extension(root, "not of the office")
    pieces.condition(extension, "${fsctl_external}/${fsctl_from_leg}/${fsctl_transferred_by}", _BY_THE_OFFICE)
    rest = pieces.condition(extension, "destination_number", r"^ring_([0-9*#+]{1,30}?)#*\z")
    pieces.action(rest, "execute_extension", f"own+$1 XML {contexts.WITHIN}")
    yield root
