"""The office of the mixed traffic: who only calls, and who takes calls in which way."""

from collections.abc import Sequence

CALLERS = tuple(f"{number}" for number in range(101, 113))
#: Each has two phones, of which the first answers.
PEOPLE = tuple(f"{number}" for number in range(121, 129))
#: The third of three callers who come together has to wait.
IN_TURN, AT_ONCE = ("131", "132"), ("135", "136")
#: They answer, and send the caller on: to one of PEOPLE, or into park.
TRANSFERRING, PARKING = ("141", "142", "143", "144"), ("151", "152", "153", "154")
#: They never answer, and their colleagues pick the call up.
ABSENT = ("161", "162", "163", "164")
#: The assistant of the second one hands him the call.
EXECUTIVES, ASSISTANTS = ("171", "172"), ("181", "182", "183")

#: Who rings for the measurement of that alone, and at whom.
RINGING, RUNG = "191", "192"

EVERYBODY = (
    *CALLERS, *PEOPLE, *IN_TURN, *AT_ONCE, *TRANSFERRING, *PARKING, *ABSENT, *EXECUTIVES, *ASSISTANTS,
    RINGING, RUNG)

SLOTS = tuple(f"{number}" for number in range(701, 711))
#: A call from outside meets an attendant here, whose key leads to the first of PEOPLE.
ATTENDED, KEY = "+49305550200", "1"
GREETING = "greeting.wav"

PARK, RETRIEVE, PICKUP, PUSH = "*68", "*88", "*97", "*66"

#: Lamps that fsctl itself lights.
LAMPS = ("night+berlin", "night+hamburg", "hunt+turn", "hunt+all", *(f"slot+{slot}" for slot in SLOTS))


#: Without it nobody waits for who is busy.
_WAITING = f'overflow = {{ after_seconds = 60, to = "user:{PEOPLE[0]}" }}'


def text() -> str:
    """The office file."""
    users = "".join(f'[users.{who}]\nname = "User {who}"\nsite = "berlin"\n' for who in EVERYBODY)
    return f'''version = 1
[numbering]
country = "DE"
emergency = []
external_prefix = "0"
[codes]
push = "{PUSH}"
[sites.berlin]
name = "Berlin"
timezone = "Europe/Berlin"
language = "de"
numbers = ["+49305550100"]
reception = "hunt:turn"
night = {{ to = "user:{PEOPLE[0]}" }}
[sites.hamburg]
name = "Hamburg"
timezone = "Europe/Berlin"
language = "de"
numbers = ["{ATTENDED}"]
reception = "attendant:front"
night = {{ to = "user:{PEOPLE[0]}" }}
{users}
[users.{EXECUTIVES[0]}.executive]
assistants = {_listed(ASSISTANTS[:2])}
filter = "all"
alerting = "simultaneous"
[users.{EXECUTIVES[1]}.executive]
assistants = {_listed(ASSISTANTS[2:])}
filter = "all"
[groups.turn]
name = "In turn"
site = "berlin"
members = {_listed(IN_TURN)}
[groups.turn.hunt]
extension = "300"
policy = "circular"
{_WAITING}
[groups.turn.park]
extensions = {_listed(SLOTS)}
[groups.all]
name = "All"
site = "berlin"
members = {_listed(AT_ONCE)}
[groups.all.hunt]
extension = "301"
policy = "simultaneous"
{_WAITING}
[groups.team]
name = "Team"
site = "berlin"
members = {_listed((*CALLERS, *ABSENT))}
pickup = true
[attendants.front]
greeting = {{ de = "{GREETING}" }}
menu = {{ {KEY} = "user:{PEOPLE[0]}" }}
silence = {{ after_seconds = 8, to = "user:{PEOPLE[0]}" }}
'''


def _listed(people: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{who}"' for who in people) + "]"
