"""A call to a site's number goes to the site's reception."""

from fsctl.model.actions import OFFICE, Because, Pass, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.live import Live
from fsctl.model.office import Office


def run(call: Call, office: Office, live: Live) -> Policy:
    """Only a site's own number; a site without a reception has nobody to answer."""
    if call.to.kind != "site":
        return Pass()
    site = office.sites[call.to.name]
    if site.reception is None:
        yield Because(f"{site.name} has no reception")
        return Reroute(Destination("unknown", call.dialled))
    yield Because(f"reception of {site.name}")
    return Reroute(site.reception, by=OFFICE)
