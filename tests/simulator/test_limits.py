"""What the dialplan asks about how full the switch is."""

import pytest


@pytest.mark.parametrize(("text", "value"), [
    ("(9-9)*100-9*20", "-180"), ("(2000-8)*100-2000*10", "179200"), ("3-3", "0"), ("20-03*2", "14"), ("1/4", "0.25"),
    ("(100-", "-ERR"), ("2**9", "-ERR"), ("1/0", "-ERR"), ("x", "-ERR"),
])
def test_sums_as_mod_expr_prints_them(switch, text, value):
    assert switch.api(f"expr {text}") == value


def test_the_limit_of_sessions_stays_where_no_number_is_given(switch):
    assert "\n2000 session(s) max\n" in switch.api("status")
    switch.api("fsctl max_sessions 7")
    assert switch.api("fsctl max_sessions") == "+OK max sessions: 7\n"
    assert "\n7 session(s) max\n" in switch.api("status")
