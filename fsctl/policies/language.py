"""In which language a caller hears announcements."""

from fsctl.model.call import Call
from fsctl.model.office import Office
from fsctl.model.sections import User


def language_for(call: Call, office: Office) -> str:
    """The caller's own language, then that of the site he called, and at last that of the office's first site."""
    user = office.users.get(call.user or "")
    if user:
        return language_of(user, office)
    called = office.sites.get(call.site or "") or office.site_for(call.to) or next(iter(office.sites.values()), None)
    return called.language if called else "en"


def language_of(user: User, office: Office) -> str:
    """A user's own language, else that of the site; English where the site is not known."""
    site = office.sites.get(user.site)
    return user.language or (site.language if site else "en")
