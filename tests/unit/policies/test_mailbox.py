"""Mailboxes: who gets there, and who listens."""

from dataclasses import replace

import pytest

from fsctl.model.outcomes import Busy, CallerGone, Performed
from fsctl.model.reasons import plain
from fsctl.policies import mailbox
from fsctl.policies.stages import CODES
from tests.unit.builders import ANNA, BERND, a_call, an_office
from tests.unit.drive import drive

OFFICE = an_office(users=an_office().users | {"101": replace(ANNA, mailbox=True), "102": BERND})


@pytest.mark.parametrize(("to", "outcome", "lines"), [
    ("user:101", Busy(), ["because so it is", "reroute mailbox:101"]),
    ("user:101", None, ["pass"]),
    ("user:102", Busy(), ["pass"]),
    ("hunt:sales", Busy(), ["pass"]),
    ("mailbox:101", None, ["because mailbox of Anna Adler", "mailbox 101 de", "done"]),
    ("mailbox:102", None, ["pass"]),
])
def test_who_gets_there(to, outcome, lines):
    call = replace(a_call(to), outcome=outcome, why=plain("so it is"))
    assert drive(mailbox.run, call, OFFICE, [CallerGone()]) == lines


@pytest.mark.parametrize(("user", "lines"), [
    ("101", ["because Anna Adler listens to messages", "mailbox 101 de fetch", "done"]),
    ("102", ["because Bernd Brandt has no mailbox", "play not-possible en", "hangup rejected", "done"]),
    (None, ["because the caller has no mailbox", "play not-possible de", "hangup rejected", "done"]),
])
def test_who_listens(user, lines):
    run = CODES["mailbox"].run
    outcomes = [CallerGone()] if user == "101" else [Performed(), CallerGone()]
    assert drive(lambda *about: run(*about, ""), a_call("code:mailbox", user=user), OFFICE, outcomes) == lines
