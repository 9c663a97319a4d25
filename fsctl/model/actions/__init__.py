"""What a policy wants to happen: verbs as data. The switch performs them, ``explain`` only lists them."""

from collections.abc import Generator

from fsctl.model.actions.another_call import Connect, Park, Pickup, Unpark
from fsctl.model.actions.endings import OFFICE, Because, Done, Ending, NotTaken, Pass, Reroute
from fsctl.model.actions.executive_calls import EndJoined, Push, TakeOver
from fsctl.model.actions.group_calls import Enter, Gather
from fsctl.model.actions.hangup import HANGUP_CAUSES, Hangup, in_one_form
from fsctl.model.actions.hunting import Reserve, Survey, Wait
from fsctl.model.actions.joining import Join, ThreeWay
from fsctl.model.actions.leave import Leave
from fsctl.model.actions.mailbox import Mailbox
from fsctl.model.actions.parts import ANONYMOUS, Leg, Party
from fsctl.model.actions.recording import Record
from fsctl.model.actions.ring import Ring
from fsctl.model.actions.speech import Answer, Ask, Play
from fsctl.model.actions.state import Change, Claim
from fsctl.model.actions.verb import Verb, Weight, World, WrongWord
from fsctl.model.outcomes import Outcome

__all__ = [
    "ANONYMOUS", "HANGUP_CAUSES", "OFFICE", "Action", "Answer", "Ask", "Because", "Change", "Claim", "Connect", "Done",
    "EndJoined", "Ending", "Enter", "Gather", "Hangup", "Join", "Leave", "Leg", "Mailbox", "NotTaken", "Park",
    "Party", "Pass", "Pickup", "Play", "Policy", "Push", "Record", "Reroute", "Reserve", "Ring", "Survey", "TakeOver",
    "ThreeWay", "Unpark", "Verb", "Wait", "Weight", "World", "WrongWord", "in_one_form",
]

#: Every verb there is: whoever tells them apart by ``match`` learns from mypy which one he lacks.
Action = (
    Ring | Answer | Play | Ask | Mailbox | Change | Claim | Pickup | Park | Unpark | Connect | Push | TakeOver | Join
    | ThreeWay | EndJoined | Record | Gather | Enter | Survey | Reserve | Wait | Leave | Hangup
)
Policy = Generator[Action | Because, Outcome, Ending]
