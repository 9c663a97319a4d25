"""What should come of what people did with an executive's calls, noted from that alone: no mark and no row is read."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from fsctl.model.actions import Leg
from fsctl.model.settings import Setting
from tests.machine import filters
from tests.machine.lines import Line


class Ledger:
    """``whose`` executive's each channel's call is, and for which one whom ``acts`` there."""

    def __init__(self) -> None:
        self.said: dict[str, Setting] = {}
        self.history: list[tuple[str, str | None, str | None, str, datetime]] = []
        self.whose: dict[str, str] = {}
        self.acts: dict[str, tuple[str, str]] = {}
        self.taken: Counter[tuple[str, str]] = Counter()

    def values(self) -> dict[str, str]:
        return {path: setting.value for path, setting in self.said.items()}

    def changed(self, path: str, value: str | None, who: str, at: datetime) -> None:
        before = self.said[path].value if path in self.said else None
        if value == before:
            return
        self.history.append((path, before, value, who, at))
        if value is None:
            del self.said[path]
        else:
            self.said[path] = Setting(value, who, at)

    def acts_for(self, line: Line, executive: str, by: str) -> None:
        self.whose[line.uuid] = executive
        self.acts[line.uuid] = (executive, by)

    def comes_back(self, office: filters.Tree, caller: Line, whose: str) -> None:
        """Whoever had transferred it gets it back as he had it, though another executive's filter had it meanwhile."""
        if filters.terms_of(office, whose):
            self.whose[caller.uuid] = whose

    def answers(self, office: filters.Tree, caller: Line, line: Line, leg: Leg, filtered: str) -> None:
        """Somebody takes the call of ``caller``, which is ``filtered`` for that executive, or a call as any other."""
        if filtered:
            self.acts_for(line, filtered, leg.whose or leg.target.name)
        elif (executive := self.whose.get(caller.uuid)) and self._acts(office, line.user, executive, caller):
            self.acts_for(line, executive, line.user or "")

    @staticmethod
    def _acts(office: filters.Tree, user: str | None, executive: str, other: Line) -> bool:
        """An assistant for whom it is; not with the executive himself, and with another assistant neither."""
        assistants = filters.assistants_of(office, executive)
        return user in assistants and other.user not in (executive, *assistants)

    def handled(self, office: filters.Tree, executive: str, lines: Mapping[str, Line]) -> list[tuple[str, str, str]]:
        """The channel of who is at the other end, the assistant's, and the assistant: the longest first."""
        found = []
        for line in lines.values():
            other = lines.get(line.peer)
            if other is None or executive in (line.user, other.user):
                continue
            if self.acts.get(line.uuid, ("",))[0] == executive:
                by = self.acts[line.uuid][1]
            elif self.acts.get(other.uuid, ("",))[0] != executive and self.whose.get(other.uuid) == executive:
                by = line.user or "" if line.user in filters.assistants_of(office, executive) else ""
            else:
                by = ""
            if by:
                found.append((min(line.at, other.at), line.uuid, (other.uuid, line.uuid, by)))
        return [each for _, _, each in sorted(found)]
