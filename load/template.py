"""Bytes with gaps, which are filled anew for each call: cheap, so that the generator hardly counts."""

import re

_GAP = re.compile(rb"ZZ([a-z_]+)ZZ")


def gap(name: str) -> str:
    """What stands in the text where ``name`` is to be filled in; percent-encoding leaves it alone."""
    return f"ZZ{name}ZZ"


class Template:
    """``fill`` puts a call's values into the gaps."""

    def __init__(self, text: bytes) -> None:
        self._pieces = _GAP.split(text)
        self._gaps = [(place, name.decode()) for place, name in enumerate(self._pieces) if place % 2]

    def fill(self, values: dict[str, bytes]) -> bytes:
        pieces = self._pieces.copy()
        for place, name in self._gaps:
            pieces[place] = values[name]
        return b"".join(pieces)
