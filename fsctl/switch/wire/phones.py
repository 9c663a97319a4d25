"""The phones that a ``bridge`` rings: the branches of a Ring with the contacts of those who are registered."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from typing import Final

from fsctl.model.actions import Leg, Ring
from fsctl.model.foreign import clean_number
from fsctl.model.office import Office
from fsctl.switch.wire.text import new_uuid

#: FreeSWITCH rings no more at once (switch_ivr_originate.c, MAX_PEERS), the leg for a pickup being one of them.
MOST_AT_ONCE: Final = 127


@dataclass(frozen=True, slots=True)
class Phone:
    """One leg of a bridge. ``uuid`` is the channel's to be, ``endpoint`` stands in the dial string as it is, and
    ``alert`` is what Alert-Info tells it (fsctl.switch.wire.alerts); "" for nothing.
    """

    uuid: str
    leg: Leg
    endpoint: str
    alert: str = ""


#: No phone is told anything.
_AS_EVER: Final[Mapping[Leg, Mapping[str, str]]] = {}
_NOTHING: Final[Mapping[str, str]] = {}

Arranged = tuple[tuple[tuple[Phone, ...], ...], ...]


def people(legs: Iterable[Leg]) -> Collection[str]:
    """Whose phones are to be found."""
    return dict.fromkeys(leg.target.name for leg in legs if leg.trunk is None)


def arrange(
    ring: Ring, contacts: Mapping[str, Sequence[str]], office: Office,
    alerts: Mapping[Leg, Mapping[str, str]] = _AS_EVER,
) -> Arranged:
    """The branches of ``ring``, each with its stages in turn, each with the phones that ring side by side.

    A leg without a phone is no stage, and a branch without a stage is left out. Each leg of ``screening`` is a branch,
    the last ones; where no others are left there are none. ``alerts`` are of legs with ``alert``, by endpoint.
    """
    def stage(leg: Leg) -> tuple[Phone, ...]:
        return of_leg(leg, contacts, office, alerts.get(leg, {}))

    def branches(legs: Iterable[Sequence[Leg]]) -> Arranged:
        return tuple(filter(None, (tuple(filter(None, map(stage, branch))) for branch in legs)))

    called = branches(ring.branches)
    return called + branches((leg,) for leg in ring.screening) if called else ()


def of_leg(
    leg: Leg, contacts: Mapping[str, Sequence[str]], office: Office, told: Mapping[str, str] = _NOTHING
) -> tuple[Phone, ...]:
    """The telephones that a leg rings, side by side; ``told`` is what Alert-Info tells each, by endpoint."""
    endpoints = contacts.get(leg.target.name, ()) if leg.trunk is None else (_line(leg, office),)
    return tuple(Phone(new_uuid(), leg, endpoint, told.get(endpoint, "")) for endpoint in endpoints)


def within_limit(arranged: Arranged) -> Arranged:
    """So many of them as FreeSWITCH rings at once: everybody's first before anybody's second.

    At once are all, or where branches have several stages, those of each stage.
    """
    stages = [stage for branch in arranged for stage in branch]
    several = any(len(branch) > 1 for branch in arranged)
    kept = {phone.uuid for at_once in ([[stage] for stage in stages] if several else [stages])
            for phone in islice(filter(None, chain.from_iterable(zip_longest(*at_once))), MOST_AT_ONCE)}
    if len(kept) == len(all_of(arranged)):
        return arranged
    cut = (tuple(filter(None, (tuple(phone for phone in stage if phone.uuid in kept) for stage in branch)))
           for branch in arranged)
    return tuple(filter(None, cut))


def all_of(arranged: Arranged) -> tuple[Phone, ...]:
    """The same without an order."""
    return tuple(phone for branch in arranged for stage in branch for phone in stage)


def _line(leg: Leg, office: Office) -> str:
    """An outside line, with the number in the form that the trunk wants."""
    e164 = clean_number(leg.target.name)
    dial = office.trunks[leg.trunk or ""].dial
    return dial.replace("{number}", e164.removeprefix("+")).replace("{e164}", e164)
