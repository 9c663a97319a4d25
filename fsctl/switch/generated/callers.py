"""The dialplan's own reading of callers' numbers: part of ``caller`` (freeswitch_conf/dialplan/fsctl.xml).

It makes +49151… of the ways in which trunks write that, so that without a controller, too, a display shows what can be
dialled again, and lamps and mailboxes show nothing else. What could be read in several ways stays as it is: the
controller knows what the office owns (Office.caller_number).
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from fsctl.model import numbers
from fsctl.model.office import Office
from fsctl.switch.generated.pieces import action, condition, extension

_NUMBER: Final = ("caller_id_number", "ani")


def add_to(root: ET.Element, office: Office) -> None:
    """The extensions of the context ``fsctl`` that do so; trunks write numbers as ``[numbering]`` reads them."""
    for pattern, code in forms(office.numbering.country):
        for nameless, fields in (("true", ("caller_id_name", *_NUMBER)), ("", _NUMBER)):
            one = extension(root, f"{'nameless ' if nameless else ''}caller as trunks write him")
            condition(one, "destination_number", "^caller$")
            condition(one, "${fsctl_external}${fsctl_nameless}", f"^true{nameless}$")
            found = condition(one, "caller_id_number", pattern)
            for field in fields:
                action(found, "set_profile_var", f"{field}=+{code}$1")


def forms(country: str) -> Iterator[tuple[str, str]]:
    """Patterns of numbers that can be read in one way only, each with the country's code that goes before ``$1``."""
    if abroad := numbers.abroad(country):
        yield rf"^{abroad}([1-9][0-9]{{6,14}})\z", ""
    if plan := numbers.prefixed_plan(country):
        own = plan.pattern.replace(r"\d", "[0-9]")
        for before in dict.fromkeys((plan.prefix, plan.code)):
            yield rf"^{before}((?:{own}))\z", plan.code
