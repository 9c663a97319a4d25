"""How a call is sent on to an extension of the dialplan, which needs no controller.

All that this extension has to know are the channel's variables, which are set before.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from fsctl.model.destination import Destination
from fsctl.switch.session import moving
from fsctl.switch.session.moving import Commands
from fsctl.switch.wire.text import word


@dataclass(frozen=True, slots=True)
class Sending:
    """Where a call goes (``park:701``), and what its channel is told before."""

    to: Destination
    variables: Mapping[str, str]

    @property
    def where(self) -> str:
        """The extension of the dialplan, as arguments of a transfer."""
        return f"{word(self.to.kind)}+{word(self.to.name)} XML fsctl"

    @property
    def mark(self) -> str:
        """How its owner notices (fsctl.switch.session.moving)."""
        return moving.into(self.to)

    def telling(self, uuid: str) -> list[str]:
        """The commands that tell a channel so."""
        return [f"uuid_setvar {uuid} {name} {value}".rstrip() for name, value in self.variables.items()]

    def commands(self, uuid: str) -> list[str]:
        """Those that mark a channel, tell it so, and send it on; the first and the last say ``+OK``."""
        return [*moving.marking(uuid, self.mark), *self.telling(uuid), f"uuid_transfer {uuid} {self.where}"]


def announce(commands: Commands, uuid: str, sending: Sending) -> bool:
    """Tell somebody's channel that it is about to be sent on. False if it is gone, or is sent on already."""
    if moving.on_its_way(commands, uuid) or not moving.mark(commands, uuid, sending.mark):
        return False
    commands.apis(sending.telling(uuid))
    return True


def send(commands: Commands, uuid: str, sending: Sending) -> bool:
    """Send a channel on that was told so. False if it could not be: it stays where it is."""
    sent = commands.api(f"uuid_transfer {uuid} {sending.where}").startswith("+OK")
    if not sent:
        moving.unmark(commands, uuid)
    return sent
