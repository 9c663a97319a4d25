"""``scripts/make-prompts``: every announcement has a text, and a file where FreeSWITCH looks for it."""

import os
import shutil
import subprocess
import sys
import tomllib
import wave
from pathlib import Path

import pytest

from fsctl.model.actions import Play
from fsctl.model.announcements import BUILT_IN
from fsctl.model.spoken_moment import recordings
from fsctl.switch.wire import sounds

HERE = Path(__file__).parents[2]
SCRIPT, CONF = HERE / "scripts" / "make-prompts", HERE / "freeswitch_conf"
TEXTS = tomllib.loads((CONF / "prompts.toml").read_text("utf-8"))

pytestmark = pytest.mark.slow

#: Speaks a second of silence, and fails where a text says so. Not in Python, which takes its time to start each time.
STAND_IN = f"""#!/bin/sh
while [ "$1" != "--" ]; do
    [ "$1" = "-w" ] && file=$2
    shift || exit 9
done
if [ "$2" = fail ]; then echo "no such voice" >&2; exit 1; fi
exec {shutil.which("cp")} "${{0%/*}}/silence.wav" "$file"
"""


@pytest.fixture
def make(tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "espeak-ng").write_text(STAND_IN, "utf-8")
    (tmp_path / "bin" / "espeak-ng").chmod(0o755)
    with wave.open(str(tmp_path / "bin" / "silence.wav"), "wb") as sound:
        sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(8000)
        sound.writeframes(bytes(16000))

    def run(*arguments, path=str(tmp_path / "bin")):
        done = subprocess.run([sys.executable, str(SCRIPT), *map(str, arguments)], capture_output=True, text=True,
                              env={**os.environ, "PATH": path}, timeout=110, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def wanted():
    """All files that the program plays, by the folder FSCTL_PROMPTS."""
    for language in ("de", "en"):
        for name in BUILT_IN:
            yield sounds.recording(Play(name, language)).removeprefix("${fsctl_prompts}/")
        spoken = sounds.spoken("0123456789*#+", language).removeprefix("file_string://")
        yield from (file.removeprefix("${fsctl_prompts}/") for file in spoken.split("!"))
        yield from (f"{language}/{name}.wav" for name in recordings(language))


def test_nothing_lacks_a_text_and_no_text_is_idle(make, tmp_path):
    assert make(tmp_path / "out")[0] == 0
    made = {str(file.relative_to(tmp_path / "out")) for file in (tmp_path / "out").rglob("*") if file.is_file()}
    mailbox = [f"{name}.wav" for name in TEXTS["de"] if name.startswith("voicemail-")]  # tests/promises has these
    assert set(wanted()) <= made
    assert made - set(wanted()) <= {f"{language}/{name}" for language in ("de", "en") for name in mailbox}
    assert TEXTS["de"].keys() == TEXTS["en"].keys()


def test_a_recording_stays_until_told_otherwise(make, tmp_path):
    recording = tmp_path / "de" / "night-on.wav"
    recording.parent.mkdir()
    recording.write_bytes(b"by a person")
    assert "1 there already" in make(tmp_path)[1]
    assert recording.read_bytes() == b"by a person"
    assert ", 0 there already" in make(tmp_path, "--force")[1]
    with wave.open(str(recording)) as sound:
        assert sound.getnframes() == 8000


def test_what_is_told_when_it_cannot_be(make, tmp_path):
    code, says = make(tmp_path / "out", path="/nonexistent")
    assert (code, says) == (1, "make-prompts: espeak-ng is not installed; apt install espeak-ng\n")
    (tmp_path / "texts.toml").write_text('[fr]\nbad = "fail"\n', "utf-8")
    assert make(tmp_path / "out", "--text", tmp_path / "texts.toml") == (1, "make-prompts: espeak-ng: no such voice\n")
    assert not list((tmp_path / "out").rglob("*.*"))
    assert "nowhere.toml" in make(tmp_path, "--text", tmp_path / "nowhere.toml")[1]


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="no espeak-ng here")
def test_the_real_voice(make, tmp_path):
    assert make(tmp_path, path=os.environ["PATH"])[0] == 0
    for name in wanted():
        with wave.open(str(tmp_path / name)) as sound:
            assert 0.2 < sound.getnframes() / sound.getframerate() < 10, name
