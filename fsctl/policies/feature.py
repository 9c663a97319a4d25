"""How a policy says what it is: when it is asked, which codes it serves, whom it applies to, and what it acts on.

Each is said once, in the policy's own file, and everything else is made from that (fsctl.policies).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from fsctl.model.actions import Policy
from fsctl.model.call import Call
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.sections import Group, User

Run = Callable[[Call, Office, Live], Policy]


def everybody(user: User, office: Office) -> str:
    """It is the whole office's."""
    return "office"


def themselves(user: User, office: Office) -> str:
    """It is a matter of the person alone."""
    return f"user {user.extension}"


def through_groups(counts: Callable[[Group], object]) -> Callable[[User, Office], str]:
    """It is a matter of those groups of a person that count."""
    def through(user: User, office: Office) -> str:
        return ", ".join(f"group {group.key}" for group in office.groups_of(user.extension) if counts(group))

    return through


def no_other_call(call: Call, office: Office) -> Live:
    """It acts on no other call."""
    return Live()


@dataclass(frozen=True, slots=True)
class Code:
    """What a star code does. ``run`` gets the digits that came after the code.

    ``asks`` says what these are, so that they can be asked for where they are missing; "" for a code that stands
    alone, and is none with digits after it. ``key`` is what a lamp's name says after its ``+``, which is always there.
    With ``alone`` the code means something without digits too, and nothing is asked.
    ``by_transfer`` is for codes that somebody is transferred to; all others would do for him what another has dialled.
    ``in_talk`` is for codes that mean something dialled in a talk, too, with ``digits`` or only ``alone``; nothing is
    asked there.
    ``acts_on`` is as for Feature. ``does`` says in one line, for who dials it, what happens. ``counts`` says whether it
    can do anything in an office; without it, where its policy applies to anybody. ``serves`` says that of one person;
    without it, as ``counts`` says, or where its policy applies to him.
    """

    run: Callable[[Call, Office, Live, str], Policy]
    asks: Literal["", "extension", "number", "key"] = ""
    alone: bool = False
    by_transfer: bool = False
    in_talk: Literal["", "alone", "digits"] = ""
    acts_on: Callable[[Call, Office], Live] = no_other_call
    does: str = ""
    counts: Callable[[Office], bool] | None = None
    serves: Callable[[User, Office], bool] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """A policy's file: its name, which is the module's, and what the caller experiences, in one line.

    ``through`` says through whom it applies to a person (``user 101``, ``group sales, group crew``, ``site berlin`` or
    ``office``), "" if it does not. ``acts_on`` gives the other calls that there must be for it to have an effect, since
    ``fsctl explain`` knows none; none for a call that it has nothing to do with.
    """

    name: str
    summary: str
    codes: Mapping[str, Code] = field(default_factory=dict)
    through: Callable[[User, Office], str] = everybody
    acts_on: Callable[[Call, Office], Live] = no_other_call

    def does_something(self, code: str, office: Office) -> bool:
        """Whether one of its codes can do anything in an office."""
        counts = self.codes[code].counts
        return counts(office) if counts else any(self.through(user, office) for user in office.users.values())

    def serves(self, code: str, user: User, office: Office) -> bool:
        """Whether one of its codes can do anything for a person."""
        own = self.codes[code]
        if own.serves:
            return own.serves(user, office)
        return own.counts(office) if own.counts else bool(self.through(user, office))

    @classmethod
    def of(
        cls, module: str, doc: str | None, *, codes: Mapping[str, Code] | None = None,
        through: Callable[[User, Office], str] = everybody, acts_on: Callable[[Call, Office], Live] = no_other_call,
    ) -> "Feature":
        """``Feature.of(__name__, __doc__, …)``."""
        return cls(module.rpartition(".")[2], (doc or "").partition("\n")[0], codes or {}, through, acts_on)

    def stage(self, run: Run | None = None, name: str = "", *, before: str = "", after: str = "") -> "Stage":
        """When it is asked, under the feature's own name where that is enough; ``before`` and ``after`` for packages
        that are installed beside fsctl. Without ``run`` it acts by its codes alone.
        """
        return Stage(self, name or self.name, run, before, after)


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One point at which a policy is asked. Its name is what ``Reroute.skips`` takes."""

    feature: Feature
    name: str
    run: Run | None
    before: str = ""
    after: str = ""
