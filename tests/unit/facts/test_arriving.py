"""From channel data to a call."""

from dataclasses import replace

import pytest

from fsctl.facts.arriving import left_to_failsafe, read_call, waited_seconds
from fsctl.model.sections import Executive
from tests.unit.builders import AT, an_office

INSIDE = {
    "Unique-ID": "u-1",
    "Caller-Destination-Number": "101",
    "Caller-Caller-ID-Name": "Bernd\nX: 1",
    "Caller-Caller-ID-Number": "102",
    "variable_user_name": "102",
}


def test_a_user_of_the_office():
    call = read_call(INSIDE, an_office(), AT, 0.5)
    assert (call.uuid, call.user, call.external, call.dialled, str(call.to)) == ("u-1", "102", False, "101", "user:101")
    assert (call.caller.name, call.caller.number, call.at) == ("Bernd X∶ 1", "102", AT)


@pytest.mark.parametrize(
    "more",
    [
        {"variable_fsctl_external": "true"},
        {"variable_user_name": "555"},
        {"variable_user_name": ""},
    ],
)
def test_all_others_are_outside_whatever_they_show(more):
    call = read_call(INSIDE | more, an_office(), AT, 0.5)
    assert (call.user, call.external) == (None, True)


#: A telephone of the own dialplan beside the office, whose people have these extensions, too.
BESIDE = replace(an_office(), office=replace(an_office().office, own_context="default"))
OWN = INSIDE | {
    "variable_user_name": "1000", "Caller-Caller-ID-Number": "1000", "Call-Direction": "inbound",
    "variable_sip_authorized": "true", "variable_fsctl_external": "true", "Caller-Context": "fsctl_public"}


@pytest.mark.parametrize(("office", "more", "user", "external"), [
    (BESIDE, {}, None, False),
    (BESIDE, {"variable_user_name": "102"}, None, False),  # another domain's
    (BESIDE, {"variable_fsctl_external": "", "variable_user_name": "102", "variable_fsctl_extension": "102"},
     "102", False),
    (BESIDE, {"variable_fsctl_external": "", "Caller-Context": "fsctl_default", "variable_user_name": "199",
              "variable_fsctl_extension": "199"}, None, True),  # removed, and not yet told so
    (BESIDE, {"variable_user_name": ""}, None, True),
    (BESIDE, {"variable_sip_authorized": ""}, None, True),
    (BESIDE, {"variable_sip_acl_authed_by": "providers"}, None, True),
    (BESIDE, {"Call-Direction": "outbound"}, None, True),
    (an_office(), {}, None, True),
])
def test_who_comes_by_an_own_dialplan(office, more, user, external):
    call = read_call(OWN | more, office, AT, 0.5)
    assert (call.user, call.external, str(call.to)) == (user, external, "user:101")


def test_a_person_of_the_office_whom_an_own_dialplan_sends_back_reaches_what_leads_there():
    """The same digits would be unknown from his phone, and go on in the own dialplan again."""
    back = {"variable_fsctl_external": "", "variable_user_name": "102", "variable_fsctl_extension": "102"}
    for dialled in ("0305550101", "+49305550101", "101"):
        call = read_call(OWN | back | {"Caller-Destination-Number": dialled}, BESIDE, AT, 0.5)
        assert (str(call.to), call.user, call.by) == ("user:101", "102", None)


def test_from_an_own_dialplan_one_reaches_no_code_and_nobody_outside():
    for dialled in ("*98", "00301234567", "112", "701"):
        assert read_call(OWN | {"Caller-Destination-Number": dialled}, BESIDE, AT, 0.5).to.kind == "unknown"


@pytest.mark.parametrize("dialled", ["10${x}1,2", "1" * 33, "bob", "101\n", ""])
def test_what_no_telephone_can_dial_leads_nowhere(dialled):
    call = read_call(INSIDE | {"Caller-Destination-Number": dialled}, an_office(), AT, 0.5)
    assert (call.dialled, str(call.to)) == ("", "unknown:")


BACK = {
    "Caller-Destination-Number": "recall+701", "Caller-Context": "fsctl", "variable_fsctl_parker": "101",
    "variable_fsctl_from_leg": "leg", "variable_fsctl_transferred_by": "102",
}


@pytest.mark.parametrize(("more", "expected"), [
    ({}, ("recall:701", "recall+701", "101", "101", None)),
    ({"variable_fsctl_parker": ""}, ("recall:701", "recall+701", None, None, None)),
    ({"Caller-Context": "default"}, ("unknown:", "", None, "102", "102")),  # nobody dials that, or is sent there
    ({"Caller-Destination-Number": "recall+701x"}, ("unknown:", "", None, "102", "102")),
])
def test_a_call_that_comes_back_from_its_slot(more, expected):
    """By the dialplan alone, for whoever parked it; who transferred it before does not matter any more."""
    call = read_call(INSIDE | BACK | more, an_office(), AT, 0.5)
    assert (str(call.to), call.dialled, call.parker, call.by, call.transferred_by) == expected


PUSHED = {
    "Caller-Destination-Number": "push+102", "Caller-Context": "fsctl", "variable_fsctl_pusher": "101",
    "variable_fsctl_from_leg": "leg", "variable_fsctl_transferred_by": "102", "variable_fsctl_parker": "120",
}


@pytest.mark.parametrize(("more", "expected"), [
    ({}, ("push:102", "push+102", "101", "101")),
    ({"variable_fsctl_transferred_by": ""}, ("push:102", "push+102", "101", "101")),
    ({"variable_fsctl_pusher": ""}, ("push:102", "push+102", None, None)),
    ({"variable_fsctl_pusher": "199"}, ("push:102", "push+102", None, None)),  # who is with us no more
    ({"variable_fsctl_pusher": "101,x"}, ("push:102", "push+102", None, None)),
    ({"Caller-Destination-Number": "push+199"}, ("push:199", "push+199", "101", "101")),
    ({"Caller-Context": "default"}, ("unknown:", "", "102", "102")),  # nobody dials that, or is sent there
    ({"Caller-Destination-Number": "push+102x"}, ("unknown:", "", "102", "102")),
])
def test_a_call_that_is_handed_over(more, expected):
    """Who handed it over is who transferred it, whoever did before."""
    call = read_call(INSIDE | PUSHED | more, an_office(), AT, 0.5)
    assert (str(call.to), call.dialled, call.by, call.transferred_by) == expected
    assert (call.user, call.parker) == ("102", None)


@pytest.mark.parametrize(("mark", "for_user"), [
    ("user+101", "101"), ("user+102", ""), ("user+199", ""), ("hunt+101", ""), ("101", ""), ("user+101,x", ""),
    ("user+", ""), ("", ""),
])
@pytest.mark.parametrize("more", [{}, PUSHED, BACK, {"variable_user_name": ""}])
def test_whose_filtered_call_it_was(mark, for_user, more):
    """Of Anna, who is an executive, and of nobody who is none."""
    office = an_office()
    anna = replace(office.users["101"], executive=Executive(assistants=()))
    office = replace(office, users=office.users | {"101": anna})
    assert read_call(INSIDE | more | {"variable_fsctl_for": mark}, office, AT, 0.5).for_user == for_user


def test_nothing_known_at_all():
    call = read_call({}, an_office(), AT, 0.5)
    assert (call.uuid, call.dialled, str(call.to), call.external) == ("", "", "unknown:", True)


@pytest.mark.parametrize(
    ("facts", "left"),
    [
        ({"variable_fsctl_failsafe": "true"}, True),
        ({"Caller-Destination-Number": "failsafe_101"}, True),
        ({"Caller-Destination-Number": "101", "variable_fsctl_failsafe": "false"}, False),
        ({}, False),
    ],
)
def test_calls_that_the_failsafe_has(facts, left):
    assert left_to_failsafe(facts) is left


@pytest.mark.parametrize(
    ("dialled", "answered", "seconds"),
    [("1795579107628687", "1795579110128687", 2.5), ("", "1795579110128687", 0), ("x", "1", 0), ("1" * 30, "1", 0)],
)
def test_how_long_a_call_waited(dialled, answered, seconds):
    assert waited_seconds({"Caller-Profile-Created-Time": dialled, "Event-Date-Timestamp": answered}) == seconds


@pytest.mark.parametrize(("dialled", "peer", "to", "by"), [
    ("*72120", "101", "code:forward_always", "101"),
    ("00301234567", "101", "number:+49301234567", "101"),
    ("101", "", "user:101", None), ("*72120", "", "unknown:*72120", None),
    ("00301234567", "", "unknown:00301234567", None),
    ("*72120", "_undef_", "unknown:*72120", None), ("*72120", "999", "unknown:*72120", None),
])
def test_a_transferred_call_reaches_what_its_transferor_may(dialled, peer, to, by):
    """Not what he may who was transferred; and of whom nobody knows that he is one of us, what everybody may."""
    transfer = {"variable_fsctl_from_leg": "u-2", "variable_fsctl_transferred_by": peer}
    call = read_call(INSIDE | transfer | {"Caller-Destination-Number": dialled}, an_office(), AT, 0.5)
    assert (str(call.to), call.by, call.user) == (to, by, "102")
