"""``fsctl office new``: a few questions, and a first office file."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click
import phonenumbers

from fsctl import clock
from fsctl.cli import options
from fsctl.errors import FsctlError
from fsctl.model import numbers
from fsctl.officefile import check, parse
from fsctl.officefile.first import ALL, First, text
from fsctl.words import say
from fsctl.words.system import system_error

#: What stands for no answer, where Enter takes what is offered.
NONE = "-"

_HOURS = "mon-fri 08:00-17:00"

#: Where announcements are German, unless somebody says otherwise.
_GERMAN = ("DE", "AT", "CH", "LI")


@click.command()
@click.argument("file", type=click.Path(path_type=Path), default="office.toml")
@options.as_json
def new(file: Path, as_json: bool) -> None:
    """Ask a few questions and write a first office file to FILE (office.toml), which passes `check --strict`.

    Enter takes what stands in brackets. A file that is there already stays as it is. Nothing is written before the
    last answer.
    """
    if file.exists():
        raise FsctlError(say("{file} is there already, and stays; name another file", file=file))
    written = text(_asked())
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(written)
    except OSError as error:
        raise FsctlError(say("{file} cannot be written: {why}", file=file, why=system_error(error))) from None
    if as_json:
        options.print_json({"written": str(file)})
        return
    click.echo(say("{file} is written. Next:\n  fsctl office apply {file}\n  fsctl freeswitch directory\n"
                   "  fsctl doctor", file=file))


def _asked() -> First:
    first = _ask(First(), say("The office's number, complete: +49305550100 (- for none yet)"), NONE, _number)
    first = _ask(first, say("Country"), first.country, _country)
    first = _ask(first, say("Name of the site"), first.site, lambda each, name: replace(each, site=name))
    first = _ask(first, say("Its time zone"), first.zone, lambda each, zone: replace(each, zone=zone))
    first = _ask(first, say("Language of announcements, de or en"), first.language,
                 lambda each, language: replace(each, language=language))
    first = _ask(first, say("Public holidays, of a country or a part of it: DE-BE (- for none)"), first.country,
                 lambda each, holidays: replace(each, holidays=_none(holidays)))
    first = _ask(first, say("Opening hours, after which callers reach a mailbox (- for always open)"), _HOURS,
                 _hours)
    first = _ask(first, say("What is dialled before an outside number (- for nothing)"), "0",
                 lambda each, prefix: replace(each, external_prefix=_none(prefix)))
    first = _ask(first, say("FreeSWITCH's gateway to the provider"), first.gateway, _gateway)
    first = _ask(first, say("Somebody's extension and name: 101 Anna Adler"), None, _person)
    while (more := _ask(first, say("The next one (- for no more)"), NONE, _person)) != first:
        first = more
    if not first.number:
        return first
    asked = say("Who takes calls to {number}: an extension, or {all}", number=first.number, all=ALL)
    return _ask(first, asked, ALL, lambda each, reception: replace(each, reception=reception))


def _ask(first: First, question: str, default: str | None, into: Callable[[First, str], First]) -> First:
    """The office with an answer by which nothing in it becomes wrong; until there is one, what is wrong is said."""
    while True:
        answer = click.prompt(question, default, err=True).strip()
        try:
            answered = into(first, answer)
        except ValueError as error:
            click.echo(str(error), err=True)
            continue
        wrong = [each for each in _problems(answered) if each not in _problems(first)]
        if not wrong:
            return answered
        click.echo("\n".join(wrong), err=True)


def _problems(first: First) -> list[str]:
    return [str(each) for each in check(parse(text(first)), clock.now())]


def _none(answer: str) -> str:
    return "" if answer == NONE else answer


def _number(first: First, answer: str) -> First:
    if answer == NONE:
        return first
    from phonenumbers.timezone import time_zones_for_number  # a table of all zones, which takes its time

    try:
        number = phonenumbers.parse(answer)
    except phonenumbers.NumberParseException:
        raise ValueError(say("{answer} is no complete number; write it with + and the country: +49305550100",
                             answer=answer)) from None
    whole = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    zones = time_zones_for_number(number)
    country = phonenumbers.region_code_for_number(number)
    if not country:
        raise ValueError(say("{answer} is a number of no country", answer=answer))
    return _country(replace(first, number=whole, zone=zones[0]), country)


def _country(first: First, answer: str) -> First:
    country = answer.upper()
    if not numbers.is_country(country):
        raise ValueError(say("{answer} is no country; write two letters: DE, GB", answer=answer))
    emergency = tuple(each for digits in (2, 3) for number in range(10**digits)
                      if numbers.is_emergency(each := f"{number:0{digits}}", country))
    language = "de" if country in _GERMAN else "en"
    return replace(first, country=country, emergency=emergency, language=language)


def _hours(first: First, answer: str) -> First:
    if answer == NONE:
        return first
    week = [each.split() for each in answer.split(",")]
    if any(len(each) < 2 for each in week):
        raise ValueError(say("write days and hours: {hours}, or mon-thu 08:00-12:00 13:00-18:00, fri 08:00-16:00",
                             hours=_HOURS))
    return replace(first, hours={days: tuple(hours) for days, *hours in week})


def _gateway(first: First, answer: str) -> First:
    if not re.fullmatch(r"[A-Za-z0-9._-]+", answer):
        raise ValueError(say("a gateway's name has letters, digits, dots, - and _"))
    return replace(first, gateway=answer)


def _person(first: First, answer: str) -> First:
    if answer == NONE and first.people:
        return first
    extension, _, name = answer.partition(" ")
    if not extension.isdigit() or not name.strip():
        raise ValueError(say("write an extension and a name: 101 Anna Adler"))
    if extension in first.people:
        raise ValueError(
            say("{extension} is {name} already", extension=extension, name=first.people[extension]))
    return replace(first, people={**first.people, extension: name.strip()})
