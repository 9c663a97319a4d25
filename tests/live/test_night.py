"""Night service and attendants: switched by hand, by code and by schedule, and what a caller gets then."""

import array
import json
import math
import shutil
import statistics
import subprocess
import sys
import time
import wave
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fsctl import clock, sample
from fsctl.store.database import open_database
from fsctl.store.settings import change_setting
from fsctl.switch.controller import Controller as InProcess
from fsctl.switch.link.prompts import MISSED
from tests.live.controller import Controller
from tests.live.lab import Lab
from tests.live.test_features import dial, messages, steps
from tests.wire.peer import eventually

CALLER, BERLIN, LONDON, MOBILE = "+4915112345678", "+49305550100", "+442079460100", "+491701234567"
ZONE = ZoneInfo("Europe/Berlin")

#: The sample office, always open but where a test says so, with less patience and all modes of users.
OFFICE = (
    sample.text().replace('policy = "circular"', 'policy = "simultaneous"')
    .replace('{ mon-thu = ["08:00-12:00", "13:00-18:00"], fri = ["08:00-16:00"] }', '{ mon-sun = ["00:00-24:00"] }')
    .replace('except = ["holidays", "12-24", "12-31", "2026-12-27/2026-12-30"]', "except = []")
    .replace("after_seconds = 8, to", "after_seconds = 6, to")
    .replace("retries = 3", "retries = 2")
    .replace('[users.103]\nname = "Clara Conrad"\n', '[users.103]\nname = "Clara Conrad"\nnight = "on"\n')
)
DAYTIME = OFFICE.replace('["00:00-24:00"]', '["08:00-18:00"]')
NIGHT_BERLIN = ("night_service", "reroute", "attendant:after-hours", "")
ASK = ("attendant", "ask", "announcement:after-hours")


@pytest.fixture
def office(controller, lab):
    """A controller with nothing switched by hand, and all phones that somebody rings."""
    lab.phones("101", "102", "103", "120")
    controller.forget_settings()
    controller.log.clear()
    return controller


def sales_ring(lab, to=BERLIN):
    """A call from outside by day: the sales people's phones ring."""
    call = lab.outside(CALLER).call(to)
    lines = [lab.phone(extension).ringing() for extension in ("101", "102", "103")]
    return call, lines


def over(lab, office, call, **expected):
    call.hang_up()
    return office.wait_for_call(state="ended", **expected)


def asked(lab, to=BERLIN):
    """A call from outside at night: the attendant has answered and listens."""
    call = lab.outside(CALLER).call(to)
    call.wait_answered()
    return call


# ---- what switches it ------------------------------------------------------------------------------


def test_by_hand_from_another_process(lab, office):
    call, _ = sales_ring(lab)
    assert NIGHT_BERLIN not in steps(over(lab, office, call, result="gone"))
    office.fsctl("night", "on", "berlin")
    call = asked(lab)
    found = over(lab, office, call, result="gone")
    assert steps(found)[0] == NIGHT_BERLIN
    assert found["steps"][0]["reason"].startswith("night service of Berlin: switched on by hand by ")
    office.fsctl("night", "auto", "berlin")
    call, _ = sales_ring(lab)
    over(lab, office, call, result="gone")


def test_a_call_that_rings_already_goes_on(lab, office):
    call, lines = sales_ring(lab)
    office.fsctl("night", "on", "berlin")
    lines[0].answer()
    call.wait_answered()
    assert call.hears(lines[0])
    over(lab, office, call, result="user:101")


def test_it_counts_from_the_next_call_on(lab, office):
    """A switch is followed by a call at once, ten times to and fro."""
    took = []
    for number in range(10):
        on = number % 2 == 0
        began = time.monotonic()
        change_setting(office.store, "night.london", "on" if on else "off", "test", clock.now())
        call = lab.outside(CALLER).call(LONDON)
        if on:
            call.wait_answered()
            lab.phone("120").quiet(0)
        else:
            lab.phone("120").ringing()
        took.append(time.monotonic() - began)
        call.hang_up()
        office.wait_for_call(state="ended", dialled=LONDON, result="mailbox:120" if on else "gone")
    print(f"\nfrom the switch to what the next caller gets: {statistics.median(took) * 1000:.0f} ms in the median, "
          f"{max(took) * 1000:.0f} ms at most")


def test_by_code_from_a_phone(lab, office):
    dial(lab, "101", "*28")
    found = office.wait_for_call(state="ended", result="night:berlin")
    assert steps(found) == [("star_codes", "change", "night:berlin", "done"),
                            ("star_codes", "answer", "caller", "done"),
                            ("star_codes", "play", "announcement:night-on", "done"),
                            ("star_codes", "hangup", "hangup:normal", "gone")]
    assert found["steps"][0]["reason"] == "Anna Adler switches the night service of Berlin on until further notice"
    found = over(lab, office, asked(lab), result="gone")
    assert found["steps"][0]["reason"].endswith("switched on by hand by 101 by *28")
    dial(lab, "102", "*28")
    assert steps(office.wait_for_call(state="ended", result="night:berlin"))[2][2] == "announcement:night-off"
    call, _ = sales_ring(lab)
    over(lab, office, call, result="gone")


@pytest.mark.parametrize(("before", "code", "value", "says"), [
    ("off", "*281", "on", "announcement:night-on"), ("on", "*280", "off", "announcement:night-off"),
    ("on", "*289", None, "announcement:night-off"),
])
def test_codes_that_say_which(lab, office, before, code, value, says):
    change_setting(office.store, "night.berlin", before, "test", clock.now())
    dial(lab, "101", code)
    assert steps(office.wait_for_call(state="ended", result="night:berlin"))[2][2] == says
    row = office.night("berlin")
    assert (row["on"], row["by"]) == (value == "on", f"101 by {code}" if value else None)


def test_who_may_not(lab, office):
    office.apply(OFFICE.replace('night_by = "site"', 'night_by = ["101"]'))
    try:
        assert lab.phone("102").call("*28").wait_ended(10) == "CALL_REJECTED"
        office.wait_for_call(state="ended", result="announcement:not-possible")
        dial(lab, "101", "*281")
        assert office.night("berlin")["on"] is True
    finally:
        office.apply(OFFICE)


def test_one_site_at_a_time(lab, office):
    office.fsctl("night", "on", "berlin")
    call = lab.outside(CALLER).call(LONDON)
    lab.phone("120").ringing()
    over(lab, office, call, result="gone")
    office.fsctl("night", "on", "london")
    office.fsctl("night", "off", "berlin")
    call, _ = sales_ring(lab)
    over(lab, office, call, result="gone")
    assert [office.night(site)["on"] for site in ("berlin", "london")] == [False, True]


@pytest.fixture
def daytime(lab, tmp_path):
    """A controller in this process, whose clock the test sets: ``show(hour)`` of a day to come, in Berlin."""
    serve = Controller(lab, tmp_path, DAYTIME)
    store = open_database(serve.environment["FSCTL_DATABASE"])
    ahead = [timedelta()]
    controller = InProcess(
        store, ("127.0.0.1", lab.socket_port), [("127.0.0.1", lab.esl_port)], "ClueCon", node="clock",
        now=lambda: clock.now() + ahead[0])
    controller.start()
    tomorrow = clock.now().astimezone(ZONE).date() + timedelta(days=1)

    def show(hour, day=0):
        shown = datetime(tomorrow.year, tomorrow.month, tomorrow.day, hour, tzinfo=ZONE) + timedelta(days=day)
        ahead[0] = shown - clock.now()
        return shown

    serve.show = show
    lab.phones("101", "102", "103", "120")
    yield serve
    lab.hang_up_all()
    controller.stop(1)
    store.close()


@pytest.fixture
def alone(running):
    """Nobody else listens where a controller of the test's own will."""
    running.end()


@pytest.mark.parametrize(("hour", "reason"), [(7, "closed until 08:00"), (20, "closed until ")])
def test_by_schedule(lab, alone, daytime, hour, reason):
    daytime.show(hour)
    call = asked(lab)
    found = over(lab, daytime, call, result="gone")
    assert steps(found)[0] == NIGHT_BERLIN
    assert found["steps"][0]["reason"].startswith(f"night service of Berlin: {reason}")
    call = lab.outside(CALLER).call(LONDON)  # has no schedule
    lab.phone("120").ringing()
    over(lab, daytime, call, result="gone")
    daytime.show(8)
    call, _ = sales_ring(lab)
    over(lab, daytime, call, result="gone")


def test_an_override_that_runs_out(lab, alone, daytime):
    until = daytime.show(12).isoformat()
    daytime.fsctl("night", "on", "berlin", "--until", until)
    daytime.show(11)
    call = asked(lab)
    found = over(lab, daytime, call, result="gone")
    assert found["steps"][0]["reason"].endswith(" 12:00")
    assert "switched on by hand" in found["steps"][0]["reason"]
    daytime.show(12)
    call, _ = sales_ring(lab)
    over(lab, daytime, call, result="gone")


def test_off_by_hand_beats_the_schedule_until_it_runs_out(lab, alone, daytime):
    daytime.fsctl("night", "off", "berlin", "--until", daytime.show(21).isoformat())
    daytime.show(20)
    call, _ = sales_ring(lab)
    over(lab, daytime, call, result="gone")
    daytime.show(21)
    assert steps(over(lab, daytime, asked(lab), result="gone"))[0] == NIGHT_BERLIN


def test_what_is_switched_by_code_ends_at_the_next_change(lab, alone, daytime):
    """At 17 o'clock for the evening: the next morning it is day, and nobody has to think of it."""
    shown = daytime.show(17)
    dial(lab, "101", "*28")
    found = daytime.wait_for_call(state="ended", result="night:berlin")
    assert found["steps"][0]["reason"].endswith(f" on until {shown:%-d %b} 18:00")
    assert steps(over(lab, daytime, asked(lab), result="gone"))[0] == NIGHT_BERLIN
    daytime.show(9, day=1)
    call, _ = sales_ring(lab)
    over(lab, daytime, call, result="gone")


# ---- what keeps it ---------------------------------------------------------------------------------


@pytest.mark.apart
def test_a_kill_and_a_restart(lab, office):
    office.fsctl("night", "on", "berlin")
    dial(lab, "120", "*281")
    office.wait_for_call(state="ended", result="night:london")
    office.kill()
    office.start()
    assert steps(over(lab, office, asked(lab), result="gone"))[0] == NIGHT_BERLIN
    call = lab.outside(CALLER).call(LONDON)
    call.wait_answered()
    assert over(lab, office, call, result="mailbox:120")["steps"][0]["reason"].endswith("by 120 by *281")


def test_a_new_office_file(lab, office):
    office.fsctl("night", "on", "berlin", "--until", "2199-01-01T00:00")
    office.apply(OFFICE.replace('name = "Berlin"', 'name = "Berlin Mitte"'))
    try:
        found = over(lab, office, asked(lab), result="gone")
        assert found["steps"][0]["reason"].startswith("night service of Berlin Mitte: switched on by hand")
    finally:
        office.apply(OFFICE)


# ---- whom it concerns ------------------------------------------------------------------------------


def test_people_inside_and_emergencies_never(lab, office):
    office.fsctl("night", "on", "berlin")
    for dialled, rings in [("101", "101"), ("300", "101"), ("0" + BERLIN.replace("+49", "0"), "101")]:
        call = lab.phone("102").call(dialled)
        lab.phone(rings).ringing()
        assert NIGHT_BERLIN not in steps(over(lab, office, call, result="gone"))
        lab.hang_up_all()
    police = lab.outside("110")
    call = lab.phone("101").call("110")
    police.ringing().answer()
    call.wait_answered()
    call.hang_up()


@pytest.mark.parametrize(("dialled", "diverted"), [("101", True), ("102", False), ("300", True)])
def test_users_and_groups_that_follow_or_are_exempt(lab, office, dialled, diverted):
    office.fsctl("night", "on", "berlin")
    call = lab.outside(CALLER).call(dialled)
    if diverted:
        call.wait_answered()
        lab.phone("101").quiet(0)
    else:
        lab.phone(dialled).ringing()
    found = over(lab, office, call, result="gone")
    assert (NIGHT_BERLIN in steps(found)) is diverted


def test_a_user_who_is_always_diverted(lab, office):
    call = asked(lab, "103")
    found = over(lab, office, call, result="gone")
    assert found["steps"][0]["reason"] == "103 is always diverted to the night service of Berlin"


# ---- where it leads --------------------------------------------------------------------------------


@pytest.mark.parametrize(("to", "rings"), [("user:103", "103"), ("user:101", "101"), ("hunt:sales", "102")])
def test_whom_it_names_is_not_diverted_again(lab, office, to, rings):
    office.apply(OFFICE.replace('to = "attendant:after-hours"', f'to = "{to}"'))
    office.fsctl("night", "on", "berlin")
    try:
        call = lab.outside(CALLER).call(BERLIN)
        line = lab.phone(rings).ringing()
        line.answer()
        call.wait_answered()
        assert call.hears(line)
        found = over(lab, office, call, result=f"user:{rings}")
        assert steps(found)[0] == ("night_service", "reroute", to, "")
        assert [step["policy"] for step in found["steps"]].count("night_service") == 1
    finally:
        office.apply(OFFICE)


def test_a_number_outside(lab, office):
    office.apply(OFFICE.replace('to = "attendant:after-hours"', f'to = "number:{MOBILE}"'))
    office.fsctl("night", "on", "berlin")
    far = lab.outside(MOBILE)
    try:
        call = lab.outside(CALLER).call(BERLIN)
        far.ringing().answer()
        call.wait_answered()
        over(lab, office, call, result=f"number:{MOBILE}")
    finally:
        office.apply(OFFICE)


def test_a_mailbox(lab, office):
    before = messages(lab, "120")
    office.fsctl("night", "on", "london")
    call = lab.outside(CALLER).call(LONDON)
    call.wait_answered()
    time.sleep(2.5)  # this is how long the message is
    found = over(lab, office, call, result="mailbox:120")
    assert steps(found) == [("night_service", "reroute", "mailbox:120", ""),
                            ("mailbox", "mailbox", "mailbox:120", "gone")]
    lab.wait(lambda: messages(lab, "120") == before + 1, 3, "there is no message")


def test_an_announcement_costs_the_caller_nothing(lab, office):
    office.apply(OFFICE.replace('to = "attendant:after-hours"', 'to = "announcement:closed"'))
    office.fsctl("night", "on", "berlin")
    try:
        call = lab.outside(CALLER).call(BERLIN)
        assert call.wait_ended(15) in ("NORMAL_CLEARING", "NO_ANSWER")
        assert not call.answered
        office.wait_for_call(state="ended", result="announcement:closed")
    finally:
        office.apply(OFFICE)


# ---- the attendant ---------------------------------------------------------------------------------


def pressed(lab, office, keys):
    office.fsctl("night", "on", "berlin")
    call = asked(lab)
    time.sleep(0.3)  # people do not press before they hear something
    call.press(keys)
    return call


@pytest.mark.parametrize(("keys", "rings", "target"), [
    ("0", "101", "user:101"), ("103", "103", "user:103"), ("102#", "102", "user:102"), ("300", "102", "hunt:sales"),
])
def test_keys_that_reach_somebody(lab, office, keys, rings, target):
    call = pressed(lab, office, keys)
    line = lab.phone(rings).ringing(8)
    line.answer()
    assert call.hears(line) and line.hears(call)
    found = over(lab, office, call, result=f"user:{rings}")
    assert steps(found)[:4] == [
        NIGHT_BERLIN, ("attendant", "answer", "caller", "done"), (*ASK, f"digits:{keys.rstrip('#')}"),
        ("attendant", "reroute", target, "")]


def test_a_key_of_the_menu(lab, office):
    call = pressed(lab, office, "1")
    office.wait_for_step("mailbox", "mailbox:101", "", 15)
    assert steps(over(lab, office, call, result="mailbox:101"))[2:4] == [
        (*ASK, "digits:1"), ("attendant", "reroute", "mailbox:101", "")]


def test_a_key_that_leads_outside(lab, office):
    far = lab.outside(MOBILE)
    call = pressed(lab, office, "2")
    far.ringing(8).answer()
    time.sleep(0.2)
    over(lab, office, call, result=f"number:{MOBILE}")


@pytest.mark.parametrize("keys", ["9", "380", "701", "*98", "*", "00170123"])
def test_wrong_keys(lab, office, keys):
    """They are told so and asked again; the second time leads to the mailbox that the file names."""
    call = pressed(lab, office, keys)
    office.wait_for_step("ask", "announcement:after-hours", "", 15, count=5)
    time.sleep(0.3)
    call.press(keys)
    office.wait_for_step("mailbox", "mailbox:101", "", 15)
    found = over(lab, office, call, result="mailbox:101")
    given = [step[3] for step in steps(found) if step[1] == "ask"]
    assert given == [f"digits:{keys[:3]}"] * 2  # what was left over is no answer to the next question
    assert [step[2] for step in steps(found) if step[1] == "play"] == ["announcement:wrong-key"] * 2


def test_silence(lab, office):
    office.fsctl("night", "on", "berlin")
    call = asked(lab)
    office.wait_for_step("mailbox", "mailbox:101", "", 15)
    found = over(lab, office, call, result="mailbox:101")
    assert steps(found)[2:4] == [(*ASK, "silence"), ("attendant", "reroute", "mailbox:101", "")]
    assert found["steps"][3]["reason"] == "the caller pressed nothing for 6 s"


def test_a_caller_who_hangs_up_during_the_greeting(lab, office):
    office.fsctl("night", "on", "berlin")
    asked(lab).hang_up()
    found = office.wait_for_call(state="ended", result="gone")
    assert steps(found)[-1] == (*ASK, "gone")


@pytest.mark.apart
def test_a_controller_that_dies_while_the_attendant_asks(lab, office):
    """No dead line: the fail-safe rings the site's people."""
    office.fsctl("night", "on", "berlin")
    asked(lab)
    office.wait_for_step("ask", "announcement:after-hours", "")
    office.kill()
    lab.phone("101").ringing(15)


# ---- what is heard ---------------------------------------------------------------------------------


def record(lab, name, hertz, seconds=3):
    """A recording of one tone."""
    file = lab.prompts / name
    file.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(file), "wb") as sound:
        sound.setnchannels(1), sound.setsampwidth(2), sound.setframerate(8000)
        samples = (int(9000 * math.sin(2 * math.pi * hertz * index / 8000)) for index in range(8000 * seconds))
        sound.writeframes(array.array("h", samples).tobytes())


@pytest.fixture
def recordings(lab):
    """Greetings in two languages, and one announcement of the program's own, in German only."""
    if not isinstance(lab, Lab):
        pytest.skip("nothing is heard in the simulator")
    for name, hertz in [("nachtansage.wav", 700), ("night.wav", 1100), ("de/night-on.wav", 1700)]:
        record(lab, name, hertz)
    yield lab
    shutil.rmtree(lab.prompts)


def hears(call, *tones, seconds=4):
    """These tones, in that order, whatever else comes between."""
    wanted, deadline, heard = list(tones), time.monotonic() + seconds, []
    while wanted and time.monotonic() < deadline:
        heard.append(call.heard())
        if heard[-1] == wanted[0]:
            del wanted[0]
    assert not wanted, f"heard {heard}"


def test_greetings_by_language(recordings, office):
    office.apply(OFFICE.replace('to = "mailbox:120"', 'to = "attendant:after-hours"'))
    office.fsctl("night", "on", "berlin")
    office.fsctl("night", "on", "london")
    try:
        hears(asked(recordings, BERLIN), 700)
        hears(asked(recordings, LONDON), 1100)
    finally:
        office.apply(OFFICE)


def test_a_recording_of_the_program_is_heard(recordings, office):
    call = recordings.phone("102").call("*281")
    call.wait_answered()
    hears(call, 1700)
    call.wait_ended(10)
    assert not [line for line in office.log if "/night-on.wav" in line]


def test_until_when_is_said_after_it(recordings, alone, daytime):
    """The schedule closes at 18:00 anyway: it is night until the morning."""
    for name, hertz in [("moments/until", 700), ("moments/tomorrow", 1000), ("hours/8", 1300)]:
        record(recordings, f"de/{name}.wav", hertz, seconds=1)
    daytime.show(11)
    call = recordings.phone("102").call("*281")
    call.wait_answered()
    hears(call, 1700, 700, 1000, 1300, seconds=10)
    assert call.wait_ended(10) == "NORMAL_CLEARING"


def test_where_there_is_no_recording_a_tone_is_heard_and_the_log_says_so(lab, office):
    MISSED.there(["${fsctl_prompts}/de/night-off.wav"])  # this process may have told it in another test
    call = lab.phone("102").call("*280")
    call.wait_answered()
    if isinstance(lab, Lab):
        hears(call, 660, seconds=2)
    assert call.wait_ended(10) == "NORMAL_CLEARING"
    office.wait_for_log("/de/night-off.wav: a tone instead", 2)


def test_numbers_are_spoken_by_a_phrase_macro_digit_by_digit(recordings, office):
    for digit, hertz in [("7", 700), ("0", 1000), ("plus", 1300)]:
        record(recordings, f"de/digits/{digit}.wav", hertz, seconds=1)
    call = recordings.phone("101").call("102")
    recordings.phone("102").ringing().answer()
    call.wait_answered()
    ours = []

    def listed():  # FreeSWITCH's list of channels is behind, and has no rows while it is empty
        found = json.loads(recordings.switch.api("show channels as json")).get("rows", [])
        ours[:] = [row["uuid"] for row in found if row["direction"] == "inbound"]
        return ours

    eventually(listed, "the call is not listed", 5)
    recordings.switch.api(f"uuid_setvar {ours[0]} language de")
    recordings.switch.api(f"uuid_broadcast {ours[0]} phrase::fsctl_digits,+470 aleg")  # there is no 4
    hears(call, 1300, 700, 1000)


@pytest.mark.skipif(not shutil.which("espeak-ng"), reason="no espeak-ng here")
def test_what_make_prompts_makes_is_played(recordings, office):
    subprocess.run([sys.executable, "scripts/make-prompts", str(recordings.prompts)], check=True, capture_output=True)
    call = recordings.phone("103").call("*280")
    call.wait_answered()
    assert call.wait_ended(15) == "NORMAL_CLEARING"
    office.wait_for_call(state="ended", result="night:berlin")
    assert not [line for line in office.log if "/night-off.wav" in line]


def test_a_caller_hears_that_it_rings(recordings, office):
    call = pressed(recordings, office, "0")
    recordings.phone("101").ringing(8)
    hears(call, 425, seconds=7)
