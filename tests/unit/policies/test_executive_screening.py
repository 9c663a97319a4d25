"""What an executive sees of his filtered calls while they ring at the assistants."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.model.actions import Leg, Party, Ring
from fsctl.model.destination import Destination
from fsctl.model.executives import takes_part
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered, Busy, LegEnd, NoAnswer, Redirected, Rejected
from fsctl.model.sections import Overflow
from tests.unit.builders import AT, a_call
from tests.unit.policies.test_executive_alerting import TRANSIT
from tests.unit.policies.test_executive_assistant import CALL, MAILBOX, SHOWN, WHY, done, office
from tests.unit.policies.test_executive_properties import CALLERS, OUTCOMES, PERSON, offices, rings

OWN = "user:130 {} s {} as Lee|+4915112345678"
DEVICE = "number:+491701234567 {} s by provider confirmed in de as |+49305550130"
SILENT, SPLASH = "silently", "with a splash"


def screened(how="silent", settings_=None, person=(), **changes):
    """As ``office`` of the assistants' tests; ``person`` is what else is said of the executive."""
    found = office(settings_=settings_, trunks=TRANSIT, screening=how, **changes)
    return replace(found, users=found.users | {"130": replace(found.users["130"], **dict(person))})


def lines(office_, outcomes=(Answered(Destination("user", "131")),), call=CALL, live=Live()):
    return done(office_, list(outcomes), call, live)


def channel(user="130", **changes):
    return replace(LiveCall(f"of-{user}", user, "x", "inbound", "talking", AT), **changes)


@pytest.mark.parametrize(("how", "shown"), [("silent", SILENT), ("splash", SPLASH)])
@pytest.mark.parametrize(("changes", "rung", "seconds"), [
    ({}, "user:131 15 s then user:132 15 s", 30),
    ({"alerting": "simultaneous"}, "user:131 15 s & user:132 15 s", 15),
    ({"rollover": Overflow(after_seconds=20, to=MAILBOX.to)}, "user:131 15 s then user:132 5 s", 20),
])
def test_all_the_time_that_the_assistants_ring(how, shown, changes, rung, seconds):
    seen = OWN.format(seconds, how)
    assert lines(screened(how, **changes)) == [
        f"{WHY}; the phones of Erika Ernst show it {shown}", f"ring {rung} seen at {seen} {SHOWN}", "done"]


def test_off():
    assert lines(screened("off")) == [WHY, f"ring user:131 15 s then user:132 15 s {SHOWN}", "done"]


@pytest.mark.parametrize(("how", "rings"), [("silent", False), ("splash", True)])
def test_phones_outside_only_with_a_splash(how, rings):
    found = lines(screened(how, person={"devices": ("+491701234567",)}))[1]
    assert (f" seen at {DEVICE.format(30)}" in found) is rings


def test_phones_outside_that_lead_in_a_circle_stay_quiet():
    call = replace(CALL, diverted=("+491701234567",))
    found = lines(screened("splash", person={"devices": ("+491701234567",)}), call=call)[1]
    assert OWN.format(30, "splash") in found
    assert "number:" not in found


def test_no_telephone_rings_twice():
    """An assistant's calls go to the executive's telephone outside."""
    found = lines(screened("splash", {"divert.130.131": "number:+491701234567"}, {"devices": ("+491701234567",)}))[1]
    assert found.count("+491701234567") == 1


ALONE = "ring user:131 15 s then user:132 15 s " + SHOWN


@pytest.mark.parametrize(("values", "person", "calls", "call", "why"), [
    ({"dnd.130": "on"}, {}, (), CALL, "Erika Ernst does not want to be disturbed"),
    ({}, {"call_waiting": False}, (channel(),), CALL, "Erika Ernst is on a call and has no call waiting"),
])
@pytest.mark.parametrize("how", ["silent", "splash"])
def test_whose_phones_are_left_alone(how, values, person, calls, call, why):
    here = screened(how, values, {"devices": ("+491701234567",)} | person)
    assert lines(here, call=call, live=Live(calls)) == [f"{WHY}; {why}", ALONE, "done"]


@pytest.mark.parametrize(("values", "person", "calls"), [
    ({}, {}, (channel(),)),  # he has call waiting
    ({}, {"call_waiting": False}, (channel("131"),)),
    ({}, {"call_waiting": False}, (channel(peer="c0ffee"),)),
    ({"dnd.131": "out"}, {}, ()),
    ({"forward.130.always": "user:101"}, {}, ()),  # it is none of the calls that it is for
])
def test_whose_phones_are_not(values, person, calls):
    assert OWN.format(30, "silent") in lines(screened(settings_=values, person=person), live=Live(calls))[1]


def test_why_assistants_and_he_are_left_out_is_told_together():
    found = lines(screened(settings_={"dnd.130": "on", "assistant.130.131": "out"}))[0]
    assert found == f"{WHY}; Fatma Fuchs has opted out; Erika Ernst does not want to be disturbed"


@pytest.mark.parametrize("outcome", [NoAnswer(), Busy(), Rejected()])
def test_who_only_sees_it_holds_no_rollover_up(outcome):
    assert lines(screened(), [outcome])[-1] == "reroute mailbox:130 by 130"


def test_he_takes_it():
    assert lines(screened(), [Answered(Destination("user", "130"))])[-1] == "done"


SHORT = {"rollover": Overflow(after_seconds=10, to=MAILBOX.to)}


@pytest.mark.parametrize(("became", "again"), [
    ("rejected", False), ("busy", False), ("redirected", False), ("no-answer", True), ("offline", True)])
def test_who_declined_is_not_shown_it_again(became, again):
    """The second assistant would be rung too late, were the first one not so quick to decline."""
    ends = (LegEnd(Destination("user", "131"), "rejected"), LegEnd(Destination("user", "130"), became))
    found = lines(screened(**SHORT), [Rejected(legs=ends), NoAnswer()])
    assert [("user:131" in each, "user:130" in each) for each in found if each.startswith("ring")] == [
        (True, True), (False, again)]
    assert found[2] == "because the next assistants of Erika Ernst" + (
        "; the phones of Erika Ernst show it silently" if again else "")


def test_what_an_assistant_comes_to_is_not_his():
    ends = (LegEnd(Destination("user", "131"), "rejected"),)
    found = lines(screened(**SHORT), [Rejected(legs=ends), Redirected("101")])
    assert [("user:130" in each) for each in found if each.startswith("ring")] == [True, True]


def test_explain_shows_that_he_may_take_it_and_asks_no_word_for_him():
    ring = Ring(((Leg(Destination("user", "131"), 15),),), Party("", ""),
                screening=(Leg(Destination("user", "130"), 15, alert="silent"),))
    assert [told for told, _ in ring.choices(None)][:2] == ["answered by user:131", "answered by user:130"]
    assert ring.assumed(Words("busy", "answered")) == Busy()
    assert ring.target == "user:131"


class Words:
    """What is assumed, word for word."""

    def __init__(self, *words):
        self._words = iter(words)

    def next_word(self, default):
        return next(self._words, default)


# ---- whatever is set ----------------------------------------------------------------------------------


def seen_by_all(office_, how):
    """All executives see their calls."""
    people = {key: replace(user, executive=replace(user.executive, screening=how)) if user.executive else user
              for key, user in office_.users.items()}
    return replace(office_, users=people)


@given(offices(), CALLERS, PERSON, OUTCOMES, st.sampled_from(("silent", "splash")))
def test_who_sees_a_call(office_, caller, called, outcomes, how):
    """The executive himself, unless he is rung for it anyway, calls or wants peace; and nothing else becomes of it."""
    call = replace(a_call(f"user:{called}", caller), by=caller)
    without, found = rings(call, office_, outcomes), rings(call, seen_by_all(office_, how), outcomes)
    assert [replace(ring, screening=()) for ring in found] == without
    rung_for = {(ring.executive, leg.target.name) for ring in found for leg in ring.legs}  # or further ones
    rung_for |= {(key, to.name) for key in office_.users for each in office_.users  # or would be, had he patience
                 if (to := office_.settings.diverted(key, each)) and takes_part(each, office_.users[key], office_)}
    for ring in found:
        may = ring.executive and ring.executive != caller and not office_.settings.dnd(ring.executive)
        rung = (ring.executive, ring.executive) in rung_for
        assert [leg.target.name for leg in ring.screening] == ([ring.executive] if may and not rung else [])
        assert all(leg.alert == how and leg.ring_seconds == ring.lasts(NoAnswer()) for leg in ring.screening)
