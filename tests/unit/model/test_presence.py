"""Who is engaged, and in which one word a person's channels are told."""

import pytest

from fsctl.model.live import LiveCall
from fsctl.model.presence import engaged, presence
from tests.unit.builders import AT


def channel(state, direction="outbound", uuid="a", peer=None):
    return LiveCall(uuid, "101", peer, direction, state, AT)


@pytest.mark.parametrize(("channels", "word", "about"), [
    ([], "free", None),
    ([channel("ringing")], "ringing", 0),
    ([channel("ringing", "inbound")], "busy", 0),
    ([channel("parked", "inbound")], "busy", 0),
    ([channel("parked")], "busy", 0),
    ([channel("held")], "on hold", 0),
    ([channel("held"), channel("ringing")], "ringing", 1),
    ([channel("held", "inbound"), channel("ringing")], "ringing", 1),
    ([channel("ringing"), channel("ringing", "inbound")], "busy", 1),
    ([channel("ringing", "inbound"), channel("talking")], "busy", 1),
    ([channel("held"), channel("talking", "inbound")], "busy", 1),
])
def test_one_word(channels, word, about):
    found, call = presence(channels)
    assert found == word
    assert call is (None if about is None else channels[about])


@pytest.mark.parametrize(("channels", "always", "not_when_rung"), [
    ([], False, False),
    ([channel("ringing")], True, False),
    ([channel("ringing", "inbound")], True, True),
    ([channel("talking")], True, True),
    ([channel("held")], True, True),
    ([channel("held"), channel("ringing")], True, True),
    ([channel("talking", uuid="own")], False, False),
    ([channel("ringing", peer="own")], False, False),
    ([channel("ringing", peer="own"), channel("talking")], True, True),
])
def test_whatever_goes_on_but_the_call_itself(channels, always, not_when_rung):
    assert engaged(channels, "own") == always
    assert engaged(channels, "own", rung_counts=False) == not_when_rung
