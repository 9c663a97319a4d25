"""Whether ``explain`` would say what the journal says: every call of a live test is asked that afterwards.

The journal tells what the policies were told and what became of each step; with these outcomes the same walk has to
take the same steps, for the same reasons, to the same result.
"""

from collections import Counter
from dataclasses import fields, replace
from datetime import datetime

from fsctl.cli.steps import recorded_json, recorded_lines
from fsctl.explain import follow
from fsctl.facts.assumed import assumed_call
from fsctl.facts.recorded import call_of, live_of, outcome_of, step_of
from fsctl.model.actions import Reroute
from fsctl.model.destination import sent_by_dialplan
from fsctl.model.office import Office
from fsctl.model.settings import Setting, Settings
from fsctl.store.database import stamp
from fsctl.store.history import list_changes
from fsctl.store.journal_table import ORPHANED
from fsctl.words import speaking
from tests import branches
from tests.words.test_catalogues import ENGLISH

#: How many parts of calls were explained, and why others could not be.
COUNTS: Counter[str] = Counter()

_SECTIONS = {field.name for field in fields(Office)}


def explained(row, office_then, store):
    """Compare a call of the journal that has ended; ``office_then`` gives the office's sections at an instant."""
    _in_german(row)
    if any(step["policy"] == branches.STAGE.name for step in row["steps"]):
        COUNTS["decided by a policy of the tests"] += 1
        return
    if not row["parts"]:
        COUNTS["not decided by fsctl: " + ", ".join(step["policy"] for step in row["steps"])] += 1
        return
    ends = [part["first"] for part in row["parts"][1:]] + [len(row["steps"])]
    for part, end in zip(row["parts"], ends, strict=True):
        steps = [step for step in row["steps"][part["first"]:end] if not step.get("unplanned")]
        call, live = call_of(part), live_of(part)
        if row["result"] in ("gone", "failsafe") and not steps:
            COUNTS["the caller, or the controller, was gone before the first step"] += 1
            continue
        if live is None:
            COUNTS["its policies saw too many other calls"] += 1
            continue
        office = replace(office_then(call.at), settings=_settings(store, call.at))
        not_by_him = call.user is not None and call.by is None  # an outside caller, or an own dialplan, sent him there
        assert sent_by_dialplan(call.dialled) or not_by_him or _bound(call) == _bound(_assumed(call, office)), row
        recorded, looks = iter(steps), iter(part.get("hunting", ()))
        explanation = follow(call, office, lambda planned: _outcome(planned, recorded, looks), live)
        told = f"the journal of {row['caller']} → {row['dialled']} says {row['result']}: {steps}"
        assert list(explanation.steps) == [step_of(step) for step in steps], told
        assert [(before + part["first"], step) for before, step in explanation.passed] == [
            (_planned_before(row, part, each["before"]), step_of(each)) for each in part["passed"]
            if each["policy"] != branches.STAGE.name], told
        if row["result"] == "gone" and steps[-1]["action"] in ("mailbox", "hangup"):
            COUNTS["the caller was gone before the last step"] += 1
        elif (result := _result(row, part, end, steps)) is None:
            COUNTS["nobody knows how it ended"] += 1
        else:
            assert explanation.result == result, told
            COUNTS["explained"] += 1


def _in_german(row):
    """What was written down can be read in another language, whole."""
    with speaking("de"):
        passed = [recorded_json(each) for part in row["parts"] for each in part["passed"]]
        lines = list(recorded_lines(map(recorded_json, row["steps"]), passed))
    assert [line for line in lines if ENGLISH.search(line)] == []


def _assumed(call, office):
    """The same call as ``explain`` would assume it, from who dialled what."""
    caller = call.user or ("outside" if call.external else call.caller.number)
    return assumed_call(caller, call.dialled, office, lambda _zone: call.at, call.transferred_by)


def _bound(call):
    """What follows from that."""
    return call.to, call.site, call.by, call.user, call.external


def _planned_before(row, part, before):
    """How many planned steps came before, counted from the part's first one."""
    return part["first"] + sum(not step.get("unplanned") for step in row["steps"][part["first"]:before])


def _outcome(planned, recorded, looks):
    kept = next(looks if planned.step is None else recorded, None)
    return None if kept is None or isinstance(planned.action, Reroute) else outcome_of(kept)


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
