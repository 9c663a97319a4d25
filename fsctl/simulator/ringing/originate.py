"""Ringing: who is rung by a dial string, for how long, and who wins."""

import gevent

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.dialplan.dialstring import Dial
from fsctl.simulator.ringing.branch import Branch
from fsctl.simulator.ringing.originator import Caller, Unaware


def originate(caller: Channel, dial: Dial) -> Channel | None:
    """The leg that answered first, all others ended; what happened is in the caller's variables.

    Several branches ring in threads of their own: the caller's queue is not served meanwhile.
    """
    if len(dial.branches) > 1:
        winner = _enterprise(caller, dial)
        caller.set("originate_disposition", "success" if winner else "failure")
        return winner

    branch = Branch(Caller(caller), dial.branches[0], dial.variables)
    winner = branch.ring()
    for leg in branch.legs:
        if leg.channel is not None:
            caller.push("originate_causes", f"{leg.channel.uuid};{'NONE' if leg.channel is winner else leg.result}")
    away = not caller.ready and winner is None
    tried = next((leg for leg in branch.legs if leg.channel), branch.legs[0] if branch.legs else None)
    first = tried.result if tried else "DESTINATION_OUT_OF_ORDER"
    disposition = "SUCCESS" if winner else "ORIGINATOR_CANCEL" if away else first
    caller.set("originate_disposition", disposition)
    caller.set("DIALSTATUS", _DIALSTATUS.get(disposition, disposition))
    if winner is None:
        caller.set("originate_failed_cause", disposition)
    return winner


def _enterprise(caller: Channel, dial: Dial) -> Channel | None:
    branches = [Branch(Unaware(caller), stages, dial.variables) for stages in dial.branches]
    greenlets = [gevent.spawn(branch.ring) for branch in branches]

    def decided() -> bool:
        return any(branch.winner for branch in branches) or all(greenlet.dead for greenlet in greenlets)

    try:
        while caller.ready and not decided():
            caller.switch.wait(lambda: decided() or not caller.ready, 1)
    finally:
        winner = next((branch.winner for branch in branches if branch.winner), None)
        for branch in branches:
            branch.cancel("LOSE_RACE" if winner else "ORIGINATOR_CANCEL", winner)
        gevent.joinall(greenlets)
    if winner is not None:
        caller.push("originate_causes", f"{winner.uuid};NONE")
    return winner


_DIALSTATUS = {"USER_BUSY": "BUSY", "CALL_REJECTED": "DONTCALL", "NO_ANSWER": "NOANSWER", "ORIGINATOR_CANCEL": "CANCEL"}
