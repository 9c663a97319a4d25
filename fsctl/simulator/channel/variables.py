"""A channel's variables, and the expansion of ``${…}`` with them."""

from fsctl.simulator.channel.profile import Profile
from fsctl.simulator.core.core import Core
from fsctl.simulator.dialplan.expand import expand


class Variables:
    """Looked up first here, then in the caller profile, then among the switch's global ones."""

    def __init__(self, switch: Core, profile: Profile, variables: dict[str, str]) -> None:
        self.switch, self.profile, self.variables = switch, profile, variables

    def get(self, name: str) -> str | None:
        """A channel variable, a field of the profile or a global one."""
        if name in self.variables:
            return self.variables[name]
        shown = self.profile.get(name)
        return self.switch.globals.get(name) if shown is None else shown

    def set(self, name: str, value: str | None) -> None:
        """Set a variable; without a value it is gone."""
        if value:
            self.variables[name] = value
        else:
            self.variables.pop(name, None)

    def true(self, name: str) -> bool:
        """Whether a variable says yes."""
        return (self.get(name) or "").lower() in ("true", "yes", "on", "1", "enabled", "active", "allow")

    def push(self, name: str, value: str) -> None:
        """Add to an array; one entry alone is plain text."""
        known_ = self.variables.get(name, "")
        if known_ and not known_.startswith("ARRAY::"):
            known_ = f"ARRAY::{known_}"
        self.variables[name] = f"{known_}|:{value}" if known_ else value

    def expand(self, text: str, **instead: str) -> str:
        """The text with every ``${…}`` in it filled in, commands run; ``instead`` are variables for this once."""
        def look_up(name: str) -> str | None:
            return instead.get(name) or self.get(name)

        return expand(text, look_up, lambda name, argument: self.switch.api(f"{name} {argument}").rstrip("\n"))
