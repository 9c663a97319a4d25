"""The caller profile: who calls whom, as the dialplan and the events show it."""

import time
from dataclasses import dataclass, field, fields, replace


def now_us() -> int:
    """The time of day in µs, as the switch stamps it."""
    return int(time.time() * 1e6)


@dataclass(slots=True)
class Times:
    """When things happened to a channel, in µs; 0: not yet."""

    created: int = field(default_factory=now_us)
    answered: int = 0
    progress: int = 0
    progress_media: int = 0
    hangup: int = 0
    transfer: int = 0
    bridged: int = 0
    last_hold: int = 0


@dataclass(slots=True)
class Profile:
    """One stage of a call; a transfer makes a new one. ``times`` go along."""

    caller_id_name: str
    caller_id_number: str
    destination_number: str
    context: str
    username: str = ""
    ani: str = ""
    rdnis: str = ""
    callee_id_name: str = ""
    callee_id_number: str = ""
    dialplan: str = "XML"
    source: str = "mod_sofia"
    created: int = field(default_factory=now_us)
    times: Times = field(default_factory=Times)

    def transferred(self, destination: str, dialplan: str, context: str) -> "Profile":
        """The profile with which the call arrives there."""
        self.times.transfer = now_us()
        return replace(self, destination_number=destination, dialplan=dialplan, context=context,
                       rdnis=self.destination_number, created=now_us())

    def get(self, name: str) -> str | None:
        """A field by its name in the dialplan."""
        return str(getattr(self, name)) if name in _FIELDS else None

    def headers(self, prefix: str, direction: str, uuid: str, channel_name: str) -> dict[str, str]:
        """What an event shows of it."""
        shown = {
            "Direction": direction, "Logical-Direction": direction, "Username": self.username,
            "Dialplan": self.dialplan, "Caller-ID-Name": self.caller_id_name,
            "Caller-ID-Number": self.caller_id_number, "Orig-Caller-ID-Name": self.caller_id_name,
            "Orig-Caller-ID-Number": self.caller_id_number, "Callee-ID-Name": self.callee_id_name,
            "Callee-ID-Number": self.callee_id_number, "ANI": self.ani or self.caller_id_number,
            "Destination-Number": self.destination_number, "RDNIS": self.rdnis, "Unique-ID": uuid,
            "Source": self.source, "Context": self.context, "Channel-Name": channel_name,
            "Profile-Created-Time": str(self.created), "Channel-Created-Time": str(self.times.created),
            "Channel-Answered-Time": str(self.times.answered), "Channel-Progress-Time": str(self.times.progress),
            "Channel-Progress-Media-Time": str(self.times.progress_media),
            "Channel-Hangup-Time": str(self.times.hangup), "Channel-Transfer-Time": str(self.times.transfer),
            "Channel-Bridged-Time": str(self.times.bridged), "Channel-Last-Hold": str(self.times.last_hold),
            "Screen-Bit": "true", "Privacy-Hide-Name": "false", "Privacy-Hide-Number": "false",
        }
        return {f"{prefix}-{name}": value for name, value in shown.items() if value}


_FIELDS = frozenset(each.name for each in fields(Profile)) - {"times", "created"}
