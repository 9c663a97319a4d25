"""Which keys in a talk are a code, after how long, and what a code can ask of who performs it there."""

from collections import deque

import pytest

from fsctl.facts.in_talk import call_in_talk
from fsctl.model.codes import Codes, all_codes
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import Failed, Outcome, Parked, Performed, Recorded, Taken, Won
from fsctl.model.sections import Defaults
from fsctl.policies.in_talk import TOGETHER_SECONDS, code_after
from fsctl.policies.stages import CODES
from fsctl.route import walk
from fsctl.switch.in_talk.performing import PERFORMERS
from tests.unit.builders import AT
from tests.unit.policies.test_executive_push import OFFICE as EXECUTIVES

#: Codes that can be dialled in a talk, and whether digits may follow.
IN_TALK = {"park": True, "group_park": False, "push": True, "join": True, "record": False}


def test_which_codes_those_are():
    assert {name: bool(code.asks) for name, code in CODES.items() if code.in_talk} == IN_TALK


@pytest.mark.parametrize("name", IN_TALK)
def test_such_a_code_asks_for_nothing(name):
    """Nobody in a talk can be asked."""
    assert CODES[name].alone or not CODES[name].asks


@pytest.mark.parametrize(("name", "keys"), list(all_codes(Codes())))
def test_each_code(name, keys):
    asks = IN_TALK.get(name)
    assert code_after(keys, Office()) == (None if asks is None else 2.0 if asks else 1.0)
    assert code_after(f"{keys}130", Office()) == (2.0 if asks else None)


@pytest.mark.parametrize(("keys", "seconds"), [
    ("", None), ("*", None), ("*4", None), ("44", None), ("4*44", None), ("**44", None), ("1", None), ("#", None),
    ("*44", 1.0), ("*44#", 1.0), ("*44##", 1.0), ("*440", None), ("*44#1", None), ("*44*", None), ("*44*44", None),
    ("#44*44", None), ("*44A", None),
    ("*68", 2.0), ("*687", 2.0), ("*68701", 2.0), ("*68#", 1.0), ("*68701#", 1.0), ("*68701##", 1.0), ("*68*", None),
    ("*68701*", None), ("*68#701", None), ("*687#1", None), ("*68A", None), ("*68701D", None), ("*68D", None),
    ("*68²", None), ("*68٣", None), ("*68 1", None), ("*68+49", None),
    ("*680123456789", 2.0),
    ("#63", 2.0), ("#63#", 1.0), ("#63130", 2.0), ("#63130#", 1.0), ("#6", None), ("63", None), ("#31*44", None),
    ("*68" + "7" * 100_000, 2.0), ("9" * 100_000, None), ("*68" + "#" * 1000, 1.0),
])
def test_which_keys(keys, seconds):
    assert code_after(keys, Office()) == seconds


@pytest.mark.parametrize(("codes", "keys", "seconds"), [
    (Codes(record="*1"), "*1", 1.0), (Codes(record="*1"), "*44", None), (Codes(record="*1"), "*11", None),
    (Codes(record="#4#"), "#4#", 1.0), (Codes(record="#4#"), "#4", None), (Codes(record="#4#"), "#4##", 1.0),
    (Codes(park="*6#"), "*6#", 2.0), (Codes(park="*6#"), "*6#7", 2.0), (Codes(park="*6#"), "*6##", 1.0),
    (Codes(park="*4", record="*44"), "*44", 1.0),  # the longest counts
    (Codes(park="*4", record="*44"), "*45", 2.0),
    (Codes(record="7"), "7", 1.0), (Codes(record="7"), "77", None),
])
def test_codes_that_the_office_chose_itself(codes, keys, seconds):
    assert code_after(keys, Office(codes=codes)) == seconds


def test_a_pause_is_longer_than_the_wait_for_more():
    """Else a code would be done before a key that belongs to it comes."""
    found = {code_after(keys, Office()) for _, keys in all_codes(Codes())}
    assert max(each for each in found if each) <= TOGETHER_SECONDS


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
