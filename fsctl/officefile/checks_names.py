"""Rule about names that become addresses: keys of telephones dial them, and marks of calls have them."""

from collections.abc import Iterator

from fsctl.model import lamp_names
from fsctl.officefile.office_view import View
from fsctl.schema import Finding

#: What a name could not be used for, by the section.
_USED = {
    "sites": "no telephone can dial its key night+{}",
    "groups": "no telephone can dial its key hunt+{}",
    "attendants": "calls that it sends outside cannot be marked as those of {}",
}


def addresses(view: View) -> Iterator[Finding]:
    """Whether there is such a key by now or not: a name stays for years."""
    for section, used in _USED.items():
        for name in view.names(section):
            if not lamp_names.is_key(str(name)):
                remedy = f"name this with {lamp_names.ALLOWED}"
                remedy += "; what people read is its `name`" if section != "attendants" else ""
                yield Finding((section, name), f"{used.format(name)}; {remedy}")


RULES = (addresses,)
