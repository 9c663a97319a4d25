"""The channels that calls on hold are about, found without going through all of them."""

from fsctl.model.live import Live
from fsctl.switch.link.calls_now import HeardHere


class Holding:
    """Of all FreeSWITCHes that this process is linked to, kept up channel by channel."""

    def __init__(self, heard: HeardHere) -> None:
        self._heard = heard
        #: Channels of which something new is known.
        self._touched: set[str] = set()
        self._generation = -1
        #: Those that hold, and those that ring back or did.
        self._hold: set[str] = set()
        heard.followed.always(lambda uuid: self._touched.add(uuid))

    def view(self) -> Live:
        """Those that hold or ring back, whom they are connected with or ring for, and what else these people do."""
        touched, self._touched = self._touched, set()
        if (generation := self._heard.generation()) != self._generation:
            self._generation = generation
            self._hold = set()
            touched = {call.uuid for call in self._heard.current().calls}  # none behind a link that is down
        for uuid in touched:
            self._take(uuid)
        found = dict.fromkeys(uuid for each in self._hold for uuid in self._about(each))
        return Live(tuple(call for uuid in found if (call := self._heard.call(uuid))))

    def _take(self, uuid: str) -> None:
        call = self._heard.call(uuid)
        if call is not None and (call.state == "held" or call.recalls):
            self._hold.add(uuid)
        else:
            self._hold.discard(uuid)

    def _about(self, uuid: str) -> list[str]:
        call = self._heard.call(uuid)
        if call is None:
            return []
        recalled = self._heard.call(call.recalls or "")
        others = (call.peer, call.recalls, recalled.peer if recalled else None)
        return [uuid, *filter(None, others), *(each.uuid for each in self._heard.current().of(call.user or ""))]
