"""``fsctl status``: who is talking, ringing or away, as FreeSWITCH itself says."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field

import click

from fsctl.cli import completion, options, output
from fsctl.cli.endpoints import password, switches
from fsctl.cli.forward import KINDS, sent_to
from fsctl.cli.status_words import State, in_table, phone_in_words
from fsctl.errors import FsctlError
from fsctl.model.destination import Destination
from fsctl.model.executives import handled_for
from fsctl.model.group_calls import ANONYMOUS, conference_of, room_of
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.presence import is_rung, presence
from fsctl.store.snapshot import Snapshots
from fsctl.switch.link import snapshot
from fsctl.switch.link.event_socket import EventSocket, SwitchError
from fsctl.switch.link.registrations import Registration, phones
from fsctl.words import say

#: Seconds between looks of ``--watch``.
_WATCH_SECONDS = 0.5

_NOWHERE = Live()


@dataclass
class Seen:
    """What the switches say, if any of them says anything."""

    live: Live = field(default_factory=lambda: Live(known=False))
    registered: set[str] = field(default_factory=set)
    #: Those that say something, as host and port.
    switches: list[tuple[str, int]] = field(default_factory=list)
    #: Why others say nothing.
    unreachable: list[SwitchError] = field(default_factory=list)
    #: The phones of the one person who is asked for.
    phones: list[Registration] = field(default_factory=list)

    def complain(self) -> None:
        """Unreachable where a switch says nothing, after what the others say was shown."""
        for error in self.unreachable[:-1]:
            click.echo(f"fsctl: {error}", err=True)
        if self.unreachable:
            raise self.unreachable[-1]


@click.command()
@click.argument("extension", required=False, shell_complete=completion.people)
@click.option("--watch", is_flag=True, help="Go on and show every change, until interrupted.")
@click.option("--addresses", is_flag=True, help="With EXTENSION: also where that person's phones are.")
@switches
@password
@options.common
def status(extension: str | None, watch: bool, addresses: bool, switches: tuple[tuple[str, int], ...],
           esl_password: str, as_json: bool, database: str | None) -> None:
    """Everybody, or one person and whom that person monitors: the state, with whom, and where calls are sent.

    Of one person also the phones that are registered, but for --watch.

    The states: free, ringing, busy, on hold, parked for, diverted, do not disturb, offline. A person who keeps to
    himself with whom he talks is shown without.
    """
    store = options.with_office(options.to_read(database))
    current = Snapshots(store).current
    users = _asked_for(extension, current())
    whose = extension if extension and not watch else ""
    shown: dict[str, dict[str, object]] = {}
    with suppress(KeyboardInterrupt) if watch else nullcontext():
        while True:
            office, seen = current(), look(switches, esl_password, complain=watch and not shown, phones_of=whose)
            acting, at = _acting(office, seen.live), _at(seen.live)
            rows = {user: _row(user, office, seen, acting, at.get(user, _NOWHERE))
                    for user in users if user in office.users}
            news = [row for user, row in rows.items() if shown.get(user) != row]
            _show(news, [_phone(each, addresses) for each in seen.phones], whose, as_json)
            if not watch:
                seen.complain()
            if not watch or output.nobody_reads():
                return
            shown = rows
            time.sleep(_WATCH_SECONDS)


def _asked_for(extension: str | None, office: Office) -> list[str]:
    if extension is None:
        return list(office.users)
    if extension not in office.users:
        raise FsctlError(say("there is no user {extension}; 'fsctl status' shows all", extension=extension))
    return [extension, *office.users[extension].monitors]


def _show(rows: list[dict[str, object]], phones: list[dict[str, object]], whose: str, as_json: bool) -> None:
    if not rows:
        return
    if as_json:
        options.print_json([row | ({"phones": phones} if row["user"] == whose else {}) for row in rows])
    else:
        options.print_table(map(in_table, rows), ("user", "name", "state", "with", "for", "forward", "dnd"))
        for phone in phones:
            click.echo(f"{whose}: {phone_in_words(phone)}")


def _phone(found: Registration, addresses: bool) -> dict[str, object]:
    told: dict[str, object] = {
        "client": found.client, "transport": found.transport, "expires_seconds": found.expires_seconds}
    return told | ({"address": found.address} if addresses else {})


def state_of(calls: Sequence[LiveCall], registered: bool) -> tuple[State, LiveCall | None]:
    """One word for all channels of a person, and the channel that it is about; without one whether a phone is there."""
    state, call = presence(calls)
    return (state if calls or registered else "offline"), call


def look(switches: Sequence[tuple[str, int]], secret: str, *, complain: bool, phones_of: str = "") -> Seen:
    """What the switches say now, of one person the phones as well; ``complain``: those that say nothing are named."""
    seen = Seen()
    calls: tuple[LiveCall, ...] = ()
    for host, port in switches:
        link = EventSocket(host, port, secret)
        try:
            link.open()
            live = snapshot.calls_now(link, f"{host}:{port}")
            seen.registered |= snapshot.registered(link)
            seen.phones += phones(link, phones_of) if phones_of else []
        except SwitchError as error:
            if complain:
                click.echo(f"fsctl: {error}", err=True)
            seen.unreachable.append(error)
            continue
        finally:
            link.close()
        calls += live.calls
        seen.switches.append((host, port))
        seen.live = Live(calls)
    return seen


@contextmanager
def looked(switches: Sequence[tuple[str, int]], secret: str) -> Iterator[Seen]:
    """What the switches say now; those that say nothing are named when the rest was shown, and the command fails."""
    seen = look(switches, secret, complain=False)
    yield seen
    seen.complain()


def _at(live: Live) -> dict[str, Live]:
    """Of each person the calls in which he is, and those that are parked for him."""
    found: dict[str, list[LiveCall]] = {}
    for call in live.calls:
        for user in {call.user, call.slot} - {None}:
            found.setdefault(user or "", []).append(call)
    return {user: Live(tuple(calls)) for user, calls in found.items()}


def _row(
    user: str, office: Office, seen: Seen, acting: Mapping[str, str], own: Live | None = None
) -> dict[str, object]:
    at = seen.live if own is None else own
    state, call = state_of(at.of(user), user in seen.registered)
    forward = office.forwarding(user)
    if call is None:
        state, call = _without_call(user, state, office, at)
    hidden = office.users[user].privacy
    return {
        "user": user,
        "name": office.users[user].name,
        "state": state if seen.live.known else "unknown",
        "with": None if call is None or hidden else _other(call, user, seen.live, office),
        "for": None if hidden else acting.get(user),
        "forward": {when: str(to) for when in KINDS if (to := sent_to(forward, when)) is not None},
        "dnd": office.settings.dnd(user),
    }


def _acting(office: Office, live: Live) -> dict[str, str]:
    """Who handles a call for an executive, and for which."""
    executives = [each for each in office.users.values() if each.executive][::-1]  # the first one counts
    return {handled.by: each.extension for each in executives for handled in handled_for(each, live)}


def _without_call(user: str, state: State, office: Office, live: Live) -> tuple[State, LiveCall | None]:
    """What else there is to know of somebody who is in no call. A call parked for him is with who is parked."""
    parked = next((call for call in live.calls if call.slot == user), None)
    if parked is not None:
        return "parked for", parked
    if office.forwarding(user).always is not None:
        return "diverted", None
    return ("do not disturb" if office.settings.dnd(user) else state), None


def _other(call: LiveCall, user: str, live: Live, office: Office) -> str | None:
    """Who is at the other end: somebody connected, or the first whom a caller rings; who is parked for ``user``, and of
    him who is parked himself where that is (``slot:701``).

    Of a group call that is all of it (``conference:crew``): for who is in it, and who is rung though nobody calls.
    """
    room = room_of(call.group) if call.group and is_rung(call) and call.peer is None else call.room
    if room and (to := conference_of(room, office)):
        return str(to)
    if call.slot and call.peer is None:
        if call.user == user:
            return str(Destination("slot", call.slot))
        return call.user or call.number or ANONYMOUS
    peer = next((other for other in live.calls if other.uuid == call.peer), None)
    peer = peer or next((other for other in live.calls if other.peer == call.uuid), None)
    return (peer.user or peer.number or ANONYMOUS) if peer else None
