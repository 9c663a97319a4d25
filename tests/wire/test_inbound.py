"""The inbound event socket: logging in, commands, jobs, events, and how it ends."""

import logging
import socket
from collections.abc import Iterator

import gevent
import pytest

from fsctl.errors import Unreachable
from fsctl.switch.link import event_socket
from fsctl.switch.link.event_socket import EventSocket, Refused, SwitchError, SwitchUnreachable, WrongPassword
from tests.wire.peer import Peer, api_reply, event, eventually, listening, reply, within

Pair = tuple[Peer, EventSocket]


@pytest.fixture
def link() -> Iterator[Pair]:
    served = gevent.event.AsyncResult()
    over = gevent.event.Event()

    def serve(peer: Peer) -> None:
        peer.send(b"Content-Type: auth/request\n\n")
        assert peer.command().line == "auth secret"
        peer.send(reply("+OK accepted"))
        assert peer.command().line == "event plain BACKGROUND_JOB"
        peer.send(reply("+OK event listener enabled json"))
        served.set(peer)
        over.wait()

    with listening(serve) as port, within(10, "the test hangs"):
        link = EventSocket("127.0.0.1", port, "secret", timeout=1)
        link.open()
        yield served.get(), link
        link.close()
        over.set()


def opening(serve: bytes, password: str = "secret") -> None:
    def answer(peer: Peer) -> None:
        greeting, separator, answer = serve.partition(b"auth/request\n\n")
        peer.send(greeting + separator)
        if answer:
            peer.command()
            peer.send(answer)
        peer.closed(2)

    with listening(answer) as port, within(3, "open() hangs"):
        EventSocket("127.0.0.1", port, password, timeout=0.2).open()


@pytest.mark.parametrize(
    ("serve", "error", "says"),
    [
        (b"Content-Type: auth/request\n\n" + reply("-ERR invalid"), WrongPassword, "FSCTL_ESL_PASSWORD"),
        (
            b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n",
            Refused,
            "apply-inbound-acl",
        ),
        (b"", SwitchUnreachable, "no greeting within 0.2 s"),
        (b"Content-Type: auth/request\n\n", SwitchUnreachable, "no answer to auth"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", SwitchUnreachable, "not an event socket"),
    ],
)
def test_what_can_be_wrong_at_the_start(serve: bytes, error: type[SwitchError], says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        opening(serve)
    assert "\n" not in str(caught.value) and "secret" not in str(caught.value)
    assert isinstance(caught.value, Unreachable)


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(SwitchUnreachable, match=f"127.0.0.1:{port}: Connection refused. Is it running"):
        EventSocket("127.0.0.1", port, "x").open()


def test_a_host_that_is_none() -> None:
    with pytest.raises(SwitchUnreachable):
        EventSocket("no.such.host.invalid", 1, "x").open()


def test_before_it_is_opened() -> None:
    with pytest.raises(SwitchUnreachable, match="not opened"):
        EventSocket("127.0.0.1", 1, "x").api("status")


def test_a_password_that_is_a_command() -> None:
    with pytest.raises(ValueError):
        opening(b"Content-Type: auth/request\n\n", "x\n\nexit")


def test_an_api_reply_of_12_mib(link: Pair) -> None:
    peer, client = link
    asking = gevent.spawn(client.api, "show channels as json", 5)
    assert peer.command().line == "api show channels as json"
    peer.send(api_reply(b"x" * (12 << 20)))
    assert len(asking.get()) == 12 << 20


def test_a_reply_over_16_mib_ends_the_link(link: Pair) -> None:
    peer, client = link
    asking = gevent.spawn(client.api, "x")
    peer.command()
    peer.send(b"Content-Type: api/response\nContent-Length: 16777217\n\n")
    with pytest.raises(SwitchUnreachable, match="Content-Length"):
        asking.get()


def test_an_answer_that_is_late(link: Pair) -> None:
    peer, client = link
    with pytest.raises(SwitchUnreachable, match="no answer to api slow within 0.01 s"):
        client.api("slow", 0.01)
    asking = gevent.spawn(client.api, "fast")
    peer.send(api_reply(b"slow"), api_reply(b"fast"))
    assert asking.get() == "fast"


def test_the_callers_own_timeout_stays_his(link: Pair) -> None:
    _, client = link
    with pytest.raises(gevent.Timeout), gevent.Timeout(0.01):
        client.api("slow")


def test_a_job_that_is_done_before_its_reply(link: Pair) -> None:
    peer, client = link
    asking = gevent.spawn(client.bgapi, "originate user/101 &park()")
    command = peer.command()
    uuid = command.headers["job-uuid"]
    peer.send(event("BACKGROUND_JOB", Job_UUID=uuid, body="-ERR NO_ANSWER\n"), reply(f"+OK Job-UUID: {uuid}"))
    assert asking.get() == "-ERR NO_ANSWER" and not client._jobs


def test_a_job_that_is_refused_or_late(link: Pair) -> None:
    peer, client = link
    asking = gevent.spawn(client.bgapi, "status")
    peer.command()
    peer.send(reply("-ERR permission denied"))
    with pytest.raises(SwitchError, match="permission denied"):
        asking.get()
    asking = gevent.spawn(client.bgapi, "status", 0.05)
    peer.command()
    peer.send(reply())
    with pytest.raises(SwitchUnreachable, match="no result of status"):
        asking.get()
    assert not client._jobs


def test_subscribing(link: Pair) -> None:
    peer, client = link
    asking = gevent.spawn(client.subscribe, "conference::maintenance", "HEARTBEAT")
    assert peer.command().line == "event plain HEARTBEAT CUSTOM conference::maintenance"
    peer.send(reply("-ERR no keywords supplied"))
    with pytest.raises(SwitchError, match="refuses events"):
        asking.get()


def test_handlers_get_every_event_though_one_fails(link: Pair, caplog: pytest.LogCaptureFixture) -> None:
    peer, client = link
    heard: list[str] = []

    def fail(_event: object) -> None:
        raise KeyError("a fault")

    def expire(_event: object) -> None:
        raise gevent.Timeout(1)

    for handler in (fail, expire, lambda event: heard.append(event["N"])):
        client.on_event(handler)
    peer.send(*[event("HEARTBEAT", N=str(number)) for number in range(5)])
    eventually(lambda: len(heard) == 5, "events are lost")
    assert heard == list("01234")
    assert [bool(record.exc_info) for record in caplog.records if record.levelno >= logging.ERROR] == [True, True]


def test_events_one_after_another_until_the_end(link: Pair) -> None:
    peer, client = link
    events = client.events()
    peer.send(event("HEARTBEAT", N="1"), event("HEARTBEAT", N="2"))
    assert next(events)["N"] == "1"
    peer.sock.close()
    assert [event["N"] for event in events] == ["2"]


def test_a_handler_too_slow_ends_the_link_not_the_memory(link: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_socket, "QUEUED_EVENTS", 50)
    peer, client = link
    client.on_event(lambda event: gevent.sleep(60))
    peer.send(event("HEARTBEAT") * 60)
    assert "behind" in client.wait_closed(1)


def test_the_end_fails_everything(link: Pair) -> None:
    peer, client = link
    waits = [gevent.spawn(client.api, "x"), gevent.spawn(client.bgapi, "y"), gevent.spawn(client.subscribe, "Z")]
    peer.command()
    peer.send(api_reply(b"1"))
    waits[0].get()
    peer.sock.close()
    for wait in waits[1:]:
        with pytest.raises(SwitchUnreachable):
            wait.get()
    with pytest.raises(SwitchUnreachable):
        client.api("x")
    assert client.wait_closed(0) and not client.connected


def test_a_lamp(link: Pair) -> None:
    peer, client = link
    client.sendevent("PRESENCE_IN", {"proto": "slot", "from": "slot+701@example.org"})
    assert peer.command().headers == {"proto": "slot", "from": "slot+701@example.org"}
    with pytest.raises(ValueError):
        client.sendevent("PRESENCE_IN", {"status": "a\nb"})
