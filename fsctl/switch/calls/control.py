"""What the performers of one call's verbs share: its session, and all that hangs on it."""

from collections.abc import Collection, Mapping, Sequence

from fsctl.model.actions import ANONYMOUS, Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.parties import party_at, party_of
from fsctl.switch.calls.hunt_part import HuntedCall
from fsctl.switch.calls.surroundings import CallProgress, State
from fsctl.switch.session.call_session import CallSession, Execution
from fsctl.switch.session.ownership import Ownership
from fsctl.switch.wire import contacts

#: Longest announcement, in seconds.
PLAY_SECONDS = 60


class CallControl:
    """``progress`` is told while something goes on; ``state`` is what calls change and look up beside themselves."""

    def __init__(self, session: CallSession, call: Call, office: Office, state: State, progress: CallProgress) -> None:
        self.session, self.call, self.office, self.state, self.progress = session, call, office, state, progress
        self.ownership = Ownership(session, call.dialled)
        #: This call's part in hunt groups.
        self.hunted = HuntedCall(call, office, state.hunts)
        #: Whether it has ever claimed anything.
        self.claimed = False
        self._hears_keys = False
        #: What was executed last, and what asked for keys and came just before that.
        self.last: Execution | None = None
        self.asked: Execution | None = None

    def hear_keys(self) -> None:
        """Of a caller from outside, who may have no keys but sounds: which he has is known once there is audio."""
        if self.call.external and not self._hears_keys:
            self._hears_keys = True
            if self.session.audio == "none":
                self.run("pre_answer")
            self.session.execute("execute_extension", "keys XML fsctl")

    def pass_keys_on(self) -> None:
        """Before he talks with somebody: his keys are sounds there too, and would be heard twice."""
        if self._hears_keys:
            self._hears_keys = False
            self.session.execute("stop_dtmf")

    def registered(self, people: Collection[str]) -> Mapping[str, Sequence[str]]:
        """The endpoints at which each of them is registered in this very moment."""
        session = self.session
        return contacts.find(people, session.apis, self.state.places, session.facts.get("Core-UUID", ""))

    def lease(self, seconds: int) -> None:
        """Let the switch have the call if nothing more is heard from here in time."""
        self.ownership.lease(seconds)

    def run(self, app: str, arg: str = "", seconds: float = PLAY_SECONDS) -> Mapping[str, str]:
        """Execute, and wait for the end."""
        self.last = self.session.execute(app, arg)
        event = self.last.wait(seconds)
        self.ownership.heard(event)
        return event

    def keys_so_far(self) -> str:
        """The keys that were pressed since something asked for some."""
        return self.session.keys_between(self.asked, None) if self.asked else ""

    def keys_before(self) -> str:
        """The keys that were pressed between what asked for some and what was executed just now, which does so too."""
        asked, self.asked = self.asked, self.last
        return self.session.keys_between(asked, self.last) if asked and self.last else ""

    def party(self, extension: str) -> Party:
        """Whom the other side sees of a person."""
        return party_of(Destination("user", extension), self.office) or Party("", extension)

    def party_at(self, uuid: str) -> Party | None:
        """Whom others see of who is at another channel; None where the link does not know."""
        if self.session.api(f"uuid_getvar {uuid} fsctl_withheld").strip() == "true":
            return ANONYMOUS
        call = self.state.call(uuid)
        return party_at(call) if call else None
