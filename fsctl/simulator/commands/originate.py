"""The command ``originate``: rings telephones for nobody, and sends who answers into the dialplan."""

from fsctl.simulator.channel.channel import Switch
from fsctl.simulator.dialplan.dialstring import parse, separate
from fsctl.simulator.ringing.branch import Branch
from fsctl.simulator.ringing.originator import Nobody


def originate(switch: Switch, argument: str) -> str:
    """``{variables}[variables]endpoint,… destination [dialplan] [context]``; waits until somebody answers
    (mod_commands.c, originate_function).
    """
    dial_string, destination, dialplan, context = ([*separate(argument), "", "", ""])[:4]
    try:
        dial = parse(dial_string)
        (stages,) = dial.branches
    except ValueError:
        return "-ERR DESTINATION_OUT_OF_ORDER\n"
    branch = Branch(Nobody(switch, dial.variables), stages, dial.variables)
    answered = branch.ring()
    if answered is None:
        return f"-ERR {branch.cause}\n"
    answered.transfer(destination, dialplan, context or "default")
    return f"+OK {answered.uuid}\n"
