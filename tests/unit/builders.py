"""A small office and calls in it, for the tables of the unit tests."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from fsctl.model.actions import Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination, parse
from fsctl.model.office import Office
from fsctl.model.sections import Conference, Group, GroupPark, Hunt, Numbering, Overflow, Site, Trunk, User
from fsctl.model.settings import Setting, Settings

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

BERLIN = Site(key="berlin", name="Berlin", timezone="Europe/Berlin", language="de", numbers=("+49305550100",),
              reception=Destination("hunt", "sales"))
LONDON = Site(key="london", name="London", timezone="Europe/London", language="en", emergency=("999",))
ANNA = User(extension="101", name="Anna Adler", site="berlin", numbers=("+49305550101",), ring_seconds=25,
            outside=("national", "mobile", "international"))
BERND = User(extension="102", name="Bernd Brandt", site="berlin", language="en")
HANNAH = User(extension="120", name="Hannah Hill", site="london")
SALES = Group(
    key="sales", name="Verkauf", site="berlin", members=("101", "102", "+491701234567"),
    park=GroupPark(extensions=("701",)),
    hunt=Hunt(extension="300", numbers=("+49305550300",), policy="simultaneous", caller_name="Verkauf: {caller}",
              busy=Destination("user", "120"), unreachable=Destination("number", "+491701234567"),
              overflow=Overflow(after_seconds=40, to=Destination("user", "101"))),
)
CREW = Group(key="crew", name="Krisenstab", site="berlin", conference=Conference(extension="380"))
PROVIDER = Trunk(key="provider", dial="sofia/gateway/provider/{number}", caller_id="+49305550100")
THAMES = Trunk(key="thames", dial="sofia/gateway/thames/{e164}", caller_id="+442079460100", sites=("london",))

#: Two that serve London, of which the second serves Berlin too.
IN_TURN = {"thames": THAMES, "provider": replace(PROVIDER, sites=("berlin", "london"))}


def an_office(**changes: object) -> Office:
    """Two sites, three people, a hunt group, a conference and two trunks."""
    office = Office(
        numbering=Numbering(external_prefix="0"),
        sites={"berlin": BERLIN, "london": LONDON},
        users={"101": ANNA, "102": BERND, "120": HANNAH},
        groups={"sales": SALES, "crew": CREW},
        trunks={"provider": PROVIDER, "thames": THAMES},
    )
    return replace(office, **changes)  # type: ignore[arg-type]


def a_call(to: str, user: str | None = "102", dialled: str = "") -> Call:
    """A call by ``user``, or from outside when that is None, going to ``kind:name``."""
    kind, _, name = to.partition(":")
    destination = Destination(kind, name) if kind in ("site", "slot", "code", "emergency", "unknown") else parse(to)
    return Call(uuid="c0ffee", caller=Party("Lee", "+4915112345678"), user=user, external=user is None,
                dialled=dialled or name, to=destination, at=AT, site=None, transferred_by=None, by=user, parker=None,
                chance=0.0)


def settings(**values: str) -> Settings:
    """What somebody switched at run time, an hour before AT: ``settings(**{"dnd.101": "on"})``."""
    return Settings({path: Setting(value, "op", AT - timedelta(hours=1)) for path, value in values.items()})


def nowhere(number, prefix="0"):
    """Why calls are not sent to digits that lead nowhere from a site of the sample office."""
    return (f"{number} is not a number that can be dialled here; one outside is dialled with {prefix} before it, "
            "or written as +4930…")
