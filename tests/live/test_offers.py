"""Phones that tell little before they answer, and calls that make no offer: who calls hears something at once, and rings
before he is answered."""

import time

import pytest

from tests import branches
from tests.live import offices
from tests.live.clients import Baresip, sipp
from tests.live.clients.scenario import ack, answer, hang_up, pause, until, until_bye, until_cancel
from tests.live.controller import Controller

pytestmark = pytest.mark.parametrize("_lab", ["freeswitch"], indirect=True, scope="session")

CALLER, FAX = "+4915112345678", "+49305551234"
DIALLED = "0030555" + FAX[-4:]

#: The sample office with a group of two, and an attendant at an extension.
OFFICE = offices.OFFICE.replace('policy = "circular"', 'policy = "simultaneous"').replace(
    '[users.132]\nname = "Georg Graf"\n',
    '[users.132]\nname = "Georg Graf"\nforward = { always = "attendant:after-hours" }\n') + """
[groups.pair]
name = "Beide"
site = "berlin"
members = ["103", "104"]
hunt = { extension = "302", policy = "simultaneous" }
"""


@pytest.fixture(scope="module")
def running(_lab, tmp_path_factory):
    """With the tests' own policy, which rings people in turn side by side with others."""
    folder = tmp_path_factory.mktemp("controller")
    controller = Controller(_lab, folder, OFFICE)
    branches.install(folder, controller.environment)
    yield controller
    controller.end()


@pytest.fixture(autouse=True)
def _phones(controller, lab):
    lab.withdraw("103", "104")
    lab.phones("101", "102", "120")
    controller.forget_settings()


# ---- who is called ----------------------------------------------------------------------------------


#: How a phone says that it rings: by 180, by early media, or by a 183 that says nothing.
SAID = {"180": (180, False), "183 with SDP": (183, True), "183": (183, False)}

#: What is dialled for whom: somebody alone, one whose calls can be picked up, two at once, and one with another after
#: him beside one alone.
RUNG = {"104": ["104"], "103": ["103"], "302": ["103", "104"], "*5104#102*103": ["103", "104"]}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
@pytest.mark.parametrize("dialled", RUNG)
def test_the_caller_is_told_at_once_that_it_rings(lab, controller, dialled, said):
    status, sdp = said
    phones = [sipp.phone(lab, extension, answer(status, sdp=sdp), until_cancel()) for extension in RUNG[dialled]]
    call = Baresip(lab, "131").call(dialled)
    for phone in phones:
        phone.wait_request("INVITE")
    assert call.wait_progress(1) == "ringing"
    call.hang_up()


def test_the_first_phone_that_rings_is_enough(lab, controller):
    sipp.phone(lab, "103")
    sipp.phone(lab, "104", answer(180), until_cancel())
    assert Baresip(lab, "131").call("302").wait_progress(1) == "ringing"


def test_no_phone_that_rings_is_no_ringing(lab, controller):
    sipp.phone(lab, "103")
    call = Baresip(lab, "131").call("103")
    with pytest.raises(TimeoutError):
        call.wait_progress(1)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_who_has_heard_an_announcement_hears_that_it_rings(lab, controller, said):
    status, sdp = said
    phone = sipp.phone(lab, "104", answer(status, sdp=sdp), until_cancel())
    call = Baresip(lab, "131").call("*5**104")
    assert call.wait_progress() == "early media"
    phone.wait_request("INVITE", 10)
    lab.wait(lambda: call.heard() == 425, 5, "it does not ring")
    call.hang_up()


# ---- who calls without an offer -----------------------------------------------------------------------


def without(lab, origin, dialled, *steps):
    """A call without SDP, from a phone or the public network."""
    if origin == "inside":
        return sipp.caller(lab, "131", dialled, *steps, offer=False)
    return sipp.trunk(lab, CALLER, dialled, *steps, offer=False)


TAKEN = until(180), until(200), ack(sdp=True), until_bye()


@pytest.mark.parametrize("origin", ["inside", "trunk"])
@pytest.mark.parametrize("dialled", ["102", "120", "300"])
def test_it_rings_and_is_answered(lab, controller, origin, dialled):
    call = without(lab, origin, dialled, *TAKEN)
    line = lab.phone("102" if dialled == "300" else dialled).ringing()
    call.wait_status(180)
    line.answer()
    controller.wait_for_call(state="talking")
    line.hang_up()
    assert call.wait_ended()[:2] == [180, 200]
    assert "m=audio" in call.wait_status(200).text and not call.wait_status(180).text.count("m=audio")


@pytest.mark.parametrize("origin", ["inside", "trunk"])
def test_it_begins_a_group_call(lab, controller, origin):
    controller.apply(offices.changed(OFFICE, ('callers = "members" ', 'callers = "anyone" ')))
    call = without(lab, origin, "380", *TAKEN)
    a, b = lab.phone("101").ringing(), lab.phone("102").ringing()
    a.answer(), b.answer()
    controller.wait_for_call(state="talking", result="conference:crew")
    lab.wait(lambda: a.hears(b) and b.hears(a), 5, "they do not hear each other")
    for line in (a, b):
        line.hang_up()
    assert call.wait_ended()[:2] == [180, 200]


def test_early_media_of_who_is_called_do_not_end_it(lab, controller):
    sipp.phone(lab, "104", answer(183, sdp=True), answer(200), pause(0.5), hang_up())
    call = without(lab, "inside", "104", *TAKEN)
    assert call.wait_ended()[:2] == [180, 200]


def test_nor_those_of_a_network(lab, controller):
    phone = lab.outside(FAX)
    phone.behaviour = "early"
    call = without(lab, "inside", DIALLED, *TAKEN)
    line = phone.ringing()
    call.wait_status(180)
    line.answer()
    controller.wait_for_call(state="talking", result=f"number:{FAX}")
    line.hang_up()
    call.wait_ended()
    phone.behaviour = "ring"


def test_a_call_for_help(lab, controller):
    phone = lab.outside("112")
    phone.behaviour = "early"
    call = without(lab, "inside", "112", *TAKEN)
    line = phone.ringing()
    call.wait_status(180)
    line.answer()
    call.wait_status(200)
    line.hang_up()
    call.wait_ended()
    phone.behaviour = "ring"


@pytest.mark.parametrize(("dialled", "status"), [("199", 404), ("*98", 603), ("**104", 603), ("701", 603)])
def test_what_could_not_be_heard_is_told_by_the_cause_at_once(lab, controller, dialled, status):
    began = time.monotonic()
    assert without(lab, "inside", dialled, until(200)).wait_ended() == [status]
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize("dialled", ["132", "*86", "*78", "*97"])
def test_what_speaks_answers_it(lab, controller, dialled):
    """An attendant, a mailbox, a code that says what it did, and one that asks."""
    call = without(lab, "inside", dialled, until(200), ack(sdp=True), until_bye())
    assert "m=audio" in call.wait_status(200, 3).text
    lab.hang_up_all()


def test_it_picks_up(lab, controller):
    waiting = lab.phone("101").call("102")
    line = lab.phone("102").ringing()
    call = sipp.caller(lab, "103", "**102", until(200), ack(sdp=True), until_bye(), offer=False)
    waiting.wait_answered()
    line.wait_ended()
    waiting.hang_up()
    assert call.wait_ended() == [200]


def test_who_never_confirms_holds_nobody(lab, controller):
    call = without(lab, "inside", "102", until(180), until(200), until_bye())
    line = lab.phone("102").ringing()
    line.answer()
    began = time.monotonic()
    line.wait_ended(10)
    print(f"\nwho had answered was free after {time.monotonic() - began:.1f} s")
    controller.wait_for_call(state="ended", result="gone")
    call.close()


@pytest.mark.parametrize("dialled", ["102", "300"])
def test_without_a_controller(lab, controller, dialled):
    controller.kill()
    call = without(lab, "inside", dialled, *TAKEN)
    line = lab.phone("102").ringing(10)
    call.wait_status(180)
    line.answer()
    call.wait_status(200)
    line.hang_up()
    call.wait_ended()


def test_nor_is_anything_said_without_a_controller(lab, controller):
    controller.kill()
    assert without(lab, "inside", "701", until(200)).wait_ended(10) == [503]
