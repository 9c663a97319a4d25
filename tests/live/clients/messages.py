"""What stands in a SIP message."""

import re


def header(message: str, name: str) -> str:
    found = re.search(rf"^{name}: *(.*?)\r?$", message, re.M)
    assert found, message
    return found[1]


def contact(message: str) -> str:
    return header(message, "Contact").partition("<")[2].partition(">")[0]


def audio_port(message: str) -> int:
    """Of the plain audio in it, which may stand beside an encrypted one."""
    found = re.search(r"^m=audio (\d+) RTP/AVP ", message, re.M)
    assert found, message
    return int(found[1])
