"""Whether a caller hears the busy tone, of the switch or of his own telephone, before he is hung up on."""

from types import SimpleNamespace

import pytest

from fsctl.model.actions import Hangup
from fsctl.model.outcomes import CallerGone
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.verbs import hangup
from fsctl.switch.session import call_session
from fsctl.switch.session.ownership import GRACE_SECONDS
from fsctl.switch.wire import sounds
from tests.switch.commanded import Commanded
from tests.unit.builders import a_call, an_office

LEASE = f"sched_transfer +{sounds.BUSY_SECONDS + GRACE_SECONDS} c0ffee failsafe_*42 XML fsctl"
TONE = ["sched_del c0ffee", LEASE, f"playback {sounds.BUSY}"]


class Session(Commanded):
    """Of a caller who hangs up amid the tone, or does not."""

    uuid, facts = "c0ffee", {}

    def __init__(self, audio, stays):
        super().__init__()
        self.audio, self._stays = audio, stays

    def api(self, text, timeout=5):
        self.said.append(text)
        return "+OK"

    def execute(self, *command):
        super().execute(*command)
        return SimpleNamespace(wait=self._wait)

    def _wait(self, seconds):
        if not self._stays:
            raise call_session.CallerGone
        return {}

    def hangup(self, cause):
        self.said.append(f"hangup {cause}")

    def wait_hangup(self, timeout):
        self.said.append(f"waits {timeout} s")


@pytest.mark.parametrize("stays", [True, False])
@pytest.mark.parametrize(("reason", "audio", "tone", "cause"), [
    ("busy", "answered", True, "USER_BUSY"), ("busy", "none", False, "USER_BUSY"),
    ("busy", "early", False, "USER_BUSY"), ("busy", "impossible", False, "USER_BUSY"),
    ("rejected", "answered", False, "CALL_REJECTED"),
    ("no-answer", "answered", False, "NO_ANSWER"), ("USER_BUSY", "answered", False, "USER_BUSY"),
])
def test_what_he_hears_and_by_which_cause_it_ends(stays, reason, audio, tone, cause):
    session = Session(audio, stays)
    call, state = a_call("code:barge_in", "103", "*42"), SimpleNamespace(hunts=None)
    control = CallControl(session, call, an_office(), state, None)
    assert hangup.hang_up(control, Hangup(reason)) == CallerGone()
    assert session.said == [*(TONE if tone else []), f"hangup {cause}", "waits 10 s"]
