"""``python -m fsctl`` and the ``fsctl`` command."""

import os
import signal
import sys

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # until main() minds it; nothing is begun yet

#: Commands that only look something up in the database. They start often and have nothing to wait for.
_QUICK = ("calls", "codes", "explain", "history", "policies")

#: Whether a shell asks what a word could be (fsctl.cli.completion).
_COMPLETES = os.environ.get("_FSCTL_COMPLETE", "").endswith("_complete")


def _command() -> str:
    """The word that names the command; only the language may be told before it."""
    words = iter(sys.argv[1:])
    for word in words:
        if word == "--language":
            next(words, "")
        elif not word.startswith("--language="):
            return word
    return ""


if not (_COMPLETES or _command() in _QUICK):
    from gevent import monkey

    monkey.patch_all()  # before anything else imports a socket

from fsctl.cli import main  # noqa: E402

if _COMPLETES:
    from fsctl.cli.completion import hasten

    hasten()

if __name__ == "__main__":
    main()
