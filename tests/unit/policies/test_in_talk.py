"""Which keys in a talk are a code, and what a code can ask of who performs it there."""

from collections import deque

import pytest

from fsctl.facts.in_talk import call_in_talk
from fsctl.model.codes import Codes, all_codes
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Outcome, Parked, Performed, Recorded, Taken, Won
from fsctl.model.sections import Defaults
from fsctl.policies.in_talk import is_code
from fsctl.policies.stages import CODES
from fsctl.route import walk
from fsctl.switch.in_talk.performing import PERFORMERS
from tests.unit.builders import AT
from tests.unit.policies.test_executive_push import OFFICE as EXECUTIVES

#: Codes that can be dialled in a talk, and whether digits may follow.
IN_TALK = {"park": True, "group_park": False, "push": True, "join": False, "record": False}


def test_which_codes_those_are():
    assert {name: code.in_talk == "digits" for name, code in CODES.items() if code.in_talk} == IN_TALK


@pytest.mark.parametrize("name", IN_TALK)
def test_such_a_code_asks_for_nothing(name):
    """Nobody in a talk can be asked."""
    code = CODES[name]
    assert (code.alone or not code.asks) and (code.asks or code.in_talk == "alone")


@pytest.mark.parametrize(("name", "keys"), list(all_codes(Codes())))
def test_each_code(name, keys):
    assert is_code(keys, Office()) is (name in IN_TALK)
    assert is_code(f"{keys}130", Office()) is IN_TALK.get(name, False)


@pytest.mark.parametrize("keys", [
    "*44", "*68", "*687", "*68701", "*680123456789", "#63", "#63130", "*15", "*68" + "7" * 100_000])
def test_keys_that_are_a_code(keys):
    assert is_code(keys, Office())


@pytest.mark.parametrize("keys", [
    "", "*", "*4", "44", "4*44", "**44", "1", "#", "*440", "*44#1", "*44*", "*44*44", "#44*44", "*44A", "*68*",
    "*68701*", "*68#701", "*687#1", "*68A", "*68701D", "*68D", "*68²", "*68٣", "*68 1", "*68+49", "#6", "63",
    "#31*44", "*15131", "9" * 100_000,
])
def test_keys_that_are_none(keys):
    assert not is_code(keys, Office())


@pytest.mark.parametrize(("codes", "keys", "found"), [
    (Codes(record="*1"), "*1", True), (Codes(record="*1"), "*44", False), (Codes(record="*1"), "*11", False),
    (Codes(record="#4#"), "#4#", True), (Codes(record="#4#"), "#4", False),
    (Codes(park="*6#"), "*6#", True), (Codes(park="*6#"), "*6#7", True),
    (Codes(park="*4", record="*44"), "*44", True),  # the longest counts
    (Codes(park="*4", record="*44"), "*441", False), (Codes(park="*4", record="*44"), "*45", True),
    (Codes(record="7"), "7", True), (Codes(record="7"), "77", False),
])
def test_codes_that_the_office_chose_itself(codes, keys, found):
    assert is_code(keys, Office(codes=codes)) is found


# ---- what is asked of who performs it ------------------------------------------------------------------

OWN = LiveCall("own", "131", "lee", "outbound", "talking", AT, number="131", node="a")
LEE = LiveCall("lee", None, "own", "inbound", "talking", AT, number="+4915112345678", node="a")
BOSS = LiveCall("lee", "130", "own", "inbound", "talking", AT, number="130", node="a")
HOLDS = LiveCall("holds", "131", "max", "inbound", "held", AT, number="131", node="a")
MAX = LiveCall("max", None, "holds", "outbound", "talking", AT, number="+4930", for_user="130", node="a")
JOINED = tuple(LiveCall(uuid, user, None, "inbound", "talking", AT, node="a", room="join-lee")
               for uuid, user in (("own", "131"), ("lee", None), ("his", "130")))
LIVES = [
    Live((OWN, LEE)), Live((OWN, LEE, HOLDS, MAX)), Live((OWN, BOSS, HOLDS, MAX)), Live(JOINED), Live((HOLDS, MAX)),
    Live(), Live((OWN, LEE), known=False),
    Live((LiveCall("own", "131", "lee", "outbound", "talking", AT, recorded="x.wav", node="a"), LEE, HOLDS, MAX)),
    Live((LiveCall("own", "130", "lee", "outbound", "talking", AT, node="a"), LEE)),
    Live((LiveCall("own", "130", None, "outbound", "talking", AT, node="a", room="join-lee"), *JOINED[1:])),
]
OUTCOMES = (Performed(), Won(), Taken(), Failed(), Parked("131"), Recorded("x.wav"))


def asked(dialled, user, live, office) -> set[type]:
    """What all walks yield, whatever becomes of it, to a depth that ends all but loops."""
    own = live.call("own") or OWN
    call = call_in_talk("c0ffee", LiveCall("own", user, own.peer, own.direction, own.state, AT), dialled, office, AT, 0)
    found: set[type] = set()
    ways: deque[tuple[Outcome, ...]] = deque([()])
    while ways:
        way = ways.popleft()
        plan = walk(call, office, live)
        try:
            planned = next(plan)
            for outcome in way:
                planned = plan.send(outcome)
        except StopIteration:
            continue
        found.add(type(planned.action))
        if len(way) < 3:
            ways += [(*way, outcome) for outcome in OUTCOMES]
    return found


@pytest.mark.parametrize("dialled", ["*68", "*68101", "*58", "#63", "#63130", "*15", "*15131", "*44"])
@pytest.mark.parametrize("user", ["131", "130", "101"])
def test_whatever_a_code_wants_in_a_talk_can_be_performed(dialled, user):
    for live in LIVES:
        for record in (True, False):
            office = Office(**{name: getattr(EXECUTIVES, name) for name in ("sites", "users", "groups", "numbering")},
                            office=Defaults(record=record))
            found = asked(dialled, user, live, office)
            assert found and found <= set(PERFORMERS), (live, found - set(PERFORMERS))
