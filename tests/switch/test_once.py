"""Of several controllers FreeSWITCH chooses one."""

import pytest

from fsctl.switch.in_talk.once import first
from fsctl.switch.link.event_socket import SwitchError


class Commands:
    def __init__(self, answer: str = "+OK\n") -> None:
        self.answer, self.packets = answer, list[list[str]]()

    def apis(self, commands: list[str]) -> list[str]:
        if not self.answer:
            raise SwitchError("the link is gone")
        self.packets.append(commands)
        return [self.answer, "+OK Added: 1\n"]


@pytest.mark.parametrize(("answer", "found"), [
    ("+OK\n", True), ("-ERR key already exists\n", False),
    ("-ERR hash Command not found!\n", True),  # without mod_hash both would rather act than none
])
def test_who_is_first(answer: str, found: bool) -> None:
    """What was asked is forgotten again, whatever becomes of this process: that is in the same packet."""
    commands = Commands(answer)
    assert first(commands, "keys-x-1") is found  # type: ignore[arg-type]
    assert commands.packets == [[
        "hash insert_ifempty/fsctl-once/keys-x-1/1", "sched_api +60 none hash delete/fsctl-once/keys-x-1"]]


@pytest.mark.parametrize("what", ["", "a b", "a/b", "a\nb"])
def test_what_is_no_word_is_not_asked(what: str) -> None:
    commands = Commands()
    with pytest.raises(ValueError):
        first(commands, what)  # type: ignore[arg-type]
    assert not commands.packets


def test_a_link_that_is_gone() -> None:
    with pytest.raises(SwitchError):
        first(Commands(""), "x")  # type: ignore[arg-type]
