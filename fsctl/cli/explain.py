"""``fsctl explain``: what would happen to a call, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from fsctl.cli import completion, options
from fsctl.cli.instants import instant
from fsctl.cli.steps import outcome_words, passed_json, path_lines, result_words, step_json, step_line, with_reasons
from fsctl.errors import FsctlError
from fsctl.explain import StandingOf
from fsctl.explain import explain as explain_call
from fsctl.facts import assumed as facts
from fsctl.model.actions import Survey
from fsctl.model.call import Call
from fsctl.model.hunting import Standing
from fsctl.model.office import Office
from fsctl.store.database import Store
from fsctl.store.hunt_standing import read_standing
from fsctl.words import say

if TYPE_CHECKING:
    from fsctl.possibilities import Branch


@click.command()
@click.argument("caller", shell_complete=completion.people)
@click.argument("dialled", shell_complete=completion.extensions)
@click.option("--at", "at", metavar="TIME", help="ISO 8601; without an offset the called site's local time.")
@click.option("--outcomes", metavar="LIST", default="",
              help="answered busy no-answer offline rejected digits:1 silence gone, one for each leg rung or question.")
@click.option("--transferred-by", metavar="EXT", help="As if EXT had dialled that on a transfer of the caller.",
              shell_complete=completion.people)
@click.option("--tree", "as_tree", is_flag=True, help="All that can happen, with each outcome that makes a difference.")
@options.common
def explain(
    caller: str, dialled: str, at: str | None, outcomes: str, transferred_by: str | None, as_tree: bool, as_json: bool,
    database: str | None,
) -> None:
    """Say what would happen if CALLER dialled DIALLED, and why. Nothing is changed.

    A policy that passed left the call to the next one.
    """
    office = options.office_to_read(database)
    standing = partial(_standing, options.to_read(database))
    call = assumed_call(caller, dialled, at, office, transferred_by)
    explanation = explain_call(call, office, outcomes.replace(",", " ").split(), standing=standing)
    tree = _tree(call, office, standing) if as_tree else None
    if as_json:
        told = {"steps": with_reasons(map(step_json, explanation.steps)), "result": explanation.result,
                "passed": passed_json(explanation.passed)}
        options.print_json(told | ({"tree": _tree_json(tree)} if tree else {}))
    elif tree:
        click.echo("\n".join(_tree_lines(tree)))
    else:
        click.echo("\n".join([*path_lines(explanation.steps, explanation.passed), _result(explanation.result)]))


def _standing(store: Store, survey: Survey) -> Standing:
    """As it is now; but whom other calls ring just now plays no part, as other calls play none."""
    try:
        found = read_standing(store, survey.hunt, survey.members, all_calls=survey.idle == "all")
    except FsctlError:  # there are no tables yet, and this command makes none
        return Standing()
    return replace(found, reserved=frozenset())


def assumed_call(
    caller: str, dialled: str, at: str | None, office: Office, transferred_by: str | None = None
) -> Call:
    """The call to explain, ``at`` a time as people write it."""
    return facts.assumed_call(caller, dialled, office, partial(instant, at), transferred_by)


def _tree(call: Call, office: Office, standing: StandingOf) -> "Branch":
    from fsctl.possibilities import possibilities

    return possibilities(call, office, standing=standing)


def _tree_json(branch: "Branch", before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """``before`` is the last step that had a reason of its own."""
    steps = [step_json(step) for step in branch.steps]
    last = next((step for step in reversed(steps) if step["reason"]), before)
    return {
        "steps": with_reasons(steps, before),
        "passed": passed_json(branch.passed),
        "result": branch.result or None,
        "cut": branch.cut,
        "branches": [{"outcomes": list(words), "then": _tree_json(then, last)} for words, then in branch.outcomes],
    }


def _tree_lines(branch: "Branch", indent: str = "") -> Iterator[str]:
    for step in branch.steps:
        yield indent + step_line(step_json(step))
    for words, then in branch.outcomes:
        if not then.steps and then.result:
            yield f"{indent}├ {_outcomes(words)} → {_result(then.result)}"
        else:
            yield f"{indent}├ {_outcomes(words)}"
            yield from _tree_lines(then, indent + "│   ")
    if branch.cut:
        yield f"{indent}… {say('cut: more can happen from here')}"
    elif branch.result:
        yield f"{indent}{_result(branch.result)}"


def _outcomes(words: Iterable[str]) -> str:
    return ", ".join(map(outcome_words, words))


def _result(result: str) -> str:
    return say("result: {result}", result=result_words(result))
