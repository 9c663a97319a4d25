"""From what somebody asks about to a Call."""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from fsctl.errors import FsctlError
from fsctl.facts.bound import bound
from fsctl.model.actions import Party
from fsctl.model.call import Call
from fsctl.model.digits import dialable, plain
from fsctl.model.office import Office
from fsctl.words import say


def assumed_call(
    caller: str, dialled: str, office: Office, moment: Callable[[tzinfo], datetime], transferred_by: str | None = None
) -> Call:
    """The call by a caller who is internal if it is an extension of the office, or of an own dialplan; else external.

    ``moment`` tells the aware instant for the time zone of the called site, where there is none of the caller's. The
    user ``transferred_by`` has dialled on the caller's behalf: what may be reached is then his. FsctlError if there is
    no such user.
    """
    if transferred_by is not None and transferred_by not in office.users:
        raise FsctlError(say(
            "nobody at {extension} can have transferred the call; extensions are {known}",
            extension=repr(transferred_by), known=", ".join(office.users) or say("none")))
    caller, dialled = plain(caller) or caller, dialable(dialled) or dialled
    user = caller if caller in office.users else None
    by = user if transferred_by is None else transferred_by
    to, site = bound(dialled, by, office)
    here = site or office.site_of(by)
    number = caller if user else office.caller_number(caller, site)
    own = office.office.own_context != "" and bool(plain(number)) and not number.startswith("+")
    return Call(
        uuid="",
        caller=Party("", number),
        user=user,
        external=user is None and not own,
        dialled=dialled,
        to=to,
        at=moment(ZoneInfo(here.timezone) if here else UTC),
        site=site.key if site else None,
        transferred_by=transferred_by,
        by=by,
        parker=None,
        chance=0.0,
    )
