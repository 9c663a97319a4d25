"""The messages that callers left."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Mailbox:
    """Lengths of the messages in seconds, by the clock on the wall."""

    new: list[float] = field(default_factory=list)
    saved: list[float] = field(default_factory=list)

    @property
    def count(self) -> str:
        """As ``vm_boxcount …|all`` prints it: new, saved, and of each the urgent ones."""
        return f"{len(self.new)}:{len(self.saved)}:0:0"
