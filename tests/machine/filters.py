"""An office with two executives, in variants, and what its filters, opt-ins and diversions mean there.

Told once more and from the file's tables alone, so that it can disagree with fsctl.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

EXECUTIVES = ("130", "140")
PEOPLE = ("101", "130", "131", "132", "140")
FAMILY, STRANGER, MOBILE = "+4915199999999", "+4915112345678", "+491701234567"
#: How the extensions and the number outside are dialled.
DIALLED = {"101": "101", "131": "131", "132": "132", "130": "130", "140": "140", MOBILE: "001701234567"}

#: Where calls are diverted; "" for no longer.
TO = ("", "101", "130", "132", MOBILE)

Tree = Mapping[str, Any]
Said = Mapping[str, str]


def tree(*, gone: str = "", opt_out: bool = True, may_switch: bool = True, mode: str = "all",
         alerting: str = "sequential", screening: str = "off", rollover: str = "",
         recall: bool = True) -> dict[str, Any]:
    """``gone`` is who is there no more: a user, or ``executive``, since 130 is none any longer."""
    users: dict[str, dict[str, Any]] = {
        each: {"name": f"Person {each}", "site": "berlin", "numbers": [f"+49305550{each}"]}
        for each in PEOPLE if each != gone}
    terms = {"alerting": alerting, "opt_out": opt_out, "assistants_may_switch": may_switch, "screening": screening}
    rules = [{"name": "family", "from": [FAMILY], "action": "accept"},
             {"name": "outside", "from": "external", "action": "divert"}]
    if rollover:
        terms["rollover"] = {"after_seconds": 0, "to": f"user:{rollover}"}
    if gone not in ("130", "executive"):
        users["130"]["executive"] = terms | {
            "assistants": [each for each in ("131", "132") if each != gone], "filter": mode, "rules": rules}
    users["140"]["executive"] = {
        "assistants": [each for each in ("132", "130") if each != gone], "filter": "external", "opt_out": True,
        "assistants_may_switch": True}
    return {
        "version": 1, "office": {"transfer_recall": recall}, "numbering": {"country": "DE", "external_prefix": "0"},
        "trunks": {"provider": {"dial": "sofia/gateway/provider/{number}", "caller_id": "+49305550100",
                                "allow_transit": True}},
        "sites": {"berlin": {"name": "Berlin", "timezone": "Europe/Berlin", "language": "de"}},
        "users": users,
    }


def terms_of(office: Tree, executive: str) -> Mapping[str, Any]:
    """Of an executive; empty for who is none."""
    found: Mapping[str, Any] = office["users"].get(executive, {}).get("executive", {})
    return found


def assistants_of(office: Tree, executive: str) -> list[str]:
    found: list[str] = terms_of(office, executive).get("assistants", [])
    return found


def executives_of(office: Tree, assistant: str) -> list[str]:
    return [each for each in office["users"] if assistant in assistants_of(office, each)]


def is_somebodys(office: Tree, path: str) -> bool:
    """Whether there is still an executive for whom this was switched, or an assistant of his."""
    kind, executive, *assistant = path.split(".")
    if kind == "filter":
        return bool(terms_of(office, executive))
    return assistant[0] in assistants_of(office, executive)


def filtered(office: Tree, said: Said, executive: str, number: str, *who: str | None) -> bool:
    """Whether a call goes to the assistants: ``number`` calls, a colleague by his extension, and ``who`` are all that
    had a part in where it goes.
    """
    terms, mode = terms_of(office, executive), said.get(f"filter.{executive}")
    if not terms or number == executive or any(each in assistants_of(office, executive) for each in (number, *who)):
        return False
    if mode in (None, "on"):
        mode = terms["filter"] if mode is None or terms["filter"] != "off" else "all"
    outside = number not in office["users"]  # who is gone is a stranger, too
    if mode == "rules":
        return outside and number != FAMILY
    return mode == "all" or mode == ("external" if outside else "internal")


def rung(office: Tree, said: Said, executive: str, caller: str) -> list[str]:
    """Whom a filtered call rings: people, and numbers that stand for them."""
    def out(who: str) -> bool:
        return bool(terms_of(office, executive)["opt_out"]) and said.get(f"assistant.{executive}.{who}") == "out"

    found = []
    for each in assistants_of(office, executive):
        to = said.get(f"divert.{executive}.{each}", f"user:{each}").partition(":")[2]
        if to.isdigit() and to not in office["users"]:  # who is gone stands for nobody
            to = each
        in_pool = to not in assistants_of(office, executive) or not out(to)
        if not out(each) and in_pool and to != caller:
            found.append(to)
    return list(dict.fromkeys(found))


# ---- how people switch something: the code, "" for none, the command, and what changes, nothing where it is refused


Changes = list[tuple[str, str | None]]
Switched = tuple[str, tuple[str, ...], Changes]


def _filter(value: str | None, office: Tree, who: str, executive: str, to: str, by_shell: bool) -> Switched:
    terms = terms_of(office, executive)
    may = by_shell or who == executive or (who in assistants_of(office, executive) and terms["assistants_may_switch"])
    words = (value,) if value in (None, "on", "off") else ("on", value)
    code = {"on": "#61", "off": "#62"}.get(value or "")
    return (f"{code}{executive if who != executive else ''}" if code else "",
            ("executive", words[0] or "auto", executive, *words[1:]),  # type: ignore[arg-type]
            [(f"filter.{executive}", value)] if terms and may else [])


def _opt(out: bool, every: bool, office: Tree, who: str, executive: str, to: str, by_shell: bool) -> Switched:
    named = () if every else (executive,)
    changes: Changes = [
        (f"assistant.{each}.{who}", "out" if out else None) for each in executives_of(office, who)
        if (every or each == executive) and (not out or terms_of(office, each)["opt_out"])]
    return f"#6{6 if out else 5}{''.join(named)}", ("assistant", "out" if out else "in", who, *named), changes


def _divert(office: Tree, who: str, executive: str, to: str, by_shell: bool) -> Switched:
    """``to`` is "" for no longer."""
    refused = executive not in executives_of(office, who) or to in (executive, who) or (
        to in PEOPLE and to not in office["users"])
    value = f"{'user' if to in PEOPLE else 'number'}:{to}" if to else None
    return (f"#67{executive}{DIALLED.get(to, '')}",
            ("assistant", "divert", who, executive, *([DIALLED[to]] if to else [])),
            [] if refused else [(f"divert.{executive}.{who}", value)])


#: Whether they take the office, who switches for which executive, where to, and whether at a shell.
SWITCHES: Mapping[str, Callable[[Tree, str, str, str, bool], Switched]] = {
    "filter on": partial(_filter, "on"), "filter off": partial(_filter, "off"),
    "filter all": partial(_filter, "all"), "filter as the file says": partial(_filter, None),
    "out": partial(_opt, True, False), "in": partial(_opt, False, False),
    "all out": partial(_opt, True, True), "all in": partial(_opt, False, True), "divert": _divert,
}
