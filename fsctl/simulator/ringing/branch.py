"""A branch of a dial string: its stages are rung in turn, until somebody wins."""

import time
from collections.abc import Callable

from fsctl.simulator.channel.channel import Channel
from fsctl.simulator.dialplan.dialstring import Target
from fsctl.simulator.ringing.legs import Leg
from fsctl.simulator.ringing.originator import Originator
from fsctl.simulator.ringing.pickup import take_place


class Branch:
    """The targets of each stage are rung side by side."""

    def __init__(self, originator: Originator, stages: list[list[Target]], common: dict[str, str]) -> None:
        self._for, self._stages, self._common = originator, stages, common
        self._timeout_cause = "NO_ANSWER" if sum(map(len, stages)) == 1 else "ALLOTTED_TIMEOUT"
        self._forked = any(len(stage) > 1 for stage in stages)
        self._ignores_early_media = (
            common.get("ignore_early_media") or originator.get("ignore_early_media")) == "true"
        self._cancelled = ""
        self._stage: list[Leg] = []
        self._timed_out = False
        self.legs: list[Leg] = []
        self.winner: Channel | None = None

    @property
    def cause(self) -> str:
        """Why nobody has won the last stage: no time was left, or how its first leg ended; or why there was none, as
        it was said of the last target (switch_ivr_originate.c:3940).
        """
        if self._timed_out:
            return "NO_ANSWER"
        rung = [leg.result for leg in self._stage if leg.channel]
        return rung[0] if rung else self._stage[-1].result

    def cancel(self, cause: str, winner: Channel | None) -> None:
        """Ring no more. Who answered when another branch had won already is hung up on, too
        (enterprise_originate_thread).
        """
        self._cancelled = self._cancelled or cause
        for leg in self.legs:
            if leg.channel is not None and leg.channel is not winner:
                leg.channel.hang_up(cause)
        self._for.switch.pulse()

    def ring(self) -> Channel | None:
        for stage in self._stages:
            if self._cancelled or not self._for.ready:
                break
            self._stage = legs = [self._start(target) for target in stage]
            self.legs += legs
            self._ring(legs)
            if self.winner is not None:
                break
        return self.winner

    def _ring(self, legs: list[Leg]) -> None:
        end = time.monotonic() + self._for.switch.schedule.seconds(self._for.seconds)
        while True:
            for leg in legs:
                if leg.channel and leg.channel.picker and leg.picked_up and not leg.over:
                    place, leg.channel = leg.channel, leg.channel.picker
                    take_place(place, leg.channel)
            live = [leg for leg in legs if not leg.over]
            if len(live) < len(legs) and all(leg.rings_nobody for leg in live):
                self._end(live, "NO_PICKUP")
                return
            answered = next((leg for leg in live if leg.taken or self._early(leg)), None)
            if answered is not None and not self._cancelled:
                self.winner = answered.channel
                answered.won()
                # Whoever is looked at before the winner could have been waited for (check_channel_status).
                self._end([leg for leg in live[: live.index(answered)] if leg.rings_nobody], "NO_PICKUP")
            if answered is not None or self._cancelled or not self._for.ready or not live:
                self._end(live, "LOSE_RACE" if self.winner else self._cancelled or "ORIGINATOR_CANCEL")
                return
            if any(leg.channel and leg.channel.ringing for leg in live):
                self._for.hears(live[0].channel if len(legs) == 1 else None)
            now = time.monotonic()
            if now >= end:
                self._timed_out = True
                self._end(live, "NO_ANSWER")
                return
            for leg in live:
                leg.ask()
                leg.give_up(now, self._timeout_cause)
            due = min([end, *(leg.due for leg in live)])
            self._for.wait(self._change(legs), None if due == float("inf") else max(due - now, 0))

    def _early(self, leg: Leg) -> bool:
        """Whether the caller is connected with it before it answers."""
        return not self._ignores_early_media and leg.channel is not None and leg.channel.early

    def _change(self, legs: list[Leg]) -> Callable[[], bool]:
        """Whether anything happened since now."""
        before = [leg.state for leg in legs]
        return lambda: before != [leg.state for leg in legs] or bool(self._cancelled) or not self._for.ready

    def _end(self, live: list[Leg], cause: str) -> None:
        intercepted = self._for.was_intercepted()
        for leg in live:
            if leg.channel is None or leg.channel is self.winner:
                continue
            # Of a call that was intercepted the leg that began last learns so; the others are merely cancelled.
            leg.channel.hang_up("PICKED_OFF" if intercepted and leg is live[-1] else cause)

    def _start(self, target: Target) -> Leg:
        switch, variables = self._for.switch, self._for.exported() | self._common | target.variables
        kind, _, key = target.endpoint.partition("/")
        if kind == "pickup":
            waiting = self._for.pickup_leg(key, variables)
            if waiting is not None:
                self._for.began(waiting, forked=False)
            return Leg(waiting, "" if waiting else "CHAN_NOT_IMPLEMENTED")
        phone, cause, more = switch.telephone(target.endpoint)
        if cause:
            return Leg(None, cause)
        full = len(switch.channels) >= switch.max_sessions
        if full and self._common.get("no_throttle_limits") != "true":
            return Leg(None, "DESTINATION_OUT_OF_ORDER")
        channel = self._for.leg(target.endpoint, variables | more)
        self._for.began(channel, forked=self._forked)
        now, seconds = time.monotonic(), switch.schedule.seconds
        leg = Leg(channel, until=now + seconds(float(variables.get("leg_timeout") or "inf")),
                  progress_until=now + seconds(float(variables.get("leg_progress_timeout") or "inf")))
        if phone is None:
            channel.hang_up("UNALLOCATED_NUMBER")
        else:
            phone.invite(channel)
        return leg
