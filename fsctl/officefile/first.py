"""A first office file, from the answers to a few questions."""

import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: The group of all people.
ALL = "all"

#: What it may have as its number inside: the first that is nobody's.
_EXTENSIONS = tuple(f"{hundreds}00" for hundreds in (3, 4, 5, 6, 7, 8, 30, 40, 50))


@dataclass(frozen=True, slots=True)
class First:
    """What was answered so far; each answer has a default with which the file is a sound one.

    ``number`` is complete (``+4930…``), or "". ``emergency`` are the numbers that call for help in ``country``.
    ``hours`` are those of the week, as an office file writes them; none is an office without night service.
    ``people`` are names by extension. ``reception`` is an extension, or ALL.
    """

    number: str = ""
    country: str = "DE"
    emergency: tuple[str, ...] = ()
    site: str = "Office"
    zone: str = "UTC"
    language: str = "en"
    holidays: str = ""
    hours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    external_prefix: str = ""
    gateway: str = "provider"
    people: Mapping[str, str] = field(default_factory=dict)
    reception: str = ALL


def text(first: First) -> str:
    """The office file."""
    return "\n\n".join(filter(None, (
        _NUMBERING.format(
            country=_text(first.country), emergency=_list(first.emergency), prefix=_text(first.external_prefix)),
        _trunk(first), _schedule(first), _site(first), _people(first), _group(first)))) + "\n"


def key_of(name: str) -> str:
    """What other sections and lamps call a site of this name: letters that every telephone can dial, and digits."""
    plain = unicodedata.normalize("NFKD", name.lower().replace("ß", "ss").translate(_UMLAUTS))
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain
                    if not unicodedata.combining(letter)).split()
    return "-".join(words) or "office"


_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

_NUMBERING = """\
# The office, for `fsctl office check` and `apply`. All that may stand here, with its defaults: the sample,
# fsctl/sample/office.toml.
version = 1

[numbering]
country = {country}
emergency = {emergency}
external_prefix = {prefix}"""


def _trunk(first: First) -> str:
    lines = [f"[trunks.{_key(first.gateway)}]", f'dial = {_text(f"sofia/gateway/{first.gateway}/{{e164}}")}']
    return "\n".join(lines + ([f"caller_id = {_text(first.number)}"] if first.number else []))


def _schedule(first: First) -> str:
    if not first.hours:
        return ""
    week = ", ".join(f"{days} = {_list(hours)}" for days, hours in first.hours.items())
    lines = ["[schedules.open]", f"weekly = {{ {week} }}"]
    return "\n".join(lines + (['except = ["holidays"]'] if first.holidays else []))


def _site(first: First) -> str:
    lines = [f"[sites.{key_of(first.site)}]", f"name = {_text(first.site)}", f"timezone = {_text(first.zone)}",
             f"language = {_text(first.language)}"]
    if first.holidays:
        lines.append(f"holidays = {_text(first.holidays)}")
    if first.people and first.number:
        reception = f"hunt:{ALL}" if first.reception == ALL else f"user:{first.reception}"
        lines += [f"numbers = {_list((first.number,))}", f"reception = {_text(reception)}"]
    if first.people and first.hours:
        to = next(iter(first.people)) if first.reception == ALL else first.reception
        lines.append(f'night = {{ outside = "open", to = {_text(f"mailbox:{to}")} }}')
    return "\n".join(lines)


def _people(first: First) -> str:
    site = _text(key_of(first.site))
    return "\n\n".join(
        f"[users.{_key(extension)}]\nname = {_text(name)}\nsite = {site}\nmailbox = true\n"
        f"forward = {{ no_answer = {_text(f'mailbox:{extension}')} }}"
        for extension, name in first.people.items())


def _group(first: First) -> str:
    if not first.people:
        return ""
    overflow = next(iter(first.people)) if first.reception == ALL else first.reception
    free = next(each for each in _EXTENSIONS if each not in first.people)
    pickup = "pickup = true\n" if len(first.people) > 1 else ""
    return (f"[groups.{ALL}]\nname = {_text(first.site)}\nsite = {_text(key_of(first.site))}\n"
            f"members = {_list(first.people)}\n{pickup}\n"
            f"[groups.{ALL}.hunt]\nextension = {_text(free)}\npolicy = \"simultaneous\"\nring_seconds = 30\n"
            f"overflow = {{ after_seconds = 60, to = {_text(f'mailbox:{overflow}')} }}")


def _text(value: str) -> str:
    """As TOML: its escapes are those of JSON, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(value: str) -> str:
    return value if value.replace("-", "").isalnum() and value.isascii() else _text(value)


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
