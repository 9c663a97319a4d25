"""Tests of an office: calls and what is to become of them, written as TOML, run without a switch.

A file has ``[[call]]`` tables: ``from`` and ``to`` as dialled, ``at`` (ISO 8601, as for ``fsctl explain``; now where
it is left out), ``transferred_by`` (an extension, as if its user had transferred ``from`` to ``to``), ``outcomes`` (a
list of the words of fsctl.explain) and ``expect``: the result, or a list of ``action:target`` of all steps. Of these,
reroutes and answers are compared only where the list has some.

Nothing counts as switched, whatever people have switched at the moment, and every hunt group begins at the top, unless
the table says otherwise, by the keys of fsctl.officetest.switched. So a test that holds today holds tomorrow;
``fsctl explain`` goes by what is switched now.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from fsctl.errors import FsctlError
from fsctl.explain import Explanation, explain
from fsctl.model.call import Call
from fsctl.model.office import Office
from fsctl.officetest.written import Expected, read

__all__ = ["CallOf", "Expected", "Outcome", "read", "run"]

#: What a list of steps need not mention.
_SILENT = ("reroute", "answer")

#: Makes the call of a test: from, dialled, at, the office, and who transferred it; FsctlError if it cannot.
CallOf = Callable[[str, str, str | None, Office, str | None], Call]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a test. ``found`` is comparable with ``test.expect``."""

    test: Expected
    explanation: Explanation
    found: str | tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.found == self.test.expect


def run(test: Expected, office: Office, call_of: CallOf) -> Outcome:
    """Explain the call, with all that the test has as switched. FsctlError names the place of what cannot be."""
    try:
        call = call_of(test.caller, test.dialled, test.at, office, test.transferred_by)
        office = replace(office, settings=test.switched.settings(call.at))
        explanation = explain(call, office, test.outcomes, standing=test.switched.standing)
    except FsctlError as error:
        raise FsctlError(f"{test.place}: {error}") from None
    return Outcome(test, explanation, _found(test, explanation))


def _found(test: Expected, explanation: Explanation) -> str | tuple[str, ...]:
    if isinstance(test.expect, str):
        return explanation.result
    mentioned = {each.partition(":")[0] for each in test.expect}
    return tuple(f"{step.action}:{step.target}" for step in explanation.steps
                 if step.action not in _SILENT or step.action in mentioned)
