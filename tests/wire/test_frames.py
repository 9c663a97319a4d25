"""Bytes into frames and events: however they are chunked, whatever they hold."""

import json
import tracemalloc
from collections.abc import Mapping
from itertools import pairwise
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.switch.wire import Frame, FrameReader, WireError, event_age_seconds, headers, parse_event
from fsctl.switch.wire.names import Names
from tests import payloads

CAPTURED = [payloads.read(name) for name in ("call.esl", "link.esl", "plain.esl")]


def content(frames: list[Frame]) -> list[tuple[dict[str, str], bytes]]:
    return [(frame.headers, frame.body) for frame in frames]


def fed(data: bytes, cuts: list[int]) -> list[Frame]:
    reader = FrameReader()
    edges = [0, *sorted(cuts), len(data)]
    return [frame for start, end in pairwise(edges) for frame in reader.feed(data[start:end])]


def read_one(data: bytes) -> Frame:
    (frame,) = FrameReader().feed(data)
    return frame


def json_frame(text: str) -> Frame:
    body = text.encode("utf-8", "surrogatepass")
    return read_one(b"Content-Length: %d\nContent-Type: text/event-json\n\n" % len(body) + body)


@pytest.mark.parametrize("data", CAPTURED)
@given(st.data())
def test_any_chunking_gives_the_same_frames(data: bytes, draw: st.DataObject) -> None:
    cuts = draw.draw(st.lists(st.integers(0, len(data)), max_size=30))
    assert content(fed(data, cuts)) == content(FrameReader().feed(data))


@pytest.mark.parametrize("data", CAPTURED)
def test_byte_by_byte_too(data: bytes) -> None:
    assert content(fed(data, list(range(len(data))))) == content(FrameReader().feed(data))


def test_the_captured_call() -> None:
    frames = FrameReader().feed(payloads.read("call.esl"))
    facts = parse_event(frames[0])
    assert (len(facts), facts["Unique-ID"], facts["Control"]) == (110, payloads.CALL, "full")
    assert facts["Caller-Caller-ID-Name"] == "A B: c$" and "B" not in facts
    events = [parse_event(frame) for frame in frames if frame.content_type == "text/event-json"]
    assert events[-1]["Event-Name"] == "CHANNEL_HANGUP_COMPLETE" and events[-1]["Hangup-Cause"] == "USER_BUSY"
    assert frames[-1].content_type == "text/disconnect-notice" and frames[-1].get("content-disposition") == "linger"


def test_the_captured_plain_event() -> None:
    event = parse_event(FrameReader().feed(payloads.read("plain.esl"))[-1])
    assert event["Event-Date-Local"] == "2026-11-23 20:42:34" and event["FreeSWITCH-IPv6"] == "fd00::2"
    assert event["_body"].startswith("UP 0 years") and len(event["_body"]) == int(event["Content-Length"])


@given(st.dictionaries(st.from_regex(r"\A[A-Za-z][A-Za-z_-]{0,9}\Z"), st.text(), min_size=1))
def test_no_value_forges_a_header(values: dict[str, str]) -> None:
    headers = {f"variable_{name}": value for name, value in values.items()}
    text = "".join(f"{name}: {quote(value, errors='replace')}\n" for name, value in headers.items())
    frame = read_one(f"{text}Content-Type: command/reply\nReply-Text: %2BOK%0A\n\n".encode())
    event = parse_event(frame)
    folded = {name.lower() for name in headers}
    assert {name.lower() for name in event} == folded | {"content-type", "reply-text"}
    for name, value in event.items():
        assert not any(ord(character) < 32 or character in "\x7f\x85\u2028\u2029" for character in value)
        if name in headers and headers[name].isprintable() and headers[name].isascii():
            assert value == headers[name]


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.booleans() | st.lists(st.text())))
def test_json_values_are_clean_text(values: dict[str, object]) -> None:
    event = parse_event(json_frame(json.dumps(values)))
    for name, value in event.items():
        assert name == "_body" or not any(ord(character) < 32 for character in name + value)
        assert (name + value).isprintable() or (name + value).encode()


@given(st.binary(max_size=3000), st.integers(1, 100))
def test_garbage_is_a_wire_error_or_nothing(data: bytes, step: int) -> None:
    reader = FrameReader(header_limit=500, body_limit=200)
    try:
        for start in range(0, len(data), step):
            for frame in reader.feed(data[start : start + step]):
                assert len(frame.body) <= 200
                try:
                    parse_event(frame)
                except WireError as error:
                    assert "\n" not in str(error)
            assert len(reader._buffer) <= 500 + step
    except WireError as error:
        assert "\n" not in str(error) and not reader._buffer
        with pytest.raises(WireError):
            reader.feed(b"Content-Type: command/reply\n\n")


@given(st.binary(max_size=300), st.sampled_from(["text/event-json", "text/event-plain"]))
def test_garbage_as_an_event(body: bytes, kind: str) -> None:
    frame = read_one(f"Content-Type: {kind}\nContent-Length: {len(body)}\n\n".encode() + body)
    try:
        assert all(isinstance(value, str) for value in parse_event(frame).values())
    except WireError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "length", ["-1", "+5", "0x10", "1_0", "1e3", "", " ", "5 ", "\u0665", "\xb2", "1048577", "2147483648", "9" * 5000, "5\r"]
)
def test_a_content_length_that_is_none(length: str) -> None:
    with pytest.raises(WireError, match="Content-Length"):
        FrameReader().feed(f"Content-Type: api/response\nContent-Length: {length}\n\n".encode())


@pytest.mark.parametrize(
    "hello", [b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"\r\n", b"\0", b"x" * 256, b"no header\n"]
)
def test_other_protocols_are_known_at_once(hello: bytes) -> None:
    with pytest.raises(WireError, match="not an event socket"):
        FrameReader().feed(hello)


def test_headers_without_an_end() -> None:
    reader = FrameReader()
    tracemalloc.start()
    with pytest.raises(WireError, match="262144"):
        for _ in range(160):
            reader.feed(b"Name: " + b"x" * 65530)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


def test_of_duplicates_the_first_wins_in_any_case() -> None:
    frame = read_one(b"content-type: api/response\nContent-Length: 2\nCONTENT-LENGTH: 0\nContent-Type: x/y\n\nab")
    assert (frame.content_type, frame.body, frame.get("CONTENT-type")) == ("api/response", b"ab", "api/response")
    assert parse_event(json_frame('{"Unique-ID": "a", "Unique-ID": "b"}')) == {"Unique-ID": "a"}


def test_what_is_empty_is_read_so():
    """Plain events write ``_undef_`` then."""
    event = parse_event(read_one(b"Content-Type: command/reply\nvariable_a: _undef_\nvariable_b: %5Fundef_\n\n"))
    assert (event["variable_a"], event["variable_b"], event.get("variable_c")) == ("", "_undef_", None)


LINES = st.lists(st.tuples(
    st.from_regex(r"\A[A-Za-z][A-Za-z_-]{0,3}\Z"),
    st.lists(st.sampled_from([b"a", b":", b" ", b"%", b"%0A", b"%C3", b"\xc3", b"\xa4", b"\xff", b"_undef_"])).map(b"".join)))


@pytest.mark.parametrize("content_type", ["command/reply", "text/event-plain"])
@pytest.mark.parametrize("much", [False, True])
@given(LINES, LINES, st.data())
def test_however_many_are_asked_for_the_answers_are_those_of_reading_all(
    content_type: str, much: bool, first: list[tuple[str, bytes]], last: list[tuple[str, bytes]], draw: st.DataObject,
) -> None:
    def parsed() -> Mapping[str, str]:
        frame = Frame(b"Content-Type: " + content_type.encode() + b"\n" + block)
        frame.body = block + b"\n\n"
        return parse_event(frame, much=much)

    filler = draw.draw(st.sampled_from([[], [("Filler", b"x" * 5000)]]))
    block = b"\n".join(name.encode() + b": " + value for name, value in [("Event-Name", b"X"), *first, *filler, *last])
    whole = dict(parsed())
    names = [*dict(first), *dict(last), "missing", "Missing", "Event-Name"]
    asked = draw.draw(st.lists(st.sampled_from(names), max_size=60))
    event = parsed()
    assert [event.get(name) for name in asked] == [whole.get(name) for name in asked]
    assert [name in event for name in asked] == [name in whole for name in asked] and event == whole


def test_what_is_asked_for_again_and_again_is_found_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name is the first of its line, not the rest of another one's name or the beginning of it."""
    monkeypatch.setattr(headers, "_NAMES", names := Names())
    block = b"".join(b"%b: %d\n" % (name, number) for number, name in enumerate(
        [b"Filler" * 1000, b"variable_a", b"variable_ab", b"variable_abc", b"variable_a", b"a", b"b:a", b"abc", b"Abc"]))
    asked = ("variable_a", "variable_ab", "variable_abc", "a", "b", "abc", "Abc", "ab", "variable_abcd", "x y", "b:a")
    for _ in range(20):
        event = headers.Headers(block, escaped=True)
        assert [event.get(name) for name in asked] == ["1", "2", "3", "5", "a: 6", "7", "8", None, None, None, "6"]
    assert names.absent.keys() == {*asked} - {"x y", "b:a"}


def test_names_without_end_are_not_kept() -> None:
    names = Names()
    for number in range(5000):
        names.searched(f"variable_{number}")
    assert 100 < len(names.absent) < 1000 and names.found("\nvariable_1: x\nvariable_4999: y") == {"variable_1": " x"}


def test_each_value_is_decoded_once() -> None:
    frame = read_one(b"Content-Type: command/reply\nName: x%2524%257Bf()%257D%0AUnique-ID: y\n\n")
    assert parse_event(frame)["Name"] == "x%24%7Bf()%7D Unique-ID: y"
    assert frame.headers["Name"] == "x%2524%257Bf()%257D%0AUnique-ID: y"


@given(st.text(st.sampled_from("%0aAfFgz24C3A9é "), max_size=30))
def test_decoding_is_that_of_the_standard_library(value: str) -> None:
    event = parse_event(read_one(f"Content-Type: command/reply\nName: |{value}\n\n".encode()))
    expected = unquote(f"|{value}")
    assert event["Name"] == "".join(" " if ord(character) < 32 or 126 < ord(character) < 160 else character for character in expected)


def test_bytes_that_are_no_utf_8() -> None:
    frame = read_one(b"Content-Type: command/reply\nName: caf\xe9 %E9\n\n")
    assert parse_event(frame)["Name"] == "caf\ufffd \ufffd"


def test_line_feeds_between_frames() -> None:
    frames = FrameReader().feed(b"\n\nContent-Type: command/reply\nReply-Text: +OK\nmore\n\n\n\n\nContent-Type: x\n\n")
    assert [frame.text for frame in frames] == ["+OK", ""]


@pytest.mark.parametrize("body", ['{"a": {"b": 1}}', "[1]", '"a"', "{", "[" * 100_000, '{"a": [[1]]}', "\x00"])
def test_json_that_is_no_event(body: str) -> None:
    with pytest.raises(WireError):
        parse_event(json_frame(body))


def test_json_values_of_other_types() -> None:
    event = parse_event(json_frame('{"a": 1, "b": 1e400, "c": true, "d": null, "e": ["x", "y"], "f": "\\u0000\\r\\n\\ud800", "g": NaN}'))
    assert event == {"a": "1", "b": "1e400", "c": "true", "d": "", "e": "ARRAY::x|:y", "f": "    ", "g": "NaN"}


def test_an_inner_body_longer_than_the_event() -> None:
    body = b"Event-Name: X\nContent-Length: 10\n\nabc"
    frame = read_one(b"Content-Type: text/event-plain\nContent-Length: %d\n\n" % len(body) + body)
    with pytest.raises(WireError, match="Content-Length"):
        parse_event(frame)


def test_the_age_of_an_event() -> None:
    assert event_age_seconds({"Event-Date-Timestamp": "1795466478782155"}, 1795466479.782155) == pytest.approx(1)
    for stamp in ("", "soon", "-1", "9" * 40, "\u0665"):
        assert event_age_seconds({"Event-Date-Timestamp": stamp}, 5) == 0
