"""Where FreeSWITCH finds the sound files, as vars.xml includes it."""

import xml.etree.ElementTree as ET

from fsctl.model.office import Office
from fsctl.model.recordings import misread
from fsctl.switch.generated.pieces import texts


def prompts_xml(office: Office) -> str:
    """The folder that the office file names; nothing where nobody knows it, or FreeSWITCH could not have the name."""
    root, folder = ET.Element("include"), office.prompts_folder
    if folder and not misread(folder):
        ET.SubElement(root, "X-PRE-PROCESS", cmd="set", data=f"FSCTL_PROMPTS={folder}")
    return "".join(texts([root]))
