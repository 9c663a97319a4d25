"""What a policy wants to happen: verbs as data. The switch performs them, ``explain`` only lists them."""

from collections.abc import Generator
from dataclasses import dataclass

from fsctl.model.destination import Destination
from fsctl.model.outcomes import Outcome
from fsctl.model.reasons import NONE, Reason, Value, reason


@dataclass(frozen=True, slots=True, init=False)
class Because:
    """The reason for the next action of this policy: ``Because("do_not_disturb.on", name=…)``. Nothing is performed."""

    reason: Reason

    def __init__(self, name: str | Reason, /, **values: Value) -> None:
        told = name if isinstance(name, Reason) else reason(name, **values)
        object.__setattr__(self, "reason", told)


@dataclass(frozen=True, slots=True)
class Party:
    """Who is shown to the other side: a name and a number, either may be empty. Not yet cleaned."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Play:
    """Let the caller hear an announcement in ``language``, and after it ``digits`` one by one.

    ``file`` is the recording where it is one of the office's own. That alone does not take the call: it costs the
    caller nothing. Nothing is said then for ``stay_seconds``, unless he hangs up before.
    """

    announcement: str
    language: str
    digits: str = ""
    file: str = ""
    stay_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Leg:
    """One telephone to ring for ``ring_seconds``. An outside one goes by the trunk named ``trunk``.

    With ``confirm`` whoever answers is asked in that language to press 1, and only then has the call, so that no
    mailbox out there takes it; the other legs ring on until then. ``show`` is who this leg sees calling, where that
    differs from what the others see. ``announce`` is heard by whoever answers before the call is his.
    """

    target: Destination
    ring_seconds: int
    trunk: str | None = None
    confirm: str = ""
    show: Party | None = None
    announce: Play | None = None


@dataclass(frozen=True, slots=True)
class Ring:
    """Ring ``branches`` side by side, the legs within one branch in turn; the first answer anywhere wins.

    ``hunt`` is the group for which they ring: whoever answers has taken one of its calls, and who was reserved for
    this call is free again when the ringing is over.
    """

    branches: tuple[tuple[Leg, ...], ...]
    show: Party
    hunt: str = ""

    @property
    def legs(self) -> tuple[Leg, ...]:
        return tuple(leg for branch in self.branches for leg in branch)


@dataclass(frozen=True, slots=True)
class Answer:
    """Take the call: from now on the caller pays, and can press keys for certain."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Play an announcement and take up to ``most`` keys, ended by ``#`` or when none comes any more.

    The first must come within ``seconds`` of the announcement's end. ``file`` as for Play. ``keys`` are the answers
    that lead somewhere, or one of each kind, for who wants to know what can happen; () where they cannot be told.
    """

    announcement: str
    language: str
    most: int
    seconds: int = 8
    file: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Let the caller leave a message for ``user``, or with ``fetch`` listen to that user's own. The call ends there."""

    user: str
    language: str
    fetch: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Change a setting of fsctl.model.settings: ``path`` to ``value``, or with None back to the office file.

    ``effect`` is what ``explain`` calls that: ``code:forward_always``, ``night:berlin``.
    """

    effect: str
    path: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """Reserve ``key`` (``call:<uuid>``, ``slot:701``) for this call: of several that try, exactly one wins."""

    key: str


@dataclass(frozen=True, slots=True)
class Pickup:
    """Take the ringing call of the channel ``uuid``, which this call has claimed by ``call:<uuid>``: both talk.

    ``of`` is the extension at which it rings. What was claimed is free again afterwards. Answered by ``pickup:<of>``
    when the talk is over; Taken if nothing rang there any more.
    """

    uuid: str
    of: str


@dataclass(frozen=True, slots=True)
class Park:
    """Let a call wait in ``slot`` with ``music`` until somebody fetches it: this one, or that of the channel ``uuid``.

    That other call is one on hold, and this call's own talk with the switch, which says the slot, ends with it.
    ``parker`` is who parks it, for ``group`` if the slot is one of a group's. After ``recall_seconds`` it comes back
    as a call of its own; where no controller is there by then, ``fallback`` are the extensions that it rings.
    Answered by Parked, once it has left the slot again; Taken if another call waits there.
    """

    slot: str
    parker: str
    recall_seconds: int
    group: str = ""
    music: str = ""
    fallback: tuple[str, ...] = ()
    language: str = "en"
    uuid: str = ""


@dataclass(frozen=True, slots=True)
class Unpark:
    """This call waits in its slot no longer: that is free for others."""

    slot: str


@dataclass(frozen=True, slots=True)
class Connect:
    """Talk with the call of the channel ``uuid``, which waits in ``slot`` and which this call has claimed.

    What was claimed is free again afterwards. Answered by ``retrieve:<slot>`` when the talk is over; Taken if nobody
    waited there any more.
    """

    uuid: str
    slot: str


@dataclass(frozen=True, slots=True)
class Survey:
    """Look how a hunt group and its members stand now; answered by Surveyed. The caller notices nothing of it.

    ``all_calls`` is whether any call ends a member's idleness, not only those of the group.
    """

    hunt: str
    members: tuple[str, ...]
    all_calls: bool = False


@dataclass(frozen=True, slots=True)
class Reserve:
    """Have a member of a hunt group for this call alone before he is rung. The caller notices nothing of it.

    Taken: another call has him, or one was taken since the ``turn`` that was surveyed. ``place`` is where the pointer
    will be if he accepts, unless it is further on by then; None: wherever it is, it moves to him.
    """

    hunt: str
    member: str
    turn: int
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Let the caller hear that it rings, until one of ``members`` of a hunt group may have become free.

    That is at most for ``seconds``. ``reserved`` are those whom other calls ring, the others are busy.
    """

    hunt: str
    members: tuple[str, ...]
    reserved: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Hangup:
    """End the call. ``reason`` is a word of HANGUP_CAUSES, or the Q.850 name that the far side gave."""

    reason: str


#: The words of ``hangup:…`` and the Q.850 cause each stands for.
HANGUP_CAUSES = {
    "busy": "USER_BUSY",
    "no-answer": "NO_ANSWER",
    "offline": "SUBSCRIBER_ABSENT",
    "rejected": "CALL_REJECTED",
    "unknown-number": "UNALLOCATED_NUMBER",
    "normal": "NORMAL_CLEARING",
}


@dataclass(frozen=True, slots=True)
class Pass:
    """Ending: this policy has nothing more to say; the next one is asked.

    ``outcome`` says what became of ringing whom the call is for, for those asked next: nobody rings there any more.
    ``why`` says what became of it, or else why this policy leaves such a call alone; NONE where it has nothing to do
    with such destinations.
    """

    outcome: Outcome | None = None
    why: Reason = NONE


#: Who causes what the office file says of sites, groups and attendants: its destinations need nobody's class.
OFFICE = ""


@dataclass(frozen=True, slots=True)
class Reroute:
    """Ending: the call goes to ``to`` instead, and all policies are asked again.

    ``by`` is who caused that, by whose class outside calls are allowed: a user, OFFICE, or None for whoever it was.
    ``skips`` names policies that this call is not asked about any more. ``show`` is who the called side sees from now
    on, where that is not simply the caller.
    """

    to: Destination
    by: str | None = None
    skips: tuple[str, ...] = ()
    show: Party | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Ending: nothing more is to be done for this call."""


Action = (
    Ring | Answer | Play | Ask | Mailbox | Change | Claim | Pickup | Park | Unpark | Connect | Survey | Reserve | Wait
    | Hangup
)
Ending = Pass | Reroute | Done
Policy = Generator[Action | Because, Outcome, Ending]
