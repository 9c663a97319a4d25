"""Whatever calls, transfers, hang-ups, crashes and restarts do: claims stay what they are meant to be."""

from collections.abc import Iterator
from dataclasses import dataclass
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

from fsctl.store import claims
from fsctl.store.database import Store, open_database
from fsctl.store.migrations import migrate
from fsctl.store.tables import Claim

NODES = ("one", "two")
CALLS = 4  # at once: few, so that they meet
SLOTS = ("slot:701", "slot:702")
number = st.integers(0, 99)


@dataclass
class Channel:
    """A call as FreeSWITCH has it, and the controller of its newest connection."""

    uuid: str
    node: str


@dataclass(frozen=True)
class Held:
    """Who was told that he has it, and the controller that asked last: this one frees it when he is gone."""

    uuid: str
    node: str


class Office(RuleBasedStateMachine):
    """Two controllers on one database, and the calls that come to them."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        with store.transaction():
            store.run(Claim.delete())
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.arrived = 0
        self.running = set(NODES)
        self.channels: dict[str, Channel] = {}
        self.held: dict[str, Held] = {}

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
        self.channels[f"u{self.arrived}"] = Channel(f"u{self.arrived}", self._reached(node))

    @rule(pick=number, node=st.sampled_from(NODES))
    def transferred(self, pick: int, node: str) -> None:
        if self.channels and self.running:
            self._channel(pick).node = self._reached(node)

    @rule(pick=number, slot=st.sampled_from(SLOTS))
    def claims_a_slot(self, pick: int, slot: str) -> None:
        if channel := self._heard(pick):
            self._take(channel, slot)

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
            has_it = self.held[key].uuid == channel.uuid
            assert claims.release(self.store, key, channel.uuid) == has_it
            if has_it:
                del self.held[key]

    @rule(pick=number)
    def hangs_up(self, pick: int) -> None:
        if not self.channels:
            return
        channel = self._channel(pick)
        del self.channels[channel.uuid]
        if channel.node in self.running:
            self._release_all(channel.uuid)

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
        self._compare(node)

    @precondition(lambda self: self.running)
    @rule(pick=number)
    def a_controller_compares(self, pick: int) -> None:
        self._compare(sorted(self.running)[pick % len(self.running)])

    # ---- what always holds

    @invariant()
    def a_claim_is_where_its_holder_was_told(self) -> None:
        """So no key ever has two holders, and what was granted is not lost by what others do."""
        found = {row["key"]: Held(row["holder"], row["node"]) for row in claims.list_claims(self.store)}
        assert found == self.held

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

    def _reached(self, wanted: str) -> str:
        return wanted if wanted in self.running else min(self.running)

    def _take(self, channel: Channel, key: str) -> None:
        took = claims.take(self.store, key, channel.uuid, channel.node, self._later())
        assert took == (key not in self.held or self.held[key].uuid == channel.uuid)
        if took:
            self.held[key] = Held(channel.uuid, channel.node)

    def _compare(self, node: str) -> None:
        """What channels had that are gone is free, and nothing else."""
        lost = [key for key, held in self.held.items() if held.node == node and held.uuid not in self.channels]
        assert claims.release_gone(self.store, node, set(self.channels), before=self._later()) == sorted(lost)
        for key in lost:
            del self.held[key]

    def _keys_of(self, uuid: str) -> list[str]:
        return sorted(key for key, held in self.held.items() if held.uuid == uuid)

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


def test_claims_whatever_happens(store: Store) -> None:
    run_state_machine_as_test(
        lambda: Office(store),
        settings=settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
