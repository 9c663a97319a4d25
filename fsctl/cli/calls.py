"""``fsctl calls``: live and past calls with the steps they took."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import click

from fsctl.cli import options
from fsctl.cli.local_time import local, of_reader, within
from fsctl.cli.steps import plain, recorded_json, recorded_lines, result_words, with_reason, with_reasons
from fsctl.store import journal_table as journal
from fsctl.words import say, term

_KEYS = ("uuid", "caller", "dialled", "at", "state", "result", "steps")


@click.group()
def calls() -> None:
    """Live and past calls."""


@calls.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most this many.")
@options.common
def list_(limit: int, as_json: bool, database: str | None) -> None:
    """The latest calls, newest first."""
    store = options.to_read(database)
    rows, zone = journal.list_calls(store, limit), of_reader(store)
    if as_json:
        options.print_json([_json(row, zone) for row in rows])
    else:
        options.print_table([row | {"at": local(row["at"], zone), "state": term("call", row["state"]),
                                    "result": result_words(row["result"] or "")} for row in rows],
                            ("at", "caller", "dialled", "state", "result", "uuid"))


@calls.command()
@click.argument("uuid")
@options.common
def show(uuid: str, as_json: bool, database: str | None) -> None:
    """The way of one call, by its UUID or the beginning of it: what happened, and for each policy why it passed."""
    store = options.to_read(database)
    row, zone = journal.show(store, uuid), of_reader(store)
    passed = [recorded_json(each) for part in row["parts"] for each in part["passed"]]
    if as_json:
        options.print_json(_json(row, zone) | {
            "ended_at": local(row["ended_at"], zone, exact=True), "cause": row["cause"], "node": row["node"],
            "passed": [with_reason(each) for each in passed]})
        return
    click.echo(f"{within(str(local(row['at'], zone)), zone)}  {plain(row['caller'])} → {plain(row['dialled'])}")
    for line in recorded_lines(map(recorded_json, row["steps"]), passed):
        click.echo(line)
    if any(part.get("saw_others") for part in row["parts"]):
        click.echo(f"  {say('other calls at that moment counted too; fsctl explain knows none')}")
    result = result_words(plain(row["result"])) if row["result"] else say("none yet")
    click.echo(say("result: {result}", result=result) + (f"  ({row['cause']})" if row["cause"] else ""))


def _json(row: Mapping[str, Any], zone: tzinfo) -> dict[str, Any]:
    return {key: row[key] for key in _KEYS} | {
        "at": local(row["at"], zone, exact=True), "steps": with_reasons(map(recorded_json, row["steps"]))}
