"""The interpreter reads dialplans as the real switch does."""

import re
from pathlib import PurePath

import pytest

from fsctl.model.office import Office
from fsctl.simulator.dialplan.interpreter import Dialplan, Facts, preprocess
from fsctl.simulator.switch import Simulator


def hunted(extensions, **fields):
    """Applications and arguments for a call with these fields and variables."""
    plan = Dialplan(f"<include><context name='c'>{extensions}</context></include>")
    facts = Facts(lambda name: fields.get(name, ""), lambda text: expanded(text, fields))
    return [f"{action.application} {action.data}".strip() for action in plan.hunt("c", facts)]


def expanded(text, fields):
    for name, value in fields.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def extension(*conditions, more=""):
    return f"<extension name='e' {more}>{''.join(conditions)}</extension>"


def condition(attributes="", *actions):
    return f"<condition {attributes}>{''.join(actions)}</condition>"


def action(data, tag="action"):
    return f'<{tag} application="{data}"/>'


NUMBER = 'field="destination_number" expression="{}"'


@pytest.mark.parametrize(
    ("extensions", "number", "actions"),
    [
        (extension(condition(NUMBER.format("^1(..)$"), "<action application='a' data='$1-$2-${1}x'/>")), "101", ["a 01--01x"]),
        (extension(condition(NUMBER.format("^1..$"), "<action application='a' data='$1'/>")), "101", ["a $1"]),
        (extension(condition(NUMBER.format("^2"), action("a"), action("b", "anti-action"))), "101", ["b"]),
        # the first match ends it, unless it says continue
        (extension(condition("", action("a"))) + extension(condition("", action("b"))), "1", ["a"]),
        (extension(condition("", action("a")), more="continue='true'") + extension(condition("", action("b"))), "1", ["a", "b"]),
        # an anti-action is a match too
        (extension(condition(NUMBER.format("^2"), action("a", "anti-action"))) + extension(condition("", action("b"))), "1", ["a"]),
        # break: on-false by default
        (extension(condition(NUMBER.format("^2")), condition("", action("a"))), "1", []),
        (extension(condition(NUMBER.format("^2") + " break='never'", action("a")), condition("", action("b"))), "1", ["b"]),
        (extension(condition(NUMBER.format("^1") + " break='on-true'", action("a")), condition("", action("b"))), "1", ["a"]),
        (extension(condition(NUMBER.format("^2") + " break='on-true'", action("a")), condition("", action("b"))), "1", ["b"]),
        (extension(condition(NUMBER.format("^1") + " break='always'", action("a")), condition("", action("b"))), "1", ["a"]),
        # what was collected before a condition failed still runs, while the next extension is tried as well
        (extension(condition("", action("a")), condition(NUMBER.format("^2"))) + extension(condition("", action("b"))), "1", ["a", "b"]),
        (extension(condition("field='${destination_number}x' expression='^1x$'", action("a"))), "1", ["a"]),
        (extension(condition("field='nothing' expression='^$'", action("a"))), "1", ["a"]),
    ],
)
def test_hunting(extensions, number, actions):
    assert hunted(extensions, destination_number=number) == actions


@pytest.mark.parametrize(
    ("rule", "first", "second", "matches"),
    [
        ("any", "1", "2", True), ("any", "0", "2", True), ("any", "0", "0", False),
        ("all", "1", "2", True), ("all", "1", "0", False), ("xor", "1", "2", False), ("xor", "0", "2", True),
    ],
)
def test_several_regexes(rule, first, second, matches):
    regexes = "<regex field='a' expression='1'/><regex field='b' expression='2'/>"
    found = hunted(extension(condition(f"regex='{rule}'", regexes, action("yes"), action("no", "anti-action"))), a=first, b=second)
    assert found == ["yes" if matches else "no"]


@pytest.mark.parametrize(("rule", "values", "asked"), [
    ("any", "01", "ab"), ("any", "10", "a"), ("any", "00", "ab"), ("all", "01", "a"), ("all", "11", "ab"), ("xor", "10", "ab"),
])
def test_nothing_is_asked_once_it_is_decided(rule, values, asked):
    """Which matters where asking does something, as ``${hash(insert_ifempty/…)}`` does."""
    told = []
    facts = Facts(lambda field: told.append(field) or values["ab".index(field)], str)
    regexes = "<regex field='a' expression='1'/><regex field='b' expression='1'/>"
    found = extension(condition(f"regex='{rule}'", regexes, action("yes")))
    Dialplan(f"<include><context name='c'>{found}</context></include>").hunt("c", facts)
    assert "".join(told) == asked


def test_what_is_included_and_filled_in():
    files = {"/x/a.xml": "<include>\n<b name='$${who}'/>\n</include>"}
    text = '<a><!-- $${secret} --><X-PRE-PROCESS cmd="include" data="$${folder}/a.xml"/></a>'
    assert preprocess(text, {"who": "me", "folder": "/x"}, files.__getitem__).split() == ["<a>", "<b", "name='me'/>", "</a>"]


def test_a_relative_path_counts_from_the_file_where_it_stands():
    files = {"/x/y/a.xml": '<include><X-PRE-PROCESS cmd="include" data="b.xml"/></include>', "/x/y/b.xml": "<b/>"}
    text = '<X-PRE-PROCESS cmd="include" data="y/a.xml"/>'
    assert preprocess(text, {}, files.__getitem__, PurePath("/x")) == "<b/>"


@pytest.fixture(scope="module")
def switch():
    switch = Simulator(Office(), "127.0.0.1:1")
    yield switch
    switch.close()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Jürgen Größe", "Jürgen Größe"), ("Ольга Иванова", "Ольга Иванова"), ("e\u0301 \u0939\u093f", "e\u0301 \u0939\u093f"),
        ("${system(touch x)}", "system(touch x)"), ("a\nb", "ab"), ("a\n", "a"), ("x" * 65, "x" * 64), ("", ""),
        ("%$!", "+4915"), ("a%b%c%d%e%f", "abcd"), ("unknown", "+4915"), ("Unknown", "+4915"), ("unknown man", "unknown man"),
    ],
)
def test_the_real_dialplan_cleans_names(switch, name, kept):
    actions = caller(switch, name)
    assert [data.removeprefix("caller_id_name=") for data in actions] == ([kept] if kept != name else [])


def test_people_of_the_office_have_the_name_that_it_has_for_them(switch):
    own = caller(switch, "Boss", fsctl_name="Anna (Empfang)", fsctl_extension="101")
    assert own == ["caller_id_name=Anna (Empfang)", "caller_id_number=${fsctl_extension}"]


def caller(switch, name, **variables):
    """What becomes of the profile of a caller who says that he has this name."""
    fields = {"destination_number": "caller", "caller_id_name": name, "caller_id_number": "+4915"}
    return profile(switch, "fsctl", fields, **variables)


@pytest.mark.parametrize(
    ("context", "dialled"),
    [("default", "102"), ("public", "102"), ("fsctl_default", "102"), ("fsctl_public", "102"),
     ("default", "slot+701"), ("fsctl_default", "slot+701"), ("fsctl", "recall+701")],
)
def test_a_call_is_handed_over_in_the_same_way_from_everywhere(switch, context, dialled):
    actions = dialplan_says(switch, context, dialled)
    failsafe = f"failsafe_{dialled} XML fsctl"
    assert actions[-6:] == [
        f"sched_transfer +3 {failsafe}", "set socket_resume=true", "socket 127.0.0.1:1 async full", "unset socket_resume",
        f"execute_extension {failsafe}", f"execute_extension {failsafe}",
    ]


def test_from_the_public_network_the_same_is_done_but_nobody_dials_a_lamp(switch):
    inside, outside = (dialplan_says(switch, context, "102") for context in ("fsctl_default", "fsctl_public"))
    assert outside == ["set rtp_secure_media=${fsctl_trunk_srtp}", "set fsctl_external=true", *inside]
    assert dialplan_says(switch, "fsctl_public", "slot+701")[-1] == "hangup UNALLOCATED_NUMBER"
    for context in ("default", "public", "fsctl_default", "fsctl_public"):
        assert dialplan_says(switch, context, "1" * 31)[-1] == "hangup INVALID_NUMBER_FORMAT"
        assert dialplan_says(switch, context, "x")[-1] == "hangup UNALLOCATED_NUMBER"


@pytest.mark.parametrize(("headers", "withheld"), [
    ({"sip_Privacy": "id"}, True), ({"sip_Privacy": "Privacy: header;ID;critical"}, True), ({"sip_Privacy": "user"}, True),
    ({"sip_Privacy": "none"}, False), ({"sip_Privacy": "session"}, False), ({}, False),
    ({"sip_Remote-Party-ID": '"L" <sip:+4915@x>;party=calling;privacy=full'}, True),
    ({"sip_Remote-Party-ID": "<sip:+4915@x>;privacy=off;screen=yes"}, False),
    ({"sip_from_user": "anonymous", "sip_from_host": "anonymous.invalid"}, False),
])
def test_who_withholds_his_number_is_anonymous(switch, headers, withheld):
    fields, variables = {"destination_number": "caller", "caller_id_number": "+4915112345678"}, headers
    facts = Facts(lambda field: fields.get(field, ""),
                  lambda text: re.sub(r"\$\{([\w-]+)\}", lambda found: variables.get(found[1], ""), text))
    told = [f"{each.application} {each.data}" for each in switch.dialplan.hunt("fsctl", facts)]
    anonymous = ["set fsctl_withheld=true", "set_profile_var caller_id_name=Anonymous",
                 "set_profile_var caller_id_number=anonymous", "set_profile_var ani=anonymous"]
    assert (set(anonymous) <= set(told)) is withheld
    assert ("set fsctl_identity=+4915112345678" in told) is withheld


def profile(switch, context, fields, **variables):
    """What becomes of a call's profile."""
    facts = Facts(lambda field: fields.get(field, ""),
                  lambda text: re.sub(r"\$\{([\w-]+)\}", lambda found: variables.get(found[1], ""), text))
    return [each.data for each in switch.dialplan.hunt(context, facts) if each.application == "set_profile_var"]


def dialplan_says(switch, context, dialled):
    facts = Facts(lambda field: dialled if field == "destination_number" else "", lambda text: re.sub(r"\$\{[\w-]+\}", "", text))
    return [f"{each.application} {each.data}".strip() for each in switch.dialplan.hunt(context, facts)]
