"""Rule about names that become addresses: keys of telephones dial them, and marks of calls have them."""

from collections.abc import Iterator

from fsctl.model import lamp_names
from fsctl.officefile.office_view import View
from fsctl.schema import Finding
from fsctl.words import marked, say

#: What a name could not be used for, by the section.
_USED = {
    "sites": marked("no telephone can dial its key night+{name}; name this with {allowed}; what people read is its"
                    " `name`"),
    "groups": marked("no telephone can dial its key hunt+{name}; name this with {allowed}; what people read is its"
                     " `name`"),
    "attendants": marked("calls that it sends outside cannot be marked as those of {name}; name this with {allowed}"),
}


def addresses(view: View) -> Iterator[Finding]:
    """Whether there is such a key by now or not: a name stays for years."""
    for section, used in _USED.items():
        for name in view.names(section):
            if not lamp_names.is_key(str(name)):
                yield Finding((section, name), say(used, name=name, allowed=say(lamp_names.ALLOWED)))


RULES = (addresses,)
