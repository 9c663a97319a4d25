"""An event that notes what is looked up in it."""

from typing import Any


class Asked(dict[str, str]):
    """``names`` are those of the headers that somebody wanted."""

    def __init__(self, *headers: Any) -> None:
        super().__init__(*headers)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)
