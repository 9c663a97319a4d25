"""What the called side sees of a caller, and the caller of whom he calls outside."""

from typing import Final

from fsctl.model.actions import ANONYMOUS, Party
from fsctl.model.call import Call
from fsctl.model.destination import Destination
from fsctl.model.office import Office
from fsctl.model.parties import dialled_party, party_of
from fsctl.model.sections import Trunk, User
from fsctl.policies.language import language_of


def shown_inside(call: Call, office: Office) -> Party:
    """A colleague appears by the office's name for him, an outside caller as the trunk showed him.

    A call that comes back from a slot says that instead, and who withholds his number is nobody.
    """
    if call.shown:
        return call.shown
    if call.withheld:
        return ANONYMOUS
    return party_of(Destination("user", call.user or ""), office) or call.caller


_RECALL: Final = {"de": "Wiederanruf", "en": "Recall"}


def as_recall(call: Call, user: User | None, office: Office, where: str = "") -> Party:
    """A call that comes back to ``user`` says so first, from where, and who it is."""
    who = shown_inside(call, office)
    back = " ".join(filter(None, (recall_word(user, office), where)))
    return Party(f"{back} - {who.name or who.number}", who.number)


def recall_word(user: User | None, office: Office) -> str:
    """In his language."""
    return _RECALL[language_of(user, office) if user else "en"]


def shown_outside(call: Call, office: Office, trunk: Trunk) -> str:
    """The number that the public network sees: that of the user who causes the call, else that of the trunk."""
    user = office.users.get(call.by or call.user or "")
    return user.numbers[0] if user and user.numbers else trunk.caller_id


#: Where a number is dialled on behalf of somebody, who may send on what comes to himself, too.
_ON_BEHALF: Final = Destination("code", "on_behalf")


def called_outside(call: Call, office: Office) -> Party:
    """Whom the caller sees of a number outside: the number alone if he dialled it himself, for an executive too.

    Others see who sent them there, or what they had dialled: the number may be that of somebody's own telephone.
    """
    himself = call.by == call.user or (call.by == call.on_behalf and call.sent_by == _ON_BEHALF)
    if call.by and himself:
        return Party("", call.to.name)
    return party_of(Destination("user", call.by or ""), office) or dialled_party(call, office)
