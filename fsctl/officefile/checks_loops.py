"""Rule about loops: no call may be sent round in circles by settings alone."""

from collections.abc import Iterator

from fsctl.model.destination import Destination
from fsctl.model.intercept import ALL, Owner, places_of
from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Path
from fsctl.words import say
from fsctl.words.places import place

Step = tuple[Path, Destination]


def loops(view: View) -> Iterator[Finding]:
    """Each loop of steps that need no decision by a person, told once, at its first step."""
    graph = {node: _steps(view, node) for node in _nodes(view)}
    done: set[Destination] = set()
    for start in graph:
        trail = {start: None}  # in this order
        open_steps = [iter(graph[start])] if start not in done else []
        while open_steps:
            step = next(open_steps[-1], None)
            if step is None:
                open_steps.pop()
                done.add(trail.popitem()[0])
            elif step[1] in trail:
                before = list(trail)
                circle = [*before[before.index(step[1]) :], step[1]]
                at = next(path for path, to in graph[circle[0]] if to == circle[1])
                yield Finding(at, say("this is a loop: {places}", places=" -> ".join(map(_short, circle))))
            elif step[1] in graph and step[1] not in done:
                trail[step[1]] = None
                open_steps.append(iter(graph[step[1]]))


def _short(to: Destination) -> str:
    return to.name if to.kind == "user" else place(str(to))


def _nodes(view: View) -> list[Destination]:
    sections = (("user", "users"), ("hunt", "groups"), ("attendant", "attendants"), ("site", "sites"))
    return [Destination(kind, name) for kind, section in sections for name in getattr(view.office, section)]


def _steps(view: View, node: Destination) -> list[Step]:
    """Where a call goes on from here by itself; a number of the office counts as whom it belongs to."""
    office = view.office
    found: dict[Path, Destination | None] = {}
    at: Path
    match node.kind:
        case "user":
            user, at = office.users[node.name], ("users", node.name)
            kinds = ("always",) if user.forward.always else ("busy", "no_answer", "offline")
            found |= _rerouted(user, at)
            found |= {(*at, "forward", kind): getattr(user.forward, kind) for kind in kinds}
            rollover = user.executive.rollover if user.executive else None
            if rollover and office.numbers.get(rollover.to.name, rollover.to) != node:  # his own ways
                found[(*at, "executive", "rollover", "to")] = rollover.to
        case "hunt":
            group = office.groups[node.name]
            hunt, at = group.hunt, ("groups", node.name, "hunt")
            found |= _rerouted(group, ("groups", node.name))
            if hunt:
                found[(*at, "overflow", "to")] = hunt.overflow.to if hunt.overflow else None
                found |= {(*at, kind): getattr(hunt, kind) for kind in ("busy", "unreachable")}
        case "attendant":
            attendant, at = office.attendants[node.name], ("attendants", node.name)
            found[(*at, "silence", "to")] = attendant.silence.to if attendant.silence else None
            found[(*at, "invalid")] = attendant.invalid
        case "site":
            site, at = office.sites[node.name], ("sites", node.name)
            found[(*at, "reception")] = site.reception
            found[(*at, "night", "to")] = site.night.to if site.night else None
    own = {path: to for path, to in found.items() if to is not None}
    return [(path, office.numbers.get(to.name, to) if to.kind == "number" else to) for path, to in own.items()]


def _rerouted(owner: Owner, at: Path) -> dict[Path, Destination | None]:
    """Only rules for all calls at all times: others may exclude each other. To the owner himself none leads."""
    return {
        (*at, "intercept", "inbound", index, "reroute"): rule.reroute
        for index, rule in enumerate(owner.intercept.inbound)
        if ALL in rule.calls and rule.during is None and rule.reroute not in places_of(owner)
    }


RULES = (loops,)
