"""What of an office a call or a command can notice: observers, each a function of the office."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from unittest.mock import patch

from fsctl import explain, officefile, public_holidays, schema
from fsctl.facts.arriving import identity
from fsctl.facts.assumed import assumed_call
from fsctl.model import hold_recall
from fsctl.model.actions import Party
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Outcome
from fsctl.model.recordings import within
from fsctl.route import Planned
from fsctl.switch.generated.dialplan import emergency_xml, failsafe_xml
from fsctl.switch.generated.directory import users_xml
from fsctl.switch.generated.prompts import prompts_xml
from fsctl.switch.link.calls_now import HeardHere
from fsctl.switch.upkeep import old_calls
from fsctl.switch.upkeep.group_calls import GroupCalls
from fsctl.switch.wire import displays, sounds
from tests.unit.test_officefile import NOW

Observer = Callable[[Office], object]

#: A Wednesday, at which the sample office is open, and its night; a Sunday night in which stock is taken.
AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
NIGHT, SUNDAY = AT + timedelta(hours=12), datetime(2026, 11, 29, 22, 30, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 25, 10, tzinfo=UTC)
MOBILE, BERLIN = "+4915112345678", "+49305550100"


def office_of(tree: dict[str, Any]) -> Office:
    """As calls have it, with the holidays."""
    return replace(schema.structure(tree), holidays=public_holidays.holiday, folder="/srv/office")


def call(
    caller: str, dialled: str, *outcomes: str, at: datetime = AT, by: str | None = None, live: Sequence[LiveCall] = (),
    **more: Any,
) -> Observer:
    """All that a call makes happen, with the reasons, and what becomes of it; ``more`` is said of the call itself."""

    def moment(_zone: tzinfo) -> datetime:
        return at

    def observe(office: Office) -> object:
        made = replace(assumed_call(caller, dialled, office, moment, by), **more)
        now = Live(tuple(live)) if live else explain._assumed_live(made, office)
        world, seen = explain.Assumptions(made, office, explain.untouched, now, outcomes), []

        def outcome_of(planned: Planned) -> Outcome | None:
            seen.append(planned.action)
            return world.outcome_of(planned)

        found = explain.follow(made, office, outcome_of, now)
        return seen, [(step.action, step.target, str(step.reason)) for step in found.steps], found.result

    return observe


def all_of(*observers: Observer) -> Observer:
    return lambda office: [observe(office) for observe in observers]


def from_slot(slot: str, *outcomes: str) -> Observer:
    """A parked call that nobody fetched."""
    return call(MOBILE, BERLIN, *outcomes, to=Destination("recall", slot), parker="102", by="102")


def talk(user: str, other: str | None = None, state: Any = "talking", since: timedelta = timedelta()) -> list[LiveCall]:
    """Somebody talks with somebody else, or somebody outside; or holds him."""
    return [LiveCall("a", user, "b", "outbound", state, AT - since, number=user),
            LiveCall("b", other, "a", "inbound", "talking", AT - since, number=other or MOBILE)]


def ringing_outside(cause: str, *callers: str) -> list[LiveCall]:
    """Calls that ring outside, sent there by somebody."""
    return [LiveCall(f"leg-{each}", None, each, "outbound", "ringing", AT, sent_by=cause) for each in callers]


def in_room(extension: str, *users: str) -> list[LiveCall]:
    """A group call that goes on."""
    return [LiveCall(each, each, None, "inbound", "talking", AT, room=f"group-{extension}") for each in users]


def found(tree: dict[str, Any]) -> object:
    """What `office check` says of the file."""
    return [str(each) for each in officefile.check(tree, NOW)]


def held_too_long(office: Office) -> object:
    return hold_recall.due(office, Live(tuple(talk("101", state="held", since=timedelta(minutes=5)))), AT, {})


def kept_until(office: Office) -> object:
    """From when on the journal is kept."""
    with patch.object(old_calls.old_calls, "remove", lambda _store, before, _most: before.toordinal()):
        return old_calls.OldCalls(None, lambda: office, lambda: AT)._remove()  # type: ignore[arg-type]


def journal_names(office: Office) -> object:
    told = {"variable_fsctl_withheld": "true", "variable_fsctl_identity": MOBILE}
    made = assumed_call(MOBILE, BERLIN, office, lambda _: AT)
    return identity(told, office, made)


def display(office: Office) -> object:
    return displays.at_phone(Party("", "+49301234567"), "101", office)


def recording(office: Office) -> object:
    return within(office.recordings_folder, "x.wav")


def directory(office: Office) -> object:
    return users_xml(office, dict.fromkeys(office.users, "secret"))


def failsafe(office: Office) -> object:
    return failsafe_xml(office)


def heard_in_a_group_call(office: Office) -> object:
    """When one more has come into it."""
    said: list[str] = []

    class Link:
        def api(self, text: str) -> str:
            return "/prompts"

        def apis(self, texts: Sequence[str]) -> None:
            said.extend(texts)

    GroupCalls(lambda: office, HeardHere([]))._tell(Link(), "group-380", sounds.JOINED, "2")  # type: ignore[arg-type]
    return said


__all__ = ["emergency_xml", "prompts_xml"]
