"""Commands about how much the switch carries: mod_hash's limits, the limit of sessions, and sums of mod_expr.

And what else mod_hash keeps: values by realm and key.
"""

import ast
import operator
import re
import time
from collections.abc import Callable

from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.core.causes import known

_MODULES = frozenset({"mod_conference", "mod_expr", "mod_hash"})
_SUMS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def module_exists(switch: Switch, argument: str) -> str:
    return "true" if argument in _MODULES else "false"


def expr(switch: Switch, argument: str) -> str:
    """``(2000-3)*100``, as mod_expr prints it."""
    try:
        plain = re.sub(r"\b0+(?=[0-9])", "", argument)
        return f"{_value(ast.parse(plain, mode='eval').body):.10f}".rstrip("0").removesuffix(".")
    except (SyntaxError, ValueError, ZeroDivisionError):
        return "-ERR"


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _SUMS:
            return _SUMS[type(op)](_value(left), _value(right))
    raise ValueError(ast.dump(node))


def fsctl(switch: Switch, argument: str) -> str:
    """``max_sessions [NUMBER]``."""
    name, _, number = argument.partition(" ")
    if name != "max_sessions":
        return "-ERR only: fsctl max_sessions [<number>]\n"
    switch.max_sessions = int(number or 0) or switch.max_sessions
    return f"+OK max sessions: {switch.max_sessions}\n"


def hash_(switch: Switch, argument: str) -> str:
    """``insert | insert_ifempty | select | delete | delete_ifmatch/realm/key[/value]`` (mod_hash.c, hash_api_function).

    The realm is a part of the key, and the value may have slashes of its own.
    """
    match argument.split("/", 3):
        case [act, realm, key, *value] if act in _KEPT and len(value) >= _KEPT[act]:
            return _keep(switch.hash, act, f"{realm}_{key}", "".join(value))
    return "-ERR Usage: hash insert|insert_ifempty|select|delete|delete_ifmatch/realm/key[/value]\n"


#: How many values each act of ``hash`` needs.
_KEPT = {"insert": 1, "insert_ifempty": 1, "select": 0, "delete": 0, "delete_ifmatch": 1}


def _keep(kept: dict[str, str], act: str, key: str, value: str) -> str:
    if act == "select":
        return kept.get(key, "")
    if act == "insert_ifempty" and key in kept:
        return "-ERR key already exists\n"
    if act.startswith("insert"):
        kept[key] = value
        return "+OK\n"
    if key not in kept:
        return "-ERR Not found\n"
    if act == "delete_ifmatch" and kept[key] != value:
        return "-ERR Doesn't match\n"
    del kept[key]
    return "+OK\n"


def limit(channel: Channel, rest: str) -> str:
    """``hash REALM RESOURCE MAX/1 [!CAUSE]`` counts in each second of the clock (limit_incr_hash)."""
    _, realm, resource, most, *cause = rest.split()
    key, now = f"{realm}_{resource}", int(time.monotonic())
    second, count = channel.switch.rates.get(key, (now, 0))
    count = count + 1 if second == now else 1
    channel.switch.rates[key] = now, count
    if count > int(most.partition("/")[0]):
        channel.hang_up(known(cause[0].removeprefix("!") if cause else ""))
    else:
        channel.set(f"limit_rate_{key}", str(count))
        channel.set(f"limit_usage_{key}", str(sum(
            f"limit_rate_{key}" in each.variables for each in channel.switch.channels.values())))
    return "+OK"
