"""Rules about what people may not call: nobody's telephone outside is rung there, and no call of his is sent there."""

from collections.abc import Iterator

from fsctl.model.destination import Destination
from fsctl.model.reasons import Reason
from fsctl.model.sections import User
from fsctl.officefile.office_view import View
from fsctl.policies import class_of_service, destinations, intercept_rules
from fsctl.schema import Finding, Path


def devices(view: View) -> Iterator[Finding]:
    """In the words of the class of service, as where a number is dialled (forwards: checks_references)."""
    for extension, user in view.office.users.items():
        for index, device in enumerate(user.devices):
            incomplete = destinations.incomplete(device, view.office.numbering.country)  # another rule says so
            if not incomplete and (why_not := _not_of_his_class(user, device, view)):
                yield Finding(("users", extension, "devices", index), str(why_not))


def intercepted(view: View) -> Iterator[Finding]:
    """Whom an intercept keeps from calling there at all times; by hand it can be switched off."""
    for extension, user in view.office.users.items():
        for path, to in _caused(user):
            to = view.office.owner_of(to)
            if to.kind == "number" and _not_of_his_class(user, to.name, view):
                continue
            if why_not := intercept_rules.forbidden(user, to, view.office):
                yield Finding(("users", extension, *path), str(why_not), warning=True)


def _not_of_his_class(user: User, number: str, view: View) -> Reason:
    return class_of_service.refusal(user, number, view.office)


def _caused(user: User) -> Iterator[tuple[Path, Destination]]:
    for index, device in enumerate(user.devices):
        yield ("devices", index), Destination("number", device)
    for kind in ("always", "busy", "no_answer", "offline"):
        if to := getattr(user.forward, kind):
            yield ("forward", kind), to


RULES = (devices, intercepted)
