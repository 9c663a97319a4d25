"""Night service: which calls it takes, what switches it, and who may."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fsctl.model.destination import parse
from fsctl.model.live import Live
from fsctl.model.night import Night, night_at
from fsctl.model.outcomes import CallerGone, Failed, Performed
from fsctl.model.sections import NightService, Schedule
from fsctl.model.settings import Override, night_value
from fsctl.policies import night_service
from fsctl.policies.stages import CODES
from fsctl.route import walk
from fsctl.words import speaking
from tests.unit.builders import ANNA, AT, BERLIN, BERND, HANNAH, LONDON, SALES, a_call, an_office, settings
from tests.unit.drive import drive

#: AT is Monday, 2026-11-23, 11:00 in Berlin and 10:00 in London.
OPEN = Schedule(key="open", weekly={"mon-fri": ("08:00-18:00",)})
COUNT = Schedule(key="count", dates=("2026-11-24",))
NOON, EVENING = AT, AT + timedelta(hours=9)
BY_OFFICE = {"to": parse("mailbox:101")}


def office(outside="open", during=None, **more):
    night = NightService(outside=outside, during=during, **BY_OFFICE)
    by_hand = NightService(to=parse("user:120"))
    sites = {"berlin": replace(BERLIN, night=night), "london": replace(LONDON, night=by_hand)}
    return an_office(sites=sites, schedules={"open": OPEN, "count": COUNT}, **more)


AT_NIGHT = ["because night service of Berlin: closed until Tue 08:00", "reroute mailbox:101 by the office"]


@pytest.mark.parametrize(("to", "user", "at", "lines"), [
    ("site:berlin", None, EVENING, AT_NIGHT),
    ("site:berlin", None, NOON, ["pass"]),
    ("site:london", None, EVENING, ["pass"]),
    ("user:101", None, EVENING, AT_NIGHT),
    ("user:120", None, EVENING, ["pass"]),
    ("hunt:sales", None, EVENING, AT_NIGHT),
    ("hunt:crew", None, EVENING, ["pass"]),
    ("unknown:1", None, EVENING, ["pass"]),
    ("user:101", "102", EVENING, ["pass"]),
    ("site:berlin", "102", EVENING, ["pass"]),
])
def test_outside_calls_at_night(to, user, at, lines):
    assert drive(night_service.run, replace(a_call(to, user=user), at=at), office()) == lines


@pytest.mark.parametrize(("mode", "at", "lines"), [
    ("exempt", EVENING, ["pass"]),
    ("follow", EVENING, AT_NIGHT),
    ("on", NOON, ["because 101 is always diverted to the night service of Berlin",
                  "reroute mailbox:101 by the office"]),
])
def test_a_users_own_mode(mode, at, lines):
    users = {"101": replace(ANNA, night=mode), "102": BERND, "120": HANNAH}
    assert drive(night_service.run, replace(a_call("user:101", user=None), at=at), office(users=users)) == lines


def test_a_hunt_group_that_is_exempt():
    groups = {"sales": replace(SALES, hunt=replace(SALES.hunt, night="exempt"))}
    call = replace(a_call("hunt:sales", user=None), at=EVENING)
    assert drive(night_service.run, call, office(groups=groups)) == ["pass"]


def test_a_call_that_a_colleague_passes_on_is_not_diverted():
    call = replace(a_call("user:101", user=None), at=EVENING, transferred_by="102")
    assert drive(night_service.run, call, office()) == ["pass"]


def test_where_a_call_goes_at_night_it_is_not_diverted_again():
    sites = {"berlin": replace(BERLIN, night=NightService(to=parse("user:101"), outside="open"))}
    call = replace(a_call("site:berlin", user=None), at=EVENING)
    plan = walk(call, an_office(sites=sites, schedules={"open": OPEN}), Live())
    assert [next(plan).step.target for _ in range(2)] == ["user:101", "user:101"]


def berlin(hour: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=ZoneInfo("Europe/Berlin"))


def told(night):
    """With its reason in words."""
    return replace(night, because=str(night.because))


@pytest.mark.parametrize(("outside", "during", "override", "at", "night"), [
    ("open", None, None, NOON, Night(False, "open until 18:00", next_change=berlin(18))),
    ("open", None, None, EVENING, Night(True, "closed until Tue 08:00", next_change=berlin(8, 24))),
    (None, "count", None, NOON, Night(False, "count is off until 24:00", next_change=berlin(0, 24))),
    (None, None, None, EVENING, Night(False, "no schedule")),
    ("open", None, "on", NOON, Night(True, "switched on by hand by op", "op")),
    ("open", None, "off", EVENING, Night(False, "switched off by hand by op", "op")),
    (None, None, "on", NOON, Night(True, "switched on by hand by op", "op")),
    ("open", None, night_value(True, berlin(15)), NOON,
     Night(True, "switched on by hand by op until 23 Nov 15:00", "op", berlin(15), berlin(15))),
    ("open", None, night_value(True, berlin(20)), NOON,
     Night(True, "switched on by hand by op until 23 Nov 20:00", "op", berlin(20), berlin(8, 24))),
    (None, None, night_value(True, berlin(20)), NOON,
     Night(True, "switched on by hand by op until 23 Nov 20:00", "op", berlin(20), berlin(20))),
    (None, None, night_value(False, berlin(20)), NOON,
     Night(False, "switched off by hand by op until 23 Nov 20:00", "op", berlin(20), None)),
    ("open", None, night_value(True, berlin(15)), berlin(15),
     Night(False, "open until 18:00", next_change=berlin(18))),
    ("open", None, "on", NOON - timedelta(hours=2), Night(False, "open until 18:00", next_change=berlin(18))),
    ("open", None, "on until tomorrow", NOON, Night(False, "open until 18:00", next_change=berlin(18))),
    ("open", None, "on until 2026-11-23T20:00", NOON, Night(False, "open until 18:00", next_change=berlin(18))),
    ("open", None, "maybe", NOON, Night(False, "open until 18:00", next_change=berlin(18))),
])
def test_whether_it_is_on(outside, during, override, at, night):
    by_hand = settings(**{"night.berlin": override}) if override else settings()
    here = office(outside, during, settings=by_hand)
    assert told(night_at(here.sites["berlin"], here, at)) == night


def test_a_site_without_night_service_never_has_night():
    assert told(night_at(LONDON, an_office(), EVENING)) == Night(False, "no schedule")


def test_a_switch_counts_from_the_instant_on_at_which_it_was_made():
    here = office(settings=settings(**{"night.berlin": "on"}))
    made = here.settings.values["night.berlin"].at
    assert night_at(here.sites["berlin"], here, made).on
    assert not night_at(here.sites["berlin"], here, made - timedelta(seconds=1)).on
    assert here.settings.night("berlin", NOON) == Override(True, None, "op", made)


def test_in_the_language_of_who_reads_it():
    here = office(settings=settings(**{"night.london": night_value(True, AT + timedelta(hours=2))}))
    because = night_at(here.sites["london"], here, NOON).because
    assert str(because) == "switched on by hand by op until 23 Nov 12:00"
    with speaking("de"):
        assert str(because) == "von Hand eingeschaltet von op bis 23.11. 12:00"


def test_the_year_is_told_where_it_is_another():
    here = office(settings=settings(**{"night.london": night_value(True, AT.replace(year=2030))}))
    assert str(night_at(here.sites["london"], here, NOON).because).startswith(
        f"switched on by hand by op until {AT:%-d %b} 2030 ")


DONE = [Performed(), Performed(), Performed(), CallerGone()]
SWITCHES = "because Anna Adler switches the night service of Berlin"
FOLLOWS = "because Anna Adler leaves the night service of Berlin to its schedule"


def dial(code, user, here, at=NOON, outcomes=DONE, digits=""):
    run = CODES[code].run
    return drive(lambda *about: run(*about, digits), replace(a_call(f"code:{code}", user=user), at=at), here, outcomes)


#: Words for 18:00 of the same day, and 8:00 of the next.
CLOSES, OPENS = "moments/until moments/today hours/18", "moments/until moments/tomorrow hours/8"
ENDLESS = "moments/until-further-notice"
UNTIL_SIX = "change night:berlin: night.berlin = on until 2026-11-23T17:00:00+00:00"
CODES_DIALLED = [
    ("night", None, NOON, True, f"night-on de {OPENS}"),
    ("night", None, EVENING, False, f"night-off de {CLOSES.replace('today', 'tomorrow')}"),
    ("night", "on", NOON, None, f"night-off de {CLOSES}"),  # what the schedule says anyway: it follows that again
    ("night", "off", EVENING, None, f"night-on de {OPENS}"),
    ("night", "on", EVENING, False, f"night-off de {CLOSES.replace('today', 'tomorrow')}"),
    ("night_on", "on", NOON, True, f"night-on de {OPENS}"),
    ("night_on", None, EVENING, True, f"night-on de {OPENS}"),
    ("night_off", None, NOON, False, f"night-off de {CLOSES}"),
    ("night_auto", "on", NOON, None, f"night-off de {CLOSES}"),
    ("night_auto", "off", EVENING, None, f"night-on de {OPENS}"),
]


@pytest.mark.parametrize("stays", [False, True])
@pytest.mark.parametrize(("code", "override", "at", "on", "says"), CODES_DIALLED)
def test_codes(code, override, at, on, says, stays):
    """What is switched ends when the schedule changes next; what is said is when the state changes."""
    here = office(settings=settings(**{"night.berlin": override}) if override else settings())
    if stays:
        here = replace(here, sites={"berlin": replace(here.sites["berlin"], night_by_phone="stays")})
    end = berlin(18) if at == NOON else berlin(8, 24)
    why, value = FOLLOWS, "None"
    if on is not None:
        why = f"{SWITCHES} {'on' if on else 'off'} until {'further notice' if stays else f'{end:%-d %b %H:%M}'}"
        value = night_value(on, None if stays else end.astimezone(UTC))
        says = f"{says.partition(' ')[0]} de {ENDLESS}" if stays else says
    assert dial(code, "101", here, at) == [
        why, f"change night:berlin: night.berlin = {value}", "answer", f"play {says}", "hangup normal", "done"]


@pytest.mark.parametrize(("dialled", "later", "on"), [
    (berlin(17), berlin(9, 24), False), (berlin(17), berlin(7, 24), True), (berlin(20), berlin(17, 24), False),
    (berlin(20), berlin(19, 24), True)])
def test_what_was_switched_by_phone_is_forgotten_at_the_next_change(dialled, later, on):
    """*28 at 17:00 is day at 9 the next morning, and so is *28 at 20:00 night the next evening."""
    change = dial("night", "101", office(), dialled)[1].partition(" = ")[2]
    here = office(settings=settings(**{"night.berlin": change}))
    assert night_at(here.sites["berlin"], here, dialled).on != night_at(here.sites["berlin"], office(), dialled).on
    assert night_at(here.sites["berlin"], here, later).on is on


def test_a_site_without_a_schedule_is_only_ever_switched_by_hand():
    here = office(settings=settings(**{"night.london": "on"}))
    switched = dial("night", "120", here)
    assert switched[0] == "because Hannah Hill switches the night service of London off until further notice"
    assert switched[1] == "change night:london: night.london = off"
    assert switched[3] == f"play night-off en {ENDLESS}"


def listed(*names):
    here = office()
    return replace(here, sites=here.sites | {"berlin": replace(here.sites["berlin"], night_by=names)})


@pytest.mark.parametrize(("user", "digits", "lines"), [
    ("120", "berlin", ["because 120 may not switch the night service of Berlin", "play not-possible en"]),
    ("999", "berlin", ["because 999 may not switch the night service of Berlin", "play not-possible de"]),
    ("101", "paris", ["because there is no night service to switch", "play not-possible de"]),
])
def test_the_key_of_a_site_is_about_that_site(user, digits, lines):
    refused = dial("night_key", user, office(), outcomes=[Performed(), CallerGone()], digits=digits)
    assert refused == [*lines, "hangup rejected", "done"]
    assert dial("night_key", "101", office(), digits="berlin")[1] == UNTIL_SIX


def test_a_switch_that_failed_is_not_confirmed():
    assert dial("night", "101", office(), outcomes=[Failed(), Performed(), CallerGone()])[-4:] == [
        "because it could not be changed now", "play not-available de", "hangup rejected", "done"]


@pytest.mark.parametrize(("user", "here", "first"), [
    ("102", listed("101"), "because 102 may not switch the night service of Berlin"),
    ("101", listed("101"), f"{SWITCHES} on until 23 Nov 18:00"),
    ("120", listed("120"), "because Hannah Hill switches the night service of London on until further notice"),
    ("102", replace(office(), sites={"berlin": BERLIN}), "because there is no night service to switch"),
    (None, office(), "because there is no night service to switch"),
    ("999", office(), "because there is no night service to switch"),
])
def test_who_may(user, here, first):
    refused = [Performed(), CallerGone()]
    outcomes = DONE if "switches" in first else refused
    assert dial("night", user, here, outcomes=outcomes)[0] == first


def test_somebody_of_another_site_whom_the_list_names():
    here = listed("120")
    here = replace(here, sites=here.sites | {"london": replace(here.sites["london"], night_by=("101",))})
    assert dial("night_on", "120", here)[1] == UNTIL_SIX
