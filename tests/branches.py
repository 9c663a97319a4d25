"""A policy of the tests: who dials ``*5102*103#104`` rings 102, and beside him 103 and after him 104.

``*`` parts branches and ``#`` the legs within one, as executives' calls will need them; each rings for RING_SECONDS.
An empty branch is an announcement before all that.
What it came to is what the caller's call ends with.
"""

import os
from pathlib import Path

from fsctl.model.actions import Done, Hangup, Leg, Pass, Play, Policy, Ring
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Answered, CallerGone, Moved, Redirected, word
from fsctl.policies.caller_id import shown_inside
from fsctl.policies.feature import Feature

CODE, RING_SECONDS = "*5", 2

_ROOT = Path(__file__).parents[1]


def run(call, office, live) -> Policy:
    if not call.dialled.startswith(CODE):
        return Pass()
    dialled = call.dialled.removeprefix(CODE).split("*")
    if "" in dialled:
        yield Play("blocked", "en")
    branches = tuple(
        tuple(Leg(Destination("user", extension), RING_SECONDS) for extension in branch.split("#"))
        for branch in dialled if branch)
    outcome = yield Ring(branches, shown_inside(call, office))
    if not isinstance(outcome, Answered | CallerGone | Moved):
        yield Hangup("unknown-number" if isinstance(outcome, Redirected) else word(outcome))
    return Done()


STAGE = Feature.of(__name__, __doc__).stage(run, before="star_codes")


def install(folder: Path, environment: dict[str, str]) -> None:
    """As pip would lay it down in ``folder``, for a process with that environment."""
    info = folder / "fsctl_branches-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fsctl-branches\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[fsctl.policies]\nbranches = {__name__}:STAGE\n")
    environment["PYTHONPATH"] = os.pathsep.join((str(folder), str(_ROOT)))
