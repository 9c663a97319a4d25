"""The day that the demo plays in the sample office, and what the journal is to say of each call."""

from dataclasses import dataclass
from typing import Literal

from fsctl.words import marked

Happens = Literal["answered", "busy", "declined", "rings", "given up", "nothing"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One call. ``at`` is the telephone to which ``happens`` happens: an extension, or ``trunk:`` and an
    outside number. The caller presses ``keys`` when he is asked for some.

    ``without_controller``: nobody takes calls meanwhile, and the switch is on its own.
    """

    caller: str
    dialled: str
    result: str
    at: str = ""
    happens: Happens = "nothing"
    keys: str = ""
    without_controller: bool = False


@dataclass(frozen=True, slots=True)
class Hour:
    """Some calls, and when the first of them is: by the clocks of the first site. ``title`` is a message."""

    clock: str
    title: str
    calls: tuple[Sample, ...]


CUSTOMER = "+4915112345678"

DAY = (
    Hour("09:00", marked("in the morning"), (
        Sample("101", "102", "user:102", "102", "answered"),
        Sample("101", "103", "hangup:busy", "103", "busy"),
        Sample("102", "103", "hangup:rejected", "103", "declined"),
        Sample("101", "103", "hangup:no-answer", "103", "rings"),
        Sample("103", "102", "mailbox:102", "102", "rings"),
        Sample("101", "102", "mailbox:102", "102", "busy"),
        Sample("101", "102", "gone", "102", "given up"),
        Sample("101", "777", "announcement:unknown-number"),
        Sample("101", "001701234567", "number:+491701234567", "trunk:+491701234567", "answered"),
        Sample("132", "000442079460999", "announcement:blocked"),
        Sample(CUSTOMER, "+49305550100", "user:102", "102", "answered"),
        Sample(CUSTOMER, "+442079460100", "user:120", "120", "answered"),
    )),
    Hour("11:00", marked("102 is away and has his calls go to 103"), (
        Sample("102", "*72103", "code:forward_always"),
        Sample("101", "102", "user:103", "103", "answered"),
        Sample("102", "*73", "code:forward_always_off"),
        Sample("103", "*78", "code:dnd_on"),
        Sample("101", "103", "hangup:busy"),
        Sample("103", "*79", "code:dnd_off"),
    )),
    Hour("12:30", marked("lunch: the office is closed by its schedule"), (
        Sample(CUSTOMER, "+49305550100", "user:101", "101", "answered", keys="0"),
        Sample("101", "102", "user:102", "102", "answered"),
    )),
    Hour("14:00", marked("outside calls for 130 go to the assistants 131 and 132, one after the other"), (
        Sample(CUSTOMER, "+49305550130", "user:131", "131", "answered"),
        Sample("101", "130", "user:130", "130", "answered"),
        Sample("131", "#66130", "code:opt_out"),
        Sample(CUSTOMER, "+49305550130", "user:132", "132", "answered"),
        Sample("131", "#65130", "code:opt_in"),
        Sample("132", "#62130", "code:filter_off"),
        Sample(CUSTOMER, "+49305550130", "user:130", "130", "answered"),
        Sample("130", "#61", "code:filter_on"),
        Sample("131", "#64130001701234567", "number:+491701234567", "trunk:+491701234567", "answered"),
    )),
    Hour("15:00", marked("everybody leaves early: night service by hand, and by schedule again"), (
        Sample("101", "*281", "night:berlin"),
        Sample(CUSTOMER, "+49305550100", "mailbox:101", keys="1"),
        Sample("101", "*289", "night:berlin"),
        Sample(CUSTOMER, "+49305550100", "user:102", "102", "answered"),
    )),
    Hour("19:00", marked("in the evening the attendant answers"), (
        Sample(CUSTOMER, "+49305550100", "number:+491701234567", "trunk:+491701234567", "answered", keys="2"),
    )),
    Hour("23:00", marked("emergency calls, and the switch on its own while nobody takes calls"), (
        Sample("101", "112", "number:112", "trunk:112", "answered"),
        Sample("104", "0112", "number:112", "trunk:112", "answered", without_controller=True),
        Sample("101", "102", "failsafe", "102", "answered", without_controller=True),
        Sample("101", "102", "user:102", "102", "answered"),
    )),
)
