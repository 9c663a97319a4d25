"""docs/security.md names every variable by which FreeSWITCH and fsctl tell each other something of a call."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from fsctl.model import contexts
from tests.documents import tables

ROOT = Path(__file__).parents[2]
TABLES = tables("security.md")
PROFILES = sorted((ROOT / "freeswitch_conf/sip_profiles").rglob("*.xml"))

#: Other names that begin so: contexts, the list of addresses of trunks, triggers of SQLite, the words of announcements,
#: a file, and how several names begin.
NO_VARIABLES = {
    contexts.DEFAULT, contexts.PUBLIC, "fsctl_trunk", "fsctl_lamps", "fsctl_lamps_tag", "fsctl_announcement",
    "fsctl_vars", "fsctl_made"}


def read() -> set[str]:
    """What stands in the configuration, and in the code but for the simulator."""
    files = [*(ROOT / "freeswitch_conf").rglob("*.xml"), *(ROOT / "fsctl").rglob("*.py")]
    texts = (each.read_text(encoding="utf-8") for each in files if "simulator" not in each.parts)
    return {name for text in texts for name in re.findall(r"fsctl_[a-z](?:_?[a-z])*", text)} - NO_VARIABLES


def test_every_variable_is_there_once():
    named = [name for row in TABLES["variable"] for name in re.findall(r"fsctl_\w+", row[0])]
    assert len(named) == len(set(named))
    assert set(named) == read()


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.stem)
def test_what_profiles_must_not_have(profile):
    params = {param.get("name"): param.get("value") for param in ET.parse(profile).iter("param")}
    for name, harmless, *_ in TABLES["parameter"]:
        assert params.get(name, "") in (harmless, ""), name


def test_each_row_says_why():
    assert all(all(row) for rows in TABLES.values() for row in rows)
