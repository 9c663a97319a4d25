"""``fsctl doctor``: the recordings that callers should hear."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from fsctl.cli.finding import Finding
from fsctl.model.office import Office
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.prompts import missing
from fsctl.switch.wire import sounds

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
    remedies = (
        ("the office's own", [each for each in lacking if each in own],
         f"put them below {folder}, or name others in the office file"),
        ("the program's", [each for each in lacking if each not in own],
         f"speak them with: scripts/make-prompts {folder}"))
    check = f"recordings of {host}:{port}"
    elsewhere = _elsewhere(f"folder of the recordings of {host}:{port}", folder, office.prompts_folder)
    found = [Finding(check, True, f"{whose} that are missing, so that a tone is heard: "
                     f"{_some([each.removeprefix(sounds.FOLDER + '/') for each in names])}; {remedy}", True)
             for whose, names, remedy in remedies if names]
    return [*elsewhere, *(found or [Finding(check, True, f"all are in {folder}")])]


def _elsewhere(check: str, folder: str, by_office: str) -> list[Finding]:
    """FreeSWITCH's folder is the one that counts."""
    if not by_office or PurePosixPath(folder) == PurePosixPath(by_office):
        return []
    return [Finding(check, True, f"FreeSWITCH has {folder or 'none'}, and not {by_office}, which the office file says:"
                    " FSCTL_PROMPTS is set where it runs, or fsctl freeswitch directory and reloadxml are still to be"
                    " run, or its vars.xml is older; name the folder as `prompts` in the office file", True)]


def _some(names: Sequence[str]) -> str:
    """As many of them as one reads."""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
