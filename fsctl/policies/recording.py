"""Who talks records it, and all who talk hear a tone; dialled again it ends.

Code: ``record``, dialled in the talk, where ``[office] record`` allows it. The file is named by call and time, and lies
in ``[office] recordings``.
"""

from fsctl.model.actions import Because, Done, Policy, Record
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed
from fsctl.model.reasons import declare, reason
from fsctl.model.sections import User
from fsctl.policies.feature import Code, Feature
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "recording.begins": "{name} records the talk",
    "recording.ends": "{name} records the talk no longer",
    "recording.not_allowed": "in this office nobody records calls",
    "recording.no_talk": "{name} talks with nobody; it is dialled in the talk that is to be recorded",
    "recording.goes_on": "it could not be ended",
    "recording.failed": "it could not be recorded",
})


def _record(call: Call, office: Office, live: Live, digits: str) -> Policy:
    """What is recorded can be ended whatever the office file says by now."""
    language, name = language_for(call, office), name_of(call.user, office)
    own = live.call(call.talk)
    recorded = own is not None and own.recorded is not None
    if not (recorded or office.office.record):
        return (yield from refuse(reason("recording.not_allowed"), language))
    if own is None:
        return (yield from refuse(reason("recording.no_talk", name=name), language))
    yield Because(reason("recording.ends", name=name) if recorded else reason("recording.begins", name=name))
    if isinstance((yield Record(own.uuid, on=not recorded)), Failed):
        why = reason("recording.goes_on") if recorded else reason("recording.failed")
        return (yield from refuse(why, language, "not-available"))
    return Done()


def _through(user: User, office: Office) -> str:
    return "office" if office.office.record else ""


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "record": Code(_record, in_talk="alone", does=marked("records the talk, or ends that")),
})
STAGE = FEATURE.stage()
