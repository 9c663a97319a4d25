"""``fsctl serve``: the controller."""

import ipaddress
import logging
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import click
import gevent
from gevent.event import Event
from gevent.monkey import get_original, is_module_patched

from fsctl.cli import options
from fsctl.cli.endpoints import Endpoint, password, switches
from fsctl.cli.sd_notify import ALIVE, READY, tell, watchdog_seconds
from fsctl.errors import Unreachable
from fsctl.store.database import NoOffice, Store, open_database
from fsctl.switch import garbage
from fsctl.switch.controller import Controller, Hearing, Worker
from fsctl.switch.link.relay import relay_socket
from fsctl.switch.session.server import listen
from fsctl.switch.workers import Workers
from fsctl.words import LANGUAGES, say, speak
from fsctl.words.system import system_error

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@click.command()
@click.option("--listen", "address", type=Endpoint(), default="127.0.0.1:8084", envvar="FSCTL_LISTEN",
              show_default=True, help="Where FreeSWITCH brings its calls.")
@switches
@password
@click.option("--allow", "allowed", multiple=True, default=["127.0.0.0/8", "::1/128"], envvar="FSCTL_ALLOW",
              show_default=True, help="Networks that calls may come from; the switches' addresses may always.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Processes that take calls.")
@options.common
def serve(address: tuple[str, int], switches: tuple[tuple[str, int], ...], esl_password: str,
          allowed: tuple[str, ...], workers: int, as_json: bool, database: str | None) -> None:
    """Answer FreeSWITCH's calls until SIGTERM, then wait for those that are being decided or ring.

    With --json it prints one line when it is ready: where it listens, and to which switches it talks.
    """
    assert is_module_patched("socket"), "gevent must patch first: start fsctl by `fsctl` or `python -m fsctl`"
    networks = [*_networks(allowed), *_addresses(switches)]
    node = f"{socket.gethostname()} {address[0]}:{address[1]}"
    store = options.created(database)
    options.office_of(store)
    applied = options.has_office(store)
    store.close()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    try:
        listener = listen(*address)
    except OSError as error:
        raise Unreachable(say("{why}; name another with --listen", why=error.strerror)) from None

    speak(LANGUAGES[0])  # what the log has from here on is English, whoever has started it
    click.echo("ready", err=True)
    tell(READY)
    if as_json:
        options.print_json_line({"ready": True, "listen": _shown(address), "switches": [*map(_shown, switches)]})
    if not applied:
        logging.warning("%s; until then calls reach nobody", NoOffice(store.place))
    period = watchdog_seconds()
    every = period / BEATS if period else None
    if workers == 1:
        _run(database, every, lambda store: Controller(
            store, listener, switches, esl_password, node=node, allow=networks), partial(tell, ALIVE))
        return
    with TemporaryDirectory(prefix="fsctl-") as folder:
        relay = Path(folder)
        reading = relay_socket(relay)
        take_calls = partial(
            _run, database, every, lambda store: Worker(store, listener, relay, node=node, allow=networks))
        hear = partial(_run, database, every, lambda store: Hearing(store, reading, switches, esl_password, node=node))
        Workers([take_calls] * workers + [hear], partial(tell, ALIVE), every).run()


#: So often in the time within which systemd wants to hear of the service; a silent worker is one that misses two.
BEATS = 4


class _Part(Protocol):
    def start(self) -> None: ...

    def stop(self) -> None: ...


def _run(
    database: str | None, every: float | None, make: Callable[[Store], _Part], beat: Callable[[], None],
) -> None:
    """One process's part, with the database opened after the fork, until SIGTERM; ``beat`` every so many seconds."""
    store = open_database(database)
    try:
        part = make(store)
        part.start()
        garbage.settle()
        if every:
            gevent.spawn(_beat, beat, every)  # to the end: it takes a while to stop
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            gevent.signal_handler(number, stop.set)
        stop.wait()
        part.stop()
    finally:
        store.close()


def _beat(beat: Callable[[], None], every: float) -> None:
    while True:
        beat()
        gevent.sleep(every)


def _networks(allowed: tuple[str, ...]) -> list[Network]:
    return [_network(text) for text in allowed]


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError as error:
        why = (say("{network} has host bits set", network=text) if str(error).endswith("has host bits set")
               else say("{network} does not appear to be an IPv4 or IPv6 network", network=repr(text)))
        raise click.UsageError(say("--allow takes addresses and networks: {why}", why=why)) from None



def _addresses(switches: tuple[tuple[str, int], ...]) -> list[Network]:
    """Where the switches are, whose calls may always come; of a name all its addresses, as it has them now."""
    found: list[Network] = []
    resolve = get_original("socket", "getaddrinfo")  # without a thread, which no fork would have
    for host, port in switches:
        try:
            named = {str(at[0]).partition("%")[0] for *_, at in resolve(host, port, type=socket.SOCK_STREAM)}
        except OSError as error:
            told = say("{host} has no address ({why}): calls from there are refused; "
                       "name a network with --allow, or start again when it has one",
                       host=host, why=system_error(error))
            click.echo(f"fsctl: {told}", err=True)
            continue
        found += [ipaddress.ip_network(each) for each in sorted(named)]
    return found


def _shown(place: tuple[str, int]) -> str:
    return f"[{place[0]}]:{place[1]}" if ":" in place[0] else f"{place[0]}:{place[1]}"
