"""A rule for single numbers, wherever the file has them."""

from collections.abc import Iterator

from fsctl.policies.destinations import incomplete
from fsctl.schema import Finding, Path, shown


def complete(path: Path, number: str, country: str) -> Iterator[Finding]:
    """It is a complete one."""
    if incomplete(number, country):
        told = shown(number).removeprefix('"').removesuffix('"')  # a file may have any text there, of any length
        yield Finding(path, str(incomplete(told, country)))
