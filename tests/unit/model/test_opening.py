"""Open or closed, why, and until when: a table worked out by hand.

A row is a schedule, a place, an instant, the words (which say the state and, by their language, which to ask for) and
the next change. Times without an offset are the place's, where it is clear which they are.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from fsctl.model import schedule
from fsctl.model.opening_words import because
from fsctl.model.sections import Schedule
from fsctl.model.timetable import Timetable
from fsctl.words import speaking

SCHEDULES = {
    "office": Schedule(
        key="office",
        weekly={"mon-thu": ("08:00-12:00", "13:00-18:00"), "fri": ("08:00-16:00",)},
        except_=("holidays", "2026-12-24", "2026-12-27/2026-12-31"),
        also=("2026-11-28 10:00-14:00",),
    ),
    "stocktaking": Schedule(key="stocktaking", weekly={"sun": ("22:00-04:00",)}, dates=("2027-01-02/2027-01-03",)),
    "nights": Schedule(key="nights", weekly={"mon-sun": ("22:00-06:00",)}, except_=("2026-11-25", "holidays")),
    "always": Schedule(key="always", weekly={"mon-sun": ("00:00-24:00",)}, except_=("holidays",)),
    "never": Schedule(key="never"),
    "once": Schedule(key="once", dates=("2028-02-29 10:00-12:00",)),
    "leap-off": Schedule(key="leap-off", weekly={"mon-sun": ("08:00-18:00",)}, except_=("2028-02-29",)),
    "leap-on": Schedule(key="leap-on", dates=("2028-02-28/2028-03-01",)),
    "half": Schedule(
        key="half",
        weekly={"mon-fri": ("08:00-18:00",), "sat": ("20:00-04:00",)},
        except_=("2026-12-24 12:00-24:00", "2026-11-28 23:00-01:00", "2026-11-23/2026-11-25 10:00-11:00"),
    ),
    "also": Schedule(
        key="also",
        weekly={"mon-fri": ("08:00-12:00",)},
        dates=("2026-12-26",),
        except_=("holidays", "2026-12-24", "2026-12-28 08:00-12:00"),
        also=("2026-12-24", "2026-12-25 09:00-11:00", "2026-12-28 10:00-11:00", "2026-12-31 22:00-02:00"),
    ),
    "named": Schedule(key="named", weekly={"mon-fri": ("08:00-12:00",)}, except_=("2026-12-25",)),
    "overlap": Schedule(
        key="overlap",
        weekly={"mon": ("10:00-14:00", "08:00-12:00"), "tue": ("00:00-24:00",), "wed": ("00:00-08:00",)},
    ),
    "evening": Schedule(key="evening", weekly={"mon": ("18:00-00:00",)}),
    "round": Schedule(key="round", weekly={"sun": ("22:00-21:00",)}),
    "monday": Schedule(key="monday", weekly={"mon": ("08:00-12:00",)}),
    "yearly": Schedule(
        key="yearly", weekly={"mon-sun": ("08:00-18:00",)}, except_=("12-24", "12-31 12:00-24:00", "01-02/01-04"),
        also=("12-24 10:00-11:00",),
    ),
    "christmas": Schedule(key="christmas", dates=("12-24",)),
    "leap": Schedule(key="leap", weekly={"mon-sun": ("08:00-18:00",)}, except_=("02-29",)),
    "leap-day": Schedule(key="leap-day", dates=("02-29",)),
    "leap-also": Schedule(key="leap-also", also=("02-29 10:00-12:00",)),
    "years": Schedule(key="years", weekly={"mon-fri": ("08:00-18:00",)}, except_=("12-24/01-02",)),
    "gala": Schedule(key="gala", dates=("12-31 22:00-04:00",)),
    "event": Schedule(key="event", dates=("2026-12-24 22:00-04:00",), except_=("holidays",)),
    "0230-0500": Schedule(key="a", weekly={"sun": ("02:30-05:00",)}),
    "0215-0245": Schedule(key="b", weekly={"sun": ("02:15-02:45",)}),
    "0130-0230": Schedule(key="c", weekly={"sun": ("01:30-02:30",)}),
    "0200-0300": Schedule(key="d", weekly={"sun": ("02:00-03:00",)}),
    "0300-0400": Schedule(key="e", weekly={"sun": ("03:00-04:00",)}),
    "0100-0200": Schedule(key="f", weekly={"sun": ("01:00-02:00",)}),
    "0145-0150": Schedule(key="g", weekly={"sun": ("01:45-01:50",)}),
    "cut": Schedule(key="cut", weekly={"sun": ("00:00-24:00",)}, except_=("2026-10-25 02:00-02:30",)),
    "sunday": Schedule(key="sunday", weekly={"sun": ("00:00-24:00",)}),
    "sat-night": Schedule(key="sat-night", weekly={"sat": ("22:00-00:30",)}),
    "thu-night": Schedule(key="thu-night", weekly={"thu": ("22:00-06:00",)}),
    "fri-night": Schedule(key="fri-night", weekly={"fri": ("22:00-06:00",)}),
    "friday": Schedule(key="friday", weekly={"fri": ("08:00-12:00",)}),
    "saturday": Schedule(key="saturday", weekly={"sat": ("08:00-12:00",)}),
}

GERMAN = {
    date(2026, 12, 25): {"de": "Erster Weihnachtstag", "en": "Christmas Day"},
    date(2026, 12, 26): {"de": "Zweiter Weihnachtstag", "en": "Boxing Day"},
    date(2027, 1, 1): {"de": "Neujahr", "en": "New Year's Day"},
    date(2027, 3, 26): {"de": "Karfreitag", "en": "Good Friday"},
    date(2027, 3, 29): {"de": "Ostermontag", "en": "Easter Monday"},
}
ENGLISH = {date(2026, 12, 28): {"en": "Boxing Day (observed)"}, date(2027, 1, 1): {"de": "", "en": ""}}

PLACES: dict[str, tuple[str, Mapping[date, Mapping[str, str]]]] = {
    "Berlin": ("Europe/Berlin", GERMAN),
    "Berlin-without": ("Europe/Berlin", {}),
    "London": ("Europe/London", ENGLISH),
    "New-York": ("America/New_York", {}),
    "Lord-Howe": ("Australia/Lord_Howe", {}),
    "Apia": ("Pacific/Apia", {}),
    "St-Johns": ("America/St_Johns", {}),
    "Kolkata": ("Asia/Kolkata", {}),
    "Havana": ("America/Havana", {}),
}

TABLE = """
the week
office Berlin 2026-11-23T00:00           | closed until 08:00                        | 2026-11-23T08:00
office Berlin 2026-11-23T07:59:59.999999 | closed until 08:00                        | 2026-11-23T08:00
office Berlin 2026-11-23T08:00           | open until 12:00                          | 2026-11-23T12:00
office Berlin 2026-11-23T11:59           | open until 12:00                          | 2026-11-23T12:00
office Berlin 2026-11-23T12:00           | closed until 13:00                        | 2026-11-23T13:00
office Berlin 2026-11-23T12:59:59        | closed until 13:00                        | 2026-11-23T13:00
office Berlin 2026-11-23T13:00           | open until 18:00                          | 2026-11-23T18:00
office Berlin 2026-11-23T17:59           | open until 18:00                          | 2026-11-23T18:00
office Berlin 2026-11-23T18:00           | closed until Tue 08:00                    | 2026-11-24T08:00
office Berlin 2026-11-23T23:59           | closed until Tue 08:00                    | 2026-11-24T08:00
office Berlin 2026-11-26T18:00           | closed until Fri 08:00                    | 2026-11-27T08:00
office Berlin 2026-11-27T08:00           | open until 16:00                          | 2026-11-27T16:00
office Berlin 2026-11-27T15:59:59        | open until 16:00                          | 2026-11-27T16:00
office Berlin 2026-11-27T16:00           | closed until Sat 10:00                    | 2026-11-28T10:00
office Berlin 2026-11-28T09:59           | closed until 10:00                        | 2026-11-28T10:00
office Berlin 2026-11-28T10:00           | open: exception 28 Nov                    | 2026-11-28T14:00
office Berlin 2026-11-28T13:59           | open: exception 28 Nov                    | 2026-11-28T14:00
office Berlin 2026-11-28T14:00           | closed until Mon 08:00                    | 2026-11-30T08:00
office Berlin 2026-11-29T12:00           | closed until Mon 08:00                    | 2026-11-30T08:00
office Berlin 2026-11-20T16:00           | closed until Mon 08:00                    | 2026-11-23T08:00
office Berlin 2026-11-23T08:30           | offen bis 12:00                           | 2026-11-23T12:00
office Berlin 2026-11-23T18:30           | geschlossen bis Di 08:00                  | 2026-11-24T08:00
office Berlin 2026-11-24T18:30           | geschlossen bis Mi 08:00                  | 2026-11-25T08:00
office Berlin 2026-11-25T18:30           | geschlossen bis Do 08:00                  | 2026-11-26T08:00
office Berlin 2026-11-26T18:30           | geschlossen bis Fr 08:00                  | 2026-11-27T08:00
office Berlin 2026-11-27T18:00           | geschlossen bis Sa 10:00                  | 2026-11-28T10:00
office Berlin 2026-11-28T11:00           | offen: Ausnahme 28.11.                    | 2026-11-28T14:00
office Berlin 2026-11-28T15:00           | geschlossen bis Mo 08:00                  | 2026-11-30T08:00
overlap Berlin 2026-11-23T08:00          | open until 14:00                          | 2026-11-23T14:00
overlap Berlin 2026-11-23T12:00          | open until 14:00                          | 2026-11-23T14:00
overlap Berlin 2026-11-23T14:00          | closed until 24:00                        | 2026-11-24T00:00
overlap Berlin 2026-11-24T00:00          | open until Wed 08:00                      | 2026-11-25T08:00
overlap Berlin 2026-11-25T08:00          | closed until Mon 08:00                    | 2026-11-30T08:00
evening Berlin 2026-11-23T18:00          | open until 24:00                          | 2026-11-24T00:00
evening Berlin 2026-11-24T00:00          | closed until Mon 18:00                    | 2026-11-30T18:00
monday Berlin 2026-11-23T12:00           | closed until Mon 30 Nov 08:00             | 2026-11-30T08:00
monday Berlin 2026-11-23T12:30           | geschlossen bis Mo 30.11. 08:00           | 2026-11-30T08:00
monday Berlin 2026-11-24T07:00           | closed until Mon 08:00                    | 2026-11-30T08:00
monday Berlin 2026-12-28T12:00           | closed until Mon 4 Jan 2027 08:00         | 2027-01-04T08:00
monday Berlin 2026-12-29T12:00           | closed until Mon 08:00                    | 2027-01-04T08:00
round New-York 2026-11-23T20:00           | open until 21:00                         | 2026-11-23T21:00
never Berlin 2026-11-23T12:00            | closed                                    | -
never Berlin 2026-11-23T13:00            | geschlossen                               | -
always Berlin-without 2026-11-23T12:00   | open                                      | -
always Berlin-without 2026-11-23T13:00   | offen                                     | -

holidays and the days around them
office Berlin 2026-12-23T18:00           | closed until Mon 4 Jan 2027 08:00         | 2027-01-04T08:00
office Berlin 2026-12-23T18:30           | geschlossen bis Mo 04.01.2027 08:00       | 2027-01-04T08:00
office Berlin 2026-12-24T00:00           | closed: Christmas Eve                     | 2027-01-04T08:00
office Berlin 2026-12-24T09:00           | geschlossen: Heiligabend                  | 2027-01-04T08:00
office Berlin 2026-12-24T23:59:59        | closed: Christmas Eve                     | 2027-01-04T08:00
office Berlin 2026-12-25T00:00           | closed: public holiday Christmas Day      | 2027-01-04T08:00
office Berlin 2026-12-25T10:00           | geschlossen: Feiertag Erster Weihnachtstag | 2027-01-04T08:00
office Berlin 2026-12-26T10:00           | closed: public holiday Boxing Day         | 2027-01-04T08:00
office Berlin 2026-12-27T10:00           | geschlossen: 27.12.                       | 2027-01-04T08:00
office Berlin 2026-12-28T10:00           | closed: 28 Dec                            | 2027-01-04T08:00
office Berlin 2026-12-31T10:00           | closed: New Year's Eve                    | 2027-01-04T08:00
office Berlin 2026-12-31T10:30           | geschlossen: Silvester                    | 2027-01-04T08:00
office Berlin 2027-01-01T00:00           | closed: public holiday New Year's Day     | 2027-01-04T08:00
office Berlin 2027-01-01T23:59           | geschlossen: Feiertag Neujahr             | 2027-01-04T08:00
office Berlin 2027-01-02T00:00           | closed until Mon 08:00                    | 2027-01-04T08:00
office Berlin 2027-01-03T12:00           | closed until Mon 08:00                    | 2027-01-04T08:00
office Berlin 2027-01-04T08:00           | open until 12:00                          | 2027-01-04T12:00
office Berlin 2027-03-25T18:00           | closed until Tue 08:00                    | 2027-03-30T08:00
office Berlin 2027-03-26T09:00           | geschlossen: Feiertag Karfreitag          | 2027-03-30T08:00
office Berlin 2027-03-27T09:00           | closed until Tue 08:00                    | 2027-03-30T08:00
office Berlin 2027-03-29T09:00           | closed: public holiday Easter Monday      | 2027-03-30T08:00
office Berlin 2027-03-30T08:00           | open until 12:00                          | 2027-03-30T12:00
office Berlin-without 2026-12-24T10:00   | closed: Christmas Eve                     | 2026-12-25T08:00
office Berlin-without 2026-12-25T10:00   | open until 16:00                          | 2026-12-25T16:00
office Berlin-without 2027-01-01T10:00   | open until 16:00                          | 2027-01-01T16:00
office London 2026-12-28T10:00           | closed: public holiday Boxing Day (observed) | 2027-01-04T08:00
office London 2026-12-28T11:00           | geschlossen: Feiertag Boxing Day (observed) | 2027-01-04T08:00
office London 2027-01-01T10:00           | closed: public holiday 1 Jan              | 2027-01-04T08:00
office London 2027-01-01T11:00           | geschlossen: Feiertag 01.01.              | 2027-01-04T08:00
office London 2026-07-01T12:30           | closed until 13:00                        | 2026-07-01T13:00+01:00
office New-York 2026-07-06T08:00         | open until 12:00                          | 2026-07-06T12:00-04:00
named Berlin 2026-12-25T09:00            | closed: Christmas Day                     | 2026-12-28T08:00
named Berlin 2026-12-25T10:00            | geschlossen: Erster Weihnachtstag         | 2026-12-28T08:00
named Berlin-without 2026-12-25T09:00    | closed: 25 Dec                            | 2026-12-28T08:00
named Berlin 2027-01-01T09:00            | open until 12:00                          | 2027-01-01T12:00
always Berlin 2026-12-24T23:59           | open until 24:00                          | 2026-12-25T00:00
always Berlin 2026-12-25T00:00           | closed: public holiday Christmas Day      | 2026-12-27T00:00
always Berlin 2026-12-26T23:59:59        | closed: public holiday Boxing Day         | 2026-12-27T00:00
always Berlin 2026-12-27T00:00           | open until Fri 00:00                      | 2027-01-01T00:00
always Berlin 2026-11-23T00:00           | open until Fri 25 Dec 00:00               | 2026-12-25T00:00
always Berlin 2026-11-23T01:00           | offen bis Fr 25.12. 00:00                 | 2026-12-25T00:00
always Berlin 2027-04-01T00:00           | open                                      | -

past midnight
stocktaking Berlin 2026-11-22T21:59      | closed until 22:00                        | 2026-11-22T22:00
stocktaking Berlin 2026-11-22T22:00      | open until Mon 04:00                      | 2026-11-23T04:00
stocktaking Berlin 2026-11-22T22:30      | offen bis Mo 04:00                        | 2026-11-23T04:00
stocktaking Berlin 2026-11-23T00:00      | open until 04:00                          | 2026-11-23T04:00
stocktaking Berlin 2026-11-23T03:59:59   | open until 04:00                          | 2026-11-23T04:00
stocktaking Berlin 2026-11-23T04:00      | closed until Sun 22:00                    | 2026-11-29T22:00
stocktaking Berlin 2026-11-23T05:00      | geschlossen bis So 22:00                  | 2026-11-29T22:00
stocktaking Berlin 2026-12-28T04:00      | closed until Sat 00:00                    | 2027-01-02T00:00
stocktaking Berlin 2027-01-01T23:59      | closed until 24:00                        | 2027-01-02T00:00
stocktaking Berlin 2027-01-02T00:00      | open: date 2 Jan                          | 2027-01-04T04:00
stocktaking Berlin 2027-01-02T12:00      | offen: Termin 02.01.                      | 2027-01-04T04:00
stocktaking Berlin 2027-01-03T21:59      | open: date 3 Jan                          | 2027-01-04T04:00
stocktaking Berlin 2027-01-03T22:00      | open until Mon 04:00                      | 2027-01-04T04:00
stocktaking Berlin 2027-01-04T03:00      | open until 04:00                          | 2027-01-04T04:00
stocktaking Berlin 2027-01-04T04:00      | closed until Sun 22:00                    | 2027-01-10T22:00
nights Berlin 2026-11-24T22:00           | open until Wed 06:00                      | 2026-11-25T06:00
nights Berlin 2026-11-25T05:59           | open until 06:00                          | 2026-11-25T06:00
nights Berlin 2026-11-25T06:00           | closed: 25 Nov                            | 2026-11-26T22:00
nights Berlin 2026-11-25T22:00           | closed: 25 Nov                            | 2026-11-26T22:00
nights Berlin 2026-11-26T03:00           | closed: 25 Nov                            | 2026-11-26T22:00
nights Berlin 2026-11-26T05:59:59        | geschlossen: 25.11.                       | 2026-11-26T22:00
nights Berlin 2026-11-26T06:00           | closed until 22:00                        | 2026-11-26T22:00
nights Berlin 2026-11-26T22:00           | open until Fri 06:00                      | 2026-11-27T06:00
nights Berlin 2026-12-24T22:00           | open until Fri 06:00                      | 2026-12-25T06:00
nights Berlin 2026-12-25T03:00           | open until 06:00                          | 2026-12-25T06:00
nights Berlin 2026-12-25T06:00           | closed: public holiday Christmas Day      | 2026-12-27T22:00
nights Berlin 2026-12-26T05:00           | closed: public holiday Boxing Day         | 2026-12-27T22:00
nights Berlin 2026-12-27T05:00           | closed: public holiday Boxing Day         | 2026-12-27T22:00
nights Berlin 2026-12-27T06:00           | closed until 22:00                        | 2026-12-27T22:00
event Berlin 2026-12-25T01:00             | open: date 24 Dec                         | 2026-12-25T04:00
event Berlin 2026-12-25T04:00             | closed: public holiday Christmas Day      | -

leap days, and how far ahead is looked
once Berlin 2028-02-28T09:00             | closed until Tue 10:00                    | 2028-02-29T10:00
once Berlin 2028-02-29T10:00             | open: date 29 Feb                         | 2028-02-29T12:00
once Berlin 2028-02-29T11:59             | offen: Termin 29.02.                      | 2028-02-29T12:00
once Berlin 2028-02-29T12:00             | closed                                    | -
once Berlin 2027-01-25T10:00             | closed until Tue 29 Feb 2028 10:00        | 2028-02-29T10:00
once Berlin 2027-01-25T09:59:59          | closed                                    | -
leap-off Berlin 2028-02-28T18:00         | closed until Wed 08:00                    | 2028-03-01T08:00
leap-off Berlin 2028-02-29T12:00         | closed: 29 Feb                            | 2028-03-01T08:00
leap-off Berlin 2028-02-29T13:00         | geschlossen: 29.02.                       | 2028-03-01T08:00
leap-off Berlin 2028-03-01T08:00         | open until 18:00                          | 2028-03-01T18:00
leap-on Berlin 2028-02-27T23:00          | closed until 24:00                        | 2028-02-28T00:00
leap-on Berlin 2028-02-28T00:00          | open: date 28 Feb                         | 2028-03-02T00:00
leap-on Berlin 2028-03-01T23:59          | open: date 1 Mar                          | 2028-03-02T00:00
leap-on Berlin 2028-03-02T00:00          | closed                                    | -

exceptions with hours, and what is open whatever the rest says
half Berlin 2026-12-24T11:59             | open until 12:00                          | 2026-12-24T12:00
half Berlin 2026-12-24T12:00             | closed: Christmas Eve                     | 2026-12-25T08:00
half Berlin 2026-12-24T23:00             | geschlossen: Heiligabend                  | 2026-12-25T08:00
half Berlin 2026-12-25T00:00             | closed until 08:00                        | 2026-12-25T08:00
half Berlin 2026-12-25T08:00             | open until 18:00                          | 2026-12-25T18:00
half Berlin 2026-11-23T09:59             | open until 10:00                          | 2026-11-23T10:00
half Berlin 2026-11-23T10:00             | closed: 23 Nov                            | 2026-11-23T11:00
half Berlin 2026-11-23T11:00             | open until 18:00                          | 2026-11-23T18:00
half Berlin 2026-11-25T10:30             | closed: 25 Nov                            | 2026-11-25T11:00
half Berlin 2026-11-26T10:30             | open until 18:00                          | 2026-11-26T18:00
half Berlin 2026-11-28T20:00             | open until 23:00                          | 2026-11-28T23:00
half Berlin 2026-11-28T23:00             | closed: 28 Nov                            | 2026-11-29T01:00
half Berlin 2026-11-29T00:30             | closed: 28 Nov                            | 2026-11-29T01:00
half Berlin 2026-11-29T01:00             | open until 04:00                          | 2026-11-29T04:00
half Berlin 2026-11-29T04:00             | closed until Mon 08:00                    | 2026-11-30T08:00
also Berlin 2026-12-23T12:00             | closed until 24:00                        | 2026-12-24T00:00
also Berlin 2026-12-24T00:00             | open: exception 24 Dec                    | 2026-12-25T00:00
also Berlin 2026-12-25T08:59             | closed: public holiday Christmas Day      | 2026-12-25T09:00
also Berlin 2026-12-25T09:00             | open: exception 25 Dec                    | 2026-12-25T11:00
also Berlin 2026-12-25T11:00             | closed: public holiday Christmas Day      | 2026-12-28T10:00
also Berlin 2026-12-26T10:00             | closed: public holiday Boxing Day         | 2026-12-28T10:00
also Berlin-without 2026-12-26T10:00     | open: date 26 Dec                         | 2026-12-27T00:00
also Berlin 2026-12-28T09:00             | closed: 28 Dec                            | 2026-12-28T10:00
also Berlin 2026-12-28T10:30             | open: exception 28 Dec                    | 2026-12-28T11:00
also Berlin 2026-12-28T11:30             | closed: 28 Dec                            | 2026-12-29T08:00
also Berlin 2026-12-28T12:00             | closed until Tue 08:00                    | 2026-12-29T08:00
also Berlin 2026-12-31T21:59             | closed until 22:00                        | 2026-12-31T22:00
also Berlin 2026-12-31T22:00             | open: exception 31 Dec                    | 2027-01-01T02:00
also Berlin 2027-01-01T01:00             | open: exception 31 Dec                    | 2027-01-01T02:00
also Berlin 2027-01-01T02:00             | closed: public holiday New Year's Day     | 2027-01-04T08:00

clocks that skip an hour
0230-0500 Berlin 2026-03-28T12:00+01:00  | closed until Sun 03:00                    | 2026-03-29T03:00+02:00
0230-0500 Berlin 2026-03-29T01:59+01:00  | closed until 03:00                        | 2026-03-29T03:00+02:00
0230-0500 Berlin 2026-03-29T03:00+02:00  | open until 05:00                          | 2026-03-29T05:00+02:00
0230-0500 Berlin 2026-03-29T04:59+02:00  | open until 05:00                          | 2026-03-29T05:00+02:00
0230-0500 Berlin 2026-03-27T12:00+01:00  | closed until Sun 03:00                    | 2026-03-29T03:00+02:00
0230-0500 Berlin 2026-03-29T01:59:59.999999+01:00 | closed until 03:00               | 2026-03-29T03:00+02:00
0215-0245 Berlin 2026-03-22T02:30+01:00  | open until 02:45                          | 2026-03-22T02:45+01:00
0215-0245 Berlin 2026-03-22T02:45+01:00  | closed until Sun 5 Apr 02:15              | 2026-04-05T02:15+02:00
0215-0245 Berlin 2026-03-29T01:59+01:00  | closed until Sun 5 Apr 02:15              | 2026-04-05T02:15+02:00
0215-0245 Berlin 2026-03-29T03:00+02:00  | closed until Sun 5 Apr 02:15              | 2026-04-05T02:15+02:00
0130-0230 Berlin 2026-03-29T01:30+01:00  | open until 03:00                          | 2026-03-29T03:00+02:00
0130-0230 Berlin 2026-03-29T03:00+02:00  | closed until Sun 5 Apr 01:30              | 2026-04-05T01:30+02:00
0200-0300 Berlin 2026-03-29T01:30+01:00  | closed until Sun 5 Apr 02:00              | 2026-04-05T02:00+02:00
0300-0400 Berlin 2026-03-29T01:59:59+01:00 | closed until 03:00                      | 2026-03-29T03:00+02:00
0100-0200 Berlin 2026-03-29T01:30+01:00  | open until 03:00                          | 2026-03-29T03:00+02:00
nights Berlin 2026-03-28T22:00+01:00     | open until Sun 06:00                      | 2026-03-29T06:00+02:00
nights Berlin 2026-03-29T01:00+01:00     | open until 06:00                          | 2026-03-29T06:00+02:00
nights Berlin 2026-03-29T03:30+02:00     | offen bis 06:00                           | 2026-03-29T06:00+02:00
0130-0230 London 2026-03-29T00:59+00:00  | closed until 02:00                        | 2026-03-29T02:00+01:00
0130-0230 London 2026-03-29T02:00+01:00  | open until 02:30                          | 2026-03-29T02:30+01:00
0230-0500 New-York 2026-03-08T01:59-05:00 | closed until 03:00                       | 2026-03-08T03:00-04:00
0230-0500 New-York 2026-03-08T03:00-04:00 | open until 05:00                         | 2026-03-08T05:00-04:00
0215-0245 Lord-Howe 2026-10-04T01:59+10:30 | closed until 02:30                      | 2026-10-04T02:30+11:00
0215-0245 Lord-Howe 2026-10-04T02:30+11:00 | open until 02:45                        | 2026-10-04T02:45+11:00
0130-0230 Lord-Howe 2026-10-04T01:45+10:30 | open until 02:30                        | 2026-10-04T02:30+11:00
sunday Havana 2026-03-07T23:59-05:00     | closed until Sun 01:00                    | 2026-03-08T01:00-04:00
sunday Havana 2026-03-08T01:00-04:00     | open until 24:00                          | 2026-03-09T00:00-04:00

clocks that show an hour twice
0130-0230 Berlin 2026-10-25T01:30+02:00  | open until 02:30 CEST                     | 2026-10-25T02:30+02:00
0130-0230 Berlin 2026-10-25T02:29+02:00  | open until 02:30 CEST                     | 2026-10-25T02:30+02:00
0130-0230 Berlin 2026-10-25T02:30+02:00  | closed until 02:00 CET                    | 2026-10-25T02:00+01:00
0130-0230 Berlin 2026-10-25T02:45+02:00  | geschlossen bis 02:00 MEZ                 | 2026-10-25T02:00+01:00
0130-0230 Berlin 2026-10-25T02:59:59+02:00 | closed until 02:00 CET                  | 2026-10-25T02:00+01:00
0130-0230 Berlin 2026-10-25T02:00+01:00  | open until 02:30 CET                      | 2026-10-25T02:30+01:00
0130-0230 Berlin 2026-10-25T02:30+01:00  | closed until Sun 1 Nov 01:30              | 2026-11-01T01:30+01:00
0215-0245 Berlin 2026-10-25T02:00+02:00  | closed until 02:15 CEST                   | 2026-10-25T02:15+02:00
0215-0245 Berlin 2026-10-25T02:15+02:00  | open until 02:45 CEST                     | 2026-10-25T02:45+02:00
0215-0245 Berlin 2026-10-25T02:45+02:00  | closed until 02:15 CET                    | 2026-10-25T02:15+01:00
0215-0245 Berlin 2026-10-25T02:15+01:00  | open until 02:45 CET                      | 2026-10-25T02:45+01:00
0215-0245 Berlin 2026-10-25T02:45+01:00  | closed until Sun 1 Nov 02:15              | 2026-11-01T02:15+01:00
0200-0300 Berlin 2026-10-25T01:59+02:00  | closed until 02:00 CEST                   | 2026-10-25T02:00+02:00
0200-0300 Berlin 2026-10-25T02:00+02:00  | open until 03:00                          | 2026-10-25T03:00+01:00
0200-0300 Berlin 2026-10-25T02:30+01:00  | open until 03:00                          | 2026-10-25T03:00+01:00
0300-0400 Berlin 2026-10-25T02:30+02:00  | closed until 03:00                        | 2026-10-25T03:00+01:00
0100-0200 Berlin 2026-10-25T01:30+02:00  | open until 02:00 CEST                     | 2026-10-25T02:00+02:00
0100-0200 Berlin 2026-10-25T02:00+01:00  | closed until Sun 1 Nov 01:00              | 2026-11-01T01:00+01:00
nights Berlin 2026-10-24T22:00+02:00     | open until Sun 06:00                      | 2026-10-25T06:00+01:00
nights Berlin 2026-10-25T02:30+02:00     | open until 06:00                          | 2026-10-25T06:00+01:00
cut Berlin 2026-10-25T01:00+02:00        | open until 02:00 CEST                     | 2026-10-25T02:00+02:00
cut Berlin 2026-10-25T02:00+02:00        | closed: 25 Oct                            | 2026-10-25T02:30+02:00
cut Berlin 2026-10-25T02:30+02:00        | open until 02:00 CET                      | 2026-10-25T02:00+01:00
cut Berlin 2026-10-25T02:15+01:00        | closed: 25 Oct                            | 2026-10-25T02:30+01:00
cut Berlin 2026-10-25T02:30+01:00        | open until 24:00                          | 2026-10-26T00:00+01:00
0130-0230 London 2026-10-25T01:30+01:00  | open until 01:00 GMT                      | 2026-10-25T01:00+00:00
0130-0230 London 2026-10-25T01:00+00:00  | closed until 01:30 GMT                    | 2026-10-25T01:30+00:00
0130-0230 London 2026-10-25T01:30+00:00  | open until 02:30                          | 2026-10-25T02:30+00:00
0130-0230 New-York 2026-11-01T01:15-04:00 | closed until 01:30 EDT                   | 2026-11-01T01:30-04:00
0130-0230 New-York 2026-11-01T01:30-04:00 | open until 01:00 EST                     | 2026-11-01T01:00-05:00
0130-0230 New-York 2026-11-01T01:15-05:00 | closed until 01:30 EST                   | 2026-11-01T01:30-05:00
0130-0230 New-York 2026-11-01T01:30-05:00 | open until 02:30                         | 2026-11-01T02:30-05:00
0130-0230 Lord-Howe 2026-04-05T01:30+11:00 | open until 02:30                        | 2026-04-05T02:30+10:30
0145-0150 Lord-Howe 2026-04-05T01:45+11:00 | open until 01:50 +11                    | 2026-04-05T01:50+11:00
0145-0150 Lord-Howe 2026-04-05T01:50+11:00 | closed until 01:45 +1030                | 2026-04-05T01:45+10:30
0145-0150 Lord-Howe 2026-04-05T01:45+10:30 | open until 01:50 +1030                  | 2026-04-05T01:50+10:30
0145-0150 Lord-Howe 2026-04-05T01:50+10:30 | closed until Sun 12 Apr 01:45           | 2026-04-12T01:45+10:30
sunday Havana 2026-10-31T23:59-04:00     | closed until Sun 00:00 CDT                | 2026-11-01T00:00-04:00
sat-night Havana 2026-10-31T23:00-04:00  | open until Sun 00:30 CDT                  | 2026-11-01T00:30-04:00
sat-night Havana 2026-11-01T00:30-04:00  | closed until 00:00 CST                    | 2026-11-01T00:00-05:00
sat-night Havana 2026-11-01T00:15-05:00  | open until 00:30 CST                      | 2026-11-01T00:30-05:00
sat-night Havana 2026-11-01T00:30-05:00  | closed until Sat 22:00                    | 2026-11-07T22:00-05:00

a clock that is set back from Sunday 00:01 to Saturday 23:01
sunday St-Johns 2006-10-27T00:30-02:30   | closed until Sun 00:00 NDT                | 2006-10-29T00:00-02:30
sunday St-Johns 2006-10-29T00:00:30-02:30 | open until Sat 28 Oct 23:01 NST          | 2006-10-28T23:01-03:30
sunday St-Johns 2006-10-28T23:30-03:30   | closed until Sun 00:00 NST                | 2006-10-29T00:00-03:30

days of every year
yearly Berlin 2026-12-23T18:00           | closed until Thu 10:00                    | 2026-12-24T10:00
yearly Berlin 2026-12-24T10:30           | open: exception 24 Dec                    | 2026-12-24T11:00
yearly Berlin 2026-12-24T11:00           | closed: Christmas Eve                     | 2026-12-25T08:00
yearly Berlin 2029-12-24T12:00           | geschlossen: Heiligabend                  | 2029-12-25T08:00
yearly Berlin 2026-12-31T11:00           | open until 12:00                          | 2026-12-31T12:00
yearly Berlin 2027-12-31T12:00           | closed: New Year's Eve                    | 2028-01-01T08:00
yearly Berlin 2027-01-01T18:00           | closed until Tue 08:00                    | 2027-01-05T08:00
yearly Berlin 2028-01-03T12:00           | closed: 3 Jan                             | 2028-01-05T08:00
christmas Berlin 2026-12-24T12:00        | open: date 24 Dec                         | 2026-12-25T00:00
christmas Berlin 2026-12-25T00:00        | closed until Fri 24 Dec 2027 00:00        | 2027-12-24T00:00
leap Berlin 2027-02-28T18:00             | closed until Mon 08:00                    | 2027-03-01T08:00
leap Berlin 2028-02-28T18:00             | closed until Wed 08:00                    | 2028-03-01T08:00
leap Berlin 2028-02-29T12:00             | closed: 29 Feb                            | 2028-03-01T08:00
leap-day Berlin 2026-11-27T12:00         | closed until Tue 29 Feb 2028 00:00        | 2028-02-29T00:00
leap-day Berlin 2028-02-29T12:00         | offen: Termin 29.02.                      | 2028-03-01T00:00
leap-day Berlin 2096-03-01T00:00         | closed until Fri 29 Feb 2104 00:00        | 2104-02-29T00:00
leap-also Berlin 2027-02-28T23:59        | geschlossen bis Di 29.02.2028 10:00       | 2028-02-29T10:00
leap-also Berlin 2028-02-29T11:00        | open: exception 29 Feb                    | 2028-02-29T12:00

a range over the turn of the year, and hours past it
years Berlin 2026-12-23T18:00            | closed until Mon 4 Jan 2027 08:00         | 2027-01-04T08:00
years Berlin 2026-12-28T12:00            | closed: 28 Dec                            | 2027-01-04T08:00
years Berlin 2027-01-01T12:00            | geschlossen: Neujahr                      | 2027-01-04T08:00
years Berlin 2027-01-04T12:00            | open until 18:00                          | 2027-01-04T18:00
years Berlin 2029-01-02T23:59            | geschlossen: 02.01.                       | 2029-01-03T08:00
gala Berlin 2026-12-31T21:00             | closed until 22:00                        | 2026-12-31T22:00
gala Berlin 2027-01-01T03:59             | open: date 31 Dec                         | 2027-01-01T04:00
gala Berlin 2027-01-01T04:00             | closed until Fri 31 Dec 22:00             | 2027-12-31T22:00

a day that a place skipped (Samoa, Friday 30 December 2011), and clocks that are never changed
nights Apia 2011-12-29T22:00-10:00       | open until Sat 06:00                      | 2011-12-31T06:00+14:00
thu-night Apia 2011-12-29T23:00-10:00    | open until Sat 00:00                      | 2011-12-31T00:00+14:00
fri-night Apia 2011-12-29T23:30-10:00    | closed until Sat 00:00                    | 2011-12-31T00:00+14:00
fri-night Apia 2011-12-31T00:00+14:00    | open until 06:00                          | 2011-12-31T06:00+14:00
friday Apia 2011-12-29T12:00-10:00       | closed until Fri 6 Jan 2012 08:00         | 2012-01-06T08:00+14:00
saturday Apia 2011-12-29T23:59-10:00     | closed until Sat 08:00                    | 2011-12-31T08:00+14:00
0230-0500 Kolkata 2026-03-29T01:59       | closed until 02:30                        | 2026-03-29T02:30+05:30
0230-0500 Kolkata 2026-10-25T02:30       | open until 05:00                          | 2026-10-25T05:00+05:30
"""


def _rows():
    for line in TABLE.splitlines():
        if "|" in line:
            what, says, change = (part.strip() for part in line.split("|"))
            yield pytest.param(*what.split(), says, None if change == "-" else change, id=what)


def _instant(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


@pytest.mark.parametrize(("name", "place", "at", "says", "change"), list(_rows()))
def test_state(name: str, place: str, at: str, says: str, change: str | None) -> None:
    zone_name, holidays = PLACES[place]
    zone = ZoneInfo(zone_name)
    opening = Timetable(schedule.read(SCHEDULES[name]), zone, holidays.get).opening(_instant(at, zone))
    language = "de" if says.startswith(("offen", "geschlossen")) else "en"
    with speaking(language):
        assert str(because(opening, zone)) == says
    assert opening.open == says.startswith(("offen", "open"))
    assert opening.next_change == (_instant(change, zone).astimezone(UTC) if change else None)
    assert opening.next_change is None or opening.next_change.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="^the instant needs a time zone$"):
        Timetable(schedule.read(SCHEDULES["never"]), ZoneInfo("UTC"), {}.get).opening(datetime(2026, 11, 23))
