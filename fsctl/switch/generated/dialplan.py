"""The dialplan that is made from the office: emergency numbers, and the fail-safe that works without a controller.

Both are pieces which freeswitch_conf/dialplan/fsctl.xml includes.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from fsctl.model import directory_entry
from fsctl.model.destination import Destination
from fsctl.model.emergency_services import services
from fsctl.model.foreign import clean_name
from fsctl.model.office import Office
from fsctl.model.parties import party_of
from fsctl.model.sections import Site, Trunk
from fsctl.policies import emergency
from fsctl.policies.caller_id import recall_word
from fsctl.policies.intercept_rules import for_all_calls
from fsctl.switch.generated import callers, dialled, own_dialplan, pieces, registered
from fsctl.switch.wire import dialstring, displays

#: Executed before a call ends that nobody takes; see _ways_back.
BACK = "back_${fsctl_transferred_by} XML fsctl"

#: How long phones ring in the fail-safe, where nothing comes after.
RING_SECONDS = 60


def emergency_xml(office: Office) -> str:
    """Extensions of the context ``fsctl_default``: each site's emergency numbers go to its trunks, one after the other.

    So do services called by name. The caller's site is the variable ``fsctl_site``; without, the office's list counts.
    """
    root = ET.Element("include")
    for site in office.sites.values():
        _emergency(root, office, f"emergency {site.key}", f"^{re.escape(site.key)}$", site)
    known = "|".join(re.escape(key) for key in office.sites)
    _emergency(root, office, "emergency", f"^(?!(?:{known})$)" if known else "^", None)
    return "".join(pieces.texts([root]))


def failsafe_xml(office: Office) -> str:
    """Extensions of the context ``fsctl`` which ring the office's people; outside numbers are never dialled.

    Calls come as ``failsafe_<dialled>`` and from there as ``ring_<dialled>``. Of a hunt group all members ring at
    once who have an extension; a member who is an outside number does not, for the call would leave the office
    without anybody having decided that.
    """
    return "".join(failsafe_texts(office))


def failsafe_texts(office: Office) -> Iterator[str]:
    """``failsafe_xml`` bit by bit, for an office of any size."""
    return pieces.texts(_failsafe(office))


def _failsafe(office: Office) -> Iterator[ET.Element]:
    root = ET.Element("include")
    callers.add_to(root, office)
    yield root
    rung = (Destination(kind, name) for kind, names in (("user", office.users), ("hunt", office.groups),
                                                        ("site", office.sites)) for name in names)
    yield from registered.parts(office, max((len(_people(office, each)) for each in rung), default=0))
    for destination, pattern in dialled.patterns(office):
        root = ET.Element("include")
        extension = pieces.extension(root, str(destination))
        _ring(pieces.condition(extension, dialled.FIELD, pattern), office, destination)
        yield root
    root = ET.Element("include")
    extension = pieces.extension(root, "needs the controller")
    condition = pieces.condition(extension, dialled.FIELD, dialled.needs_controller(office))
    pieces.action(condition, "execute_extension", BACK)
    _no_way(condition)
    yield root
    yield from _ways_back(office)
    yield from own_dialplan.ways_out(office)


def _emergency(root: ET.Element, office: Office, name: str, where: str, site: Site | None) -> None:
    plan, ways = office.numbering_of(site), tuple(emergency.ways(office, site))
    if not plan.emergency:
        return
    for service, number in services(plan.emergency, plan.country).items():
        extension = pieces.extension(root, f"{name} {service}")
        pieces.condition(extension, "${fsctl_site}", where)
        _to_trunks(extension, "${sip_req_uri}", _service(service), ways, number)
    extension = pieces.extension(root, name)
    pieces.condition(extension, "${fsctl_site}", where)
    before = f"(?:{re.escape(office.codes.withhold)}#?)?(?:{re.escape(plan.external_prefix)})?"
    called = f"^{before}({'|'.join(map(re.escape, plan.emergency))})#*$"
    _to_trunks(extension, "destination_number", called, ways, "$1")


def _service(name: str) -> str:
    """What FreeSWITCH makes of ``urn:service:<name>`` and of the names below it (sofia.c, _url_set_chanvars)."""
    return rf"(?i)^nobody@service:{re.escape(name)}(?:\.[a-z0-9.-]{{1,60}})?$"


def _to_trunks(extension: ET.Element, field: str, called: str, ways: tuple[emergency.Way, ...], number: str) -> None:
    pieces.condition(extension, field, called)
    _caller_id(extension, tuple(trunk for trunk, *_ in ways))
    condition = pieces.condition(extension, field, called)
    if number != "$1":  # what was called is in no other place
        pieces.action(condition, "set_profile_var", f"destination_number={number}")
    pieces.action(condition, "set", "fsctl_emergency=true")
    pieces.action(condition, "set", f"fsctl_emergency_number={number}")
    pieces.action(condition, "set", dialstring.UNENCRYPTED_TOO)
    pieces.action(condition, "sched_cancel")
    pieces.action(condition, "unset", "socket_resume")
    pieces.action(condition, "set", "hangup_after_bridge=true")
    pieces.action(condition, "set", "continue_on_fail=true")
    pieces.action(condition, "set", f"call_timeout={emergency.RING_SECONDS}")
    if ways:
        tries = (_trunk_leg(number, *way) for way in ways)
        pieces.action(condition, "bridge", f"{{{dialstring.UNLIMITED}}}" + "|".join(tries))
    _no_way(condition)


def _caller_id(extension: ET.Element, trunks: tuple[Trunk, ...]) -> None:
    """The user's own number, which the directory knows, else the one of the first trunk that has one."""
    condition = pieces.condition(extension, "${outbound_caller_id_number}", "^.+$")
    condition.set("break", "never")
    pieces.action(condition, "set", "effective_caller_id_name=${outbound_caller_id_number}")
    pieces.action(condition, "set", "effective_caller_id_number=${outbound_caller_id_number}")
    if shown := next((trunk.caller_id for trunk in trunks if trunk.caller_id), ""):
        pieces.action(condition, "set", f"effective_caller_id_name={shown}", tag="anti-action")
        pieces.action(condition, "set", f"effective_caller_id_number={shown}", tag="anti-action")


def _trunk_leg(number: str, trunk: Trunk, patience: int | None, plain: bool) -> str:
    """The emergency number goes out as it was dialled, without the prefix."""
    told = dialstring.quoted(displays.answering(number, number) | registered.RINGING | directory_entry.NOTES_TRANSFER)
    told += [dialstring.encryption(plain=plain), dialstring.IDENTIFIED]
    variables = ",".join((f"fsctl_leg=number+{number}", *told))
    variables += "" if patience is None else f",leg_progress_timeout={patience}"
    return f"[{variables}]" + trunk.dial.replace("{number}", number).replace("{e164}", number)


def _ring(condition: ET.Element, office: Office, destination: Destination) -> None:
    people = _people(office, destination)
    if not people:
        pieces.action(condition, "execute_extension", BACK)
        _no_way(condition)
        return
    pieces.action(condition, "set", f"call_timeout={RING_SECONDS}")
    pieces.action(condition, "unset", "fsctl_phones")
    if called := party_of(destination, office):
        pieces.action(condition, "set_profile_var", f"callee_id_name={clean_name(called.name) or called.number}")
        if called.number:
            pieces.action(condition, "set_profile_var", f"callee_id_number={called.number}")
    pieces.action(condition, "execute_extension", f"people_{'+'.join(people)} XML fsctl")
    pieces.action(condition, "bridge", registered.DIAL)
    pieces.action(condition, "set", "fsctl_ended=${originate_disposition}")
    pieces.action(condition, "execute_extension", BACK)
    pieces.action(condition, "hangup", "${fsctl_ended}")


def _ways_back(office: Office) -> Iterator[ET.Element]:
    """Whoever was transferred and is not taken rings his transferor again: ``back_101``. For others nothing happens."""
    for user in office.users.values() if office.office.transfer_recall else ():
        root = ET.Element("include")
        own = pieces.condition(pieces.extension(root, f"back to {user.extension}"), "destination_number",
                               f"^back_{user.extension}$")
        pieces.action(own, "set", f"call_timeout={user.ring_seconds}")
        pieces.action(own, "set", f"effective_caller_id_name={recall_word(user, office)} - ${{caller_id_name}}")
        pieces.action(own, "unset", "fsctl_phones")
        pieces.action(own, "execute_extension", f"people_{user.extension} XML fsctl")
        pieces.action(own, "bridge", registered.DIAL)
        yield root
    root = ET.Element("include")
    nobody = pieces.condition(pieces.extension(root, "nobody transferred it"), "destination_number", "^back_")
    pieces.action(nobody, "unset", "fsctl_phones")
    yield root


def _people(office: Office, destination: Destination) -> list[str]:
    """Whom a destination rings: a site's reception, all of a hunt group. No mailbox, no outside number.

    Nobody whose calls are all intercepted at all times: where these are rerouted, people are rung there instead.
    """
    if destination.kind == "site":
        reception = office.sites[destination.name].reception
        return _people(office, reception) if reception else []
    if rule := for_all_calls(destination, office):
        to = office.owner_of(rule.reroute) if rule.reroute else None
        rings = to is not None and to.kind in ("user", "hunt") and for_all_calls(to, office) is None
        return _people(office, to) if to and rings else []
    if destination.kind == "hunt":
        members = office.groups[destination.name].members if destination.name in office.groups else ()
        people = [member for member in dict.fromkeys(members) if member in office.users]
        return [member for member in people if for_all_calls(Destination("user", member), office) is None]
    return [destination.name] if destination.kind == "user" and destination.name in office.users else []


def _no_way(condition: ET.Element) -> None:
    pieces.action(condition, "execute_extension", "tone_no_way XML fsctl")
    pieces.action(condition, "hangup", "NORMAL_TEMPORARY_FAILURE")
