"""Files of recordings: whole ones, and those whose FreeSWITCH was killed amid them."""

import os
import struct
import wave
from pathlib import Path

import pytest

from fsctl.model.recordings import name_of
from fsctl.recordings import Recording, listed, mend
from tests.unit.builders import AT

CALL = "b3655eb5-b172-46b4-92db-8cc7bb6fef23"
NAME = name_of(CALL, AT)
#: A second.
AUDIO = bytes(range(250)) * 64
FORMAT = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)


def riff(*chunks: bytes, size: int | None = None) -> bytes:
    """A file; ``size`` is what it says of itself, if that is not so."""
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def chunk(name: bytes, body: bytes, size: int | None = None) -> bytes:
    return name + struct.pack("<I", len(body) if size is None else size) + body


def killed(audio: bytes = AUDIO, *before: bytes) -> bytes:
    """As FreeSWITCH leaves it: a head of 44 bytes that says there is nothing, and all that was said."""
    return riff(FORMAT, *before, chunk(b"data", audio, 0), size=8)


WHOLE = riff(FORMAT, chunk(b"data", AUDIO))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / NAME


def frames(path: Path) -> bytes:
    with wave.open(str(path)) as file:
        return file.readframes(file.getnframes())


def test_the_head_of_one_who_was_killed():
    assert len(killed(b"")) == 44


@pytest.mark.parametrize("content", [
    killed(), killed(b""), killed(AUDIO[:2]), killed(AUDIO * 20), killed(AUDIO, chunk(b"LIST", b"INFOISFT")),
    killed(AUDIO, chunk(b"LIST", b"odd", 3) + b"\0"), killed(AUDIO, chunk(b"LIST", b"x" * 4000)),
    riff(FORMAT, chunk(b"data", AUDIO, 0)),  # mended by half
    riff(FORMAT, chunk(b"data", AUDIO, 0), size=0xFFFFFFFF),
    riff(FORMAT, chunk(b"data", AUDIO, 0xFFFFFFFF), size=0xFFFFFFFF),
    riff(FORMAT, chunk(b"data", AUDIO, len(AUDIO) + 2), size=36 + len(AUDIO) + 2),  # cut short
    riff(FORMAT, chunk(b"data", AUDIO, 320), size=356),  # it was longer by then
])
def test_what_was_not_finished_can_be_played(path: Path, content: bytes):
    path.write_bytes(content)
    before = listed(path.parent)
    assert mend(path.parent) == [path]
    audio = content[content.index(b"data") + 8:]
    assert frames(path) == audio
    assert listed(path.parent) == before == [Recording(path, CALL, AT, round(len(audio) / 16000, 2))]
    mended = path.read_bytes()
    assert len(mended) == len(content) and struct.unpack_from("<I", mended, 4) == (len(mended) - 8,)
    assert mended[8:content.index(b"data") + 4] == content[8:content.index(b"data") + 4]
    assert mend(path.parent) == []


@pytest.mark.parametrize(("content", "seconds"), [
    (WHOLE, 1.0), (riff(FORMAT, chunk(b"data", AUDIO), chunk(b"LIST", b"INFOISFT")), 1.0),
    (riff(FORMAT, chunk(b"data", AUDIO + b"x"), b"\0"), 1.0),  # filled up to an even length
    (riff(FORMAT, chunk(b"LIST", b"INFOISFT"), chunk(b"data", AUDIO * 2)), 2.0),
    (riff(FORMAT, chunk(b"data", b"")), 0.0), (riff(chunk(b"data", AUDIO)), 0.0),
    (b"", 0.0), (b"RIFF", 0.0), (WHOLE[:12], 0.0), (WHOLE[:20], 0.0), (WHOLE[:39], 0.0), (WHOLE[:43], 0.0),
    (riff(FORMAT), 0.0), (riff(FORMAT, chunk(b"LIST", b"x" * 5000), chunk(b"data", AUDIO, 0), size=8), 0.0),
    (riff(FORMAT[:-8]), 0.0),
    (b"RIFX" + killed()[4:], 0.0), (killed()[:8] + b"AVI " + killed()[12:], 0.0), (b"x" * 100, 0.0), (b"\0" * 44, 0.0),
    (riff(FORMAT, chunk(b"LIST", b"", 0xFFFFFFF0), size=8), 0.0), (riff(chunk(b"fmt ", b"\0" * 16), b"da"), 0.0),
])
def test_what_is_whole_or_no_such_file_stays_as_it_is(path: Path, content: bytes, seconds: float):
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))
    assert mend(path.parent) == []
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (content, 1)
    assert listed(path.parent) == [Recording(path, CALL, AT, seconds)]


def test_several_and_what_else_lies_there(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    names = [name_of(CALL, AT.replace(hour=hour)) for hour in (9, 11, 10)]
    for name in names:
        (tmp_path / name).write_bytes(killed())
    other = tmp_path / names[0].replace("b3655", "00000")
    other.write_bytes(WHOLE)
    elsewhere = tmp_path / "deeper" / NAME.replace(".000Z", ".001Z")
    elsewhere.parent.mkdir()
    elsewhere.write_bytes(killed())
    (tmp_path / NAME.replace(".000Z", ".002Z")).symlink_to(elsewhere)
    (tmp_path / NAME.replace(".000Z", ".003Z")).symlink_to(tmp_path / "nowhere")
    (tmp_path / NAME.replace(".000Z", ".004Z")).mkdir()
    (tmp_path / "greeting.wav").write_bytes(killed())
    found = [each.path.name for each in listed(tmp_path)]
    assert found == [names[1], names[2], names[0], other.name]
    assert sorted(path.name for path in mend(tmp_path)) == sorted(names)
    assert elsewhere.read_bytes() == (tmp_path / "greeting.wav").read_bytes() == killed()
    assert not caplog.records


def test_a_folder_that_is_not_there_yet(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    assert mend(tmp_path / "none") == [] and not caplog.records
    with pytest.raises(FileNotFoundError):
        listed(tmp_path / "none")


def test_a_folder_that_is_none(path: Path, caplog: pytest.LogCaptureFixture):
    path.write_bytes(killed())
    assert mend(path) == []
    assert [each.levelname for each in caplog.records] == ["WARNING"] and str(path) in caplog.text
    with pytest.raises(NotADirectoryError):
        listed(path)


def test_one_that_cannot_be_read_does_not_hold_up_others(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """As where another user has it; root, who may run this, can read all."""
    path.write_bytes(killed())
    locked = refused(monkeypatch, path, "rb", 11, 12)
    assert listed(path.parent) == [
        *(Recording(each, CALL, AT.replace(hour=at), None) for each, at in zip(locked[::-1], (12, 11), strict=True)),
        Recording(path, CALL, AT, 1.0)]
    assert mend(path.parent) == [path]
    assert caplog.records[0].args[:2] == (2, path.parent) and caplog.messages[0].endswith(": Permission denied")
    assert len(caplog.records) == 1


def refused(monkeypatch: pytest.MonkeyPatch, path: Path, how: str, *hours: int) -> list[Path]:
    """Files of those hours besides, which cannot be opened so."""
    locked = [path.with_name(name_of(CALL, AT.replace(hour=hour))) for hour in hours]
    for each in locked:
        each.write_bytes(killed())
    opened = Path.open

    def refusing(self: Path, mode: str):
        if self in locked and mode == how:
            raise PermissionError(13, "Permission denied")
        return opened(self, mode)

    monkeypatch.setattr(Path, "open", refusing)
    return locked


def test_one_that_can_only_be_read(path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    path.write_bytes(killed())
    locked, = refused(monkeypatch, path, "r+b", 11)
    assert [each.seconds for each in listed(path.parent)] == [1.0, 1.0]
    assert mend(path.parent) == [path]
    assert caplog.messages == [
        f"1 recordings in {path.parent} may be cut off, and the user of fsctl cannot put them right: "
        f"{locked.name}: Permission denied"]


def test_what_is_whole_is_not_opened_for_writing(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    path.write_bytes(WHOLE)
    opened = Path.open
    monkeypatch.setattr(Path, "open", lambda self, mode: opened(self, {"rb": mode}[mode]))
    assert mend(path.parent) == [] and not caplog.records


def test_what_goes_on_is_left_alone(path: Path):
    path.write_bytes(killed())
    assert mend(path.parent, ["another.wav", path.name]) == [] and path.read_bytes() == killed()
    assert mend(path.parent, ["another.wav"]) == [path]


def test_one_that_is_taken_away_amid_it(path: Path, monkeypatch: pytest.MonkeyPatch):
    path.write_bytes(WHOLE)
    gone = path.with_name(name_of(CALL, AT.replace(hour=11)))
    gone.write_bytes(WHOLE)
    opened = Path.open

    def going(self: Path, *how: str):
        if self == gone:
            gone.unlink()
        return opened(self, *how)

    monkeypatch.setattr(Path, "open", going)
    assert [each.path for each in listed(path.parent)] == [path]


def test_one_too_large_for_its_head(path: Path):
    """It says as much as it can."""
    path.write_bytes(killed(b""))
    os.truncate(path, 44 + 2**32)
    assert mend(path.parent) == [path]
    with path.open("rb") as file:
        head = file.read(44)
    assert struct.unpack_from("<I", head, 4) == struct.unpack_from("<I", head, 40) == (0xFFFFFFFF,)
    assert mend(path.parent) == []
    assert [each.seconds for each in listed(path.parent)] == [round(2**32 / 16000, 2)]
