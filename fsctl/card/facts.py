"""What one knows beside the codes: emergency numbers, how to reach the outside, and who belongs together."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from fsctl.card.listing import MOST, clipped, listed
from fsctl.model.executives import assistants_of, executives_of
from fsctl.model.office import Office
from fsctl.model.sections import Numbering, User
from fsctl.words import say

Fact = tuple[str, str]


def emergency(office: Office, user: User | None) -> tuple[str, ...]:
    """The numbers, by site where these have not the same."""
    found = _by_site(office, user, lambda plan: listed(plan.emergency))
    return tuple(
        say("Emergency, {sites}: {numbers}", sites=sites, numbers=numbers) if sites
        else say("Emergency: {numbers}", numbers=numbers)
        for sites, numbers in found if numbers)


def facts(office: Office, user: User | None) -> tuple[Fact, ...]:
    """Those about a person, or about the office's sites; what there is nothing of is left out."""
    outside = [_outside(*each) for each in _by_site(office, user, lambda plan: plan.external_prefix)]
    more = _about(user, office) if user else _sites(office)
    return (*outside, *((what, which) for what, which in more if which))


def _by_site(office: Office, user: User | None, which: Callable[[Numbering], str]) -> list[Fact]:
    """What a site has, with its name where another one has something else."""
    sites = [office.sites.get(user.site)] if user else list(office.sites.values())
    found = [(clipped(site.name), which(office.numbering_of(site))) for site in sites if site]
    kinds = list(dict.fromkeys(each for _, each in found)) or [which(office.numbering)]
    if len(kinds) == 1:
        return [("", kinds[0])]
    return [(listed(site for site, each in found if each == kind), kind) for kind in kinds[:MOST]]


def _outside(sites: str, prefix: str) -> Fact:
    what = say("To the outside, {sites}", sites=sites) if sites else say("To the outside")
    return what, say("{prefix} + number", prefix=prefix) if prefix else say("number without prefix")


def _about(user: User, office: Office) -> Iterator[Fact]:
    yield say("From outside"), listed(user.numbers)
    groups = (group for group in office.groups_of(user.extension) if group.pickup)
    yield say("Pickup groups"), listed(clipped(group.name) for group in groups)
    assistants = (office.users[each] for each in assistants_of(user) if each in office.users)
    yield say("Assistants"), _people(assistants)
    yield say("Executives"), _people(executives_of(user.extension, office))


def _people(people: Iterable[User]) -> str:
    return listed(f"{each.extension} {clipped(each.name)}" for each in people)


def _sites(office: Office) -> Iterator[Fact]:
    """By which numbers they are reached from outside."""
    for site in islice((each for each in office.sites.values() if each.numbers), MOST):
        yield say("From outside, {site}", site=clipped(site.name)), listed(site.numbers)
