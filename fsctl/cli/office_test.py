"""``fsctl office test``: whether calls go where they are to go, by the office in the database."""

from pathlib import Path
from typing import Any

import click

from fsctl.cli import options
from fsctl.cli.explain import assumed_call
from fsctl.cli.steps import passed_json, path_lines, result_words, step_json, with_reasons
from fsctl.errors import FsctlError
from fsctl.model.office import Office
from fsctl.officefile import load
from fsctl.officetest import Expected, Outcome, read, run
from fsctl.words import say
from fsctl.words.moments import told


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.common
def test(files: tuple[Path, ...], as_json: bool, database: str | None) -> None:
    """Run the calls in FILE through the office, and say which go elsewhere than expected. Nothing is changed.

    What people have switched plays no part, but what FILE has as switched; explain goes by what is switched now.
    """
    office = options.office_to_read(database)
    tests = _read(files, office)
    outcomes = _run(tests, office)
    failed = [(file, each) for file, each in outcomes if not each.passed]
    if as_json:
        options.print_json({"calls": [_json(file, each) for file, each in outcomes], "failed": len(failed)})
    else:
        for file, each in failed:
            _tell(file, each)
        click.echo(say("{calls} calls, {failed} went elsewhere", calls=len(outcomes), failed=len(failed)) if failed
                   else say("{calls} calls, none went elsewhere", calls=len(outcomes)))
    if failed:
        raise FsctlError(say("{failed} of {calls} calls did not go where they were expected to",
                             failed=len(failed), calls=len(outcomes)))


def _read(files: tuple[Path, ...], office: Office) -> list[tuple[Path, Expected]]:
    """The tests of all files; FsctlError when there are mistakes, after all of them were told."""
    tests: list[tuple[Path, Expected]] = []
    mistakes = []
    for file in files:
        try:
            found, wrong = read(load(file), office)
        except FsctlError as error:
            mistakes.append(str(error))
            continue
        tests += [(file, each) for each in found]
        mistakes += [f"{file}: {each}" for each in wrong]
    _refuse(mistakes)
    return tests


def _run(tests: list[tuple[Path, Expected]], office: Office) -> list[tuple[Path, Outcome]]:
    """What came of them; FsctlError when some have outcomes that cannot be, after all of these were told."""
    outcomes, mistakes = [], []
    for file, each in tests:
        try:
            outcomes.append((file, run(each, office, assumed_call)))
        except FsctlError as error:
            mistakes.append(f"{file}: {error}")
    _refuse(mistakes)
    return outcomes


def _refuse(mistakes: list[str]) -> None:
    for each in mistakes:
        click.echo(each, err=True)
    if mistakes:
        raise FsctlError(say("the tests cannot be run; {number} to be mended", number=len(mistakes)))


def _tell(file: Path, outcome: Outcome) -> None:
    test = outcome.test
    call = f"{test.caller} → {test.dialled}"
    click.echo(f"{file}: {test.place}: " + (say("{call} at {at}", call=call, at=told(test.at)) if test.at
                                            else say("{call} at this moment", call=call)))
    click.echo(f"  {say('expected: {calls}', calls=_shown(test.expect))}")
    click.echo(f"  {say('found:    {calls}', calls=_shown(outcome.found))}")
    for line in path_lines(outcome.explanation.steps, outcome.explanation.passed):
        click.echo(f"    {line}")
    click.echo(f"    {say('result: {result}', result=result_words(outcome.explanation.result))}")


def _shown(expect: str | tuple[str, ...]) -> str:
    return expect if isinstance(expect, str) else " → ".join(expect)


def _json(file: Path, outcome: Outcome) -> dict[str, Any]:
    test, explanation = outcome.test, outcome.explanation
    return {
        "file": str(file), "place": test.place, "from": test.caller, "to": test.dialled, "at": test.at,
        "ok": outcome.passed, "expect": _list(test.expect), "found": _list(outcome.found),
        "result": explanation.result, "steps": with_reasons(map(step_json, explanation.steps)),
        "passed": passed_json(explanation.passed),
    }


def _list(expect: str | tuple[str, ...]) -> str | list[str]:
    return expect if isinstance(expect, str) else list(expect)
