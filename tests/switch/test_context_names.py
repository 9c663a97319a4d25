"""Nothing decides by the contexts ``default`` and ``public``: fsctl's have names of their own."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "fsctl"
NAMED = re.compile(r"""["' ](?:default|public)["'](?!:)|XML (?:default|public)\b""")
#: Where these are what FreeSWITCH itself says if nobody names a context, and words of other matters.
MAY = {"simulator/commands/originate.py", "simulator/applications/conference.py", "switch/calls/verbs/mailbox.py"}


@pytest.mark.parametrize("folder", ["facts", "model", "policies", "switch", "simulator"])
def test_contexts_are_named_by_their_constants(folder):
    found = {str(file.relative_to(ROOT)): text for file in (ROOT / folder).rglob("*.py")
             if (text := [line for line in file.read_text("utf-8").splitlines()
                          if NAMED.search(line) and ("ontext" in line or "XML" in line)])}
    assert found.keys() <= MAY, found
