"""What happens to a call: one file a feature, asked in the order of PIPELINE.

A policy is a generator ``run(call, office, live)``: it yields actions, receives their outcomes and returns an
ending (``Pass``, ``Reroute`` or ``Done``). It may import the model and nothing else: no socket, database, clock or
randomness. The first line of its docstring says what the caller experiences.
"""

from collections.abc import Callable

from fsctl.model.actions import Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.policies import (
    announcement,
    attendant,
    call_park,
    call_pickup,
    do_not_disturb,
    emergency,
    extension,
    forwarding,
    hunt_group,
    hunt_membership,
    mailbox,
    night_service,
    outbound,
    reception,
    star_codes,
    unknown_number,
)

Run = Callable[[Call, Office, Live], Policy]

#: Every star code that something serves, by its name, as declared beside the policies.
CODES: dict[str, star_codes.Code] = {
    name: code
    for module in (do_not_disturb, forwarding, mailbox, night_service, call_pickup, call_park, hunt_membership)
    for name, code in module.CODES.items()
}

#: The order in which policies are asked, by name. One that has a say before and after ringing is asked twice.
PIPELINE: tuple[tuple[str, Run], ...] = (
    ("emergency", emergency.run),
    ("star_codes", star_codes.policy(CODES)),
    ("night_service", night_service.run),
    ("reception", reception.run),
    ("forwarding", forwarding.run),
    ("do_not_disturb", do_not_disturb.run),
    ("extension", extension.run),
    ("hunt_group", hunt_group.run),
    ("call_park", call_park.run),
    ("forwarding", forwarding.run_unanswered),
    ("mailbox", mailbox.run),
    ("extension", extension.run_unanswered),
    ("attendant", attendant.run),
    ("announcement", announcement.run),
    ("outbound", outbound.run),
    ("unknown_number", unknown_number.run),
)

#: First line of each policy's docstring, for people.
SUMMARIES: dict[str, str] = {
    module.__name__.rpartition(".")[2]: (module.__doc__ or "").partition("\n")[0]
    for module in (
        emergency, star_codes, call_pickup, night_service, reception, forwarding, do_not_disturb, extension,
        hunt_group, call_park, mailbox, attendant, announcement, outbound, unknown_number,
    )
}
