"""genesis' server without events and linger, which the same application needs no more than greenswitch's."""

import asyncio
import sys

from genesis import Outbound
from genesis.session import Session

from load.servers.headers import READ


async def run(session: Session) -> None:
    for name in READ:
        session.context[name]
    await session.sendmsg("hangup", "", "NORMAL_CLEARING")


async def main() -> None:
    server = Outbound(run, "127.0.0.1", int(sys.argv[1]), events=False, linger=False)
    await server.start(block=False)
    print("ready", file=sys.stderr, flush=True)
    await asyncio.get_running_loop().create_future()


asyncio.run(main())
