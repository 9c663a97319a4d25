"""The channel data that the generator sends is what FreeSWITCH would send, as fsctl reads it."""

import re
import time

import pytest

from fsctl.facts.arriving import waited_seconds
from fsctl.switch.wire import FrameReader, parse_event
from load.calls import Script
from load.channel import fresh
from load.kinds import KINDS
from tests.payloads import connect_reply


def event_of(data):
    (frame,) = FrameReader().feed(data)
    return parse_event(frame)


def values(kind):
    done = {"app": b"bridge", "data": b"x", "data_escaped": b"x", "app_uuid": b"", "other": b""}
    return fresh() | next(kind.fills) | done


@pytest.fixture(params=sorted(KINDS))
def kind(request):
    return KINDS[request.param]()


def test_a_reply_to_connect_has_250_headers_of_11_kb(kind):
    reply = kind.channel.connect_reply.fill(values(kind))
    assert len(event_of(reply)) == reply.count(b"\n") - 1 == 250
    assert 10_000 < len(reply) < 12_500
    assert 220 < reply.count(b"%") < 340
    assert b"ZZ" not in reply


def test_its_headers_are_those_that_a_real_switch_sent(kind):
    ours = event_of(kind.channel.connect_reply.fill(values(kind)))
    real = event_of(connect_reply())
    of_loopback = re.compile("loopback|codec|origination|Callee-ID|_rate", re.IGNORECASE)
    assert {name for name in real if not of_loopback.search(name)} <= set(ours)


def test_each_call_is_another_one_of_this_moment(kind):
    one, other = (event_of(kind.channel.connect_reply.fill(values(kind))) for _ in range(2))
    assert one["Unique-ID"] != other["Unique-ID"]
    assert one["variable_uuid"] == one["Caller-Unique-ID"] == one["Unique-ID"]
    assert int(one["Event-Sequence"]) < int(other["Event-Sequence"])
    assert abs(int(one["Event-Date-Timestamp"]) / 1e6 - time.time()) < 60
    assert 0 < waited_seconds(one) < 1


def test_events_have_all_variables_but_those_of_states(kind):
    script, filled = Script(kind), values(kind)
    for template in (*script.taken, script.execute, script.complete, *script.hangup, script.cut_off, *script.ending):
        data = template.fill(filled, b"plain")
        event = event_of(data)
        in_json = event_of(template.fill(filled, b"json"))
        assert in_json.keys() == event.keys() and _but_number(in_json) == _but_number(event)
        assert event["Unique-ID"] == filled["uuid"].decode()
        assert (len(data) > 8_000) == (event["Event-Name"] != "CHANNEL_STATE")
        assert b"ZZ" not in data


def _but_number(event):
    return {name: value for name, value in event.items() if name != "Event-Sequence"}


def test_the_socket_was_executed_before_the_reply_to_connect():
    kind = KINDS["person"]()
    filled = values(kind)
    reply = event_of(kind.channel.connect_reply.fill(filled))
    executed, parked = (event_of(each.fill(filled, b"plain")) for each in Script(kind).taken)
    assert int(executed["Event-Sequence"]) < int(reply["Event-Sequence"]) < int(parked["Event-Sequence"])
