"""An application written for greenswitch, behind fsctl's server."""

import gevent
import pytest

from fsctl.switch.greenswitch import OutboundESLServer
from tests.greenswitch_application import LongSurvey, Survey
from tests.wire.peer import eventually


@pytest.fixture
def serve(lab):
    """Runs an application where the dialplan brings its calls."""
    lab.phones("101", "102", "103")
    Survey.calls.clear()
    servers = []

    def listen(application):
        server = OutboundESLServer("127.0.0.1", lab.socket_port, application)
        servers.append((server, gevent.spawn(server.listen)))
        eventually(lambda: server.bound_port, "doesn't listen")
        return server

    yield listen
    lab.hang_up_all()
    for server, greenlet in servers:
        server.stop()
        greenlet.join(5)
        assert greenlet.successful(), "calls are left"


def test_a_survey(lab, serve):
    serve(Survey)
    call = lab.phone("101").call("102")
    call.wait_answered()
    eventually(lambda: "greeted" in Survey.calls[0].did, "no greeting", 5)
    gevent.sleep(0.5)
    call.press("7")
    assert call.wait_ended() == "NORMAL_CLEARING"
    eventually(lambda: "stopped" in Survey.calls[0].did, "goes on", 5)
    [survey] = Survey.calls
    assert survey.did == ["answered", "greeted", "7", "hung up", "stopped"] and survey.error is None
    assert survey.session.session_data["variable_user_name"] == "101"
    lab.phone("102").quiet(1)


def test_two_callers_and_one_who_gives_up(lab, serve):
    server = serve(LongSurvey)
    first = lab.phone("101").call("102")
    first.wait_answered()
    second = lab.phone("103").call("102")
    second.wait_answered()
    assert server.connection_count == 2
    second.hang_up()
    eventually(lambda: "stopped" in Survey.calls[1].did, "waits for one who is gone", 5)
    eventually(lambda: server.connection_count == 1, "the connection is left", 5)
    assert "NORMAL_CLEARING" in str(Survey.calls[1].error) and not first.ended and Survey.calls[0].did == ["answered"]


def test_a_hostile_caller(lab, serve):
    serve(LongSurvey)
    call = lab.outside("12%0AUnique-ID: 1%0AX-Forged: 1").call("101", "Eve%0D%0AX-Forged: 1")
    call.wait_answered()
    facts = Survey.calls[0].session.session_data
    assert facts["Unique-ID"] == Survey.calls[0].session.uuid != "1"
    assert not {"X-Forged", "1"} & {*facts} and all(value.isprintable() for value in facts.values())
    assert any("X-Forged: 1" in value for value in facts.values())


def test_an_application_that_fails(lab, serve):
    def fail(_session):
        raise ValueError("a fault of the application")

    serve(fail)
    lab.phone("101").call("102")
    assert lab.phone("102").ringing().started_ringing_after < 2
