"""Call park on the switch: a parked call needs no controller, and comes back by itself.

The channel of who waits runs the dialplan's ``park+<slot>`` (freeswitch_conf/dialplan/fsctl.xml): music with an end,
and then ``recall+<slot>``. All that these have to know are the channel's variables, which are set before it goes there.
"""

from fsctl.model.actions import Park
from fsctl.model.destination import Destination
from fsctl.switch.calls.sending import Sending
from fsctl.switch.wire import sounds
from fsctl.switch.wire.text import word

#: What a parked channel has to know; ``fsctl_slot`` is set by the dialplan, once the call waits there.
VARIABLES = ("fsctl_slot", "fsctl_parker", "fsctl_recall_seconds", "fsctl_recall_people", "fsctl_music")


def variables(park: Park) -> dict[str, str]:
    """What the channel of who waits is told; ValueError for what could be more than a word."""
    return {
        "fsctl_parker": word(park.parker) if park.parker else "",
        "fsctl_recall_seconds": str(int(park.recall_seconds)),
        "fsctl_recall_people": "+".join(map(word, park.fallback)),
        "fsctl_music": sounds.music(park.music),
    }


def sending(park: Park) -> Sending:
    """How a call gets to its slot."""
    return Sending(Destination("park", park.slot), variables(park))
