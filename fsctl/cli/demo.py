"""``fsctl demo``: switch, telephones, controller and database of one office in one process, and a day there."""

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from fsctl import sample
from fsctl.cli import options
from fsctl.cli.demo_calls import DAY
from fsctl.cli.demo_office import DemoOffice
from fsctl.cli.demo_prompt import prompt
from fsctl.cli.office import bring
from fsctl.errors import FsctlError
from fsctl.officefile import load

_INTRODUCTION = """\
The sample office at a simulated switch. Each line is a call, as the journal has it:
caller → dialled: result (reason)"""
_HINT = """
The office is fsctl/sample/office.toml; `fsctl explain 101 102` says what would happen to a call before it happens.
With a real FreeSWITCH: fsctl office apply, fsctl freeswitch directory, fsctl serve."""


@click.command()
def demo() -> None:
    """The whole thing on one machine without FreeSWITCH: a day in the sample office, and what became of each call.

    On a terminal it goes on with a prompt, where the telephones are yours. Exits with 1 when the journal does not say
    what it should.
    """
    logging.basicConfig(level=logging.CRITICAL)  # some calls are meant to go wrong
    people = sys.stdout.isatty()
    if people:
        click.echo(_INTRODUCTION)
    with _office_at_work() as office:
        wrong = []
        for hour in DAY:
            office.clock.turn_to(hour.clock)
            if people:
                click.echo(f"\n{hour.clock}, {hour.title}")
            for call in hour.calls:
                line, right = office.place(call)
                click.echo(line)
                wrong += [] if right else [call]
        if wrong:
            raise FsctlError(f"the journal does not say what it should of {len(wrong)} calls: " + ", ".join(
                f"{call.caller} → {call.dialled} should be {call.result}" for call in wrong))
        if people and sys.stdin.isatty():
            prompt(office)
    if people:
        click.echo(_HINT)


@contextmanager
def _office_at_work() -> Iterator[DemoOffice]:
    folder = Path(tempfile.mkdtemp(prefix="fsctl-demo-"))
    try:
        (folder / "office.toml").write_text(sample.text(), "utf-8")
        database = str(folder / "demo.sqlite")
        store = options.opened(database)
        bring(store, load(folder / "office.toml"), folder / "office.toml")
        office = DemoOffice(store, database)
        try:
            yield office
        finally:
            office.close()
            store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
