"""At night, outside calls go to the site's night destination; by hand, by schedule, and on holidays.

Codes: ``night`` toggles the caller's site, ``night_on`` and ``night_off`` switch it, ``night_auto`` leaves it to the
schedule again. Each speaks the new state and until when it lasts. The key ``night+berlin`` toggles that site. What was
switched so ends when the schedule changes next, unless the site has ``night_by_phone = "stays"``.
"""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from fsctl.model import spoken_moment, told
from fsctl.model.actions import OFFICE, Because, Change, Pass, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.night import by_hand, by_schedule, end_by_phone, night_at, toggled
from fsctl.model.office import Office
from fsctl.model.reasons import Reason, declare, reason
from fsctl.model.sections import Site, User
from fsctl.model.settings import Override, night_path, night_value
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import confirmed, refuse
from fsctl.words import marked

NAME = "night_service"

REASONS = declare({
    "night_service.internal": "only calls that come in from outside are diverted",
    "night_service.exempt": "{extension} is exempt from the night service of {site}",
    "night_service.always": "{extension} is always diverted to the night service of {site}",
    "night_service.off": "night service of {site} is off: {because}",
    "night_service.on": "night service of {site}: {because}",
    "night_service.none": "there is no night service to switch",
    "night_service.may_not_switch": "{user} may not switch the night service of {site}",
    "night_service.switches_on": "{name} switches the night service of {site} on until further notice",
    "night_service.switches_on_until": "{name} switches the night service of {site} on until {until}",
    "night_service.switches_off": "{name} switches the night service of {site} off until further notice",
    "night_service.switches_off_until": "{name} switches the night service of {site} off until {until}",
    "night_service.follows": "{name} leaves the night service of {site} to its schedule",
})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Decided once, when a call arrives; where it goes from there is not diverted again."""
    site, mode = _asked_for(call, office)
    if site is None or site.night is None:
        return Pass()
    if not call.external or call.transferred_by:
        return Pass(why=reason("night_service.internal"))
    if mode == "exempt":
        return Pass(why=reason("night_service.exempt", extension=call.to.name, site=site.name))
    if mode == "on":
        yield Because("night_service.always", extension=call.to.name, site=site.name)
    else:
        night = night_at(site, office, call.at)
        if not night.on:
            return Pass(why=reason("night_service.off", site=site.name, because=night.because))
        yield Because("night_service.on", site=site.name, because=night.because)
    return Reroute(site.night.to, by=OFFICE, skips=(NAME,))


def may_switch(user: str, site: Site, office: Office) -> bool:
    """Whether a user may switch a site's night service: everybody at the site, or those that the file lists."""
    if isinstance(site.night_by, str):
        return user in office.users and office.users[user].site == site.key
    return user in site.night_by


def switched_by(user: str, office: Office) -> tuple[Site, ...]:
    """The sites whose night service a user may switch."""
    return tuple(site for site in office.sites.values() if site.night and may_switch(user, site, office))


def _asked_for(call: Call, office: Office) -> tuple[Site | None, str]:
    """The site whose night counts for whom the call is for, and how far it does."""
    match call.to.kind:
        case "site":
            return office.sites[call.to.name], "follow"
        case "user":
            return office.site_of(call.to.name), office.users[call.to.name].night
        case "hunt":
            group = office.groups[call.to.name]
            return office.sites.get(group.site), group.hunt.night if group.hunt else "exempt"
    return None, "exempt"


def _switch(value: str, call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, user = language_for(call, office), call.user or ""
    site = office.sites.get(digits) if digits else _own_site(user, office)
    if site is None or site.night is None:
        return (yield from refuse(reason("night_service.none"), language))
    if not may_switch(user, site, office):
        return (yield from refuse(reason("night_service.may_not_switch", user=user, site=site.name), language))
    zone = ZoneInfo(site.timezone)
    wanted, end = _wanted(value, site, office, call.at), end_by_phone(site, office, call.at)
    if wanted is None:
        night, stored = by_schedule(site, office, call.at), None
    else:
        night, stored = by_hand(site, office, Override(wanted, end, user, call.at)), night_value(wanted, end)
    yield _switches(wanted, told.end(end, zone, call.at) if end else None, office.users[user].name, site.name)
    outcome = yield Change(f"night:{site.key}", night_path(site.key), stored)
    words = spoken_moment.until(night.next_change, call.at, zone, language)
    return (yield from confirmed(outcome, "night-on" if night.on else "night-off", language, words=words))


def _switches(on: bool | None, until: Reason | None, name: str, site: str) -> Because:
    if on is None:
        return Because("night_service.follows", name=name, site=site)
    if until is None:
        return (Because("night_service.switches_on", name=name, site=site) if on
                else Because("night_service.switches_off", name=name, site=site))
    return (Because("night_service.switches_on_until", name=name, site=site, until=until) if on
            else Because("night_service.switches_off_until", name=name, site=site, until=until))


def _own_site(user: str, office: Office) -> Site | None:
    """The site that a user switches: his own, or where that has no list with him, the one that lists him."""
    own = office.site_of(user)
    if own and may_switch(user, own, office):
        return own
    listed = [site for site in office.sites.values() if not isinstance(site.night_by, str) and user in site.night_by]
    return listed[0] if listed else own


def _wanted(value: str, site: Site, office: Office, at: datetime) -> bool | None:
    """On or off by hand; None to follow the schedule."""
    return {"on": True, "off": False, "auto": None}[value] if value != "toggle" else toggled(site, office, at)


def _through(user: User, office: Office) -> str:
    site = office.sites.get(user.site)
    if site is None or site.night is None or user.night == "exempt":
        return ""
    return themselves(user, office) if user.night == "on" else f"site {site.key}"


def _anywhere(office: Office) -> bool:
    """Also where all are exempt."""
    return any(site.night for site in office.sites.values())


def _switches_own(user: User, office: Office) -> bool:
    site = _own_site(user.extension, office)
    return site is not None and site.night is not None and may_switch(user.extension, site, office)


def _switches_any(user: User, office: Office) -> bool:
    return bool(switched_by(user.extension, office))


_code = partial(Code, counts=_anywhere, serves=_switches_own)

FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "night": _code(partial(_switch, "toggle"), does=marked("switches the night service, and says how it is")),
    "night_on": _code(partial(_switch, "on"), does=marked("switches the night service on")),
    "night_off": _code(partial(_switch, "off"), does=marked("switches the night service off")),
    "night_auto": _code(partial(_switch, "auto"), does=marked("leaves the night service to the schedule")),
    "night_key": Code(partial(_switch, "toggle"), counts=_anywhere, serves=_switches_any, asks="key",
                      does=marked("switches the night service")),
})
STAGE = FEATURE.stage(run)
