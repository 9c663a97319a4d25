"""An office in six countries, and what people there dial: pairs of a caller and a dialled text, made at random."""

import random
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from fsctl.model.digits import SEPARATORS
from fsctl.model.office import Office
from fsctl.schema import structure

#: Country, what is dialled before an outside number, emergency numbers, a number of the site, one of a person there.
COUNTRIES = {
    "berlin": ("DE", "0", ["110", "112"], "+49305550100", "+49305550101"),
    "london": ("GB", "9", ["999", "112"], "+442079460100", "+442079460101"),
    "boston": ("US", "", ["911"], "+16175550100", "+12025550101"),
    "paris": ("FR", "0", ["15", "17", "18", "112"], "+33155550100", "+33155550101"),
    "milan": ("IT", "0", ["112"], "+390255550100", "+390255550101"),
    "zurich": ("CH", "00", ["117", "118", "144", "112"], "+41445550100", "+41445550101"),
}


def tree() -> dict[str, object]:
    """The office file: at each site a person, 201 and so on, who is all of its reception, and a hunt group of all."""
    sites, users = {}, {}
    for extension, (key, (country, prefix, emergency, number, own)) in enumerate(COUNTRIES.items(), 201):
        sites[key] = {"name": key.title(), "timezone": "UTC", "language": "en", "country": country,
                      "external_prefix": prefix, "emergency": emergency, "numbers": [number],
                      "reception": f"user:{extension}"}
        users[str(extension)] = {"name": f"{key.title()} Person", "site": key, "numbers": [own]}
    group = {"name": "All", "site": "berlin", "members": list(users),
             "hunt": {"extension": "300", "numbers": ["+49305550300"], "policy": "simultaneous"},
             "park": {"extensions": ["701"]}}
    return {"version": 1, "numbering": {"country": "DE", "external_prefix": "0"}, "sites": sites, "users": users,
            "groups": {"all": group}, "trunks": {"provider": {"dial": "sofia/gateway/provider/{number}"}}}


def office() -> Office:
    return structure(tree())


def pairs(count: int, seed: int) -> Iterator[tuple[str, str]]:
    """Callers (an extension, or a number outside) and what they dial, or what the trunk names."""
    chance, numbered = random.Random(seed), office()
    callers = [*numbered.users, *numbered.users, "+4915112345678"]
    between = [chr(point) for span in SEPARATORS for point in span] + [*" -./()"] * 12
    for _ in range(count):
        text = _dialled(chance, numbered)
        if chance.random() < 0.3:
            text = "".join(chance.choice(between) * (chance.random() < 0.3) + each for each in text)
        text += chance.choice(["", "", "", "", "#", ";phone-context=+49@x", " "])
        yield chance.choice(callers), text


def _dialled(chance: random.Random, numbered: Office) -> str:
    country, prefix, emergency, *_ = chance.choice(list(COUNTRIES.values()))
    before = chance.choice([prefix, prefix, "", "0", "9"])
    match chance.randrange(7):
        case 0:
            return before + chance.choice([*emergency, "112", "110", "911", "999"])
        case 1:
            return chance.choice([*numbered.extensions, "*68701", "*98", "**201", "#31#112", "*72" + before + "112"])
        case 2:
            return before + str(chance.randrange(10 ** chance.randrange(1, 12)))
        case 3 | 4:
            return before + _written(chance, chance.choice(list(numbered.numbers)), country)
        case 5:
            return chance.choice(["alice", "11x2", "1,2", "\u0661\u0661\u0662", "112'", "1" * 40, "$1", "112\\"])
    kind = chance.choice([PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE])
    example = phonenumbers.example_number_for_type(country, kind)
    return before + _written(chance, phonenumbers.format_number(example, PhoneNumberFormat.E164), country)


def _written(chance: random.Random, number: str, country: str) -> str:
    parsed = phonenumbers.parse(number)
    national = phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL)
    code = f"+{parsed.country_code}"
    return chance.choice([
        number, number[1:], "00" + number[1:], "011" + number[1:], national,
        "".join(filter(str.isdigit, national)), phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL),
        phonenumbers.format_out_of_country_calling_number(parsed, country),
        f"{code} (0){number.removeprefix(code)}",
    ])


#: What people at each site dial (201 Berlin, 202 London, 203 Boston, 204 Paris, 205 Milan, 206 Zurich; others call from
#: outside), and where it leads.
BY_HAND = [
    # emergency numbers are those of the site, with and without what leads outside, however they are written
    ("201", "112", "emergency:112"), ("201", "0112", "emergency:112"), ("201", "0 112", "emergency:112"),
    ("201", "0-112", "emergency:112"), ("201", "1 1 0", "emergency:110"), ("201", "112#", "emergency:112"),
    ("201", "112;phone-context=+49@x", "emergency:112"), ("201", "00112", "unknown:00112"),
    ("201", "999", "unknown:999"), ("201", "911", "unknown:911"),
    ("202", "999", "emergency:999"), ("202", "9999", "emergency:999"), ("202", "9 999", "emergency:999"),
    ("202", "112", "emergency:112"), ("202", "9-112", "emergency:112"), ("202", "110", "unknown:110"),
    ("202", "0112", "unknown:0112"),
    ("203", "911", "emergency:911"), ("203", "9-1-1", "emergency:911"), ("203", "0911", "unknown:0911"),
    ("204", "15", "emergency:15"), ("204", "0 15", "emergency:15"), ("204", "(17)", "emergency:17"),
    ("204", "118", "unknown:118"),
    ("205", "112", "emergency:112"), ("205", "0112#", "emergency:112"),
    ("206", "117", "emergency:117"), ("206", "00117", "emergency:117"), ("206", "00 1 4 4", "emergency:144"),
    ("206", "0117", "unknown:0117"),
    ("+4915112345678", "112", "unknown:112"), ("+4915112345678", "0112", "unknown:0112"),
    # people, groups and slots by their short numbers
    ("201", "202", "user:202"), ("201", "202#", "user:202"), ("201", "2 0 2", "user:202"),
    ("202", "202;user=phone", "user:202"), ("203", "300", "hunt:all"), ("203", "3\u200b00", "hunt:all"),
    ("201", "701", "slot:701"), ("+4915112345678", "701", "unknown:701"), ("+4915112345678", "300", "hunt:all"),
    ("201", "*68701", "code:park"), ("201", "*98#", "code:pickup"), ("201", "* 72 0112", "code:forward_always"),
    # numbers of the office, as each country dials them
    ("201", "0 030 5550100", "site:berlin"), ("201", "0 +49 30 5550100", "site:berlin"),
    ("201", "+49 (0)30 5550100", "site:berlin"), ("201", "0 0049 (0)30 5550100", "site:berlin"),
    ("201", "0 49 30 5550100", "site:berlin"), ("201", "030 5550100", "unknown:0305550100"),
    ("202", "9 020 7946 0100", "site:london"), ("202", "9 (020) 7946 0101", "user:202"),
    ("202", "9 0049 30 5550101", "user:201"), ("202", "9 00 1 617 555 0100", "site:boston"),
    ("203", "617-555-0100", "site:boston"), ("203", "1 (617) 555-0100", "site:boston"),
    ("203", "202.555.0101", "user:203"), ("203", "011 49 30 5550100", "site:berlin"),
    ("203", "011 44 (0)20 7946 0100", "site:london"), ("203", "49 30 5550100", "site:berlin"),
    ("204", "0 01 55 55 01 00", "site:paris"), ("204", "0 00 41 44 555 01 01", "user:206"),
    ("204", "+33 (0)1 55 55 01 01", "user:204"), ("205", "0 02 5555 0100", "site:milan"),
    ("205", "0 +39 02 55550101", "user:205"), ("205", "0 0033 155550100", "site:paris"),
    ("206", "00 044 555 01 00", "site:zurich"), ("206", "00 00 39 02 5555 0100", "site:milan"),
    ("206", "+41 44 555 01 01", "user:206"),
    # the same as trunks name them
    ("+4915112345678", "+49 30 5550100", "site:berlin"), ("+4915112345678", "4930 5550101", "user:201"),
    ("+4915112345678", "030/5550100", "site:berlin"), ("+4915112345678", "0049305550100", "site:berlin"),
    ("+4915112345678", "2025550101", "user:203"), ("+4915112345678", "12025550101", "user:203"),
    ("+4915112345678", "020 7946 0100", "site:london"), ("+4915112345678", "0155550101", "user:204"),
    ("+4915112345678", "390255550100", "site:milan"), ("+4915112345678", "0445550100", "site:zurich"),
    ("+4915112345678", "+49305550300;npdi;rn=+4930", "hunt:all"),
    ("+4915112345678", "0305550999", "unknown:0305550999"),
    # numbers outside
    ("201", "0 030 1234567", "number:+49301234567"), ("201", "0 0170/1234567", "number:+491701234567"),
    ("201", "0 0044 20 7946 0999", "number:+442079460999"), ("201", "0116117", "number:116117"),
    ("201", "0 116 117", "number:116117"), ("201", "+49 170 1234567", "number:+491701234567"),
    ("201", "+49 (0)170 1234567", "number:+491701234567"), ("201", "0170 1234567", "unknown:01701234567"),
    ("202", "9 030 1234 5678", "number:+443012345678"), ("202", "9 07911 123456", "number:+447911123456"),
    ("202", "07911 123456", "unknown:07911123456"), ("202", "9 00 49 30 1234567", "number:+49301234567"),
    ("203", "(212) 555-0123", "number:+12125550123"), ("203", "1-809-555-0123", "number:+18095550123"),
    ("203", "011 49 30 1234567", "number:+49301234567"), ("203", "+49 30 1234567", "number:+49301234567"),
    ("204", "0 06 12 34 56 78", "number:+33612345678"), ("204", "06 12 34 56 78", "unknown:0612345678"),
    ("205", "0 312 345 6789", "number:+393123456789"), ("205", "0 02 1234567", "number:+39021234567"),
    ("206", "00 079 123 45 67", "number:+41791234567"), ("206", "00 00 49 30 1234567", "number:+49301234567"),
    ("206", "079 123 45 67", "unknown:0791234567"),
    # nobody's
    ("201", "alice", "unknown:alice"), ("201", "0", "unknown:0"), ("202", "9", "unknown:9"),
]
