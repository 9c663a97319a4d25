"""What an office costs grows with it and no faster, and what a call costs does not grow. Counted, not timed."""

import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fsctl import explain, schema
from fsctl.facts.assumed import assumed_call
from fsctl.facts.recorded import kept_look
from fsctl.model.actions import Reserve, Ring, Survey
from fsctl.model.destination import Destination
from fsctl.model.executives import executives_of, share_executive, takes_filtered_calls
from fsctl.model.hunting import Standing
from fsctl.model.live import Live, LiveCall, Looked, View
from fsctl.model.office import Office
from fsctl.model.outcomes import Surveyed, Won
from fsctl.model.parking import group_of, is_place
from fsctl.model.sections import Hunt, Overflow
from fsctl.model.settings import Setting, Settings
from fsctl.officefile import check, difference
from fsctl.policies import hunt_group
from fsctl.switch.generated import dialled
from fsctl.switch.generated.dialplan import failsafe_xml
from fsctl.switch.generated.directory import users_xml
from fsctl.switch.link.live import Calls
from load.large_office import large_office

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
FEW, TIMES = 150, 4


class Watched(dict[str, object]):
    """A section that counts how many of its entries are looked through."""

    looked_through = 0

    def __iter__(self) -> Iterator[str]:
        Watched.looked_through += len(self)
        return super().__iter__()

    def keys(self):
        Watched.looked_through += len(self)
        return super().keys()

    def values(self):
        Watched.looked_through += len(self)
        return super().values()

    def items(self):
        Watched.looked_through += len(self)
        return super().items()


def tree_of(people: int) -> dict[str, object]:
    tree = tomllib.loads(large_office(people))
    return tree | {section: Watched(tree[section]) for section in ("users", "groups")}


def office_of(people: int) -> Office:
    office = schema.structure(tree_of(people))
    return replace(office, users=Watched(office.users), groups=Watched(office.groups))


def work(of: Callable[[], object]) -> int:
    """How many functions are called, and entries looked through."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    Watched.looked_through = 0
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        of()
    finally:
        sys.setprofile(before)
    return calls + Watched.looked_through


def checked(people: int) -> Callable[[], object]:
    tree = tree_of(people)
    return lambda: check(tree, NOW)


def compared(people: int) -> Callable[[], object]:
    before, after = tree_of(people), tree_of(people)
    after["users"]["100007"]["name"] = "Somebody else"
    return lambda: difference(before, after)


def directory(people: int) -> Callable[[], object]:
    office = office_of(people)
    return lambda: users_xml(office, dict.fromkeys(office.users, "secret"))


def failsafe(people: int) -> Callable[[], object]:
    office = office_of(people)
    return lambda: failsafe_xml(office)


@pytest.mark.parametrize("doing", [checked, compared, directory, failsafe])
def test_so_many_times_the_people_are_so_many_times_the_work(doing):
    doing(FEW * TIMES)()  # what is read, compiled and known of each number once
    few, many = work(doing(FEW)), work(doing(FEW * TIMES))
    assert few * (TIMES - 1) < many < few * (TIMES + 0.6)


def test_it_is_an_office_without_mistakes():
    assert check(tomllib.loads(large_office(FEW)), NOW) == []
    assert large_office(FEW) == large_office(FEW) != large_office(FEW + 1)


#: Who calls what: people, with and without lamps, groups, codes of all kinds, an attendant, the outside.
CALLS = [
    ("100005", "100007"), ("+491701234567", "+49305500007"), ("+491701234567", "+49304000000"),
    ("100005", "200000"), ("100005", "250009"), ("100005", "*98"), ("100005", "*97100006"), ("100005", "*42100006"),
    ("100005", "*68100006"), ("100005", "*88300000"), ("100005", "300000"), ("100005", "*58"), ("100005", "*64"),
    ("100051", "#65100050"), ("100051", "#62100050"), ("100005", "*28"), ("100005", "*72100006"), ("100005", "*78"),
    ("100005", "001701234567"), ("100005", "112"), ("+491701234567", "100050"), ("100005", "0305500008"),
]


@pytest.mark.parametrize(("caller", "number"), CALLS)
def test_no_call_looks_through_all_people_or_groups(caller, number):
    office, at = office_of(FEW), datetime(2026, 11, 25, 20, tzinfo=UTC)
    for _ in range(2):  # the second time everything is known
        Watched.looked_through = 0
        call = assumed_call(caller, number, office, lambda _: at, None)
        assert explain.explain(call, office, live=Live()).steps
    assert Watched.looked_through == 0


def hunted(members: int) -> Callable[[], object]:
    """One call that rings the first member of a circle."""
    people = [str(100000 + number) for number in range(members)]
    office = office_of(FEW * TIMES)
    group = replace(next(iter(dict.values(office.groups))), key="circle", members=tuple(people), hunt=Hunt(
        extension="888", policy="circular", overflow=Overflow(after_seconds=60, to=Destination("user", people[0]))))
    office = replace(office, groups={"circle": group})
    call = replace(assumed_call("+491701234567", "100007", office, lambda _: NOW), to=Destination("hunt", "circle"))
    seen = Surveyed(Standing(people[5], 6, 6), Live(), NOW)

    def ring() -> None:
        policy = hunt_group.run(call, office, Live())
        asked = next(policy)
        kept_look(asked, seen)
        while not isinstance(asked, Ring):
            asked = policy.send(seen if isinstance(asked, Survey) else Won() if isinstance(asked, Reserve) else None)

    ring()
    return ring


def test_a_call_looks_at_no_member_of_a_hunt_group_behind_the_one_that_it_rings():
    assert work(hunted(FEW)) == work(hunted(FEW * TIMES))


def test_so_many_times_the_calls_are_the_same_work_to_look_one_up_and_to_change_one():
    def looked_up(calls: int) -> Callable[[], object]:
        table = Calls()
        for number in range(calls):
            table[f"u{number}"] = LiveCall(f"u{number}", str(number), f"u{number ^ 1}", "inbound", "talking", NOW)

        def change() -> None:
            table["u3"] = replace(table["u3"], room="r", since=NOW)
            live = View((table.channels,), True)
            found = live.at("3"), live.of("5"), live.call("u7"), Looked(live, "u9").of("9"), live.within("r")
            assert [len(each) if isinstance(each, tuple) else each.uuid for each in found] == [1, 1, "u7", 1, 1]
            table["u3"] = replace(table["u3"], room=None)
            table.remove("u4")
            table["u4"] = LiveCall("u4", "4", None, "inbound", "talking", NOW)

        change()
        return change

    assert work(looked_up(20)) == work(looked_up(2000))


def test_what_is_only_switched_leaves_the_index_as_it_is():
    office = office_of(FEW)
    switched = replace(office, settings=Settings({"dnd.100005": Setting("on", "op", NOW)}))
    assert switched.index is office.index and switched != office
    fewer = replace(switched, users={"100005": office.users["100005"]})
    assert list(fewer.extensions)[:1] == ["100005"] and "100006" not in fewer.extensions
    assert replace(fewer, users=office.users) == switched


def test_executives_slots_and_devices_are_found():
    office = office_of(FEW)
    assert [user.extension for user in executives_of("100051", office)] == ["100050"]
    assert [takes_filtered_calls(user, office) for user in ("100049", "100050", "100052")] == [False, True, True]
    assert share_executive("100051", "100052", office) and not share_executive("100051", "100051", office)
    assert (group_of("300001", office), group_of("100005", office)) == (office.groups["g0"], None)
    assert [is_place(each, office) for each in ("100005", "300001", "200000", "7")] == [True, True, False, False]
    assert office.index.people_at_devices["+491701000007"] == ("100007",)


COLLIDING = """
[sites.abroad]
name = "London"
timezone = "Europe/London"
language = "en"
numbers = ["+442079460100"]
country = "GB"
external_prefix = "9"

[users.305500]
name = "Somebody whose extension is how a number begins"
site = "abroad"
numbers = ["+49493055001", "+49305500", "+49305501", "+492079460155"]

[users.305502]
name = "Somebody whose number with its country is the other's without"
site = "abroad"
numbers = ["+493055001", "+493055002", "+442079460154", "+442079460155", "+442079460156"]
"""


def test_numbers_of_a_block_lead_where_each_of_them_leads():
    """Also where a form of one number is an extension, or a form of another one."""
    office = schema.structure(tomllib.loads(large_office(15) + COLLIDING))
    patterns = {str(to): re.compile(pattern.replace(r"\z", r"\Z")) for to, pattern in dialled.patterns(office)}
    digits = {number[cut:] for number in office.numbers for cut in (1, 3)} | set(office.extensions)
    forms = {before + each for each in digits for before in (
        "", "0", "00", "000", "+", "9", "90", "900", "9+", "49", "0049", "+49", "+490", "00049", "00490")}
    for external, site in (("", "s0"), ("", "abroad"), ("true", "")):
        for form in sorted(forms):
            to = office.called_from_outside(form) if external else office.dialled_at(form, office.sites[site])
            found = [each for each, pattern in patterns.items() if pattern.match(f"{external}/{site}/ring_{form}")]
            assert found == ([str(to)] if to.kind in ("user", "hunt", "site") else []), (external, site, form)
    assert Destination("user", "305500") in office.index.numbers_of
