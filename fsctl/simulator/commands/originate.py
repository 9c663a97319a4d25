"""The command ``originate``: rings a telephone for nobody, and sends who answers into the dialplan."""

from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.dialplan.dialstring import parse, separate
from fsctl.simulator.ringing.legs import new_leg_for_nobody

_TIMEOUT = "60"


def originate(switch: Switch, argument: str) -> str:
    """``{variables}endpoint destination [dialplan] [context]``, of one endpoint; waits until somebody answers."""
    dial_string, destination, dialplan, context = ([*separate(argument), "", "", ""])[:4]
    try:
        dial = parse(dial_string)
        (((target,),),) = dial.branches
    except ValueError:
        return "-ERR DESTINATION_OUT_OF_ORDER\n"
    variables = dial.variables | target.variables
    phone, cause, about = switch.telephone(target.endpoint)
    if cause or phone is None:
        return f"-ERR {cause or 'UNALLOCATED_NUMBER'}\n"
    leg = new_leg_for_nobody(switch, target.endpoint, variables | about)
    phone.invite(leg)
    seconds = switch.schedule.seconds(float(variables.get("originate_timeout", _TIMEOUT)))
    if not switch.wait(lambda: leg.answered or leg.hung_up, seconds):
        leg.hang_up("NO_ANSWER")
    if leg.hung_up:
        return f"-ERR {leg.hangup_cause}\n"
    leg.transfer(destination, dialplan, context or "default")
    return f"+OK {leg.uuid}\n"
