"""What people do with the demo's telephones, and what one sees there."""

from collections.abc import Callable

from fsctl.cli.demo_office import DemoOffice
from fsctl.errors import FsctlError
from fsctl.simulator.telephones.line import Line

#: Seconds within which what was done shows at some phone, and after which nothing else follows at once.
_SHOWS, _SETTLES = 4.0, 0.3

_DOING = {
    "play_and_get_digits": "is asked for a key", "voicemail": "speaks to a mailbox", "playback": "hears a recording",
    "say": "hears a recording",
}


class Hands:
    """Each method does one thing at one phone: the one that is named, else the one where it was last possible."""

    def __init__(self, office: DemoOffice) -> None:
        self._office = office
        #: Number of the phone and the call there, oldest first.
        self._lines: list[tuple[str, Line]] = []
        self._told: dict[str, str] = {}

    def call(self, caller: str, dialled: str) -> None:
        """Place a call from an extension or an outside number."""
        if caller not in self._office.office.users and not (caller[0] == "+" and caller[1:].isdigit()):
            raise FsctlError(f"{caller} is no phone: extensions are {', '.join(self._office.office.users)}; "
                             "an outside one has a + before its number")
        if dialled[0] == "+":
            self._office.phone(dialled)  # somebody is there
        self._lines.append((caller, self._office.phone(caller).call(dialled)))

    def answer(self, at: str = "") -> None:
        """Lift the receiver."""
        self._find(at, "rings", _rings).answer()

    def decline(self, at: str = "") -> None:
        """Reject the call."""
        self._find(at, "rings", _rings).reject(603)

    def hang_up(self, at: str = "") -> None:
        """End the call, or give up."""
        self._find(at, "has a call", lambda line: not line.ended).hang_up()

    def press(self, keys: str, at: str = "") -> None:
        """Press keys."""
        if not keys or set(keys) - set("0123456789*#"):
            raise FsctlError(f"{keys} are no keys; there are 0-9 * #")
        self._find(at, "has a call", lambda line: line.answered and not line.ended, first=_asked).press(keys)

    def transfer(self, dialled: str, at: str = "") -> None:
        """Send the other party elsewhere, unseen."""
        self._find(at, "talks", _talks).transfer(dialled)

    def connect(self, at: str = "") -> None:
        """Connect whom one holds with whom one asked meanwhile."""
        asked = self._find(at, "has called somebody", lambda line: _live(line) and line.channel.direction == "inbound")
        number = next(number for number, line in self._lines if line is asked)
        for other, line in self._lines:
            if other == number and line is not asked and _talks(line):
                line.transfer_to(asked)
                return
        raise FsctlError(f"{number} has no other call")

    def hold(self, at: str = "") -> None:
        """Let the other party hear music."""
        self._find(at, "talks", lambda line: _talks(line) and not line.channel.held).hold()

    def resume(self, at: str = "") -> None:
        """Talk again with whom one holds."""
        self._find(at, "holds a call", lambda line: not line.ended and line.channel.held).unhold()

    def changes(self, *, wait: bool) -> list[str]:
        """What has become of the calls at the phones since one last looked; ``wait`` until something has."""
        if wait and self._office.switch.wait(lambda: bool(self._differences()), _SHOWS):
            self._office.switch.wait(lambda: False, _SETTLES)
        differences = self._differences()
        for _, line in self._lines:
            self._told[line.channel.uuid] = self._state(line)
        self._lines = [(number, line) for number, line in self._lines if not line.ended]
        return [f"{number} {state}" for number, state in differences]

    def _differences(self) -> list[tuple[str, str]]:
        for phone in self._office.switch.phones:
            while phone.arrived:
                self._lines.append((phone.number, phone.arrived.pop(0)))
        states = [(number, line, self._state(line)) for number, line in self._lines]
        return [(number, state) for number, line, state in states if self._told.get(line.channel.uuid) != state]

    def _state(self, line: Line) -> str:
        if line.ended:
            return f"is free again ({line.wait_ended(0)})"
        partner = line.channel.partner
        if not line.answered:
            if line.channel.direction == "inbound":
                return f"calls {line.channel.profile.destination_number}"
            return f"rings: {line.shown_name} {line.shown_number}"
        if partner is None:
            return _DOING.get(line.doing, "waits")
        who = next((number for number, other in self._lines if other.channel is partner), "somebody")
        return f"holds {who}" if line.channel.held else f"talks with {who}" + (
            ", who holds" if partner.held else "")

    def _find(
        self, at: str, what: str, possible: Callable[[Line], bool], first: Callable[[Line], bool] | None = None
    ) -> Line:
        self._differences()
        found = [line for number, line in self._lines if at in ("", number) and possible(line)]
        if not found:
            raise FsctlError(f"no phone {what}" if not at else f"{at} is no phone that {what}")
        return next(filter(first, found), found[-1]) if first else found[-1]


def _live(line: Line) -> bool:
    return not line.ended


def _rings(line: Line) -> bool:
    return not line.ended and not line.answered and line.channel.direction == "outbound"


def _talks(line: Line) -> bool:
    return not line.ended and line.channel.partner is not None


def _asked(line: Line) -> bool:
    return line.doing == "play_and_get_digits"
