"""The channels that calls on hold are about, found without going through all of them."""

from gevent.event import Event as Signal

from fsctl.model.live import Live
from fsctl.switch.link.calls_now import HeardHere


class Holding:
    """Of all FreeSWITCHes that this process is linked to, kept up channel by channel."""

    def __init__(self, heard: HeardHere) -> None:
        self._heard = heard
        self._generation = -1
        #: Those that hold, and those that ring back or did.
        self._hold: set[str] = set()
        self._begun = Signal()
        heard.followed.always(self._take)

    def view(self) -> Live:
        """Those that hold or ring back, whom they are connected with or ring for, and what else these people do."""
        self._begun.clear()
        if (generation := self._heard.generation()) != self._generation:
            self._generation = generation
            self._hold.clear()
            for each in self._heard.current().calls:  # none behind a link that is down
                self._take(each.uuid)
        found = dict.fromkeys(uuid for holding in self._hold for uuid in self._about(holding))
        return Live(tuple(call for uuid in found if (call := self._heard.call(uuid))))

    def wait_change(self, timeout: float, after: int) -> None:
        """For a change that may have to do with calls on hold, since the ``news`` were ``after``."""
        if self._hold:
            self._heard.wait_change(timeout, after)
        else:
            self._begun.wait(timeout)

    def _take(self, uuid: str) -> None:
        call = self._heard.call(uuid)
        if call is not None and (call.state == "held" or call.recalls):
            self._hold.add(uuid)
            self._begun.set()
        elif uuid in self._hold:
            self._hold.discard(uuid)

    def _about(self, uuid: str) -> list[str]:
        call = self._heard.call(uuid)
        if call is None:
            return []
        recalled = self._heard.call(call.recalls or "")
        others = (call.peer, call.recalls, recalled.peer if recalled else None)
        return [uuid, *filter(None, others), *(each.uuid for each in self._heard.current().of(call.user or ""))]
