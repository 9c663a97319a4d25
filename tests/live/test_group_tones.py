"""What all hear in a group call when somebody comes or leaves: a tone, and how many they are."""

import shutil
import time
import uuid

import pytest

from tests.live import offices
from tests.live.lab import Lab
from tests.live.sip_phone import SipLine
from tests.live.test_group_calls import OFFICE, rings, together
from tests.live.test_night import record
from tests.live.tones import recorded, tones
from tests.wire.peer import eventually

JOINED, LEFT = 700, 500
#: What the recordings of digits sound like.
TWO, THREE = 2900, 3100
COUNTED = offices.changed(OFFICE, ("count = false ", "count = true "))
SILENT = offices.changed(OFFICE, ("\ntone = true ", "\ntone = false "))


@pytest.fixture
def counting(lab, controller):
    if not isinstance(lab, Lab):
        pytest.skip("nothing is heard in the simulator")
    lab.phones("101", "102", "103", "104")
    for digit, hertz in (("2", TWO), ("3", THREE)):
        record(lab, f"de/digits/{digit}.wav", hertz, seconds=1)
    yield lab
    shutil.rmtree(lab.prompts)


def told_while(line, act, among=(JOINED, LEFT, TWO, THREE), seconds=2):
    """What the line is told in so many seconds from then on, ``among`` these tones, in the order in which it begins."""
    lab, file = line._lab, line._lab.folder / f"{uuid.uuid4()}.wav"
    line.recorded = False
    lab.exchange.api(f"uuid_setvar_multi {line.uuid} RECORD_READ_ONLY=true;RECORD_PRE_BUFFER_FRAMES=1")
    lab.exchange.api(f"uuid_record {line.uuid} start {file}")
    act()
    time.sleep(seconds)
    lab.exchange.api(f"uuid_record {line.uuid} stop {file}")
    lab.wait(lambda: line.recorded, 5, "nothing could be recorded")
    rate, samples = recorded(file)
    heard = (tone for end in range(rate // 5, len(samples), rate // 20) for tone in tones(rate, samples[:end]))
    return [tone for tone in dict.fromkeys(heard) if tone in among]


@pytest.mark.parametrize(("office", "joins", "leaves"), [
    (OFFICE, [JOINED], [LEFT]), (COUNTED, [JOINED, THREE], [LEFT, TWO]), (SILENT, [], []),
], ids=["tone", "count", "silent"])
def test_who_comes_and_who_leaves(counting, controller, office, joins, leaves):
    controller.apply(office)
    SipLine._tones = 10  # nobody's own tone is one of these
    call = counting.phone("101").call("380")
    b, c, d = rings(counting, "102", "103", "104")
    b.answer()
    together(call, b)
    eventually(lambda: not told_while(call, lambda: None), "it does not end what is said of these two", 10)
    assert told_while(call, c.answer) == joins
    together(call, b, c)
    assert told_while(call, c.hang_up) == leaves
