"""``fsctl calls``: live and past calls with the steps they took."""

import click

from fsctl.cli import options
from fsctl.cli.steps import UNCONCERNED, plain, recorded_lines
from fsctl.store import calls as journal

_KEYS = ("uuid", "caller", "dialled", "at", "state", "result", "steps")


@click.group()
def calls() -> None:
    """Live and past calls."""


@calls.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000), help="At most this many.")
@options.common
def list_(limit: int, as_json: bool, database: str | None) -> None:
    """The latest calls, newest first."""
    rows = journal.list_calls(options.opened(database), limit)
    if as_json:
        options.print_json([{key: row[key] for key in _KEYS} for row in rows])
    else:
        options.print_table(rows, ("at", "caller", "dialled", "state", "result", "uuid"))


@calls.command()
@click.argument("uuid")
@options.common
def show(uuid: str, as_json: bool, database: str | None) -> None:
    """The way of one call, by its UUID or the beginning of it: what happened, and for each policy why it passed."""
    row = journal.show(options.opened(database), uuid)
    passed = [each | {"reason": each["reason"] or UNCONCERNED.format(target=each["target"])}
              for part in row["parts"] for each in part["passed"]]
    if as_json:
        options.print_json({key: row[key] for key in _KEYS} | {
            "ended_at": row["ended_at"], "cause": row["cause"], "node": row["node"], "passed": passed})
        return
    click.echo(f"{row['at']}  {plain(row['caller'])} → {plain(row['dialled'])}")
    for line in recorded_lines(row["steps"], [each for part in row["parts"] for each in part["passed"]]):
        click.echo(line)
    if any(part.get("saw_others") for part in row["parts"]):
        click.echo("  other calls at that moment counted too; fsctl explain knows none")
    click.echo(f"result: {plain(row['result'] or 'none yet')}" + (f"  ({row['cause']})" if row["cause"] else ""))
