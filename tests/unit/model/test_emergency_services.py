import pytest

from fsctl.model.emergency_services import services


@pytest.mark.parametrize(
    ("numbers", "country", "found"),
    [
        (["110", "112"], "DE", {"sos.police": "110", "sos": "112"}),
        (["112"], "DE", {"sos": "112"}),
        (["110"], "DE", {"sos.police": "110", "sos": "110"}),
        (["999", "112"], "GB", {"sos": "112"}),
        (["999"], "GB", {"sos": "999"}),
        (["110", "112", "113"], "NO", {"sos": "112"}),
        (["911"], "US", {"sos": "911"}),
        (["000"], "AU", {"sos": "000"}),
        ([], "DE", {}),
    ],
)
def test_each_service_has_a_number_that_the_site_lists(numbers, country, found):
    assert list(services(numbers, country).items()) == list(found.items())
