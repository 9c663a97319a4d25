"""What rules say only because something else cannot be read: that is told already, and nobody knows what is meant."""

from collections.abc import Iterator, Sequence

from fsctl.officefile.office_view import View
from fsctl.schema import Finding, Path

#: Mistakes at the first place are judged by what stands at the others, too; ``*`` is any part, and elsewhere the same.
_JUDGED_BY: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("groups.*.hunt.weights.*", ("groups.*.members",)),
    ("groups.*.pickup", ("groups.*.members", "users")),
    ("groups.*.park", ("groups.*.park.recall_to", "groups.*.park.alternate")),
    ("sites.*.park", ("sites.*.park.recall_to", "sites.*.park.alternate")),
    ("users.*.devices.*", ("users.*.outside", "users.*.site")),
    ("users.*.executive.rollover.to", ("users.*.outside", "users.*.site")),
    ("users.*.executive.rules.*.called.*", ("users.*.numbers",)),
    ("users.*.forward.*", ("users.*.outside", "users.*.site")),
)


def left_out(found: Sequence[Finding], view: View) -> Iterator[Finding]:
    """The findings of rules that hold whatever is meant where the file cannot be read, or is wrong."""
    wrong = frozenset(each.path for each in found if not each.warning)
    return (each for each in found if not _follows(each, view, wrong))


def _follows(found: Finding, view: View, wrong: frozenset[Path]) -> bool:
    """Warnings wait until all of an entry can be read: they are about what goes together in it."""
    if any(found.path[:len(each)] == each for each in view.assumed):
        return True
    if found.warning and view.unsure(*found.path[:2]):
        return True
    judged_by = (_filled(each, found.path) for place, others in _JUDGED_BY if _is_at(place, found.path)
                 for each in others)
    return any(view.unsure(*place) or any(each[:len(place)] == place for each in wrong) for place in judged_by)


def _is_at(place: str, path: Path) -> bool:
    parts = place.split(".")
    return len(path) == len(parts) and all(part in ("*", str(other)) for part, other in zip(parts, path, strict=True))


def _filled(place: str, path: Path) -> Path:
    """The same entry's."""
    parts = place.split(".")
    return tuple(path[index] if part == "*" else part for index, part in enumerate(parts))
