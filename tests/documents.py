"""What the documents in docs say by tables."""

import html
import re
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"


def tables(name: str) -> dict[str, list[list[str]]]:
    """A document's tables by the head of their first column, each as rows of cells, without back quotes."""
    found: dict[str, list[list[str]]] = {}
    for table in re.findall(r"(?:^\|.*\n)+", (DOCS / name).read_text(encoding="utf-8"), re.MULTILINE):
        head, _, *rows = [[html.unescape(cell.strip(" `")) for cell in row.strip().strip("|").split("|")]
                          for row in table.splitlines()]
        assert all(len(row) == len(head) for row in rows), head
        assert head[0] not in found, head[0]
        found[head[0]] = rows
    return found
