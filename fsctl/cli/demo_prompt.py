"""The demo's prompt: commands for its telephones and its clock, and some of fsctl's own."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import click
from gevent.socket import wait_read

from fsctl.cli.demo_hands import Hands
from fsctl.cli.demo_office import HERE, PASSWORD, DemoOffice, told
from fsctl.errors import FsctlError
from fsctl.model.night import night_at
from fsctl.model.settings import night_path, night_value
from fsctl.store.settings import change_setting
from fsctl.words import marked, moments, say

_WELCOME = marked("Now the telephones are yours. `call 101 102` and then `answer` connects two; `help` says what else"
                  " there is.")
#: Of the commands in the list of them, at least.
_WIDTH = 28
_NIGHT: dict[str, bool | None] = {"on": True, "off": False, "auto": None}


@dataclass(frozen=True, slots=True)
class Command:
    """``usage`` names its arguments as they are typed; ``[PHONE]`` may be left out. Both texts are messages."""

    usage: str
    about: str
    run: Callable[..., object]

    @property
    def counts(self) -> range:
        """How many arguments it takes."""
        words = self.usage.split()
        return range(sum("[" not in word for word in words), len(words) + 1)

    def as_typed(self, name: str) -> str:
        """Its name and its arguments."""
        return f"{_shown(name)} {say(self.usage)}" if self.usage else _shown(name)


def prompt(office: DemoOffice) -> None:
    """Obey until ``quit`` or the end of the input, and tell what happens at the phones and what the journal says."""
    office.run_in_real_time()
    told_before = {call["uuid"] for call in office.latest_calls()}
    hands = Hands(office)
    phones = _at_phones(hands)
    commands = phones | _about_the_office(office)
    commands["help"] = Command("", marked("this list"), lambda: _help(commands))
    click.echo(f"\n{say(_WELCOME)}")
    while (line := _read(f"{moments.of_the_week(office.clock.here())} > ")) is not None:
        words = line.replace("hang up", "hang-up").split()
        if words[:1] == ["quit"]:
            return
        done = bool(words) and _obey(words, commands)
        for change in hands.changes(wait=done and words[0] in phones):
            click.echo(change)
        for call in office.latest_calls():
            if call["state"] == "ended" and call["uuid"] not in told_before:
                told_before.add(call["uuid"])
                click.echo(told(call))


def _obey(words: list[str], commands: dict[str, Command]) -> bool:
    """Whether it could be done; why not is told."""
    name, arguments = words[0], words[1:]
    command = commands.get(name)
    if command is None:
        known = ", ".join(map(_shown, (*commands, "quit")))
        click.echo(say("{name} is no command; there are {known}", name=name, known=known))
    elif len(arguments) not in command.counts:
        click.echo(say("so it is written: {command}", command=command.as_typed(name)))
    else:
        try:
            command.run(*arguments)
            return True
        except click.ClickException as error:
            click.echo(error.format_message())
        except FsctlError as error:
            click.echo(str(error))
    return False


def _at_phones(hands: Hands) -> dict[str, Command]:
    return {
        "call": Command(marked("CALLER DIALLED"),
                        marked("place a call, from an extension or an outside number with a +"), hands.call),
        "answer": Command(marked("[PHONE]"), marked("take the call that rings"), hands.answer),
        "decline": Command(marked("[PHONE]"), marked("reject it"), hands.decline),
        "hang-up": Command(marked("[PHONE]"), marked("end the call"), hands.hang_up),
        "press": Command(marked("KEYS [PHONE]"), marked("press keys"), hands.press),
        "hold": Command(marked("[PHONE]"), marked("the other party hears music"), hands.hold),
        "resume": Command(marked("[PHONE]"), marked("and no longer"), hands.resume),
        "transfer": Command(marked("DIALLED [PHONE]"), marked("send the other party elsewhere"), hands.transfer),
        "connect": Command(marked("[PHONE]"), marked("connect whom one holds with whom one has called meanwhile"),
                           hands.connect),
    }


def _about_the_office(office: DemoOffice) -> dict[str, Command]:
    def fsctl(*arguments: str) -> None:
        from fsctl.cli import cli

        cli.main([*arguments, "--database", office.database], standalone_mode=False)

    def explain(caller: str, dialled: str) -> None:
        fsctl("explain", caller, dialled, "--at", office.clock().isoformat())

    def status() -> None:
        fsctl("status", "--switch", f"{HERE}:{office.switch.port}", "--password", PASSWORD)

    return {
        "clock": Command("HH:MM", marked("set the clock, of the same day"), lambda hour: _turn(office, hour)),
        "at": Command(marked("TIME"), marked("set the clock, such as 2026-12-24T18:00"),
                      lambda text: _set(office, text)),
        "night": Command(marked("on|off|auto [SITE]"), marked("night service by hand, or by schedule"),
                         lambda how, site="": _night(office, how, site)),
        "explain": Command(marked("CALLER DIALLED"), marked("what would happen to a call, and why"), explain),
        "calls": Command("", marked("the latest calls"), lambda: fsctl("calls", "list", "--limit", "10")),
        "status": Command("", marked("who talks with whom"), status),
    }


def _turn(office: DemoOffice, hour: str) -> None:
    try:
        office.clock.turn_to(hour)
    except ValueError:
        raise FsctlError(say("{text} is no time of day; it is written as 18:30", text=hour)) from None


def _set(office: DemoOffice, text: str) -> None:
    try:
        moment = datetime.fromisoformat(text)
        office.clock.set(moment if moment.tzinfo else moment.replace(tzinfo=office.clock.zone))
    except (ValueError, OverflowError):
        raise FsctlError(say("{text} is no time; it is written as 2026-12-24T18:00", text=text)) from None


def _night(office: DemoOffice, how: str, key: str) -> None:
    known = {site.key: site for site in office.office.sites.values() if site.night is not None}
    site = known.get(key or next(iter(known)))
    if how not in _NIGHT or site is None:
        raise FsctlError(say("so it is written: night on|off|auto, and a site may follow: {known}",
                             known=", ".join(known)))
    on, now = _NIGHT[how], office.clock()
    change_setting(office.store, night_path(site.key), None if on is None else night_value(on, None), "demo", now)
    found = night_at(site, office.office, office.clock())
    values = {"site": site.key, "why": found.because}
    click.echo(say("{site}: on ({why})", **values) if found.on else say("{site}: off ({why})", **values))


def _help(commands: dict[str, Command]) -> None:
    lines = [(command.as_typed(name), say(command.about)) for name, command in commands.items()]
    lines.append(("quit", say("end, as the end of the input does")))
    width = max(_WIDTH, *(len(usage) + 2 for usage, _ in lines))
    for usage, about in lines:
        click.echo(f"  {usage:<{width}}{about}")


def _shown(name: str) -> str:
    return name.replace("-", " ")


def _read(question: str) -> str | None:
    """A line from the terminal, which hands over one at a time; None at its end. The switch works on meanwhile."""
    click.echo(question, nl=False)
    try:
        wait_read(sys.stdin.fileno())
        data = os.read(sys.stdin.fileno(), 4096)
    except (OSError, KeyboardInterrupt):
        data = b""
    if not data:
        click.echo()
        return None
    return data.decode("utf-8", "replace").strip()
