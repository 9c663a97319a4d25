"""The contexts of the dialplan (freeswitch_conf/dialplan/fsctl.xml), by names that no other dialplan has."""

from typing import Final

#: Where telephones of the office dial, and everybody who was transferred.
DEFAULT: Final = "fsctl_default"
#: Where calls from the public network arrive.
PUBLIC: Final = "fsctl_public"
#: What the dialplan goes on with by itself; nobody can dial there.
WITHIN: Final = "fsctl"

ALL: Final = (DEFAULT, PUBLIC, WITHIN)
