"""A star code does what it stands for and says so; digits that are missing are asked for.

Each code is declared beside the policy that serves it, as ``codes`` of its Feature. Only people of the
office get here, for outside callers cannot dial codes.
"""

from collections.abc import Generator, Iterable, Mapping

from fsctl.model import codes
from fsctl.model.actions import Action, Answer, Ask, Because, Change, Done, Hangup, NotTaken, Pass, Play, Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.outcomes import Digits, Failed, Outcome, Performed
from fsctl.model.reasons import Reason, Value, declare, reason
from fsctl.policies.feature import Code, Feature, Run, Stage
from fsctl.policies.language import language_for

REASONS = declare({
    "star_codes.unknown": "{dialled} is not a code that does something",
    "star_codes.transferred": "{name} transferred the call to {code}, which one dials oneself",
    "star_codes.in_talk": "{dialled} does nothing in a talk",
    "star_codes.extension_missing": "{code} needs an extension",
    "star_codes.number_missing": "{code} needs a number",
    "star_codes.nothing_dialled": "nothing was dialled after it",
    "star_codes.not_changed": "it could not be changed now",
    "star_codes.caller": "the caller",
})

#: The longest number that can be dialled after a code.
MOST_DIGITS = 24


def stage(table: Mapping[str, Code]) -> Stage:
    """When codes are asked, of which ``table`` has those that something serves."""
    def acts_on(call: Call, office: Office) -> Live:
        code = table.get(call.to.name) if call.to.kind == "code" else None
        return code.acts_on(call, office) if code else Live()

    return Feature.of(__name__, __doc__, acts_on=acts_on).stage(policy(table))


def policy(table: Mapping[str, Code]) -> Run:
    """The policy for the codes in ``table``, by their names."""

    def run(call: Call, office: Office, live: Live) -> Policy:
        """The longest code that matches; one that nothing serves, or with digits it has no use for, is refused."""
        if call.to.kind != "code":
            return Pass()
        dialled = codes.match(office.codes, call.dialled)
        code = table.get(call.to.name)
        language = language_for(call, office)
        if code is None or dialled is None or (dialled.digits and not code.asks):
            why = reason("star_codes.unknown", dialled=call.dialled)
            return (yield from refuse(why, language, "unknown-number"))
        if call.talk and (not code.in_talk or (dialled.digits and code.in_talk == "alone")):
            return (yield from refuse(reason("star_codes.in_talk", dialled=call.dialled), language))
        if call.transferred_by and not code.by_transfer:
            who = office.users[call.transferred_by].name
            return (yield from refuse(reason("star_codes.transferred", name=who, code=dialled.code), language))
        digits = dialled.digits
        if code.asks and not digits and not code.alone:
            yield Because(_missing(code.asks, dialled.code))
            yield Answer()
            answer = yield Ask(f"enter-{code.asks}", language, MOST_DIGITS)
            if not isinstance(answer, Digits):
                return (yield from refuse(reason("star_codes.nothing_dialled"), language))
            digits = answer.digits
        return (yield from code.run(call, office, live, digits))

    return run


def refuse(why: Reason, language: str, announcement: str = "not-possible") -> Policy:
    """Tell the caller that nothing was done, and end the call."""
    yield Because(why)
    return NotTaken("unknown-number" if announcement == "unknown-number" else "rejected", announcement, language)


def changed(changes: Iterable[tuple[Because, Change]]) -> Generator[Action | Because, Outcome, Outcome]:
    """Change several things, each told with its reason; Failed if one of them could not be changed."""
    outcome: Outcome = Performed()
    for because, change in changes:
        yield because
        done = yield change
        outcome = done if isinstance(done, Failed) else outcome
    return outcome


def confirmed(
    outcome: Outcome, announcement: str, language: str, digits: str = "", words: tuple[str, ...] = (),
) -> Policy:
    """Tell the caller that it was done, and end the call; or that the change failed, if that is its outcome.

    ``digits`` and ``words`` are said after the announcement.
    """
    if isinstance(outcome, Failed):
        return (yield from refuse(reason("star_codes.not_changed"), language, "not-available"))
    yield Answer()
    yield Play(announcement, language, digits, words)
    yield Hangup("normal")
    return Done()


def name_of(user: str | None, office: Office) -> Value:
    """Who does something, for its reason: by the office's name for him, or only as the caller."""
    return office.users[user].name if user and user in office.users else reason("star_codes.caller")


def _missing(asks: str, code: str) -> Reason:
    if asks == "extension":
        return reason("star_codes.extension_missing", code=code)
    return reason("star_codes.number_missing", code=code)
