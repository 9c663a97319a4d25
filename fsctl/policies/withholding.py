"""A caller shows nobody who he is, for this call: the code ``withhold`` before what he dials.

Who withholds his number at his phone (Privacy: id), or in his network, comes withheld already.
"""

from fsctl.model.actions import Because, Policy, Reroute
from fsctl.model.call import Call
from fsctl.model.codes import unwithheld
from fsctl.model.live import Live
from fsctl.model.office import Office
from fsctl.model.reasons import declare, reason
from fsctl.policies.feature import Code, Feature
from fsctl.policies.language import language_for
from fsctl.policies.star_codes import refuse
from fsctl.words import marked

REASONS = declare({
    "withholding.withheld": "{name} does not show the number for this call",
    "withholding.no_number": "{dialled} is no number that can be called so",
    "withholding.no_user": "only a user of the office can withhold the number",
})


def _withhold(call: Call, office: Office, live: Live, digits: str) -> Policy:
    language = language_for(call, office)
    user = office.users.get(call.user or "")
    if user is None:
        return (yield from refuse(reason("withholding.no_user"), language))
    to = office.find(unwithheld(office.codes, office.codes.withhold + digits), user=user.extension, external=False)
    if to.kind in ("code", "unknown"):
        return (yield from refuse(reason("withholding.no_number", dialled=digits), language, "unknown-number"))
    if to.kind == "emergency":  # help must know who calls; the dialplan does the same before anybody asks
        return Reroute(to)
    yield Because("withholding.withheld", name=user.name)
    return Reroute(to, withheld=True)


FEATURE = Feature.of(__name__, __doc__, codes={
    "withhold": Code(_withhold, asks="number", does=marked("calls the number dialled after it without showing mine")),
})
STAGE = FEATURE.stage()
