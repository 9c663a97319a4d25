"""The command ``originate``: who wins, who rings on, what becomes of the others, and where the winner goes."""

import gevent
import pytest

from fsctl.simulator.dialplan.interpreter import Dialplan

KEY = "[group_confirm_key=1,group_confirm_file=silence_stream://100]"
WAITS = "<extension name='e'><condition><action application='park'/></condition></extension>"


@pytest.fixture
def originate(switch):
    """Begins the command; ``get()`` waits for what it prints. Who wins parks in the context that is his."""
    switch.dialplan = Dialplan(f"<include><context name='fsctl'>{WAITS}</context><context name='default'>{WAITS}</context></include>")
    begun = []

    def begin(targets, common="", to="gather+crew XML fsctl"):
        begun.append(gevent.spawn(switch.api, f"originate {common}{targets} {to}"))
        return begun[-1]

    yield begin
    gevent.killall(begun)


def user(*extensions, own=""):
    return ",".join(f"{own}user/{extension}@127.0.0.1" for extension in extensions)


def lines(switch, *extensions):
    return [switch.phone(extension).ringing(1) for extension in extensions]


def answer(command):
    return command.get(timeout=2)


def test_the_first_who_answers_wins_and_goes_on_in_the_dialplan(switch, originate):
    command = originate(user("101", "102", own="[fsctl_leg=user+x]"), "{fsctl_group=crew,fsctl_leg=nobody}")
    first, second = lines(switch, "101", "102")
    second.answer()
    assert answer(command) == f"+OK {second.channel.uuid}\n"
    assert first.channel.hangup_cause == "LOSE_RACE"
    assert switch.wait(lambda: second.channel.controlled, 1)
    profile, variables = second.channel.profile, second.channel.variables
    assert (profile.destination_number, profile.dialplan, profile.context) == ("gather+crew", "XML", "fsctl")
    assert (variables["fsctl_group"], variables["fsctl_leg"]) == ("crew", "user+x")


@pytest.mark.parametrize(("to", "context"), [("park inline", "default"), ("1", "default"), ("1 XML", "default"), ("1 XML fsctl", "fsctl")])
def test_where_the_winner_goes(switch, originate, to, context):
    command = originate(user("101"), to=to)
    [line] = lines(switch, "101")
    line.answer()
    assert answer(command).startswith("+OK")
    assert switch.wait(lambda: line.channel.controlled, 1)
    if "inline" not in to:
        assert line.channel.profile.context == context


def test_who_does_not_press_the_key_does_not_win_and_the_others_ring_on(switch, originate):
    command = originate(user("101", "102", own=KEY) + "," + user("103"))
    first, second, third = lines(switch, "101", "102", "103")
    first.answer()
    first.press("2")
    gevent.sleep(0.1)
    assert not command.ready() and not any(line.ended for line in (first, second, third))
    second.answer()
    gevent.sleep(0.05)
    second.press("1")
    assert answer(command) == f"+OK {second.channel.uuid}\n"
    assert [line.channel.hangup_cause for line in (first, second, third)] == ["LOSE_RACE", "", "LOSE_RACE"]
    assert second.channel.get("group_confirm_key") is None


@pytest.mark.parametrize("own", [
    "[group_confirm_key=exec,group_confirm_file='playback silence_stream://4000']",
    # what has commas needs another delimiter: the command itself takes the quotes away (cleanup_separated_string)
    "[^^;group_confirm_key=exec;group_confirm_file='playback tone_stream://%(2000,2000,425)']",
])
def test_who_is_told_something_wins_when_he_has_heard_it(switch, originate, own):
    command = originate(user("101", own=own))
    [line] = lines(switch, "101")
    line.answer()
    gevent.sleep(0.1)
    assert not command.ready()
    assert answer(command).startswith("+OK")


@pytest.mark.parametrize("ignored", [True, False])
def test_early_media_wins_unless_it_is_ignored(switch, originate, ignored):
    switch.phone("102").behaviour = "early"
    command = originate(user("101", "102"), "{ignore_early_media=true}" if ignored else "")
    first, second = lines(switch, "101", "102")
    gevent.sleep(0.1)
    assert command.ready() is not ignored
    first.answer()
    assert answer(command) == f"+OK {(first if ignored else second).channel.uuid}\n"


def test_a_leg_whose_time_is_over_ends_and_the_others_ring_on(switch, originate):
    command = originate(user("101", own="[leg_timeout=2]") + "," + user("102", own="[leg_timeout=40]"))
    first, second = lines(switch, "101", "102")
    assert switch.wait(lambda: first.ended, 1)
    assert first.channel.hangup_cause == "ALLOTTED_TIMEOUT" and not second.ended
    second.answer()
    assert answer(command).startswith("+OK")


@pytest.mark.parametrize(("away", "targets", "rings", "said"), [
    ((), "101,102", True, "-ERR NO_ANSWER\n"),
    (("101",), "101,102", True, "-ERR NO_ANSWER\n"),
    (("101", "102"), "101,102", False, "-ERR USER_NOT_REGISTERED\n"),
    (("102",), "102,199", False, "-ERR SUBSCRIBER_ABSENT\n"),
    ((), "199", False, "-ERR SUBSCRIBER_ABSENT\n"),
])
def test_nobody_answers(switch, originate, away, targets, rings, said):
    for extension in away:
        switch.phone(extension).unregister()
    command = originate(user(*targets.split(",")), "{originate_timeout=4}")
    if rings:
        lines(switch, "102")
    assert answer(command) == said


@pytest.mark.parametrize(("behaviours", "said"), [
    ({"101": "busy", "102": "decline"}, "-ERR USER_BUSY\n"), ({"101": "decline", "102": "busy"}, "-ERR CALL_REJECTED\n"),
])
def test_all_decline(switch, originate, behaviours, said):
    for extension, behaviour in behaviours.items():
        switch.phone(extension).behaviour = behaviour
    assert answer(originate(user("101", "102"))) == said


@pytest.mark.parametrize("answered", [True, False], ids=["asked for the key", "ringing"])
def test_what_rings_is_killed_one_by_one(switch, originate, answered):
    command = originate(user("101", own="[group_confirm_key=1,origination_uuid=mine]") + "," + user("102", own=KEY))
    first, second = lines(switch, "101", "102")
    if answered:
        first.answer()
    assert switch.api("uuid_kill mine ORIGINATOR_CANCEL") == "+OK\n"
    gevent.sleep(0.05)
    assert first.ended and not second.ended and not command.ready()
    switch.api(f"uuid_kill {second.channel.uuid} LOSE_RACE")
    assert answer(command) == "-ERR ORIGINATOR_CANCEL\n"


def test_a_job_rings(switch, originate, link):
    link.ask("event json BACKGROUND_JOB")
    link.ask(f"api bgapi originate {user('101')} gather+crew XML fsctl")
    [line] = lines(switch, "101")
    line.answer()
    assert link.read_until("BACKGROUND_JOB")["_body"] == f"+OK {line.channel.uuid}\n"
    assert switch.wait(lambda: line.channel.profile.destination_number == "gather+crew", 1)
