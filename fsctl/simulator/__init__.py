"""A FreeSWITCH stand-in that speaks the event socket, for ``fsctl demo`` and for the tests.

It runs the dialplan files themselves and behaves as the real switch was seen to behave; media it has none. What it
does not know is an error rather than a guess: an unknown application ends the call, an unknown command says so.
"""
