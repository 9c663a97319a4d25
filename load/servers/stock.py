"""greenswitch's server as shipped; only the limit of 100 calls is raised, so that none is refused."""

from gevent import monkey

monkey.patch_all()

import sys  # noqa: E402

from greenswitch.esl import OutboundESLServer  # noqa: E402

from load.servers.application import Application  # noqa: E402

print("ready", file=sys.stderr, flush=True)
OutboundESLServer("127.0.0.1", int(sys.argv[1]), Application, max_connections=10_000).listen()
