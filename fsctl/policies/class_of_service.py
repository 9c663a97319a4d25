"""Who may cause which outside calls: by dialling, forwarding, transferring, or by a phone that rings along outside.

Asked when a forward is set and again when it is used, since what a user may do can change in between.
"""

from functools import partial

from fsctl.model import call_classes
from fsctl.model.actions import OFFICE, Leg, Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.reasons import NONE, Reason, declare, reason
from fsctl.model.sections import Site, Trunk, User
from fsctl.policies import intercept_rules
from fsctl.policies.language import language_of
from fsctl.words import term

REASONS = declare({
    "class_of_service.refused": "{name} may not make {kind} calls",
    "class_of_service.transit": "outside callers may not be sent on to the outside",
    "class_of_service.no_user": "only a user of the office may call outside",
    "class_of_service.no_trunk": "no trunk serves {site}",
    "class_of_service.no_trunk_at_all": "no trunk serves those who belong to no site",
}, {"kind": partial(term, "class of calls")})


def causer(call: Call) -> str | None:
    """Who causes the call to go where it goes: a user, OFFICE where the office file sends it, else somebody outside.

    From an attendant, that is whoever got there.
    """
    if call.by is None or (call.by == OFFICE and call.sent_by is not None and call.sent_by.kind == "attendant"):
        return call.on_behalf or call.transferred_by or call.user
    return call.by


def refusal(user: User, number: str, office: Office) -> Reason:
    """Why ``user`` may not cause a call to an outside number; NONE if he may."""
    country = office.numbering_of(office.sites.get(user.site)).country
    if call_classes.includes(user.outside, number, country):
        return NONE
    return reason("class_of_service.refused", name=user.name, kind=call_classes.class_of(number, country))


def refusal_at_use(call: Call, office: Office) -> Reason:
    """Why ``call`` may not go to the outside number that it is on its way to; NONE if it may.

    An outside caller is sent out again only over a trunk with ``allow_transit``, and never by himself: somebody of
    the office, or the office file, sent him there.
    """
    if call.external and office.trunks_of(_site_of(call, office)) and (why_not := not_carried(call, office)):
        return why_not
    if not call.by:
        return NONE
    user = office.users.get(call.by)
    return refusal(user, call.to.name, office) if user else reason("class_of_service.no_user")


def trunks_for(call: Call, office: Office, site: Site | None = None) -> tuple[Trunk, ...]:
    """The trunks that may carry a leg of this call outside, in order; those of ``site``, else of who caused it."""
    trunks = office.trunks_of(site or _site_of(call, office))
    return tuple(trunk for trunk in trunks if trunk.allow_transit) if call.external else trunks


def not_carried(call: Call, office: Office, site: Site | None = None) -> Reason:
    """Why no trunk may carry a leg of this call outside; NONE where one may."""
    if trunks_for(call, office, site):
        return NONE
    place = site or _site_of(call, office)
    if office.trunks_of(place):
        return reason("class_of_service.transit")
    return reason("class_of_service.no_trunk", site=place.name) if place else reason("class_of_service.no_trunk_at_all")


def _site_of(call: Call, office: Office) -> Site | None:
    """Of whoever causes the call to go there; where the office file does, the one that was called."""
    return office.site_of(call.by or call.user) or office.sites.get(call.site or "")


def device_legs(call: Call, user: User, office: Office) -> tuple[Leg, ...]:
    """The phones outside that ring along with a user's own; there one presses 1 to take the call.

    They see the office's number: what an outside caller shows is not ours to send to the public network.
    """
    trunks = trunks_for(call, office, office.sites.get(user.site))
    if not trunks:
        return ()
    show = Party("", user.numbers[0] if user.numbers else trunks[0].caller_id)
    language = language_of(user, office)
    return tuple(
        Leg(Destination("number", device), user.ring_seconds, trunks[0].key, confirm=language, show=show,
            whose=user.extension, sent_by=Destination("user", user.extension))
        for device in user.devices
        if not refusal(user, device, office)
        and not intercept_rules.refusal(user, Destination("number", device), office, call.at)
    )
