"""``uuid_record`` and ``uuid_displace``, as mod_commands.c has them (session_record_function)."""

from collections.abc import Callable

from fsctl.simulator.channel import recording
from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.dialplan.dialstring import separate


def record(switch: Switch, argument: str) -> str:
    """``uuid start|stop path [limit]``; ``stop all`` too."""
    return _act(switch, argument, "record", "<uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]",
                recording.start, recording.stop)


def displace(switch: Switch, argument: str) -> str:
    """``uuid start|stop sound [limit] [mux]``. What else is heard meanwhile is the same without ``mux`` here."""
    return _act(switch, argument, "displace", "<uuid> [start|stop] <path> [<limit>] [mux]",
                recording.displace, recording.stop_displace)


def _act(switch: Switch, argument: str, name: str, usage: str, start: Callable[[Channel, str, int], bool],
         stop: Callable[[Channel, str], bool]) -> str:
    words = separate(argument)
    if len(words) < 3:
        return f"-USAGE: {usage}\n"
    uuid, action, path, limit = (*words, "")[:4]
    channel = switch.find(uuid)
    if channel is None:
        return "-ERR Cannot locate session!\n"
    match action.lower():
        case "start":
            done = start(channel, path, int(limit) if limit.isdecimal() else 0)
            return "+OK Success\n" if done else f"-ERR Cannot {name} session!\n"
        case "stop":
            return "+OK Success\n" if stop(channel, path) else f"-ERR Cannot stop {name} session!\n"
    return f"-USAGE: {usage}\n"
