"""The rules of the sites' clocks, as FreeSWITCH reads them."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from fsctl.switch.generated.timezones import rule_of, timezones_xml
from tests.unit.builders import BERLIN, LONDON, an_office


@pytest.mark.parametrize(("zone", "rule"), [
    ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"), ("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0"),
    ("Asia/Kolkata", "IST-5:30"), ("Asia/Nowhere", ""), ("zone.tab", ""), ("", ""),
])
def test_the_rule_that_counts_now(zone, rule):
    assert rule_of(zone) == rule


def test_each_zone_of_the_office_once():
    sites = {"berlin": BERLIN, "london": LONDON, "hamburg": replace(BERLIN, key="hamburg")}
    found = ET.fromstring(timezones_xml(an_office(sites=sites)))
    assert [(zone.get("name"), zone.get("value")) for zone in found] == [
        ("Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3"), ("Europe/London", "GMT0BST,M3.5.0/1,M10.5.0")]
