"""``fsctl doctor``: the recordings that callers should hear."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from fsctl.cli.finding import Finding
from fsctl.model.office import Office
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.prompts import missing
from fsctl.switch.wire import sounds
from fsctl.words import say, say_number, term

#: So many recordings that are missing are named.
_NAMED = 10


def recordings(host: str, port: int, secret: str, office: Office) -> list[Finding]:
    """All that are missing: callers hear tones instead. Nothing where FreeSWITCH is not reached, which is told."""
    link = EventSocket(host, port, secret)
    try:
        link.open()
        folder, lacking = missing(link, [*(own := sounds.own(office)), *sounds.shipped(office)])
    except SwitchError:
        return []
    finally:
        link.close()
    place = f"{host}:{port}"
    check = say("recordings of {place}", place=place)
    details = []
    if some := [each for each in lacking if each in own]:
        details.append(say("the office's own that are missing, so that a tone is heard: {names}; put them below"
                           " {folder}, or name others in the office file", names=_some(some), folder=folder))
    if some := [each for each in lacking if each not in own]:
        details.append(say("the program's that are missing, so that a tone is heard: {names}; speak them with:"
                           " scripts/make-prompts {folder}", names=_some(some), folder=folder))
    elsewhere = _elsewhere(say("folder of the recordings of {place}", place=place), folder, office.prompts_folder)
    found = [Finding(check, True, each, True) for each in details]
    return [*elsewhere, *(found or [Finding(check, True, say("all are in {folder}", folder=folder))])]


def _elsewhere(check: str, folder: str, by_office: str) -> list[Finding]:
    """FreeSWITCH's folder is the one that counts."""
    if not by_office or PurePosixPath(folder) == PurePosixPath(by_office):
        return []
    return [Finding(check, True, say(
        "FreeSWITCH has {folder}, and not {by_office}, which the office file says: FSCTL_PROMPTS is set where it runs,"
        " or fsctl freeswitch directory and reloadxml are still to be run, or its vars.xml is older; name the folder as"
        " `prompts` in the office file", folder=folder or term("folder", "none"), by_office=by_office), True)]


def _some(names: Sequence[str]) -> str:
    """As many of them as one reads."""
    shown = ", ".join(each.removeprefix(f"{sounds.FOLDER}/") for each in names[:_NAMED])
    if len(names) <= _NAMED:
        return shown
    return say_number("{names} and {number} more", "{names} and {number} more", len(names) - _NAMED, names=shown)
