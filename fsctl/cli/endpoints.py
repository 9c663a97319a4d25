"""Reading ``HOST:PORT`` and the event socket's password."""

import os

import click

from fsctl.cli import completion
from fsctl.words import say

#: What FreeSWITCH ships with; refused by ``doctor`` as a password.
SHIPPED_PASSWORD = "ClueCon"


#: Where FreeSWITCH is unless somebody says otherwise.
FIRST_SWITCH = "127.0.0.1:8021"


class Endpoint(click.ParamType):  # type: ignore[type-arg,unused-ignore]  # generic only in newer releases
    """``127.0.0.1:8084``, ``:8084`` or ``[::1]:8084`` as (host, port)."""

    name = "HOST:PORT"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value[0], value[1]
        host, _, port = str(value).rpartition(":")
        if not port.isascii() or not port.isdigit() or int(port) > 65535:
            self.fail(say("{value} is not HOST:PORT, such as 127.0.0.1:8084", value=repr(value)), param, ctx)
        host = host.strip("[]") or "127.0.0.1"
        try:
            host.encode("idna")
        except UnicodeError:
            self.fail(say("{value} is no host's name or address", value=repr(host)), param, ctx)
        return host, int(port)

    def split_envvar_value(self, rv: str) -> list[str]:
        """Several in one variable, with blanks or commas between them."""
        return _several(rv)


def _several(text: str) -> list[str]:
    return text.replace(",", " ").split()


def _known(office: completion.Office) -> completion.Found:
    """Those in the environment, and those at which telephones watch lamps."""
    from fsctl.store.watchers import switches_of

    return ((each, "") for each in (*_several(os.environ.get("FSCTL_SWITCH", "")), *switches_of(office.store)))


switches = click.option("--switch", "switches", type=Endpoint(), multiple=True, default=[FIRST_SWITCH],
                        envvar="FSCTL_SWITCH", show_default=True,
                        help="Event socket of a FreeSWITCH; may be repeated. Several in FSCTL_SWITCH: with blanks.",
                        shell_complete=completion.completing(_known, also=[(FIRST_SWITCH, "")]))
password = click.option("--password", "esl_password", envvar="FSCTL_ESL_PASSWORD", default=SHIPPED_PASSWORD,
                        help="Event socket's password; better given as FSCTL_ESL_PASSWORD.")
