"""A key of the office file is obeyed, or refused with the reason: what would never be noticed is told (promise 5)."""

from typing import Any

import pytest

from fsctl import officefile, schema
from tests.promises.checked import check
from tests.unit.test_officefile import NOW, changed

NO_NIGHT = "has no effect: site london has no night service"
LONDON_BARE = {"sites/london": {"name": "London", "timezone": "Europe/London", "language": "en", "country": "GB",
                                "emergency": ["999"]}}
HOLIDAYS = 'site london has none: write holidays = "DE-BE", or what it is, in [sites.london]'
FEW_ARE = {"members": ["101"]}
ALL_PRESS = {"1": "mailbox:101", "2": "number:+491701234567"}
UNNOTICED: list[tuple[str, dict[str, Any], list[str]]] = [
    ("holidays by night", {"sites/london/holidays": "", "sites/london/night/outside": "open"},
     [f"schedules.open.except[0]: {HOLIDAYS}"]),
    ("holidays by a rule", {"sites/london/holidays": "", "users/120/intercept": {
        "inbound": {"calls": "anonymous", "during": "open"}}}, [f"schedules.open.except[0]: {HOLIDAYS}"]),
    ("holidays elsewhere", {"sites/london/holidays": ""}, []),
    ("numbers", {"sites/london/reception": None},
     ["sites.london.numbers: calls to these reach nobody by day; write where they go as `reception`"]),
    ("reception", {"sites/london/numbers": []}, ["sites.london.reception: has no effect without `numbers`"]),
    ("transit", {"trunks/provider/allow_transit": False, "sites/london/reception": "number:+491701234567"},
     ["sites.london.reception: no trunk takes outside callers there; write allow_transit = true in one"]),
    ("transit at night", {"trunks/provider/allow_transit": False, "sites/london/night/to": "number:+491701234567"},
     ["sites.london.night.to: no trunk takes outside callers there; write allow_transit = true in one"]),
    ("transit to one's own", {"trunks/provider/allow_transit": False,
                              "sites/london/reception": "number:+442079460120"}, []),
    ("a user's night", LONDON_BARE | {"users/120/night": "on"}, [f"users.120.night: {NO_NIGHT}"]),
    ("a hunt's night", LONDON_BARE | {"groups/sales/site": "london", "groups/sales/hunt/night": "exempt"},
     [f"groups.sales.hunt.night: {NO_NIGHT}"]),
    ("who switches", LONDON_BARE | {"sites/london/night_by": ["120"]}, [f"sites.london.night_by: {NO_NIGHT}"]),
    ("how long", LONDON_BARE | {"sites/london/night_by_phone": "stays"}, [f"sites.london.night_by_phone: {NO_NIGHT}"]),
    ("zero twice", {"attendants/after-hours/menu": ALL_PRESS | {"0": "user:102"}},
     ["attendants.after-hours.zero: has no effect: the menu has the key 0"]),
    ("an extension", {"attendants/after-hours/menu": ALL_PRESS | {"102": "user:101"}},
     ["attendants.after-hours.menu.102: callers cannot dial extension 102 here: the menu has it"]),
    ("pickup", {"groups/interns/pickup": True},
     ["groups.interns.pickup: has no effect: nobody else of the group could pick up a call"]),
    ("a call of nobody", {"groups/crew/members": []}, ["groups.crew.conference: the group has no members to ring"]),
    ("no slots", {"groups/sales/park/extensions": []},
     ["groups.sales.park: has no effect without slots; write `extensions`"]),
    ("no weights", {"groups/sales/hunt/policy": "weighted"},
     ["groups.sales.hunt.policy: nobody has a weight: all are rung in their order; write `weights`"]),
    ("idle", {"groups/sales/hunt/idle_counts": "all"},
     ['groups.sales.hunt.idle_counts: has no effect with policy = "circular"']),
    ("idle, and it counts", {"groups/sales/hunt/idle_counts": "all", "groups/sales/hunt/policy": "longest-idle"}, []),
]


@pytest.mark.parametrize(("what", "changes", "said"), UNNOTICED, ids=[row[0] for row in UNNOTICED])
def test_what_would_never_be_noticed_is_warned_of(what, changes, said):
    assert check(changes) == [(each, True) for each in said]


@pytest.mark.parametrize("key", ["a", "1a", "#", "1#", "", "\u0661"])
def test_a_menus_keys_are_keys_of_a_telephone(key):
    menu = changed({"attendants/after-hours/menu": ALL_PRESS | {key: "user:102"}})
    assert [(each.message, each.warning) for each in officefile.check(menu, NOW)] == [
        (f"nobody can press {schema.shown(key)}; write digits or *, since # ends what is pressed", False)]


def test_a_menus_keys_may_be_stars_and_several():
    assert check({"attendants/after-hours/menu": ALL_PRESS | {"*": "user:102", "12": "user:102"}}) == []


@pytest.mark.parametrize(("path", "least"), [
    ("groups/sales/hunt/overflow/after_seconds", 1), ("attendants/after-hours/silence/after_seconds", 1),
    ("users/130/executive/rollover/after_seconds", 0),
])
def test_a_time_of_nothing_is_refused_where_it_is_not_obeyed(path, least):
    said = [] if least == 0 else [(f"{path.replace('/', '.')}: must be 1 to 7200, not 0", False)]
    assert check({path: 0}) == said
    assert check({path: 1}) == []


def test_telephones_outside_need_a_trunk():
    changes = {"trunks": {}, "numbering/emergency": [], "sites/berlin/emergency": [], "sites/london/emergency": []}
    warned = {said.partition(":")[0] for said, warning in check(changes) if warning and "there is no trunk" in said}
    assert {"users.101.devices[0]", "groups.crew.members[3]", "users.101.forward.offline"} <= warned
