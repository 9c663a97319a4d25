"""A call may end with an announcement: the destination ``announcement:…``."""

from collections.abc import Mapping

from fsctl.model.actions import Because, Done, Hangup, Pass, Play, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare
from fsctl.policies.language import language_for

REASONS = declare({"announcement.by_file": "the office file says so"})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Heard before anybody answers, so that it costs the caller nothing."""
    if call.to.kind != "announcement":
        return Pass()
    language = language_for(call, office)
    yield Because("announcement.by_file")
    yield Play(call.to.name, language, file=in_language(office.announcements.get(call.to.name, {}), language))
    yield Hangup("normal")
    return Done()


def in_language(files: Mapping[str, str], language: str) -> str:
    """The file in that language, else the first there is, else ""."""
    return files.get(language) or next(iter(files.values()), "")
