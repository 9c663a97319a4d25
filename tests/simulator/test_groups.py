"""A group that is called together: who takes the call fetches the caller into a room, by commands in a dialplan alone."""

import gevent
import pytest

from fsctl.simulator.dialplan.interpreter import Dialplan

PLAN = """<include><context name="fsctl">
<extension name="gather"><condition field="destination_number" expression="^gather\\+"/>
  <condition field="${uuid_exists(${fsctl_group_caller})}" expression="^true$"/>
  <condition regex="any">
    <regex field="${hash(insert_ifempty/fsctl_group/${fsctl_group_caller}/called)}" expression="^\\+OK"/>
    <regex field="${conference(group-${fsctl_group} list count)}" expression="^[1-9]"/>
  </condition>
  <condition>
    <action application="set" data="x=${uuid_transfer(${fsctl_group_caller} gathered+${fsctl_group} XML fsctl)}"/>
    <action application="conference" data="group-${fsctl_group}@fsctl+flags{mintwo}"/>
  </condition>
</extension>
<extension name="late"><condition field="destination_number" expression="^gather\\+"><action application="hangup" data="LOSE_RACE"/></condition></extension>
<extension name="gathered"><condition field="destination_number" expression="^gathered\\+(.*)$">
  <action application="answer"/>
  <action application="conference" data="group-$1@fsctl+flags{mintwo}"/>
</condition></extension>
</context></include>"""


@pytest.fixture
def call(switch, controller):
    """A controller that has a caller who waits."""
    line = switch.phone("103").call("120")
    call = controller.take()
    call.line = line
    switch.dialplan = Dialplan(PLAN)
    return call


@pytest.fixture
def ring(switch):
    begun = []

    def ring(caller, *extensions, key=""):
        targets = ",".join(f"{key}user/{extension}@127.0.0.1" for extension in extensions)
        common = f"{{ignore_early_media=true,fsctl_group=crew,fsctl_group_caller={caller}}}"
        begun.append(gevent.spawn(switch.api, f"originate {common}{targets} gather+crew XML fsctl"))
        return [switch.phone(extension).ringing(1) for extension in extensions]

    yield ring
    gevent.killall(begun)


@pytest.mark.parametrize("waits", [
    [], ["answer"], ["answer", "endless_playback tone_stream://%(1000,4000,425);loops=-1"], ["playback tone_stream://%(1000,4000,425);loops=-1"],
])
@pytest.mark.parametrize("key", ["", "[group_confirm_key=1]"])
def test_who_answers_fetches_the_caller(switch, call, ring, waits, key):
    for application in waits:
        call.ask(call.execute(*application.split(" ", 1)))
        call.read_until("CHANNEL_EXECUTE", Application=application.partition(" ")[0])
    first, second = ring(call.uuid, "101", "102", key=key)
    second.answer()
    if key:
        gevent.sleep(0.05)  # until he is asked
        second.press("1")
    assert second.hears(call.line) and call.line.hears(second)
    assert call.line.channel.profile.destination_number == "gathered+crew"
    assert first.channel.hangup_cause == "LOSE_RACE"
    assert switch.api("conference group-crew list count") == "2"
    assert second.channel.get("x") == "+OK"
    assert switch.hash == {f"fsctl_group_{call.uuid}": "called"}
    second.hang_up()  # a room for two
    assert call.line.wait_ended() == "NORMAL_CLEARING"


@pytest.mark.parametrize(("prepare", "what"), [
    (lambda switch, call: call.line.hang_up(), "nobody waits any more"),
    (lambda switch, call: switch.api(f"hash insert/fsctl_group/{call.uuid}/called"), "somebody else has fetched him, and the room is gone"),
])
def test_who_comes_too_late_is_hung_up_on(switch, call, ring, prepare, what):
    [line] = ring(call.uuid, "101")
    prepare(switch, call)
    gevent.sleep(0.05)
    line.answer()
    line.wait_ended()
    assert line.channel.hangup_cause == "LOSE_RACE", what
    assert not switch.rooms


def test_whoever_answers_later_joins_the_room(switch, call, ring):
    [first], [second] = ring(call.uuid, "101"), ring(call.uuid, "102")
    first.answer()
    assert first.hears(call.line)
    second.answer()
    assert second.hears(call.line) and second.hears(first)
    assert switch.api("conference group-crew list count") == "3"


@pytest.mark.parametrize("leaves", [True, False])
def test_a_phone_in_the_room_transfers_or_holds(switch, call, ring, leaves):
    """It sends nobody from there, and who holds hears nobody."""
    [line] = ring(call.uuid, "101")
    line.answer()
    assert line.hears(call.line)
    if leaves:
        line.transfer("102")
        assert line.ended and call.line.wait_ended() == "NORMAL_CLEARING"
        switch.phone("102").quiet(0.1)
        return
    line.hold()
    assert line.channel.held and not line.hears(call.line) and not call.line.hears(line)
    line.unhold()
    assert line.hears(call.line)
