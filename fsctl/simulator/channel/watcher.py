"""Who must hear of the end of a channel."""

from typing import Protocol


class Watcher(Protocol):
    """A connection of the channel's ``socket`` application."""

    def channel_down(self) -> None: ...

    def channel_ended(self) -> None: ...

    def close(self) -> None: ...
