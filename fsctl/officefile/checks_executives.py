"""Rules about executives: whom their rules are about, what assistants see, and what has no effect."""

from collections.abc import Iterator

from fsctl.model.sections import Executive
from fsctl.officefile.office_view import View
from fsctl.officefile.rule_words import can_match
from fsctl.schema import Finding, Path, shown
from fsctl.words import say

#: Kinds of callers.
CALLERS = ("external", "internal", "anonymous", "any")

#: Phones have room for about so many characters.
DISPLAY_LONGEST = 80


def callers(view: View) -> Iterator[Finding]:
    """Of a rule: kinds, numbers, extensions, and how these begin."""
    for at, executive in _executives(view):
        for rule, each in enumerate(executive.rules):
            if not each.from_:
                message = say(
                    "is about nobody; name some of {kinds}, a number like +493012345, a pattern like +4917012345* or an"
                    " extension", kinds=", ".join(CALLERS))
                yield Finding((*at, "rules", rule, "from"), message)
            for index, caller in enumerate(each.from_):
                yield from can_match((*at, "rules", rule, "from", index), caller, view, CALLERS, view.users)


def names(view: View) -> Iterator[Finding]:
    """The reason for what becomes of a call names the rule."""
    for at, executive in _executives(view):
        seen: set[str] = set()
        for rule, each in enumerate(executive.rules):
            if not each.name.strip():
                message = say("must not be empty: explain tells by it which rule decided")
                yield Finding((*at, "rules", rule, "name"), message)
            elif each.name in seen:
                message = say("{name} is used twice; give each its own name", name=shown(each.name))
                yield Finding((*at, "rules", rule, "name"), message)
            seen.add(each.name)


def displays(view: View) -> Iterator[Finding]:
    """Something is seen of the call (and what of it: checks_templates)."""
    for at, executive in _executives(view):
        if not executive.display.strip():
            yield Finding((*at, "display"), say("must not be empty; write for example executive-caller"))
        if len(executive.display) > DISPLAY_LONGEST:
            yield Finding((*at, "display"), say("must have at most {most} characters", most=DISPLAY_LONGEST))


def without_effect(view: View) -> Iterator[Finding]:
    for at, executive in _executives(view):
        if not executive.assistants:
            yield Finding((*at, "assistants"), say("there is no assistant who could take calls"), warning=True)
        if executive.filter == "rules" and all(rule.action != "divert" for rule in executive.rules):
            message = say('filter = "rules", but no rule has action = "divert": no call goes to the assistants')
            yield Finding((*at, "filter"), message, warning=True)


def ambiguous(view: View) -> Iterator[Finding]:
    """After ``on_behalf`` and ``divert`` come an extension and a number without anything between them."""
    found = dict(_executives(view))
    longer = _longer([str(extension) for _, extension, _ in found])
    for (_, extension, _), executive in found.items():
        for other in longer.get(str(extension), ()):
            both = set(executive.assistants) & set(found["users", other, "executive"].assistants)
            if both:
                codes = view.office.codes
                message = say(
                    "{longer} begins with it, and both have the assistant {assistant}: what that one dials after"
                    " {on_behalf} and {divert} can mean either", longer=other, assistant=min(both),
                    on_behalf=codes.on_behalf, divert=codes.divert)
                yield Finding(("users", extension), message, warning=True)


def _longer(extensions: list[str]) -> dict[str, list[str]]:
    """Of some extensions, those that begin with another one of them, by that one."""
    lengths, found = sorted({len(each) for each in extensions}), {each: list[str]() for each in extensions}
    for each in extensions:
        for length in lengths:
            if length < len(each) and each[:length] in found:
                found[each[:length]].append(each)
    return found


def _executives(view: View) -> Iterator[tuple[Path, Executive]]:
    for extension, user in view.office.users.items():
        if user.executive:
            yield ("users", extension, "executive"), user.executive


RULES = (callers, names, displays, ambiguous, without_effect)
