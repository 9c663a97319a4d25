"""Which assistants a filtered call rings, where, and why others are passed over."""

from dataclasses import replace

import pytest

from fsctl.model.actions import Party
from fsctl.model.destination import Destination
from fsctl.model.live import Live, LiveCall
from fsctl.model.outcomes import Answered
from fsctl.policies import executive_assistant
from tests.unit.builders import AT, BERND, PROVIDER, THAMES
from tests.unit.policies.test_executive_assistant import CALL, SHOWN, TAKEN, WHY, done, office
from tests.unit.policies.test_executive_rules import office as an_executives_office


def channel(user, **changes):
    return replace(LiveCall(f"of-{user}", user, "x", "inbound", "talking", AT), **changes)


NO_WAITING = {"131": replace(an_executives_office().users["131"], call_waiting=False)}


@pytest.mark.parametrize(("users", "values", "calls", "why"), [
    ((), {"assistant.130.131": "out"}, (), "Fatma Fuchs has opted out"),
    ((), {"dnd.131": "on"}, (), "Fatma Fuchs does not want to be disturbed"),
    (NO_WAITING, {}, (channel("131"),), "Fatma Fuchs is on a call and has no call waiting"),
    (NO_WAITING, {}, (channel("131", peer=None, state="ringing", direction="outbound"),),
     "Fatma Fuchs is on a call and has no call waiting"),
    ((), {"divert.130.131": "user:102", "dnd.102": "on"}, (),
     "Fatma Fuchs diverts the call: Bernd Brandt does not want to be disturbed"),
    ((), {"divert.130.131": "number:+442079460999"}, (),
     "Fatma Fuchs diverts the call: Fatma Fuchs may not make international calls"),
    (NO_WAITING, {"divert.130.131": "user:102", "dnd.102": "on"}, (channel("131"),),
     "Fatma Fuchs diverts the call: Bernd Brandt does not want to be disturbed"),
    ({"102": replace(BERND, call_waiting=False)}, {"divert.130.131": "user:102"}, (channel("102"),),
     "Fatma Fuchs diverts the call: Bernd Brandt is on a call and has no call waiting"),
    ((), {"divert.130.131": "user:132", "assistant.130.132": "in"}, (), ""),
])
def test_passed_over(users, values, calls, why):
    lines = done(office(users, values), [Answered(Destination("user", "132"))], live=Live(calls))
    because = f"{WHY}; {why}" if why else WHY
    assert lines == [because, f"ring user:132 15 s {SHOWN}", "done"]


@pytest.mark.parametrize(("users", "values", "calls"), [
    ((), {}, (channel("131"),)),  # he has call waiting
    (NO_WAITING, {}, (channel("132"),)),
    (NO_WAITING, {}, (channel("131", peer="c0ffee"),)),  # this call's own leg, which ends late
    ((), {"assistant.130.131": "in"}, ()), ((), {"assistant.120.131": "out"}, ()), ((), {"dnd.130": "on"}, ()),
    ((), {"forward.131.always": "user:102"}, ()), ((), {"divert.120.131": "user:102"}, ()),
    ((), {"divert.130.131": "user:199"}, ()), ((), {"divert.130.131": "nonsense"}, ()),
    ((), {"divert.130.131": "hunt:sales"}, ()), ((), {"divert.130.131": "number:+49305550100"}, ()),
])
def test_not_passed_over(users, values, calls):
    assert done(office(users, values), live=Live(calls))[1] == f"ring user:131 15 s then user:132 15 s {SHOWN}"


def test_who_opted_out_is_back_where_nobody_may():
    assert done(office(settings_={"assistant.130.131": "out"}, opt_out=False))[1].startswith("ring user:131 15 s then")


def test_devices_outside_do_not_ring():
    users = {"131": replace(an_executives_office().users["131"], devices=("+491701234567",))}
    assert done(office(users))[1] == f"ring user:131 15 s then user:132 15 s {SHOWN}"


# ---- diversion ----------------------------------------------------------------------------------------

TRANSIT = {"provider": replace(PROVIDER, allow_transit=True)}
OUT = "number:+491709876543 15 s by provider confirmed in de as |"


@pytest.mark.parametrize(("to", "rung"), [
    ("user:102", "user:102 15 s then user:132 15 s"),
    ("user:132", "user:132 15 s"),
    ("number:+49305550101", "user:101 15 s then user:132 15 s"),
    ("number:+491709876543", f"{OUT}+49305550100 then user:132 15 s"),
])
def test_where_an_assistants_calls_go(to, rung):
    lines = done(office(settings_={"divert.130.131": to, "dnd.131": "on"}, trunks=TRANSIT))
    assert lines[1] == f"ring {rung} {SHOWN}"


def test_a_telephone_outside_belongs_to_the_assistant():
    users = {"131": replace(an_executives_office().users["131"], numbers=("+49305550131",), language="en")}
    here = office(users, {"divert.130.131": "number:+491709876543"}, TRANSIT)
    ring = next(action for action in executive_assistant.run(CALL, here, Live()) if hasattr(action, "branches"))
    leg = ring.legs[0]
    assert (leg.whose, leg.sent_by, leg.show, leg.confirm) == (
        "131", Destination("user", "131"), Party("", "+49305550131"), "en")


def test_by_the_trunk_of_the_assistants_site():
    users = {"131": replace(an_executives_office().users["131"], site="london")}
    trunks = TRANSIT | {"thames": replace(THAMES, allow_transit=True)}
    lines = done(office(users, {"divert.130.131": "number:+491709876543"}, trunks))
    assert lines[1].startswith("ring number:+491709876543 15 s by thames confirmed in en as |+442079460100 then")


def going_round(count):
    return Live(tuple(channel(None, uuid=f"u{n}", peer=f"p{n}", state="ringing", direction="outbound",
                              number="+491709876543", sent_by="user:131") for n in range(count)))


@pytest.mark.parametrize(("to", "call", "trunks", "live", "why"), [
    ("number:+491709876543", CALL, None, Live(), "outside callers may not be sent on to the outside"),
    ("number:+491709876543", CALL, TRANSIT, going_round(3),
     "3 calls from user:131 ring outside already: they may be going round in circles"),
    ("number:+491709876543", replace(CALL, diverted=("+491709876543",)), TRANSIT, Live(),
     "the call came from +491709876543, which sends its calls on to here"),
    ("user:101", replace(CALL, user="101", external=False, by="101"), None, Live(), "Anna Adler is who calls"),
])
def test_a_diversion_that_leads_nowhere(to, call, trunks, live, why):
    found = done(office(settings_={"divert.130.131": to}, trunks=trunks), TAKEN, call, live)
    assert found[0] == f"{WHY}; Fatma Fuchs diverts the call: {why}"
    assert found[1].startswith("ring user:132 15 s showing")


def test_who_has_opted_out_is_not_reached_by_anothers_diversion():
    lines = done(office(settings_={"divert.130.131": "user:132", "assistant.130.132": "out"}), [])
    assert lines[0] == ("because no assistant of Erika Ernst can be rung: "
                        "Fatma Fuchs diverts the call: Georg Graf has opted out; Georg Graf has opted out")
