"""The facts of a call, whoever tells them: FreeSWITCH (``arriving``), somebody who asks (``assumed``), the journal
(``recorded``, which also writes them down). A new field of Call has its place in each of the three; mypy names those
that lack it, but for ``recorded``, which walks the fields.
"""
