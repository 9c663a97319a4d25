"""What phones show of the other party."""

import re
import time

from tests.live.lab import Lab

#: Words of FreeSWITCH's and of the dialplan's own, which nobody may read on a phone.
_INTERNAL = re.compile(r"Outbound Call|pickup|failsafe|ring_|park\+|push\+|join-|recall\+|unknown|_undef_|FreeSWITCH\"?>|0000000000", re.I)
_SHOWN = re.compile(r"^(?:From|P-Asserted-Identity|Remote-Party-ID|X-FS-Display-\w+): (.*)$", re.M)


def seen(line, *expected, seconds=4):
    """A display is told a moment after the talk began."""
    deadline = time.monotonic() + seconds
    while line.display != expected and time.monotonic() < deadline:
        time.sleep(0.05)
    assert line.display == expected, f"{line.display} is shown, not {expected}"


def internal_words(lab, since=0):
    """The headers with such words among all that the phones of the exchange were told; and how much that was."""
    if not isinstance(lab, Lab):
        return [], 0
    told = [text.partition("\n\n")[0] for way, text in lab.sip() if way == "received"]
    requests = [head for head in told[since:] if not re.search(r"^CSeq: \d+ (?:REGISTER|OPTIONS)", head, re.M)]
    return [shown for head in requests for shown in _SHOWN.findall(head) if _INTERNAL.search(shown)], len(told)
