"""What the operating system says of its own errors, in the reader's language.

It says so by the program's locale, which is English wherever nobody sets another one; so the usual ones are messages.
"""

import errno
import os
from typing import Final

from fsctl.words import term

#: Errors that a file, a folder, a disk, a host or a port makes.
_ERRORS: Final = (
    errno.ENOENT, errno.EACCES, errno.EPERM, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.EROFS, errno.ENOSPC,
    errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL, errno.EBUSY,
    errno.ECONNREFUSED, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ETIMEDOUT, errno.EHOSTUNREACH,
    errno.ENETUNREACH, errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.ENOTCONN, errno.EHOSTDOWN, errno.ENETDOWN,
)

#: What looking up a host says (``gai_strerror``).
_LOOKUPS: Final = ("Name or service not known", "Temporary failure in name resolution",
                   "No address associated with hostname")

#: What SQLite says of a file (``sqlite3_errstr``).
_SQLITE: Final = (
    "unable to open database file", "attempt to write a readonly database", "database is locked", "disk I/O error",
    "file is not a database", "database disk image is malformed", "database or disk is full",
    "access permission denied",
)

#: What the system says, for the catalogues.
ERRORS: Final = (*dict.fromkeys(map(os.strerror, _ERRORS)), *_LOOKUPS, *_SQLITE, "timed out")


def system_error(error: BaseException) -> str:
    """Why something of the system's failed: "Connection refused"."""
    return term("system", getattr(error, "strerror", None) or str(error) or type(error).__name__)
