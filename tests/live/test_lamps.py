"""Lamps of desk phones that are not about a phone, and the keys beside them."""

import re
import time
from contextlib import suppress
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from tests.live import offices
from tests.live.lab import Lab
from tests.live.test_failsafe import CALLER
from tests.wire.peer import eventually


@pytest.fixture(autouse=True)
def _london_by_day(controller):
    controller.fsctl("night", "off", "london")


def test_the_night_lamp_follows_the_shell(lab, controller, watching):
    lamp, other = watching("101", "night+london"), watching("102", "night+london")
    for each in (lamp, other):
        each.wait("terminated")
    began = time.monotonic()
    controller.fsctl("night", "on", "london")
    switched = time.monotonic()
    for each in (lamp, other):
        each.wait("confirmed")
    print(f"\nthe lamp is lit {time.monotonic() - switched:.3f} s after `fsctl night on`, which took "
          f"{switched - began:.3f} s")
    controller.fsctl("night", "off", "london")
    lamp.wait("terminated")
    assert [state for before, state in zip([None, *lamp.states], lamp.states) if state != before] == [
        "terminated", "confirmed", "terminated"]


def test_the_key_beside_the_lamp_switches(lab, controller, watching):
    lamp = watching("120", "night+london")
    lamp.wait("terminated")
    call = lab.phone("120").call("night+london")
    lamp.wait("confirmed")
    call.wait_ended(15)
    controller.wait_for_call(result="night:london", dialled="night+london")
    lab.phone("120").call("night+london").wait_ended(15)
    lamp.wait("terminated")


def test_only_who_may_switches_by_a_key(lab, controller, watching):
    lamp = watching("101", "night+london")
    lamp.wait("terminated")
    lab.phone("101").call("night+london").wait_ended(15)
    assert controller.wait_for_call(dialled="night+london", state="ended")["result"] == "announcement:not-possible"
    assert lamp.states[-1] == "terminated"


@pytest.mark.parametrize("lamp", ["night+nowhere", "slot+999", "hunt+nobody"])
def test_a_lamp_for_nothing_is_dark(controller, watching, lamp):
    watching("101", lamp).wait("terminated")


def test_membership_is_each_persons_own(lab, controller, watching):
    anna, bernd = watching("101", "hunt+sales"), watching("102", "hunt+sales")
    watching("120", "hunt+sales").wait("terminated")
    for each in (anna, bernd):
        each.wait("confirmed")
    lab.phone("102").call("hunt+sales").wait_ended(15)
    bernd.wait("terminated")
    controller.fsctl("hunt", "join", "102", "sales")
    bernd.wait("confirmed")
    assert set(anna.states) == {"confirmed"}


@pytest.mark.apart
def test_lamps_are_right_after_a_restart_of_fsctl(controller, watching):
    lamp = watching("101", "night+london")
    lamp.wait("terminated")
    controller.kill()
    controller.fsctl("night", "on", "london")
    began = time.monotonic()
    controller.start()
    lamp.wait("confirmed")
    print(f"\nthe lamp is right {time.monotonic() - began:.2f} s after the start of fsctl")
    lamp.renew()
    eventually(lambda: lamp.states[-2:] == ["confirmed", "confirmed"] or len(lamp.states) > 2, "no answer")
    assert lamp.states[-1] == "confirmed"


def test_lamps_are_right_after_a_restart_of_the_switch(lab, controller, watching):
    """Its subscriptions outlive it, and it tells nobody of them."""
    if not isinstance(lab, Lab):
        pytest.skip("the simulator keeps no subscriptions")
    lamp = watching("101", "night+london")
    lamp.wait("terminated")
    phones = lab.kill_switch()
    controller.fsctl("night", "on", "london")
    began = time.monotonic()
    lab.start_switch(phones)
    lamp.wait("confirmed", 20)
    print(f"\nthe lamp is right {time.monotonic() - began:.2f} s after the start of FreeSWITCH")


@pytest.fixture
def sip(lab):
    """Lamps of people are FreeSWITCH's own: there is nothing to see on a simulator."""
    if not isinstance(lab, Lab):
        pytest.skip("no lamps of people in the simulator")


def test_the_lamp_of_a_person(sip, lab, controller, watching):
    lamp = watching("103", "101")
    lamp.wait("terminated")
    call = lab.outside(CALLER).call("+49305550101", name="Müller & Söhne")
    line = lab.phone("101").ringing()
    lamp.wait("early")
    line.answer()
    lamp.wait("confirmed")
    call.hang_up()
    lamp.wait("terminated")
    told = [ElementTree.fromstring(body) for body in lamp.bodies]
    assert [state for before, state in zip([None, *lamp.states], lamp.states) if state != before] == [
        "terminated", "early", "confirmed", "terminated"]
    assert all(each.tag.endswith("dialog-info") for each in told)
    assert "Müller Söhne" in lamp.bodies[1]


@pytest.fixture
def private(sip, lab, controller):
    """An office in which Anna keeps to herself with whom she talks."""
    before = lab.office
    lab.change_office(replace(before, users=before.users | {"101": replace(before.users["101"], privacy=True)}))
    controller.apply(offices.OFFICE.replace("privacy = false", "privacy = true", 1))
    yield
    controller.apply(offices.OFFICE)
    lab.change_office(before)


@pytest.mark.apart
@pytest.mark.parametrize("dialled", ["101", "300"])
def test_privacy_in_the_fail_safe(private, lab, controller, watching, dialled):
    controller.kill()
    lamp = watching("103", "101")
    lamp.wait("terminated")
    call = lab.phone("104").call(dialled)
    lab.phone("101").ringing().answer()
    call.wait_answered()
    lamp.wait("confirmed")
    assert not any("104" in body for body in lamp.bodies)


@pytest.mark.parametrize("calls", [True, False])
def test_privacy_hides_with_whom(private, lab, controller, watching, calls):
    lamp = watching("103", "101")
    lamp.wait("terminated")
    call = lab.phone("101" if calls else "102").call("102" if calls else "101")
    lab.phone("102" if calls else "101").ringing().answer()
    call.wait_answered()
    lamp.wait("confirmed")
    assert not any("102" in body for body in lamp.bodies)


# ---- whoever subscribes amid a call ------------------------------------------------------------------


def amid(watching, lamp, state):
    """Subscribed amid a call. FreeSWITCH writes of it some time after it has begun: who subscribes before sees nothing."""
    for _ in range(10):
        found = watching("102", lamp)
        with suppress(TimeoutError):
            found.wait(state, 0.5)
            return found
    raise TimeoutError(f"{lamp} does not show {state}")


@pytest.mark.parametrize("answers", [False, True])
def test_who_subscribes_amid_a_call(sip, lab, controller, watching, answers):
    """The first NOTIFY says what later ones do, and nothing that an INVITE with Replaces could be made of."""
    call = lab.phone("104").call("101")
    line = lab.phone("101").ringing()
    if answers:
        line.answer()
        call.wait_answered()
    rung, calling = amid(watching, "101", "confirmed" if answers else "early"), amid(watching, "104", "confirmed")
    _names_nobodys_dialog(rung, calling)
    assert _dialog(calling)[:2] == ("initiator", "sip:101@127.0.0.1")
    assert _dialog(rung) == ("recipient", "sip:104@127.0.0.1", "sip:101@127.0.0.1", "sip:**101@127.0.0.1")
    if answers:
        line.hold()
        rung.wait("early")
    else:
        line.answer()
        rung.wait("confirmed")
    assert _dialog(rung) == ("recipient", "sip:104@127.0.0.1", "sip:101@127.0.0.1", "sip:**101@127.0.0.1")
    rung.renew()
    call.hang_up()
    for lamp in (rung, calling):
        lamp.wait("terminated")
    _names_nobodys_dialog(rung, calling)


@pytest.mark.apart
def test_and_without_a_controller(sip, lab, controller, watching):
    controller.kill()
    call = lab.phone("104").call("101")
    lab.phone("101").ringing(10)
    lamp = amid(watching, "101", "early")
    _names_nobodys_dialog(lamp)
    assert "sip:**101@127.0.0.1" in lamp.bodies[0]
    call.hang_up()
    lamp.wait("terminated")


@pytest.mark.parametrize("calls", [True, False])
def test_nor_with_whom_somebody_talks_who_keeps_that_to_himself(private, lab, controller, watching, calls):
    call = lab.phone("101" if calls else "102").call("102" if calls else "101")
    lab.phone("102" if calls else "101").ringing().answer()
    call.wait_answered()
    lamp = watching("103", "101")
    lamp.wait("confirmed")
    assert not any("102" in body for body in lamp.bodies), lamp.bodies
    assert "anonymous" in lamp.bodies[0]


def _names_nobodys_dialog(*lamps):
    for body in (body for lamp in lamps for body in lamp.bodies):
        assert not re.search('(call-id|-tag)="[^"]', body), body


def _dialog(lamp):
    """Direction, who is at the other end and at this one, and what a phone dials for it, as the lamp was told last."""
    dialog = ElementTree.fromstring(lamp.bodies[-1]).find("{*}dialog")
    ends = (dialog.find(f"{{*}}{end}/{{*}}identity").text for end in ("remote", "local"))
    return dialog.get("direction"), *ends, dialog.find("{*}remote/{*}target").get("uri")
