"""A caller hears a menu and says by keys where to go: to an entry, an extension, or a person.

Keys reach what the menu names, and people and hunt groups where ``extensions`` allows it; never star codes, outside
numbers or trunks.
"""

from itertools import islice

from fsctl.model.actions import OFFICE, Answer, Ask, Because, Done, Hangup, Pass, Play, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Digits
from fsctl.model.reasons import declare
from fsctl.model.sections import Attendant, User
from fsctl.policies.announcement import in_language
from fsctl.policies.feature import Feature
from fsctl.policies.language import language_for

REASONS = declare({
    "attendant.menu": "attendant {attendant}",
    "attendant.pressed": "the caller pressed {keys}",
    "attendant.wrong_keys": "{keys} leads nowhere",
    "attendant.silence": "the caller pressed nothing for {seconds} s",
    "attendant.no_key": "no key of the menu in {tries} tries",
    "attendant.no_end": "no key of the menu, and the file names no other end",
})

#: How long a caller may think who has no time set by ``silence``.
SECONDS = 8


def run(call: Call, office: Office, live: Live) -> Policy:
    """Wrong keys and silence have their own ends, and where the file names none the call still ends in words."""
    if call.to.kind != "attendant":
        return Pass()
    attendant, language = office.attendants[call.to.name], language_for(call, office)
    seconds = attendant.silence.after_seconds if attendant.silence else SECONDS
    ask = Ask(call.to.name, language, _most_keys(attendant, office), max(seconds, 1),
              in_language(attendant.greeting, language), _keys(attendant, office))
    yield Because("attendant.menu", attendant=call.to.name)
    yield Answer()
    for _ in range(attendant.retries):
        answer = yield ask
        if isinstance(answer, Digits):
            to = _behind(answer.digits, attendant, office)
            if to is not None:
                yield Because("attendant.pressed", keys=answer.digits)
                return Reroute(to, by=OFFICE)
            yield Because("attendant.wrong_keys", keys=answer.digits)
            yield Play("wrong-key", language)
        elif attendant.silence:
            yield Because("attendant.silence", seconds=seconds)
            return Reroute(attendant.silence.to, by=OFFICE)
    if attendant.invalid:
        yield Because("attendant.no_key", tries=attendant.retries)
        return Reroute(attendant.invalid, by=OFFICE)
    yield Because("attendant.no_end")
    yield Play("not-available", language)
    yield Hangup("normal")
    return Done()


def _behind(keys: str, attendant: Attendant, office: Office) -> Destination | None:
    if keys in attendant.menu:
        return attendant.menu[keys]
    if keys == "0" and attendant.zero:
        return attendant.zero
    to = office.extensions.get(keys) if attendant.extensions else None
    return to if to is not None and to.kind in ("user", "hunt") else None


def _keys(attendant: Attendant, office: Office) -> tuple[str, ...]:
    """The menu's, zero, and one extension for all."""
    extensions = (key for key, to in office.extensions.items() if to.kind in ("user", "hunt"))
    return (*attendant.menu, *("0" for _ in [attendant.zero] if _ and "0" not in attendant.menu),
            *(islice(extensions, 1) if attendant.extensions else ()))


def _most_keys(attendant: Attendant, office: Office) -> int:
    extension = office.index.longest_extension if attendant.extensions else 0
    return max(extension, *map(len, [*attendant.menu, "0"]))


def _through(user: User, office: Office) -> str:
    return "office" if office.attendants else ""


FEATURE = Feature.of(__name__, __doc__, through=_through)
STAGE = FEATURE.stage(run)
