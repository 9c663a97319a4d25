"""``fsctl demo``: switch, telephones, controller and database of one office in one process, and a day there."""

import logging
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from fsctl import sample
from fsctl.cli import options, output
from fsctl.cli.demo_calls import DAY, Sample
from fsctl.cli.demo_office import DemoOffice, told, why
from fsctl.cli.demo_prompt import prompt
from fsctl.cli.office import bring
from fsctl.cli.signals import cleared_away
from fsctl.cli.steps import result_words
from fsctl.errors import FsctlError
from fsctl.officefile import load
from fsctl.words import marked, say, say_number

_INTRODUCTION = marked("""\
The sample office at a simulated switch. Each line is a call, as the journal has it:
caller → dialled: result (reason)""")
_HINT = marked("""\
The office is fsctl/sample/office.toml; `fsctl explain 101 102` says what would happen to a call before it happens.
With a real FreeSWITCH: fsctl office apply, fsctl freeswitch directory, fsctl serve.""")


@click.command()
@options.as_json
def demo(as_json: bool) -> None:
    """The whole thing on one machine without FreeSWITCH: a day in the sample office, and what became of each call.

    On a terminal it goes on with a prompt, where the telephones are yours. Exits with 1 when the journal does not say
    what it should. With --json each call is a line of JSON, and there is no prompt.
    """
    logging.basicConfig(level=logging.CRITICAL)  # some calls are meant to go wrong
    people = sys.stdout.isatty() and not as_json
    if people:
        click.echo(say(_INTRODUCTION))
    with _office_at_work() as office:
        wrong = []
        for hour in DAY:
            office.clock.turn_to(hour.clock)
            if people:
                click.echo(f"\n{hour.clock}, {say(hour.title)}")
            for call in hour.calls:
                found = office.place(call)
                _tell(call, found, as_json)
                if output.nobody_reads():
                    return
                wrong += [] if found and found["result"] == call.result else [call]
        if wrong:
            raise FsctlError(_misses(wrong))
        if people and sys.stdin.isatty():
            prompt(office)
    if people:
        click.echo(f"\n{say(_HINT)}")


def _misses(wrong: Sequence[Sample]) -> str:
    calls = (say("{caller} → {dialled} should be {result}",
                 caller=call.caller, dialled=call.dialled, result=result_words(call.result)) for call in wrong)
    return say_number("the journal does not say what it should of {number} calls: {calls}",
                      "the journal does not say what it should of {number} calls: {calls}",
                      len(wrong), calls=", ".join(calls))


def _tell(call: Sample, found: dict[str, Any] | None, as_json: bool) -> None:
    if as_json:
        options.print_json_line({
            "caller": call.caller, "dialled": call.dialled, "expected": call.result,
            "result": found["result"] if found else None, "reason": why(found) if found else ""})
    else:
        click.echo(told(found) if found else
                   say("{caller} → {dialled}: not in the journal", caller=call.caller, dialled=call.dialled))


@contextmanager
def _office_at_work() -> Iterator[DemoOffice]:
    with cleared_away(), TemporaryDirectory(prefix="fsctl-demo-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "office.toml").write_text(sample.text(), "utf-8")
        database = str(folder / "demo.sqlite")
        store = options.created(database)
        bring(store, load(folder / "office.toml"), folder / "office.toml")
        office = DemoOffice(store, database)
        try:
            yield office
        finally:
            office.close()
            store.close()
