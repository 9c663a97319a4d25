"""Commands that run beside whoever asked for them: ``bgapi``, of the event socket and as a command itself."""

from uuid import uuid4

import gevent

from fsctl.simulator.core.core import Core


def begin(core: Core, text: str, job: str = "") -> str:
    """Run a command in a greenlet of its own; the UUID under which BACKGROUND_JOB tells what it printed
    (mod_event_socket.c, api_exec; mod_commands.c, bgapi_exec).
    """
    job = job or str(uuid4())
    gevent.spawn(_run, core, text, job)
    return job


def _run(core: Core, text: str, job: str) -> None:
    command, _, argument = text.partition(" ")
    about = {"Job-UUID": job, "Job-Command": command} | ({"Job-Command-Arg": argument} if argument else {})
    core.fire("BACKGROUND_JOB", about | {"_body": core.api(text)})
