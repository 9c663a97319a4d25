"""Times as people read them: by the clocks of the site that they are about, and with the offset that these have then.

What is about no site, as the journal, is told by the clocks of who reads it: those of the machine where a site has
such, else those of the office's first site.
"""

import os
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final, overload
from zoneinfo import ZoneInfo

from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.store.database import Store
from fsctl.store.database import moment as instant_of
from fsctl.store.office import read_entries
from fsctl.words import moments

#: Where a machine says by which clocks it goes, as a link into a folder of this name.
_MACHINE: Final = Path("/etc/localtime")
_ZONES: Final = "zoneinfo/"


@overload
def local(moment: datetime | str, zone: tzinfo, *, exact: bool = ...) -> str: ...
@overload
def local(moment: datetime | str | None, zone: tzinfo, *, exact: bool = ...) -> str | None: ...
def local(moment: datetime | str | None, zone: tzinfo, *, exact: bool = False) -> str | None:
    """An aware instant, or one in ISO 8601, as ISO 8601 with the zone's offset; to the millisecond with ``exact``.

    What is none, as of a damaged database, is told as it is.
    """
    known = instant_of(moment) if isinstance(moment, str) else moment
    if known is None:
        return str(moment) if moment else None
    try:
        return known.astimezone(zone).isoformat(timespec="milliseconds" if exact else "seconds")
    except OverflowError:  # at the end of all years
        return str(moment)


def within(text: str, zone: tzinfo) -> str:
    """A text with all instants in it by the clocks of the zone, as its reader writes them."""
    return moments.INSTANT.sub(lambda found: moments.told(local(found[0], zone)), text)


def of_site(key: str | None, office: Office) -> tzinfo:
    """The zone of a site; for what belongs to none the reader's."""
    site = office.sites.get(key or "")
    return _zone(site.timezone) if site else of_reader(office)


def of_reader(of: Office | Store) -> tzinfo:
    """The zone of whoever reads what is about no site. Of a database no more is read than its sites."""
    if isinstance(of, Office):
        return _readers(site.timezone for site in of.sites.values())
    try:
        sites = read_entries(of, "sites").values()
    except FsctlError:  # a time by other clocks is better than none
        return UTC
    return _readers(str(site.get("timezone")) for site in sites if isinstance(site, dict))


def _readers(zones: Iterable[str]) -> tzinfo:
    names = list(zones)
    own = _machines()
    return _zone(own if own in names else names[0]) if names else UTC


def _machines() -> str:
    """The machine's zone, or that of the shell; "" where it says none."""
    if named := os.environ.get("TZ"):
        return named.removeprefix(":")
    try:
        return str(_MACHINE.resolve()).partition(_ZONES)[2]
    except (OSError, RuntimeError):
        return ""


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no zone of this machine's
        return UTC
