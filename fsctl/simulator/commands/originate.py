"""The command ``originate``: rings a telephone for nobody, and sends who answers into the dialplan."""

from fsctl.simulator.channel.channel import Channel, Switch
from fsctl.simulator.dialplan.dialstring import parse, separate
from fsctl.simulator.ringing.legs import new_leg_for_nobody

_TIMEOUT = "60"


def originate(switch: Switch, argument: str) -> str:
    """``{variables}endpoint,endpoint destination [dialplan] [context]``; waits until somebody answers."""
    dial_string, destination, dialplan, context = ([*separate(argument), "", "", ""])[:4]
    try:
        dial = parse(dial_string)
        ((targets,),) = dial.branches
    except ValueError:
        return "-ERR DESTINATION_OUT_OF_ORDER\n"
    legs, refused = [], "UNALLOCATED_NUMBER"
    for target in targets:
        phone, cause, about = switch.telephone(target.endpoint)
        if cause or phone is None:
            refused = cause or refused
            continue
        legs.append(new_leg_for_nobody(switch, target.endpoint, dial.variables | target.variables | about))
        phone.invite(legs[-1])
    if not legs:
        return f"-ERR {refused}\n"
    answered = _first(switch, legs, float(dial.variables.get("originate_timeout", _TIMEOUT)))
    for leg in legs:
        if leg is not answered and not leg.hung_up:
            leg.hang_up("LOSE_RACE" if answered else "NO_ANSWER")
    if answered is None:
        return f"-ERR {legs[0].hangup_cause}\n"
    answered.transfer(destination, dialplan, context or "default")
    return f"+OK {answered.uuid}\n"


def _first(switch: Switch, legs: list[Channel], seconds: float) -> Channel | None:
    """Who answers first within the time, if somebody does."""
    def answered() -> Channel | None:
        return next((leg for leg in legs if leg.answered and not leg.hung_up), None)

    switch.wait(lambda: bool(answered()) or all(leg.hung_up for leg in legs), switch.schedule.seconds(seconds))
    return answered()
