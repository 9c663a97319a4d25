"""Classes of outside calls, case by case. That docs/classes.md is right: test_call_classes_document.py."""

import phonenumbers
import pytest

from fsctl.model.call_classes import class_of, includes

#: Numbers as kept, by the country of the caller and their class.
CASES = {
    # What is dialled at home.
    ("DE", "national"): "+49301234567 +4930555 +4980012345678 +493211234567890 +49301234567890 +4918500123456 "
                        "116117 116000",
    ("DE", "mobile"): "+491701234567 +4915112345678 +4916412345 +491779912345678",
    ("GB", "national"): "+442079460100 +443451234567 +448001234567 +445612345678 105",
    ("GB", "mobile"): "+447400123456 +447640123456",
    ("US", "national"): "+12125550100 +19075550100 +18005550100 +18085550100 988 611",
    # A country code is not a country.
    ("US", "international"): "+18092345678 +18292345678 +18492345678 +14165550100 +18762345678 +12424561234 "
                             "+14412345678 +17587123456 +17872345678 +16712345678 +442079460100 +80012345678",
    ("CA", "national"): "+14165550100 +18002345678 +18662345678 +16002012345",
    ("CA", "international"): "+12125550100 +18092345678",
    ("JM", "national"): "+18002345678 +18769230123",
    ("GB", "international"): "+441534456789 +447797712345 +441481234567 +441624756789 +447624123456 +493012345678",
    ("JE", "international"): "+442079460100 +441481234567 +447400123456",
    ("FR", "international"): "+590590201234 +590690001234 +594594101234 +262262161234 +262639012345 +687201234 "
                             "+41446681800",
    ("RU", "international"): "+77123456789 +77710009998",
    ("RU", "mobile"): "+79123456789",
    ("KZ", "international"): "+79123456789 +74952345678",
    ("KZ", "national"): "+77123456789 +78001234567",
    ("FI", "international"): "+35818123456",
    ("NO", "international"): "+4779123456",
    ("IT", "international"): "+390669812345",
    ("IT", "national"): "+390649123456",
    ("AU", "international"): "+61891641234 +61891621234 +672312345",
    # What costs more, or may: by type,
    ("DE", "premium"): "+499001123456 +499003123456 +499005123456 +49180512345 +4918012345 +4918051234567 "
                       "+491371234567 +491379123456 +4970012345678 "
                       # with too few or too many digits,
                       "+4990012 +49900123 +4990011234567 +4990011234567890 +49180 +491805123 +491371 +4913712345 "
                       "+4970012 +49700123456789 "
                       # in a range that nobody has,
                       "+4911612345 +49191123456 +49193123 +491981234 +493211 +491521234567890 +49116117 +4911880 "
                       # for short numbers of another price, or of one that nobody says,
                       "11880 11833 118000 11887 11899 115 5550100 0 "
                       # abroad,
                       "+41900123456 +33891123456 +39892424 +448431234567 +447012345678 +19005550100 +15005550100 "
                       "+19995550100 +3538901234567 +41446681800123 "
                       # and by satellite, or by no country's network.
                       "+870773111632 +881612345678 +881812345678 +88112345678 +8821612345678 +883510012345 "
                       "+8781012345678 +88810123456 +80812345678 +979123456789 +97912345678 +800123 "
                       # What is no number.
                       "? +999123456 +210123456 + +4 4930123456 0301234567",
    ("GB", "premium"): "1471 118118 118 118500 123 1571 1470 195 +447012345678 +448431234567 +448712345678 "
                       "+449012345678",
    ("US", "premium"): "411 900 211 311 511 711 24280 31403 +19005550100 +19002345678 +15005550100 +17005550100 "
                       "+17102345678 +19995550100",
    ("CH", "national"): "+41446681800 +41800123456 140 1414 144",
    ("CH", "premium"): "1811 543 +41840123456 +41900123456 +41878123456",
}


@pytest.mark.parametrize(("country", "kind", "number"), [
    (country, kind, number) for (country, kind), numbers in CASES.items() for number in numbers.split()])
def test_classes(country, kind, number):
    assert class_of(number, country) == kind


@pytest.mark.parametrize(("country", "number", "kind"), [
    ("DE", "+4932718215941999", "national"),  # 0327 1 is a fixed line at another length
    ("DE", "+4932718215941", "national"),
    ("FR", "+4932718215941999", "premium"),  # not abroad
    ("TH", "+6619001570", "national"),
    ("TH", "+661900157002", "premium"),
    ("TH", "+66190015700", "premium"),  # +66 1900 1570 is a fixed line, and with two digits more it is expensive
    ("GB", "+442079460100", "national"),
    ("JE", "+4415344567891", "national"),
    ("GB", "+4415344567891", "premium"),
    ("BE", "+32261764709", "national"),
    ("LU", "+32261764709", "premium"),
])
def test_digits_after_a_number_at_home_lead_to_an_extension(country, number, kind):
    assert class_of(number, country) == kind


@pytest.mark.parametrize("dialling", ["", "0", "12", "123", "5012", "50123"])
@pytest.mark.parametrize(
    "number", ["+4930555010", "+49301234567", "+498921801", "+49551390", "+4961311200", "+494012345"])
def test_german_direct_dialling(number, dialling):
    assert class_of(number + dialling, "DE") == "national"
    assert class_of(number + dialling, "AT") == "international"


@pytest.mark.parametrize(("outside", "number", "country", "has"), [
    ("national", "+49301234567", "DE", True), ("national", "+491701234567", "DE", False),
    ("", "+49301234567", "DE", False), ("mobile national", "+49301234567", "DE", True),
    ("premium", "+499001123456", "DE", True),
    ("country:CH", "+41446681800", "DE", True), ("country:CH", "+41791234567", "DE", True),
    ("country:CH", "+43144668180", "DE", False), ("country:AT country:CH", "+43144668180", "DE", True),
    ("country:CH", "+41900123456", "DE", False), ("international", "+41900123456", "DE", False),
    ("country:DE", "+49301234567", "DE", True), ("country:DE", "+491701234567", "DE", True),
    ("country:DE", "+499001123456", "DE", False), ("country:DE", "116117", "DE", True),
    ("country:DE", "11880", "DE", False), ("country:CH", "116117", "DE", False),
    ("country:GB", "+442079460100", "DE", True), ("country:GB", "+441534456789", "DE", False),
    ("country:JE", "+441534456789", "GB", True), ("national mobile", "+441534456789", "GB", False),
    ("country:US", "+12125550100", "DE", True), ("country:US", "+14165550100", "DE", False),  # Toronto
    ("country:CA", "+14165550100", "US", True), ("country:CA", "+18092345678", "US", False),
    ("country:DO", "+18092345678", "US", True), ("national", "+18092345678", "US", False),
    ("country:CA", "+18002345678", "DE", True), ("country:JM", "+18002345678", "DE", True),
    ("country:US", "+19005550100", "DE", False), ("country:US", "+15005550100", "US", False),
    ("country:US", "+19995550100", "DE", False), ("country:CH", "?", "DE", False),
    ("national mobile international", "+881612345678", "DE", False), ("+881*", "+881612345678", "DE", True),
    ("international", "+80012345678", "DE", True), ("country:DE", "+80012345678", "DE", False),
    ("+4144*", "+41446681800", "DE", True), ("+4144*", "+41436681800", "DE", False),
    ("+4144", "+41446681800", "DE", False), ("+41446681800", "+41446681800", "DE", True),
    ("+41446681800", "+414466818001", "DE", False), ("+49900*", "+499001123456", "DE", True),
    ("national", "11880", "DE", False), ("11880", "11880", "DE", True), ("11880", "118800", "DE", False),
    ("11880", "11881", "DE", False), ("11880", "+4911880", "DE", False), ("national", "116117", "DE", True),
])
def test_what_a_list_of_outside_calls_has(outside, number, country, has):
    assert includes(outside.split(), number, country) == has


def test_a_number_is_read_once(monkeypatch):
    numbers = [
        ("+18092345678", "US"), ("+4932718215941999", "DE"), ("11880", "DE"), ("+41446681800", "DE"), ("?", "DE")]
    outside = ("national", "country:CA", "country:CH")
    before = [includes(outside, *each) for each in numbers]
    monkeypatch.setattr(phonenumbers, "parse", None)
    monkeypatch.setattr(phonenumbers, "number_type", None)
    assert [includes(outside, *each) for each in numbers] == before == [False, True, False, True, False]
    assert [class_of(*each) for each in numbers] == ["international", "national", "premium", "international", "premium"]
