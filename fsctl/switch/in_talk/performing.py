"""How a code that was dialled in a talk is made to happen: the same verbs as for calls, done beside the talk."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final

from fsctl.errors import FsctlError
from fsctl.model import actions, joined
from fsctl.model.actions import Action, EndJoined, Park, Play, Push, Reroute, ThreeWay
from fsctl.model.destination import Destination
from fsctl.model.outcomes import Failed, Outcome, Parked, Performed, Taken
from fsctl.switch.calls import connecting, parking
from fsctl.switch.calls.sending import announce, send
from fsctl.switch.calls.verbs import executive_calls, state
from fsctl.switch.in_talk import recording
from fsctl.switch.in_talk.talk import Talk
from fsctl.switch.link.calls_now import wait_ended
from fsctl.switch.link.event_socket import SwitchError
from fsctl.switch.session import moving
from fsctl.switch.wire import rooms, sounds

log = logging.getLogger(__name__)


class Performer:
    """Carries out what a code wants."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def perform(self, action: Action) -> Outcome:
        """Do it; Failed where FreeSWITCH does not answer, or in a talk nothing can be done of the kind."""
        performer = PERFORMERS.get(type(action))
        if performer is None:
            log.error("%s, dialled in a talk: nothing does %s there", self._talk.call.dialled, action.name)
            return Failed()
        try:
            return performer(self._talk, action)
        except SwitchError as error:
            log.error("%s, dialled in a talk: %s", self._talk.call.dialled, error)
            return Failed()

    def rerouted(self, reroute: Reroute) -> None:
        """A code leads nowhere else."""


def play(talk: Talk, action: Play) -> Performed:
    talk.say(action)
    return Performed()


def park(talk: Talk, action: Park) -> Parked | Taken | Failed:
    """Whom he holds waits in the slot; he hears in which, once one can fetch him from there."""
    try:
        if not talk.state.park(action, talk.call):
            return Taken()
    except FsctlError:
        return Failed()
    sent = parking.sending(action)
    if not talk.still_with(action.uuid) or not announce(talk.link, action.uuid, sent) or not send(
            talk.link, action.uuid, sent):
        talk.state.unpark(action.uuid)
        return Failed()
    arrives = talk.wait([action.uuid], lambda call: call.state == "parked", moving.MOVE_SECONDS)
    if not arrives and talk.heard.call(action.uuid) is None:
        talk.state.unpark(action.uuid)
        return Failed()
    talk.say(Play("parked", action.language, action.slot))
    return Parked(action.slot)


def push(talk: Talk, action: Push) -> Performed | Failed:
    """Whoever has just asked the executive, and hands the call over to him, talks with him no more: it rings there."""
    other, sent = talk.heard.call(talk.own.peer or ""), executive_calls.sending(action)
    if not talk.still_with(action.uuid) or not announce(talk.link, action.uuid, sent):
        return Failed()
    over = other is not None and other.uuid == action.uuid
    if other is not None and other.user == action.executive:
        talk.link.api(f"uuid_kill {talk.own.uuid} NORMAL_CLEARING")
        over = wait_ended(talk.heard, other.uuid, moving.MOVE_SECONDS) is not None
    if not send(talk.link, action.uuid, sent):
        return Failed()
    if not over:
        talk.say(Play("handed-over", action.language))
    return Performed()


def three_way(talk: Talk, action: ThreeWay) -> Performed | Taken:
    """All three go to a room, which needs nobody; fsctl.switch.upkeep.joined_talks connects the two who are left."""
    link, three = talk.link, (action.uuid, action.other, action.held)
    room = joined.room_of(action.other, "three_way")
    if any(moving.on_its_way(link, each) for each in (action.other, action.held)):
        return Taken()
    with moving.marked(link, moving.into(Destination("three_way", action.by)), *three) as there:
        bonds = link.apis([f"uuid_getvar {each} signal_bond" for each in (action.uuid, action.holder)])
        if not there or [each.strip() for each in bonds] != [action.other, action.held]:
            return Taken()
        link.apis([
            *rooms.entering(room, three, f"{action.uuid} -both", action.held),
            f"uuid_kill {action.holder} NORMAL_CLEARING",  # taken off hold just now, it may not notice by itself
        ])
        if not talk.wait(three, lambda call: call.room == room, connecting.SECONDS):
            return Taken()
    if action.tone:
        with suppress(SwitchError):  # they talk all the same
            link.api(f"conference {room} play {sounds.JOINED}")
    return Performed()


def end_joined(talk: Talk, action: EndJoined) -> Performed:
    talk.link.apis(executive_calls.ending(action))
    return Performed()


#: Each does its verb and waits for what became of it. SwitchError passes through.
PERFORMERS: Final[Mapping[type[Action], Callable[[Talk, Any], Outcome]]] = {
    actions.Play: play,
    actions.Claim: state.claim,
    actions.Park: park,
    actions.Push: push,
    actions.ThreeWay: three_way,
    actions.EndJoined: end_joined,
    actions.Record: recording.record,
}
