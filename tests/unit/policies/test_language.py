"""In which language a caller hears announcements."""

from dataclasses import replace

import pytest

from fsctl.policies.language import language_for, language_of
from tests.unit.builders import ANNA, BERND, HANNAH, a_call, an_office


@pytest.mark.parametrize(
    ("user", "to", "language"),
    [
        ("102", "user:101", "en"),
        ("101", "user:120", "de"),
        ("120", "user:101", "en"),
        (None, "user:120", "en"),
        (None, "site:london", "en"),
        (None, "unknown:1", "de"),
    ],
)
def test_the_nearest_setting_wins(user, to, language):
    assert language_for(a_call(to, user=user), an_office()) == language


@pytest.mark.parametrize(("user", "language"), [
    (ANNA, "de"), (BERND, "en"), (HANNAH, "en"), (replace(HANNAH, language="de"), "de"),
    (replace(ANNA, site="gone"), "en"), (replace(ANNA, site="gone", language="de"), "de"),
])
def test_of_a_user(user, language):
    assert language_of(user, an_office()) == language


def test_the_site_that_was_called_first_counts_on_the_way():
    call = replace(a_call("user:101", user=None), site="london")
    assert language_for(call, an_office()) == "en"


def test_an_office_without_sites():
    assert language_for(a_call("unknown:1", user=None), an_office(sites={})) == "en"
