"""One outbound connection: FreeSWITCH hands a call over, and it is served there."""
