"""Walks the policies of one call: has each action performed, and each step written down."""

from typing import Protocol

from fsctl.model.actions import Action, Reroute
from fsctl.model.outcomes import Moved, Outcome
from fsctl.route import Walk
from fsctl.switch.calls.trace import Trace


class Performs(Protocol):
    """Whoever carries out the actions of a call."""

    def perform(self, action: Action) -> Outcome:
        """Do it and wait for what became of it."""

    def rerouted(self, reroute: Reroute) -> None:
        """The call goes elsewhere; what its channel has to know for that."""


def drive(plan: Walk, performer: Performs, trace: Trace) -> Moved | None:
    """To the end; Moved if another call took this one before."""
    outcome: Outcome | None = None
    try:
        while True:
            planned = next(plan) if outcome is None else plan.send(outcome)
            outcome = None
            trace.begin(planned)
            if isinstance(planned.action, Reroute):
                performer.rerouted(planned.action)
            else:
                outcome = performer.perform(planned.action)
                trace.came_to(planned, outcome)
                if isinstance(outcome, Moved):
                    return outcome
    except StopIteration:
        return None
    finally:
        plan.close()
