"""Ringing: who is rung by a dial string, for how long, and who wins."""

import time
from collections.abc import Callable

import gevent

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.channel.display import pass_callee_id
from fsctl.simulator.dialplan.dialstring import Dial, Target
from fsctl.simulator.ringing.legs import Leg, new_leg, shown_to
from fsctl.simulator.ringing.pickup import new_pickup_leg, take_place

#: Seconds that a stage rings without ``call_timeout`` (switch_ivr_originate.c:2173).
CALL_TIMEOUT = 60

Wait = Callable[[Callable[[], bool], float | None], object]


def originate(caller: Channel, dial: Dial) -> Channel | None:
    """The leg that answered first, all others ended; what happened is in the caller's variables.

    Several branches ring in threads of their own: the caller's queue is not served meanwhile, and nothing is told of
    their legs (switch_ivr_originate.c:1499).
    """
    if len(dial.branches) > 1:
        winner = _enterprise(caller, dial)
        caller.set("originate_disposition", "success" if winner else "failure")
        return winner

    def wait(until: Callable[[], bool], seconds: float | None) -> None:
        caller.thread.wait(until, seconds)

    branch = _Branch(caller, dial.branches[0], dial.variables, wait)
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
    def wait(until: Callable[[], bool], seconds: float | None) -> None:
        caller.switch.wait(until, seconds)

    branches = [_Branch(caller, stages, dial.variables, wait, timed=False) for stages in dial.branches]
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


class _Branch:
    """Stages rung in turn, the targets of each side by side."""

    def __init__(self, caller: Channel, stages: list[list[Target]], common: dict[str, str], wait: Wait,
                 *, timed: bool = True) -> None:
        self._caller, self._stages, self._common, self._wait = caller, stages, common, wait
        self._timeout_cause = "NO_ANSWER" if sum(map(len, stages)) == 1 else "ALLOTTED_TIMEOUT"
        self._timed = timed
        self._ignores_early_media = (common.get("ignore_early_media") or caller.get("ignore_early_media")) == "true"
        self._cancelled = ""
        self.legs: list[Leg] = []
        self.winner: Channel | None = None

    def cancel(self, cause: str, winner: Channel | None) -> None:
        """Ring no more. Who answered when another branch had won already is hung up on, too
        (enterprise_originate_thread).
        """
        self._cancelled = self._cancelled or cause
        for leg in self.legs:
            if leg.channel is not None and leg.channel is not winner:
                leg.channel.hang_up(cause)
        self._caller.switch.pulse()

    def ring(self) -> Channel | None:
        for stage in self._stages:
            if self._cancelled or not self._caller.ready:
                break
            legs = [self._start(target) for target in stage]
            self.legs += legs
            self._ring(legs)
            if self.winner is not None:
                break
        return self.winner

    def _ring(self, legs: list[Leg]) -> None:
        caller, seconds = self._caller, caller_timeout(self._caller)
        end = time.monotonic() + caller.switch.schedule.seconds(seconds) if self._timed else float("inf")
        while True:
            for leg in legs:
                if leg.channel and leg.channel.picker and leg.picked_up and not leg.over:
                    place, leg.channel = leg.channel, leg.channel.picker
                    take_place(place, leg.channel)
            live = [leg for leg in legs if not leg.over]
            if len(live) < len(legs) and all(leg.rings_nobody for leg in live):
                self._end(live, "NO_PICKUP")
                return
            answered = next((leg.channel for leg in live if leg.taken or self._early(leg)), None)
            if answered is not None and not self._cancelled:
                self.winner = answered
                # Whoever is looked at before the winner could have been waited for (check_channel_status).
                before = live[: next(at for at, leg in enumerate(live) if leg.channel is answered)]
                self._end([leg for leg in before if leg.rings_nobody], "NO_PICKUP")
            if answered is not None or self._cancelled or not caller.ready or not live:
                self._end(live, "LOSE_RACE" if self.winner else self._cancelled or "ORIGINATOR_CANCEL")
                return
            if self._timed and any(leg.channel and leg.channel.ringing for leg in live):
                if len(legs) == 1 and live[0].channel is not None:
                    pass_callee_id(live[0].channel, caller)
                caller.ring_ready()
            now = time.monotonic()
            if now >= end:
                self._end(live, "NO_ANSWER")
                return
            for leg in live:
                leg.ask()
                leg.give_up(now, self._timeout_cause)
            due = min([end, *(leg.due for leg in live)])
            self._wait(self._change(legs), None if due == float("inf") else max(due - now, 0))

    def _early(self, leg: Leg) -> bool:
        """Whether the caller is connected with it before it answers."""
        return not self._ignores_early_media and leg.channel is not None and leg.channel.early

    def _change(self, legs: list[Leg]) -> Callable[[], bool]:
        """Whether anything happened since now."""
        before = [leg.state for leg in legs]
        return lambda: (
            before != [leg.state for leg in legs] or bool(self._cancelled) or not self._caller.ready
        )

    def _end(self, live: list[Leg], cause: str) -> None:
        for leg in live:
            if leg.channel is None or leg.channel is self.winner:
                continue
            # Of a call that was intercepted the leg that began last learns so; the others are merely cancelled.
            leg.channel.hang_up("PICKED_OFF" if self._caller.intercepted and leg is live[-1] else cause)
        self._caller.intercepted = False

    def _start(self, target: Target) -> Leg:
        caller = self._caller
        exported = {name: caller.get(name) or "" for name in (caller.get("export_vars") or "").split(",") if name}
        variables = exported | self._common | target.variables
        if target.endpoint.startswith("pickup/"):
            shown, key = shown_to(caller, variables), target.endpoint.partition("/")[2]
            return self._begun(new_pickup_leg(caller, key, variables, shown, alone=not self._timed))
        phone, cause, more = caller.switch.telephone(target.endpoint)
        if cause:
            return Leg(None, cause)
        full = len(caller.switch.channels) >= caller.switch.max_sessions
        if full and self._common.get("no_throttle_limits") != "true":
            return Leg(None, "DESTINATION_OUT_OF_ORDER")
        channel = new_leg(caller, target.endpoint, variables | more, alone=not self._timed)
        if self._timed and any(len(stage) > 1 for stage in self._stages):  # the last one is shown until the answer
            caller.other, caller.other_type = channel, "originatee"
        leg = self._begun(channel)
        now, seconds = time.monotonic(), caller.switch.schedule.seconds
        leg.until = now + seconds(float(variables.get("leg_timeout") or "inf"))
        leg.progress_until = now + seconds(float(variables.get("leg_progress_timeout") or "inf"))
        if phone is None:
            channel.hang_up("UNALLOCATED_NUMBER")
        else:
            phone.invite(channel)
        return leg

    def _begun(self, channel: Channel) -> Leg:
        """The caller learns of each leg that there is (switch_ivr_originate.c, ``originated_legs``)."""
        profile = channel.profile
        self._caller.push("originated_legs", f"{channel.uuid};{profile.callee_id_name};{profile.callee_id_number}")
        return Leg(channel)


def caller_timeout(caller: Channel) -> float:
    """Seconds that a stage rings."""
    text = caller.get("call_timeout") or ""
    return float(text) if text.isdigit() else CALL_TIMEOUT


_DIALSTATUS = {"USER_BUSY": "BUSY", "CALL_REJECTED": "DONTCALL", "NO_ANSWER": "NOANSWER", "ORIGINATOR_CANCEL": "CANCEL"}
