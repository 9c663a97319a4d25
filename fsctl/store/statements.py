"""Statements that calls run again and again: Peewee builds their text once, which takes longer than running them."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from peewee import Value

from fsctl.store.database import Store


class _Given:
    """Where a value goes that is known only when the statement runs."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


def given(name: str) -> Any:
    """Stands in a query for the value of this name."""
    return Value(_Given(name), converter=False, unpack=False)


class Statement:
    """``build`` makes the query, with ``given`` values, when it runs for the first time.

    Its values are those that the column has in the database: text and numbers.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build
        self._compiled: dict[bool, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, store: Store, **values: object) -> list[tuple[Any, ...]]:
        """What it returns. Within a transaction or reading of the store."""
        text, order = self._text(store)
        found: list[tuple[Any, ...]] = store.sql(text, _filled(order, values)).fetchall()
        return found

    def run(self, store: Store, **values: object) -> int:
        """How many rows it has changed. Within a transaction of the store."""
        text, order = self._text(store)
        changed: int = store.sql(text, _filled(order, values)).rowcount
        return changed

    def once(self, store: Store, *, durable: bool = True, **values: object) -> list[tuple[Any, ...]]:
        """Run it as a transaction of its own; what it returns."""
        text, order = self._text(store)
        return store.change(text, _filled(order, values), durable=durable)

    def run_each(self, store: Store, rows: Iterable[Mapping[str, object]]) -> None:
        """Run it for each of these sets of values. Within a transaction of the store."""
        text, order = self._text(store)
        store.sql_each(text, (_filled(order, values) for values in rows))

    def _text(self, store: Store) -> tuple[str, tuple[Any, ...]]:
        compiled = self._compiled.get(store.postgresql)
        if compiled is None:
            context: Any = store.database.get_sql_context()
            text, values = context.sql(self._build()).query()
            compiled = self._compiled[store.postgresql] = text, tuple(values)
        return compiled


def _filled(order: tuple[Any, ...], values: Mapping[str, object]) -> list[object]:
    return [values[each.name] if type(each) is _Given else each for each in order]
