"""How recordings are named, of which call they are, and which paths FreeSWITCH is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.recordings import call_of, misread, name_of, told_by, within
from fsctl.model.sections import Defaults
from tests.unit.builders import AT

UUID = "b3655eb5-b172-46b4-92db-8cc7bb6fef23"
NAME = f"20261123T100000.000Z_{UUID}.wav"


def test_a_name():
    assert name_of(UUID, AT) == NAME
    assert name_of(UUID, AT.replace(microsecond=7999, tzinfo=timezone(timedelta(hours=1)))) == (
        f"20261123T090000.007Z_{UUID}.wav")


@given(st.uuids(), st.datetimes(datetime(1001, 1, 1), datetime(9998, 12, 31), timezones=st.timezones()))
def test_a_name_tells_what_it_was_made_of(uuid, at):
    told = told_by(name_of(str(uuid), at))
    assert told == (str(uuid), at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000))
    assert told[1].utcoffset() == timedelta(0)


@given(st.lists(st.datetimes(datetime(1001, 1, 1), datetime(9998, 12, 31)), min_size=2))
def test_names_sort_by_time(times):
    cut = sorted(each.replace(microsecond=each.microsecond // 1000 * 1000, tzinfo=UTC) for each in times)
    assert sorted(name_of(UUID, each) for each in cut) == [name_of(UUID, each) for each in cut]


@pytest.mark.parametrize("name", [
    "", "x.wav", ".", "..", NAME + "\n", "\n" + NAME, NAME + ".bak", "." + NAME, "a/" + NAME, "../" + NAME, NAME[:-4],
    NAME.replace(".wav", ".WAV"), NAME.replace(".wav", "xwav"), NAME.replace("Z_", "_"), NAME.replace("Z_", "Z-"),
    NAME.replace(".000Z", "Z"), NAME.replace(".000Z", ".00Z"), NAME.replace(".000Z", "x000Z"),
    NAME.replace("T100000", "T1000"), NAME.replace("T100000", "t100000"), NAME.replace("b3655", "b365"),
    NAME.replace("b3655", "b36555"), NAME.replace("b3655", "B3655"), NAME.replace("b3655", "g3655"),
    NAME.replace("b3655", "b3/55"), NAME.replace("b3655", "b3.55"),
    NAME.replace("20261123", "20261323"), NAME.replace("20261123", "20260231"), NAME.replace("20261123", "00001123"),
    NAME.replace("T100000", "T250000"), NAME.replace("T100000", "T106000"), NAME.replace("T100000", "T100062"),
    NAME.replace("2026", "²026"), NAME.replace("2026", "٢٠٢٦"), NAME + "\0", NAME * 2,
])
def test_what_is_no_recording(name):
    assert told_by(name) is None


@given(st.text(), st.booleans())
def test_any_name_at_all(text, inside):
    told_by(NAME.replace("b3655", text, 1) if inside else text)


# ---- of which call -------------------------------------------------------------------------------------

OWN = LiveCall("own", "101", "lee", "outbound", "talking", AT)
LEE = LiveCall("lee", None, "own", "inbound", "talking", AT)


@pytest.mark.parametrize(("own", "others", "call"), [
    (OWN, (LEE,), "lee"), (replace(OWN, direction="inbound"), (replace(LEE, direction="outbound"),), "own"),
    (replace(OWN, direction="inbound"), (LEE,), "own"),  # both called, and one picked it up
    (OWN, (replace(LEE, direction="outbound"),), "own"),  # both were called
    (OWN, (), "own"), (replace(OWN, peer=None), (LEE,), "own"), (replace(OWN, peer="else"), (LEE,), "own"),
    (replace(OWN, peer=None, room="join-lee"), (LEE,), "lee"),
    (replace(OWN, peer=None, room="three-way-lee"), (LEE,), "lee"),
    (replace(OWN, peer=None, room="barge-in-lee"), (replace(LEE, direction="outbound"),), "own"),
    (replace(OWN, peer=None, room="group-380"), (LEE,), "own"),
    (replace(OWN, peer=None, room="join-else", direction="inbound"), (LEE,), "own"),
    (replace(OWN, peer=None, room="join-else"), (LEE,), "own"),
])
def test_by_which_the_journal_has_it(own, others, call):
    assert call_of(own, Live((*others, own))) == call


# ---- where they lie ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "wrong"), [
    ("", ""), ("/srv/recordings", ""), ("/srv/a b/_x.1+2-3", ""), ("/srv/Büro/お", ""), ("a'b", "'"), ("a;b'", ";"),
    *((f"/srv/{each}/x", each) for each in "'\";,{}[]()$&|!~^\\%#@:=*?<>`\n\t\0"),
])
def test_what_cannot_stand_in_a_command(path, wrong):
    assert misread(path) == wrong


@pytest.mark.parametrize(("folder", "path"), [
    ("/srv/taped", f"/srv/taped/{NAME}"), ("/srv/taped/", f"/srv/taped/{NAME}"), ("/srv/a b", f"/srv/a b/{NAME}"),
    ("/", f"/{NAME}"), ("", ""), ("/srv/a'b", ""), ("/srv/${x}", ""), ("/srv/a;b", ""), ("/srv/a\nb", ""),
])
def test_the_whole_path(folder, path):
    assert within(folder, NAME) == path


@pytest.mark.parametrize(("folder", "recordings", "found"), [
    ("/srv/office", "recordings", "/srv/office/recordings"), ("/srv/office", "a/b", "/srv/office/a/b"),
    ("/srv/office", "/var/taped", "/var/taped"), ("", "/var/taped", "/var/taped"), ("", "recordings", ""),
    ("office", "recordings", ""), ("/srv/office", ".", "/srv/office"),
])
def test_the_folder_of_an_office(folder, recordings, found):
    assert Office(folder=folder, office=Defaults(recordings=recordings)).recordings_folder == found
    assert PurePosixPath(found).is_absolute() is bool(found)
