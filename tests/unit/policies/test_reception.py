"""Calls to a site's number."""

from fsctl.policies import reception
from tests.unit.builders import a_call, an_office
from tests.unit.drive import drive


def test_a_site_with_a_reception():
    call = a_call("site:berlin", user=None)
    assert drive(reception.run, call, an_office()) == [
        "because reception of Berlin", "reroute hunt:sales by the office"]


def test_a_site_without_one():
    call = a_call("site:london", user=None, dialled="+442079460100")
    assert drive(reception.run, call, an_office()) == [
        "because London has no reception", "reroute unknown:+442079460100"]


def test_other_destinations_are_left_to_others():
    assert drive(reception.run, a_call("user:101"), an_office()) == ["pass"]
