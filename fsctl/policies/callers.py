"""Who calls, as rules of the office file name it: kinds of callers, numbers and extensions, and how these begin."""

from fsctl.model import call_classes
from fsctl.model.call import Call
from fsctl.model.digits import plain


def is_one(caller: str, call: Call) -> bool:
    """Whether the caller is one of these: ``external``, ``internal`` or ``anonymous``, else a number or a pattern.

    Only a colleague has an extension, whatever somebody outside shows; a number is known by its whole form alone.
    Who calls on behalf of somebody is that one.
    """
    number = _number(call)
    match caller:
        case "external":
            return call.external
        case "internal":
            return not call.external
        case "anonymous":
            return not number
    return (call.user is not None or number.startswith("+")) and begins(caller, number)


def is_of_class(kind: str, call: Call, country: str) -> bool:
    """Whether the number that somebody outside shows is of a class (``premium``) for who is called in ``country``."""
    number = _number(call)
    return call.external and number.startswith("+") and call_classes.class_of(number, country) == kind


def begins(pattern: str, number: str) -> bool:
    """Whether it is that number, or for a pattern with a ``*`` at its end, begins so."""
    return number.startswith(pattern[:-1]) if pattern.endswith("*") else number == pattern


def _number(call: Call) -> str:
    return "" if call.withheld else call.on_behalf or call.user or plain(call.caller.number)
