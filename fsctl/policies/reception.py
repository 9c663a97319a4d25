"""A call to a site's number goes to the site's reception."""

from fsctl.model.actions import OFFICE, Because, Pass, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare

REASONS = declare({"reception.of": "reception of {site}", "reception.none": "{site} has no reception"})


def run(call: Call, office: Office, live: Live) -> Policy:
    """Only a site's own number; a site without a reception has nobody to answer."""
    if call.to.kind != "site":
        return Pass()
    site = office.sites[call.to.name]
    if site.reception is None:
        yield Because("reception.none", site=site.name)
        return Reroute(Destination("unknown", call.dialled))
    yield Because("reception.of", site=site.name)
    return Reroute(site.reception, by=OFFICE)
