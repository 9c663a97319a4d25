"""The command line as a person has it: what it prints, and with which code it ends."""

from click.testing import CliRunner

from fsctl.cli import cli
from fsctl.errors import FsctlError


def fsctl(*arguments, database):
    """The exit code and what was printed; FsctlError is what main() shows and exits with."""
    result = CliRunner().invoke(cli, [*arguments, "--database", database])
    if isinstance(result.exception, FsctlError):
        return 1, result.output + str(result.exception)
    assert not result.exception or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output
