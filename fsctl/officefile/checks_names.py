"""Rule about names that become addresses: lamps and keys of telephones are called by them."""

from collections.abc import Iterator

from fsctl.model import lamp_names
from fsctl.officefile.office_view import View
from fsctl.schema import Finding

#: What a telephone dials when the key is pressed, by the section: ``night+berlin``.
_DIALLED = {"sites": "night", "groups": "hunt"}


def dialled(view: View) -> Iterator[Finding]:
    """Whether there is such a key by now or not: a name stays for years."""
    for section, kind in _DIALLED.items():
        for name in view.names(section):
            if lamp_names.split(f"{kind}+{name}") is None:
                message = f"no telephone can dial its key {kind}+{name}; name this with {lamp_names.ALLOWED}"
                yield Finding((section, name), f"{message}; what people read is its `name`")


RULES = (dialled,)
