"""An executive joins a talk that an assistant has for him, so that three talk; dialled again it ends that for all.

Code: ``join``, alone for the call that has gone on longest, or with the assistant's extension for that one's. Dialled
alone in a talk it brings in whom one holds (three_way).
"""

from fsctl.model.actions import Because, Claim, Done, EndJoined, Join, Policy
from fsctl.model.call import Call
from fsctl.model.joined import joined_by, members_of
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Taken
from fsctl.model.reasons import declare, reason
from fsctl.model.sections import User
from fsctl.policies import three_way
from fsctl.policies.executive_take_over import announcement, chosen, one_handled
from fsctl.policies.feature import Code, Feature, themselves
from fsctl.policies.intercept import fetching, turned_away
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import confirmed, name_of, refuse
from fsctl.words import marked

REASONS = declare({
    "executive_join.joins": "{name} joins it",
    "executive_join.ends": "{name} ends the talk of the three",
    "executive_join.failed": "it could not be ended now",
    "executive_join.over": "that talk is over, or somebody else was faster",
})


def _join(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language, name = language_for(call, office), name_of(call.user, office)
    if call.talk:
        return (yield from _in_talk(call, office, live))
    if room := joined_by(call.user or "", live):
        yield Because("executive_join.ends", name=name)
        outcome = yield _ending(room, live)
        return (yield from confirmed(outcome, "talk-ended", language))
    found, why = chosen(call, office, live, digits)
    if found is None:
        return (yield from refuse(why, language, announcement(why)))
    if blocked := fetching(call, found.caller, office):
        return (yield from turned_away(blocked, call, office))
    yield Because(why)
    if not isinstance((yield Claim(f"call:{found.caller.uuid}")), Taken):
        yield Because("executive_join.joins", name=name)
        join = Join(found.caller.uuid, found.channel.uuid, found.by, call.user or "", office.office.barge_tone)
        if not isinstance((yield join), Taken):
            return Done()
    return (yield from refuse(reason("executive_join.over"), language, "nothing-to-take-over"))


def _in_talk(call: Call, office: Office, live: Live) -> Policy:
    """Of the three that he has joined he ends the talk, and else brings in whom he holds."""
    own = live.call(call.talk)
    if own is None or not own.room or own.room != joined_by(call.user or "", live):
        return (yield from three_way.with_held(call, office, live))
    yield Because("executive_join.ends", name=name_of(call.user, office))
    if isinstance((yield _ending(own.room, live)), Failed):
        return (yield from refuse(reason("executive_join.failed"), language_for(call, office), "not-available"))
    return Done()


def _ending(room: str, live: Live) -> EndJoined:
    return EndJoined(tuple(each.uuid for each in members_of(room, live)))


def _through(user: User, office: Office) -> str:
    return themselves(user, office) if user.executive else ""


def _in_any_talk(office: Office) -> bool:
    """Everybody makes a talk one of three by it."""
    return True


FEATURE = Feature.of(__name__, __doc__, through=_through, codes={
    "join": Code(
        _join, asks="extension", alone=True, in_talk="alone", acts_on=one_handled,
        counts=_in_any_talk,
        does=marked("I join the talk that my assistant has for me; in a talk: makes it one of three")),
})
STAGE = FEATURE.stage()
