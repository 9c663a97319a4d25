"""``python -m load.growth.standing HOST:PORT HOST:PORT KIND N`` opens N calls that stay, and says ``ready``.

The first address is the controller's, the second the switch's. KIND is ``talks``, ``busy`` or ``waiting``.
"""

import sys

from load import kinds
from load.calls import Script
from load.generator import Generator
from load.growth import offices
from load.growth.teller import Teller

KINDS = {
    "talks": lambda: kinds.between(offices.elsewhere(200), answered=True),
    "busy": lambda: kinds.between([offices.BUSY], answered=True),
    "waiting": lambda: kinds.waiting(offices.QUEUE_NUMBER),
}


def main() -> None:
    server, switch = ((host, int(port)) for host, _, port in (each.partition(":") for each in sys.argv[1:3]))
    generator = Generator(server, Script(KINDS[sys.argv[3]]()), Teller(switch))
    generator.stay(int(sys.argv[4]), lambda: print("ready", file=sys.stderr, flush=True))


if __name__ == "__main__":
    main()
