"""Where a call goes at first, and for which site it is: the same for a call that arrives and for an assumed one."""

from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.sections import Site


def bound(
    dialled: str, by: str | None, office: Office, sent: Destination | None = None
) -> tuple[Destination, Site | None]:
    """The destination of what was dialled by the user ``by``, and its site, None where it belongs to none.

    Where nobody of the office dialled it (None), that is only what an outside caller may reach. ``sent`` is where
    the dialplan has sent the call by itself.
    """
    to = sent or office.find(dialled, user=by, external=by is None)
    return to, office.site_for(to)
