"""What a scenario needs from the world: telephones and a line to the public network.

Scenarios are written once against these protocols. The simulator implements them and so does a real FreeSWITCH.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

#: What a phone does with a call: ``ring`` waits for ``answer()`` or ``reject()``, ``busy`` is SIP 486,
#: ``decline`` 603 and ``absent`` 480; ``early`` is ``ring`` by a 183 with what the network says meanwhile (SDP);
#: ``silent`` does nothing at all.
Behaviour = Literal["ring", "early", "busy", "decline", "absent", "silent"]


class Line(Protocol):
    """One call as this phone sees it."""

    shown_name: str
    """The name of the other party on the display when it rings."""

    shown_number: str
    """The number of the other party on the display when it rings."""

    progress: list[Literal["ringing", "early media"]]
    """What this phone was told while it waited for an answer."""

    display: tuple[str, str]
    """Name and number of the other party on the display now."""

    answered: bool

    ended: bool

    started_ringing_after: float
    """Seconds from the call to the ringing, on the callee's side; monotonic."""

    keys: str
    """What was pressed at the other end, as it arrived here."""

    headers: Mapping[str, str]
    """The SIP headers as they came over the wire; empty where no SIP is spoken."""

    def answer(self) -> None: ...

    def reject(self, sip_status: int = 486) -> None: ...

    def hang_up(self) -> None: ...

    def press(self, keys: str) -> None:
        """Sends keys, of ``0-9*#``."""

    def hold(self) -> None:
        """The other party hears music until ``unhold``."""

    def unhold(self) -> None: ...

    def redirect(self, dialled: str) -> None:
        """While it rings: the caller shall call ``dialled`` instead (302)."""

    def transfer(self, dialled: str) -> None:
        """Sends the other party to ``dialled``, without asking there first."""

    def transfer_to(self, other: "Line") -> None:
        """Connects the other party with the one that this phone talks to, or rings, in the call ``other``."""

    def wait_answered(self, timeout: float = 5) -> None:
        """TimeoutError if nobody answers."""

    def wait_ended(self, timeout: float = 5) -> str:
        """The cause that this phone saw, by its Q.850 name (``USER_BUSY``); TimeoutError if the call goes on."""

    def hears(self, other: "Line") -> bool:
        """Whether what the other phone says arrives here."""


class Watch(Protocol):
    """A lamp at a phone, which has subscribed to it."""

    states: list[str]
    """What the phone was told so far: ``confirmed`` or ``terminated``, ``early`` for people who are called."""

    entities: list[str]
    """Whose state that was, each time."""

    def renew(self) -> None:
        """Subscribes again."""

    def wait(self, state: str, timeout: float = 5) -> None:
        """TimeoutError if that is not what the lamp shows in time."""

    def close(self) -> None: ...


class Phone(Protocol):
    """A telephone, at an extension or outside."""

    behaviour: Behaviour

    def call(self, dialled: str, name: str | None = None) -> Line:
        """Places a call. ``name`` is the display name sent, raw, however hostile."""

    def ringing(self, timeout: float = 5) -> Line:
        """Waits for the next call that rings here; TimeoutError if none does."""

    def quiet(self, seconds: float) -> None:
        """AssertionError if it rings within that time."""

    def watch(self, lamp: str) -> Watch:
        """Subscribes to a lamp by its name: ``night+berlin``, ``slot+701``."""

    def replace(self, line: Line) -> Line:
        """Takes the call that rings as ``line`` at another phone, by an INVITE with Replaces."""

    def unregister(self) -> None: ...


class Client(Protocol):
    """A program that plays a telephone, in a process of its own."""

    def close(self) -> None:
        """Ends it, whatever it does."""


class Telephony(Protocol):
    """Telephones and a trunk line, real or simulated."""

    def phone(self, extension: str) -> Phone:
        """The registered phone of an extension; made on first use."""

    def others(self, *extensions: str) -> Sequence[Phone]:
        """One more phone for the person of each extension; they stay until they are taken away."""

    def take_away_others(self) -> None:
        """Everybody has one phone again."""

    def outside(self, number: str) -> Phone:
        """A subscriber of the public network behind the trunk; made on first use."""

    def close(self) -> None: ...
