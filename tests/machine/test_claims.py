"""Whatever calls, transfers, hang-ups, crashes and restarts do: claims and owners stay what they are meant to be."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fsctl.store import claims, owners
from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from fsctl.store.tables import ChannelOwner, Claim

NODES = ("one", "two")
CALLS = 4  # at once: few, so that they meet
SLOTS = ("slot:701", "slot:702")
number = st.integers(0, 99)


@dataclass
class Channel:
    """A call as FreeSWITCH has it, and the controllers of its connections: the last one is the newest."""

    uuid: str
    connections: list[str] = field(default_factory=list)

    @property
    def node(self) -> str:
        return self.connections[-1]

    @property
    def epoch(self) -> int:
        return len(self.connections)


class Office(RuleBasedStateMachine):
    """Two controllers on one database, and the calls that come to them."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        with store.transaction():
            store.run(Claim.delete())
            store.run(ChannelOwner.delete())
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.arrived = 0
        self.running = set(NODES)
        self.channels: dict[str, Channel] = {}
        self.gone: dict[str, Channel] = {}  # hung up while nobody listened
        self.held: dict[str, str] = {}  # key: the channel that was told that it has it

    # ---- what happens

    @initialize(node=st.sampled_from(NODES))
    def first(self, node: str) -> None:
        self.arrive(node)

    @precondition(lambda self: len(self.channels) < CALLS)
    @rule(node=st.sampled_from(NODES))
    def arrive(self, node: str) -> None:
        """The first controller is down: FreeSWITCH asks the next one on its list."""
        if not self.running:
            return
        self.arrived += 1
        self._connect(Channel(f"u{self.arrived}"), node)

    @rule(pick=number, node=st.sampled_from(NODES))
    def transferred(self, pick: int, node: str) -> None:
        if self.channels and self.running:
            self._connect(self._channel(pick), node)

    @rule(pick=number, slot=st.sampled_from(SLOTS))
    def claims_a_slot(self, pick: int, slot: str) -> None:
        if channel := self._heard(pick):
            self._take(channel, slot)

    @rule(pick=number, what=number)
    def an_older_connection_claims(self, pick: int, what: int) -> None:
        if not self.channels:
            return
        channel = self._channel(pick)
        keys = [*SLOTS, *(f"call:{uuid}" for uuid in self.channels)]
        for epoch, node in enumerate(channel.connections[:-1], 1):
            assert not self._ask_for(channel, keys[what % len(keys)], node, epoch)
            assert not owners.is_owner(self.store, channel.uuid, epoch)

    @rule(pick=number, other=number)
    def claims_another_call(self, pick: int, other: int) -> None:
        if channel := self._heard(pick):
            self._take(channel, f"call:{self._channel(other).uuid}")

    @rule(pick=number)
    def moves_the_call_it_claimed(self, pick: int) -> None:
        """What the other call had reserved is free, and then the call itself."""
        if not (channel := self._heard(pick)):
            return
        for key in self._keys_of(channel.uuid):
            if key.startswith("call:"):
                moved = key.removeprefix("call:")
                if moved != channel.uuid:
                    self._release_all(moved)
                assert claims.release(self.store, key, channel.uuid)
                del self.held[key]

    @precondition(lambda self: self.held)
    @rule(which=number, pick=number)
    def releases(self, which: int, pick: int) -> None:
        """Only what is its own; asked for by any channel."""
        if channel := self._heard(pick):
            key = sorted(self.held)[which % len(self.held)]
            has_it = self.held[key] == channel.uuid
            assert claims.release(self.store, key, channel.uuid) == has_it
            if has_it:
                del self.held[key]

    @precondition(lambda self: self.held)
    @rule(which=number, pick=number, to=number)
    def passes_on(self, which: int, pick: int, to: int) -> None:
        giving, taking = self._heard(pick), self._heard(to)
        if giving and taking:
            key = sorted(self.held)[which % len(self.held)]
            has_it = self.held[key] == giving.uuid
            passed = claims.pass_on(self.store, key, giving.uuid, taking.uuid, taking.node, self._later())
            assert passed == has_it
            if has_it:
                self.held[key] = taking.uuid

    @rule(pick=number)
    def hangs_up(self, pick: int) -> None:
        if not self.channels:
            return
        channel = self._channel(pick)
        del self.channels[channel.uuid]
        if channel.node in self.running:
            owners.forget(self.store, [channel.uuid])
            self._release_all(channel.uuid)
            assert not self._ask_for(channel, SLOTS[0], channel.node, channel.epoch)
        else:
            self.gone[channel.uuid] = channel

    @precondition(lambda self: self.running)
    @rule(pick=number)
    def a_controller_crashes(self, pick: int) -> None:
        """Its calls go on in FreeSWITCH, and what is written stays."""
        self.running.discard(sorted(self.running)[pick % len(self.running)])

    @precondition(lambda self: len(self.running) < len(NODES))
    @rule(pick=number)
    def a_controller_starts_again(self, pick: int) -> None:
        down = sorted(set(NODES) - self.running)
        node = down[pick % len(down)]
        self.running.add(node)
        owned = owners.owned_by(self.store, node)
        asked_at = self._later()
        alive = set(self.channels)
        lost = {uuid for uuid, channel in self.gone.items() if channel.node == node}
        owners.forget(self.store, set(owned) - alive)
        freed = claims.release_gone(self.store, node, alive, before=asked_at)
        assert freed == sorted(key for key, holder in self.held.items() if holder in lost)
        for uuid in lost:
            del self.gone[uuid]
        self.held = {key: holder for key, holder in self.held.items() if holder not in lost}

    # ---- what always holds

    @invariant()
    def a_claim_is_where_its_holder_was_told(self) -> None:
        """So no key ever has two holders, and what was granted is not lost by what others do."""
        assert {row["key"]: row["holder"] for row in claims.list_claims(self.store)} == self.held

    @invariant()
    def a_holder_lives_or_its_controller_is_down(self) -> None:
        for row in claims.list_claims(self.store):
            channel = (self.channels | self.gone)[row["holder"]]
            assert row["node"] == channel.node, row
            assert row["holder"] in self.channels or row["node"] not in self.running, row

    @invariant()
    def the_newest_connection_owns_a_channel_that_lives(self) -> None:
        for node in NODES:
            known = [*self.channels.values(), *self.gone.values()]
            expected = {channel.uuid: channel.epoch for channel in known if channel.node == node}
            assert owners.owned_by(self.store, node) == expected

    # ---- how it is done

    def _later(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def _channel(self, pick: int) -> Channel:
        return sorted(self.channels.values(), key=lambda channel: channel.uuid)[pick % len(self.channels)]

    def _heard(self, pick: int) -> Channel | None:
        """A channel whose controller runs."""
        heard = [channel for channel in self.channels.values() if channel.node in self.running]
        return heard[pick % len(heard)] if heard else None

    def _connect(self, channel: Channel, wanted: str) -> None:
        node = wanted if wanted in self.running else min(self.running)
        epoch = owners.own(self.store, channel.uuid, node, self._later())
        channel.connections.append(node)
        self.channels[channel.uuid] = channel
        assert epoch == channel.epoch

    def _ask_for(self, channel: Channel, key: str, node: str, epoch: int) -> bool:
        return claims.take(self.store, key, channel.uuid, node, self._later(), epoch=epoch)

    def _take(self, channel: Channel, key: str) -> None:
        took = self._ask_for(channel, key, channel.node, channel.epoch)
        assert took == (self.held.get(key, channel.uuid) == channel.uuid)
        if took:
            self.held[key] = channel.uuid

    def _keys_of(self, uuid: str) -> list[str]:
        return sorted(key for key, holder in self.held.items() if holder == uuid)

    def _release_all(self, uuid: str) -> None:
        keys = self._keys_of(uuid)
        assert claims.release_all(self.store, uuid) == keys
        for key in keys:
            del self.held[key]


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A migrated database, used by all examples."""
    store = open_database(url)
    migrate(store)
    yield store
    store.close()


def test_claims_and_owners_whatever_happens(store: Store) -> None:
    run_state_machine_as_test(
        lambda: Office(store),
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
