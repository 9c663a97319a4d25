"""Errors that people see."""


class FsctlError(Exception):
    """A refusal in words: ``str()`` names the place and the remedy. The command line shows it and exits with 1."""


class Unreachable(FsctlError):
    """The switch or the database cannot be reached. The command line exits with 3."""
