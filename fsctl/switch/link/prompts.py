"""Which recordings are not there, of all that callers may hear; and that the log says so of each once."""

import logging
from collections.abc import Callable, Iterable
from typing import Final

from fsctl.model.office import Office
from fsctl.switch.link.event_socket import EventSocket
from fsctl.switch.wire import sounds
from fsctl.switch.wire.text import set_to

log = logging.getLogger(__name__)


class Missed:
    """What this process has warned of. A recording that came and is missed again is told again."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __call__(self, recording: str) -> None:
        """Somebody was to hear it, and it is not there."""
        if recording not in self._told:
            self._told.add(recording)
            log.warning("there is no recording %s: a tone instead; fsctl doctor lists all that are missing", recording)

    def there(self, recordings: Iterable[str]) -> None:
        """They are there."""
        self._told.difference_update(recordings)


MISSED: Final = Missed()


def missing(link: EventSocket, recordings: Iterable[str]) -> tuple[str, list[str]]:
    """FreeSWITCH's folder of recordings, and those that it does not find there or elsewhere. SwitchError."""
    folder, asked = set_to(link.api("global_getvar fsctl_prompts")), list(recordings)
    answers = link.apis(f"file_exists {each.replace(sounds.FOLDER, folder)}" for each in asked)
    return folder, [each for each, answer in zip(asked, answers, strict=True) if answer.strip() == "false"]


class Prompts:
    """Looks, with each comparison of a link, for those whose lack no call can tell: files of questions and music."""

    def __init__(self, current_office: Callable[[], Office]) -> None:
        self._current_office = current_office

    def round(self, link: EventSocket) -> None:
        """Warn of what is missing."""
        needed = sounds.unnoticed(self._current_office())
        _, lacking = missing(link, needed)
        MISSED.there(set(needed) - set(lacking))
        for recording in lacking:
            MISSED(recording)
