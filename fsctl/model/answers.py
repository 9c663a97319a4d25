"""What a phone or a line says when it refuses a call: the SIP statuses (RFC 3261 §21) in words.

``docs/sip-answers.md`` has them all, with what each counts as.
"""

from typing import Final

from fsctl.model.destination import Destination
from fsctl.model.outcomes import LegEnd, Outcome, Redirected, Unanswered
from fsctl.model.reasons import NONE, Reason, declare, reason

#: What it did; each can follow "the phone of Anna Adler" or the name of a trunk.
REASONS = declare({
    "answers.400": "did not understand the call (SIP 400)",
    "answers.401": "wants a password (SIP 401)",
    "answers.402": "wants to be paid (SIP 402)",
    "answers.403": "may not take the call (SIP 403)",
    "answers.404": "does not know the number (SIP 404)",
    "answers.405": "does not take calls (SIP 405)",
    "answers.406": "cannot take a call of this kind (SIP 406)",
    "answers.407": "wants a password (SIP 407)",
    "answers.408": "gave up waiting (SIP 408)",
    "answers.410": "says that the number is no more (SIP 410)",
    "answers.413": "finds the call too large (SIP 413)",
    "answers.414": "finds the number too long (SIP 414)",
    "answers.415": "cannot take a call of this kind (SIP 415)",
    "answers.416": "does not know such numbers (SIP 416)",
    "answers.420": "lacks what the call needs (SIP 420)",
    "answers.421": "insists on what the call does not offer (SIP 421)",
    "answers.423": "wants a longer time (SIP 423)",
    "answers.428": "wants a proof of who calls (SIP 428)",
    "answers.429": "could not verify who calls (SIP 429)",
    "answers.433": "takes no anonymous calls (SIP 433)",
    "answers.437": "does not trust who calls (SIP 437)",
    "answers.438": "does not believe who calls (SIP 438)",
    "answers.480": "is not available now (SIP 480)",
    "answers.481": "has lost the call (SIP 481)",
    "answers.482": "has met the call before (SIP 482)",
    "answers.483": "was too many hops away (SIP 483)",
    "answers.484": "finds the number incomplete (SIP 484)",
    "answers.485": "finds the number ambiguous (SIP 485)",
    "answers.486": "is busy (SIP 486)",
    "answers.487": "was stopped (SIP 487)",
    "answers.488": "has no codec in common with the caller (SIP 488)",
    "answers.491": "is busy with another request (SIP 491)",
    "answers.493": "could not decrypt the call (SIP 493)",
    "answers.500": "has failed (SIP 500)",
    "answers.501": "cannot do that (SIP 501)",
    "answers.502": "got no sense from the next one (SIP 502)",
    "answers.503": "is overloaded or out of service (SIP 503)",
    "answers.504": "got no answer from the next one (SIP 504)",
    "answers.505": "speaks another SIP (SIP 505)",
    "answers.513": "finds the call too large (SIP 513)",
    "answers.600": "is busy everywhere (SIP 600)",
    "answers.603": "declined (SIP 603)",
    "answers.604": "knows the number nowhere (SIP 604)",
    "answers.606": "has nothing in common with the caller (SIP 606)",
    "answers.607": "does not want this caller (SIP 607)",
    "answers.608": "rejects this caller (SIP 608)",
    "answers.elsewhere": "wants the call at a place where none can be sent (SIP {status})",
    "answers.password": "wants a password",
    "answers.other": "refused the call (SIP {status})",
    "answers.silent": "shows no sign of life",
})

#: What the outcome's own word says already.
_SAID_BY_THE_OUTCOME: Final = {"busy": {486, 600}, "rejected": {603}}


def answer(outcome: Outcome, who: Destination | None = None) -> Reason:
    """What the phone or line of ``who``, or of the only one who was rung, said; NONE where the outcome says it all."""
    leg = _leg(outcome, who)
    if leg is not None and leg.cause == "PROGRESS_TIMEOUT":
        return reason("answers.silent")
    if leg is not None and leg.cause == "MANDATORY_IE_MISSING":  # FreeSWITCH keeps the status to itself
        return reason("answers.password")
    if leg is None or not leg.status or leg.status in _SAID_BY_THE_OUTCOME.get(leg.became, ()):
        return NONE
    name = f"answers.{leg.status}"
    if 300 <= leg.status < 400 and leg.became != Redirected.word:
        return reason("answers.elsewhere", status=leg.status)
    return reason(name) if name in REASONS else reason("answers.other", status=leg.status)


def _leg(outcome: Outcome, who: Destination | None) -> LegEnd | None:
    legs = outcome.legs if isinstance(outcome, Unanswered) else ()
    return next((leg for leg in legs if who in (None, leg.target)), None)
