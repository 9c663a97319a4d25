"""The pieces of a dialplan, as XML."""

import xml.etree.ElementTree as ET


def extension(root: ET.Element, name: str) -> ET.Element:
    """What is asked after those before it; ``name`` is for people."""
    return ET.SubElement(root, "extension", name=name)


def condition(extension: ET.Element, field: str, expression: str) -> ET.Element:
    """Matches the field with a regular expression of PCRE; FreeSWITCH expands ``${…}`` in both."""
    return ET.SubElement(extension, "condition", field=field, expression=expression)


def action(condition: ET.Element, application: str, data: str = "", *, tag: str = "action") -> None:
    """What is executed where the condition holds."""
    ET.SubElement(condition, tag, {"application": application, **({"data": data} if data else {})})
