"""The clocks of the office's sites, which FreeSWITCH knows only if it is told: it has no time zones of its own.

For what mod_voicemail says of when a message came.
"""

import xml.etree.ElementTree as ET
import zoneinfo
from importlib import resources
from pathlib import Path

from fsctl.model.office import Office
from fsctl.switch.generated import pieces


def timezones_xml(office: Office) -> str:
    """The zones of timezones.conf, each by the rule that counts now."""
    root = ET.Element("include")
    for zone in dict.fromkeys(site.timezone for site in office.sites.values()):
        if rule := rule_of(zone):
            ET.SubElement(root, "zone", name=zone, value=rule)
    return "".join(pieces.texts([root]))


def rule_of(zone: str) -> str:
    """``CET-1CEST,M3.5.0,M10.5.0/3``, the last line of a zone's file (RFC 8536); "" where there is none."""
    content = next(filter(None, map(_read, (*_installed(zone), *_of_package(zone)))), b"")
    return content.rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace") if content.startswith(b"TZif") else ""


def _installed(zone: str) -> tuple[Path, ...]:
    return tuple(Path(folder, zone) for folder in zoneinfo.TZPATH)


def _of_package(zone: str) -> tuple[Path, ...]:
    """Of the package tzdata, where the system has no zones."""
    try:
        return (Path(str(resources.files("tzdata").joinpath("zoneinfo", *zone.split("/")))),)
    except ModuleNotFoundError:
        return ()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
