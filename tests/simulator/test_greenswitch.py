"""Applications written for greenswitch: behind its own server, where that can do it, and behind fsctl's."""

import gc
from contextlib import contextmanager

import gevent
import greenswitch
import pytest

from fsctl.switch.greenswitch import OutboundESLServer
from tests.greenswitch_application import LongSurvey, Survey
from tests.live.simulated import Simulated
from tests.wire.peer import eventually, within


@pytest.fixture
def lab():
    Survey.calls.clear()
    lab = Simulated()
    lab.phones("101", "102", "103", "104")
    with within(600, "the test hangs"):
        yield lab
    lab.close()


@contextmanager
def serving(server_class, lab, application, **options):
    server = server_class("127.0.0.1", [lab.socket_port], application, **options)
    greenlet = gevent.spawn(server.listen)
    eventually(lambda: server.bound_port, "doesn't listen")
    gevent.sleep(0.2)
    try:
        yield server
    finally:
        server.stop()
        with within(30, "listen() doesn't return"):
            greenlet.join()
        assert greenlet.successful(), greenlet.exception


def greenlets():
    gc.collect()
    return {thing for thing in gc.get_objects() if isinstance(thing, gevent.Greenlet) and not thing.ready()}


@pytest.mark.parametrize("server_class", [greenswitch.OutboundESLServer, OutboundESLServer], ids=["its own", "fsctl's"])
def test_the_same_class_on_both_servers(lab, server_class):
    with serving(server_class, lab, Survey):
        call = lab.phone("101").call("102")
        call.wait_answered()
        eventually(lambda: "greeted" in Survey.calls[0].did, "no greeting")
        gevent.sleep(0.5)
        call.press("7")
        assert call.wait_ended() == "NORMAL_CLEARING"
        eventually(lambda: "stopped" in Survey.calls[0].did, "goes on", 30)
    [survey] = Survey.calls
    assert survey.did == ["answered", "greeted", "7", "hung up", "stopped"]
    assert survey.keys == ["7"] and survey.error is None
    assert survey.session.caller_id_number == "101"
    lab.phone("102").quiet(5)


def test_a_caller_who_hangs_up_amid_a_prompt(lab):
    """greenswitch itself would wait for ever."""
    with serving(OutboundESLServer, lab, LongSurvey):
        before = greenlets()
        call = lab.phone("101").call("102")
        call.wait_answered()
        gevent.sleep(1)
        call.hang_up()
        eventually(lambda: "stopped" in Survey.calls[0].did, "waits for one who is gone")
        eventually(lambda: not greenlets() - before, "greenlets are left", 30)
    [survey] = Survey.calls
    assert survey.did == ["answered", "stopped"] and "NORMAL_CLEARING" in str(survey.error)


def test_what_a_caller_calls_himself_stays_data(lab):
    """greenswitch itself would take the second line for a header."""
    with serving(OutboundESLServer, lab, LongSurvey):
        call = lab.outside("12%0AUnique-ID: 1%0AX-Forged: 1").call("101", "Eve%0D%0AX-Forged: 1")
        call.wait_answered()
        facts = Survey.calls[0].session.session_data
        assert facts["Unique-ID"] == Survey.calls[0].session.uuid == call.channel.uuid
        assert "X-Forged" not in facts
        assert facts["variable_sip_from_user"] == "12 Unique-ID: 1 X-Forged: 1"
        call.hang_up()


def test_a_call_while_another_one_blocks(lab):
    with serving(OutboundESLServer, lab, LongSurvey, max_connections=2) as server:
        first = lab.phone("101").call("102")
        first.wait_answered()
        second = lab.phone("103").call("102")
        second.wait_answered(1)
        assert server.connection_count == 2 and not first.ended
        assert lab.phone("104").call("102") and lab.phone("102").ringing()  # the fail-safe takes it
        second.hang_up()
        first.hang_up()
    assert server.connection_count == 0


def test_an_application_that_fails_leaves_the_call_to_the_dialplan(lab, caplog):
    def fail(_session):
        raise ValueError("a fault of the application")

    with serving(OutboundESLServer, lab, fail):
        lab.phone("101").call("102")
        lab.phone("102").ringing()
    assert "a fault of the application" in caplog.text


def test_a_call_that_was_transferred_is_the_newer_applications(lab):
    """FreeSWITCH obeys both connections; closing the older one would throw the call out of what the newer one does."""
    with serving(OutboundESLServer, lab, LongSurvey) as server:
        call = lab.phone("101").call("102")
        call.wait_answered()
        lab.switch.api(f"uuid_transfer {call.channel.uuid} 103 XML default")
        eventually(lambda: len(Survey.calls) == 2 and "answered" in Survey.calls[1].did, "not served again")
        gevent.sleep(2)
        assert server.connection_count == 2 and not call.ended and Survey.calls[1].did == ["answered"]
        call.hang_up()
        eventually(lambda: all("stopped" in each.did for each in Survey.calls), "goes on")
