"""For applications that were written for greenswitch: they run on fsctl's server as they are.

``from fsctl.switch.greenswitch import OutboundESLServer`` instead of greenswitch's own. Nothing else in fsctl knows
greenswitch, which is held by a contract in setup.cfg.
"""

from fsctl.switch.greenswitch.server import OutboundESLServer
from fsctl.switch.greenswitch.session import OutboundSession

__all__ = ["OutboundESLServer", "OutboundSession"]
