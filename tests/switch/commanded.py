"""A call's connection as performers use it, of which everything is noted that they say to FreeSWITCH."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace


class Commanded:
    """``api`` says what FreeSWITCH answers, and is each one's own."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def api(self, text: str, timeout: float | None = 5) -> str:
        raise NotImplementedError

    def apis(self, commands: Sequence[str]) -> list[str]:
        return [self.api(each) for each in commands]

    def api_nowait(self, text: str) -> SimpleNamespace:
        answer = self.api(text)
        return SimpleNamespace(get=lambda timeout: answer)

    def execute(self, *command: str) -> None:
        self.said.append(" ".join(command))

    def keys_between(self, after: object, before: object) -> str:
        return ""

    @contextmanager
    def batch(self) -> Iterator[None]:
        yield
