"""Whether ``explain`` would say what the journal says: every call of a live test is asked that afterwards.

The journal tells what the policies were told and what became of each step; with these outcomes the same walk has to
take the same steps, for the same reasons, to the same result.
"""

from collections import Counter
from dataclasses import fields, replace
from datetime import datetime

from fsctl.explain import follow
from fsctl.model.actions import Party, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.hunting import Standing, Tally
from fsctl.model.live import Live, LiveCall
from fsctl.model.office import Office
from fsctl.model.outcomes import (
    Answered,
    Busy,
    CallerGone,
    Digits,
    Failed,
    Moved,
    NoAnswer,
    Offline,
    Parked,
    Performed,
    Redirected,
    Rejected,
    Silence,
    Surveyed,
    Taken,
    Won,
)
from fsctl.model.parking import recalled
from fsctl.model.reasons import from_json
from fsctl.model.settings import Setting, Settings
from fsctl.route import Step
from fsctl.store.calls import ORPHANED
from fsctl.store.database import stamp
from fsctl.store.history import list_changes

#: How many parts of calls were explained, and why others could not be.
COUNTS: Counter[str] = Counter()

_OUTCOMES = {
    "busy": Busy(), "no-answer": NoAnswer(), "offline": Offline(), "done": Performed(), "failed": Failed(),
    "silence": Silence(), "won": Won(), "taken": Taken(), "gone": CallerGone(),
}

_SECTIONS = {field.name for field in fields(Office)}


def explained(row, office_then, store):
    """Compare a call of the journal that has ended; ``office_then`` gives the office's sections at an instant."""
    if not row["parts"]:
        COUNTS["not decided by fsctl: " + ", ".join(step["policy"] for step in row["steps"])] += 1
        return
    ends = [part["first"] for part in row["parts"][1:]] + [len(row["steps"])]
    for part, end in zip(row["parts"], ends, strict=True):
        steps = [step for step in row["steps"][part["first"]:end] if not step.get("unplanned")]
        if part["saw_others"] and "saw" not in part:
            COUNTS["its policies saw too many other calls"] += 1
            continue
        at = datetime.fromisoformat(part["at"])
        office = replace(office_then(at), settings=_settings(store, at))
        recorded = iter(steps)
        hunting = iter(part.get("hunting", ()))
        explanation = follow(
            _call(part, office), office, lambda planned: _outcome(planned, recorded, hunting), _live(part))
        told = f"the journal of {row['caller']} → {row['dialled']} says {row['result']}: {steps}"
        assert list(explanation.steps) == [_step(step) for step in steps], told
        assert [(before + part["first"], step) for before, step in explanation.passed] == [
            (_planned_before(row, part, each["before"]), _step(each)) for each in part["passed"]], told
        if row["result"] == "gone" and steps[-1]["action"] in ("mailbox", "hangup"):
            COUNTS["the caller was gone before the last step"] += 1
        elif (result := _result(row, part, end, steps)) is None:
            COUNTS["nobody knows how it ended"] += 1
        else:
            assert explanation.result == result, told
            COUNTS["explained"] += 1


def _step(kept):
    """A step as it was planned, by name and values of its reason."""
    return Step(kept["policy"], kept["action"], kept["target"], from_json(kept["reason"]))


def _planned_before(row, part, before):
    """How many planned steps came before, counted from the part's first one."""
    return part["first"] + sum(not step.get("unplanned") for step in row["steps"][part["first"]:before])


def _call(part, office):
    """As fsctl.switch.facts.read_call does."""
    by = part["transferred_by"] or part["user"]
    to = office.find(part["dialled"], user=by, external=by is None)
    if slot := recalled(part["dialled"]):
        to, by = Destination("recall", slot), part["parker"]
    site = office.site_for(to)
    return Call(
        uuid="", caller=Party("", ""), user=part["user"], external=part["external"], dialled=part["dialled"], to=to,
        at=datetime.fromisoformat(part["at"]), site=site.key if site else None, transferred_by=part["transferred_by"],
        by=by, parker=part.get("parker"), chance=part["chance"])


def _live(part):
    """The other calls, if the policies looked at them."""
    seen = part.get("saw", ())
    return Live(tuple(LiveCall(**each | {"since": datetime.fromisoformat(each["since"])}) for each in seen),
                known=part["switch_known"])


def _outcome(planned, recorded, hunting):
    if planned.step is None:
        return _hunted(next(hunting, None))
    step = next(recorded, None)
    if step is None or isinstance(planned.action, Reroute):
        return None
    word, detail = step["outcome"], step["detail"]
    match word.partition(":")[0]:
        case "answered" | "picked-up":
            return Answered(Destination(*detail.split(":", 1)))
        case "rejected":
            return Rejected(detail)
        case "redirected":
            return Redirected(detail)
        case "moved":
            return Moved(detail)
        case "parked":
            return Parked(detail)
        case "digits":
            return Digits(word.partition(":")[2])
    return _OUTCOMES.get(word)


def _hunted(recorded):
    """How a hunt group stood when the call looked, or whether a member could be reserved."""
    if recorded is None or "outcome" in recorded:
        return recorded and _OUTCOMES.get(recorded["outcome"])
    tallies = {
        member: Tally(**{key: datetime.fromisoformat(value) if isinstance(value, str) else value
                         for key, value in tally.items()})
        for member, tally in recorded["tallies"].items()}
    standing = Standing(recorded["pointer"], recorded["turn"], recorded["place"], frozenset(recorded["reserved"]), tallies)
    at = datetime.fromisoformat(recorded["at"])
    live = Live(tuple(LiveCall(each["uuid"], None, each["peer"], each["direction"], each["state"], at, each["member"])
                      for each in recorded["channels"]))
    return Surveyed(standing, live, at)


def _result(row, part, end, steps):
    """What the journal says became of this part; None where it says that nobody knows."""
    unplanned = [step for step in row["steps"][part["first"]:end] if step.get("unplanned")]
    if not steps or not steps[-1]["outcome"] or row["result"] in ("failsafe", ORPHANED):
        return None
    if steps[-1]["outcome"] == "moved":
        return "moved"
    if end < len(row["steps"]) or any(step["action"] in ("connect", "park") for step in unplanned):  # it was transferred
        return f"park:{steps[-1]['detail']}" if steps[-1]["outcome"] == "parked" else steps[-1]["detail"] or None
    return row["result"]


def _settings(store, at):
    """What people had switched at an instant, by the history of changes."""
    values = {}
    for row in reversed(list_changes(store, 1_000_000)):
        if row["at"] >= stamp(at) or row["path"].split(".")[0] in _SECTIONS:
            continue
        values[row["path"]] = Setting(row["after"], row["who"], datetime.fromisoformat(row["at"]))
    return Settings({path: setting for path, setting in values.items() if setting.value is not None})
