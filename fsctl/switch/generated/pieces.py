"""The pieces of a dialplan, as XML."""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator


def texts(parts: Iterable[ET.Element]) -> Iterator[str]:
    """The text of a file for FreeSWITCH, which wants ``<include>`` and ``</include>`` on lines of their own.

    It has what is in each of ``parts``, one after the other: all at once a large office would not fit into memory.
    """
    yield "<include>\n"
    for part in parts:
        for child in part:
            ET.indent(child, level=1)
            child.tail = "\n"
            yield f"  {ET.tostring(child, encoding='unicode')}"
    yield "</include>\n"


def extension(root: ET.Element, name: str) -> ET.Element:
    """What is asked after those before it; ``name`` is for people."""
    return ET.SubElement(root, "extension", name=name)


def condition(extension: ET.Element, field: str, expression: str) -> ET.Element:
    """Matches the field with a regular expression of PCRE; FreeSWITCH expands ``${…}`` in both."""
    return ET.SubElement(extension, "condition", field=field, expression=expression)


def action(
    condition: ET.Element, application: str, data: str = "", *, tag: str = "action", at_once: bool = False
) -> None:
    """What is executed where the condition holds; ``at_once``: before the next condition is looked at."""
    more = {"data": data} if data else {}
    ET.SubElement(condition, tag, {"application": application, **more, **({"inline": "true"} if at_once else {})})
