"""The sections of the office file as classes: their names and keys are the file's.

``except_`` and ``from_`` stand for the two keys that Python reserves. Optional settings are None where another level
(group, site, office) decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType, get_args

from fsctl.model.destination import Destination

#: The digits of a number, the beginning of some with a ``*``, or the word for a kind of them. The office file may have
#: them as people write numbers: they are read when it is.
Number = NewType("Number", str)

NightMode = Literal["exempt", "on", "follow"]
RecallTo = Literal["parker", "parker-then-alternate", "alternate"]
FilterMode = Literal["all", "internal", "external", "rules"]
HuntPolicy = Literal["linear", "circular", "simultaneous", "longest-idle", "weighted"]


#: How an executive's filter can be on.
FILTER_MODES: tuple[FilterMode, ...] = get_args(FilterMode)


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """``[office]``: what counts for everybody."""

    hold_recall_seconds: int = 0
    barge_in: Literal["pickup-group", "site", "nobody"] = "pickup-group"
    barge_tone: bool = True
    record: bool = False
    recordings: str = "recordings"
    transfer_recall: bool = True
    outside_legs: int = 3
    keep_calls_days: int = 90
    keep_withheld: bool = False
    own_context: str = ""
    prompts: str = "prompts"


@dataclass(frozen=True, kw_only=True)
class Numbering:
    """How dialled digits are read."""

    country: str = "DE"
    emergency: tuple[Number, ...] = (Number("110"), Number("112"))
    external_prefix: str = ""
    show_callers: Literal["e164", "national"] = "e164"


@dataclass(frozen=True, kw_only=True)
class Trunk:
    """A line to the public network. ``dial`` holds ``{number}`` (digits) or ``{e164}`` (with +)."""

    key: str
    dial: str
    caller_id: Number = Number("")
    allow_transit: bool = False
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Times as the file writes them; fsctl.model.schedule reads them."""

    key: str
    weekly: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: tuple[str, ...] = ()
    except_: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ParkTerms:
    """What becomes of a parked call that nobody fetches."""

    recall_seconds: int = 45
    recall_to: RecallTo = "parker"
    alternate: Destination | None = None
    alternate_after_seconds: int = 45


@dataclass(frozen=True, kw_only=True)
class GroupPark:
    """The slots of a group, and of the site's terms those that are other ones there."""

    extensions: tuple[str, ...] = ()
    recall_seconds: int | None = None
    recall_to: RecallTo | None = None
    alternate: Destination | None = None
    alternate_after_seconds: int | None = None


@dataclass(frozen=True, kw_only=True)
class NightService:
    """Where a site's outside calls go at night: outside of, or during, a schedule; neither: by hand only."""

    to: Destination
    outside: str | None = None
    during: str | None = None


@dataclass(frozen=True, kw_only=True)
class Site:
    """A place with a time zone, a language and numbers of its own.

    ``country``, ``emergency`` and ``external_prefix`` are None where ``[numbering]`` decides.
    """

    key: str
    name: str
    timezone: str
    language: Literal["de", "en"]
    holidays: str = ""
    numbers: tuple[Number, ...] = ()
    reception: Destination | None = None
    night: NightService | None = None
    night_by: str | tuple[str, ...] = "site"
    night_by_phone: Literal["next-change", "stays"] = "next-change"
    music: str = "moh"
    country: str | None = None
    emergency: tuple[Number, ...] | None = None
    external_prefix: str | None = None
    park: ParkTerms = field(default_factory=ParkTerms)


@dataclass(frozen=True, kw_only=True)
class Forward:
    """A user's own forwarding."""

    always: Destination | None = None
    busy: Destination | None = None
    no_answer: Destination | None = None
    offline: Destination | None = None


@dataclass(frozen=True, kw_only=True)
class InterceptRule:
    """One rule of call intercept: which calls hear what, and where they go from there.

    The key 0 leads to ``zero``; without it the call goes to the mailbox, or on by ``reroute``, or ends. No ``announce``
    is what is usual: that the number has changed where there is a new one, that it is out of service, or that such
    calls are not allowed; nothing for a ``reroute`` that names no new number and asks for no key.
    """

    calls: tuple[Number, ...]
    during: str | None = None
    announce: str | None = None
    new_number: Number = Number("")
    zero: Destination | None = None
    mailbox: Destination | None = None
    reroute: Destination | None = None


@dataclass(frozen=True, kw_only=True)
class Intercept:
    """Rules for the calls that come in and go out; the first that matches decides."""

    inbound: tuple[InterceptRule, ...] = ()
    outbound: tuple[InterceptRule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExecutiveRule:
    """Which calls an executive's filter accepts or diverts to the assistants. No ``called``: however he was called."""

    name: str
    from_: tuple[Number, ...]
    action: Literal["accept", "divert"]
    called: tuple[Number, ...] = ()
    during: str | None = None


@dataclass(frozen=True, kw_only=True)
class Overflow:
    """Where calls go that have waited ``after_seconds``."""

    after_seconds: int
    to: Destination


@dataclass(frozen=True, kw_only=True)
class Executive:
    """A user whose calls assistants take."""

    assistants: tuple[str, ...]
    filter: Literal["off", FilterMode] = "off"
    alerting: Literal["sequential", "simultaneous"] = "sequential"
    ring_seconds: int = 15
    rollover: Overflow | None = None
    display: str = "executive-caller"
    show_number: Literal["caller", "executive"] = "caller"
    screening: Literal["off", "silent", "splash"] = "off"
    push_recall_seconds: int = 20
    opt_out: bool = True
    assistants_may_switch: bool = True
    rules: tuple[ExecutiveRule, ...] = ()


@dataclass(frozen=True, kw_only=True)
class User:
    """A person with an extension."""

    extension: str
    name: str
    site: str
    numbers: tuple[Number, ...] = ()
    mailbox: bool = False
    ring_seconds: int = 20
    forward: Forward = field(default_factory=Forward)
    monitors: tuple[str, ...] = ()
    devices: tuple[Number, ...] = ()
    outside: tuple[Number, ...] = (Number("national"), Number("mobile"))
    call_waiting: bool = True
    privacy: bool = False
    language: Literal["de", "en"] | None = None
    night: NightMode = "follow"
    barge_in: bool = True
    intercept: Intercept = field(default_factory=Intercept)
    executive: Executive | None = None


@dataclass(frozen=True, kw_only=True)
class Hunt:
    """A number whose calls are spread over a group's members."""

    extension: str
    numbers: tuple[Number, ...] = ()
    policy: HuntPolicy = "linear"
    ring_seconds: int = 15
    skip_busy: bool = True
    overflow: Overflow | None = None
    busy: Destination | None = None
    unreachable: Destination | None = None
    confirm: bool = True
    idle_counts: Literal["group", "all"] = "group"
    night: Literal["follow", "exempt"] = "follow"
    caller_name: str = "{caller}"
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Conference:
    """The instant group call."""

    extension: str
    answer_seconds: int = 30
    callers: Literal["members", "site", "anyone"] = "members"
    second_caller: Literal["join", "busy"] = "join"
    tone: bool = True
    count: bool = False
    confirm: bool = True


@dataclass(frozen=True, kw_only=True)
class Group:
    """People who do something together."""

    key: str
    name: str
    site: str
    members: tuple[Number, ...] = ()
    pickup: bool = False
    hunt: Hunt | None = None
    park: GroupPark | None = None
    conference: Conference | None = None
    intercept: Intercept = field(default_factory=Intercept)


@dataclass(frozen=True, kw_only=True)
class Silence:
    """What an attendant does when the caller presses nothing."""

    after_seconds: int
    to: Destination


@dataclass(frozen=True, kw_only=True)
class Attendant:
    """A voice menu."""

    key: str
    greeting: Mapping[str, str]
    menu: Mapping[str, Destination] = field(default_factory=dict)
    extensions: bool = False
    zero: Destination | None = None
    silence: Silence | None = None
    retries: int = 3
    invalid: Destination | None = None
