"""A call's way through a hunt group; reserving and surveying say nothing to the switch."""

from math import ceil

from fsctl.model.actions import Reserve, Survey, Wait
from fsctl.model.outcomes import Failed, Performed, Surveyed, Taken, Won
from fsctl.switch.calls.control import CallControl
from fsctl.switch.wire import sounds


def survey(control: CallControl, action: Survey) -> Surveyed:
    return control.hunted.survey(action)


def reserve(control: CallControl, action: Reserve) -> Won | Taken | Failed:
    return control.hunted.reserve(action)


def wait(control: CallControl, action: Wait) -> Performed:
    """A caller whose call was taken already hears a tone, which has no end but this one and the lease's."""
    taken = control.session.audio == "answered"
    with control.session.batch():
        control.lease(ceil(action.seconds))
        control.session.execute(*(("playback", sounds.RINGING) if taken else ("ring_ready",)))
    control.hunted.wait(action, control.session)
    if taken:
        control.session.api_nowait(f"uuid_break {control.session.uuid}")
    return Performed()
