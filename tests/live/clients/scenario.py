"""Scenarios for sipp, of small pieces: what a telephone says and waits for, message by message.

A piece is text for sipp. ``[target]``, ``[from]``, ``[to]`` and the like are keys that ``Sipp`` gives to the program.
"""

import itertools
from collections.abc import Sequence
from typing import Literal

_labels = map("label{}".format, itertools.count(1))

_PHRASES = {100: "Trying", 180: "Ringing", 183: "Session Progress", 200: "OK"}

_PROVISIONAL = (100, 180, 181, 182, 183)
_FINAL = (
    300, 301, 302, 305, 380, 400, 401, 402, 403, 404, 405, 406, 407, 408, 410, 412, 413, 414, 415, 416, 420, 421, 422, 423,
    480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 491, 493, 500, 501, 502, 503, 504, 505, 513, 580, 600, 603, 604, 606,
    607, 608)

_NO_EVENTS = (
    "v=0", "o=sipp 1 1 IN IP4 127.0.0.1", "s=-", "c=IN IP4 127.0.0.1", "t=0 0", "m=audio [media_port] RTP/AVP 0 8")
_SDP = (*_NO_EVENTS[:-1], f"{_NO_EVENTS[-1]} 101", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16")


def called(*steps: str) -> str:
    """Who is called, again and again; without a step nobody ever answers. A CANCEL ends the ringing at any time."""
    invite = _receive("INVITE", "".join(
        f'<ereg regexp="{pattern}" search_in="hdr" header="{header}:" assign_to="{name}"/>'
        for name, header, pattern in (("number", "CSeq", "[0-9]+"), ("caller", "From", "[^ ].*"), ("callee", "To", "[^ ].*"))),
        rrs="true")
    cancelled = "".join((
        '<nop next="end"/><label id="cancelled"/>',
        _reply(200), _reply(487, number="[$number] INVITE", retrans=True), _receive("ACK"),
        '<label id="end"/><nop/><Reference variables="number,caller,callee"/>'))
    return _scenario(invite, *(steps or (until_cancel(),)), cancelled)


def calling(
    *steps: str, offer: bool = True, events: bool = True, authenticate: bool = True, headers: Sequence[str] = ()
) -> str:
    """Who calls, once; a refusal ends the call with an ACK.

    Without ``offer`` its SDP comes in ``ack(sdp=True)``; without ``events`` the offer names no telephone-event.
    """
    sdp = (_SDP if events else _NO_EVENTS) if offer else ()
    invite = _invite(headers, sdp)
    if authenticate:
        challenge = _optional(*_PROVISIONAL) + '<recv response="407" auth="true"/>'
        invite += challenge + _ack_refusal() + _invite((*headers, "[authentication]"), sdp)
    return _scenario(
        invite, *steps, '<nop next="end"/><label id="refused"/>', _ack_refusal(), '<label id="cancelled"/><label id="end"/><nop/>')


def registering(expires: int) -> str:
    """A REGISTER of ``[contact]``, and once more with the password."""
    request = ("REGISTER sip:127.0.0.1 SIP/2.0", _VIA, "From: [from];tag=[call_number]", "To: [from]", *_COMMON,
               "CSeq: [cseq] REGISTER", "Contact: [contact]", f"Expires: {expires}")
    return _scenario(
        _send(request), '<recv response="401" auth="true"/>', _send((*request, "[authentication]")), '<recv response="200"/>')


# ---- steps of either ------------------------------------------------------------------------------


def cue() -> str:
    """Waits until the test says so (``Sipp.cue``)."""
    waits = '<nop><action><log message="waits"/></action></nop>'
    return waits + '<recv request="CANCEL" optional="true" next="cancelled"/>' + _receive("MESSAGE")


# ---- steps of who is called -------------------------------------------------------------------------


def answer(status: int, *, sdp: bool = False, headers: Sequence[str] = ()) -> str:
    """A provisional or a final answer; with the final one it waits for the ACK."""
    sdp = sdp or status == 200
    reply = _reply(status, headers=headers, sdp=sdp, retrans=status >= 200)
    return reply + (_receive("ACK") if status >= 200 else "")


def pause(seconds: float) -> str:
    label = next(_labels)
    return f'<recv request="CANCEL" timeout="{seconds * 1000:.0f}" ontimeout="{label}" next="cancelled"/><label id="{label}"/>'


def until_cancel() -> str:
    return _receive("CANCEL", next="cancelled")


def confirmed() -> str:
    """The PRACK of a provisional answer that was sent reliably; the INVITE cannot be answered any more."""
    return _receive("PRACK") + _reply(200)


def until_bye() -> str:
    return _receive("BYE") + _reply(200)


def hang_up() -> str:
    """The called phone's BYE."""
    return _send((
        "BYE [next_url] SIP/2.0", _VIA, f"From: [$callee];tag={_TAG}", "To: [$caller]", *_COMMON, "CSeq: [cseq] BYE",
    ), retrans=True) + '<recv response="200"/>'


# ---- steps of who calls ------------------------------------------------------------------------------


def until(*statuses: int) -> str:
    """The first of these answers to the INVITE; any other final one ends the call."""
    reached = next(_labels)
    others = [status for status in _PROVISIONAL if status not in statuses]
    refusals = "".join(
        f'<recv response="{status}" optional="true" next="refused"/>' for status in _FINAL if status not in statuses)
    wanted = "".join(f'<recv response="{status}" optional="true" next="{reached}"/>' for status in statuses[:-1])
    last = f'<recv response="{statuses[-1]}" rrs="true" next="{reached}"/><label id="{reached}"/>'
    return _optional(*others) + refusals + wanted + last


def reliably(*statuses: int) -> str:
    """The first of these answers, which is confirmed (RFC 3262); the INVITE with the password is the second request."""
    reached = next(_labels)
    rseq = '<action><ereg regexp="[0-9]+" search_in="hdr" header="RSeq:" assign_to="rseq"/></action>'
    wanted = "".join(
        f'<recv response="{status}" rrs="true" optional="{str(status != statuses[-1]).lower()}" next="{reached}">{rseq}</recv>'
        for status in statuses)
    refusals = "".join(f'<recv response="{status}" optional="true" next="refused"/>' for status in _FINAL)
    prack = ("PRACK [next_url] SIP/2.0", _VIA, *_DIALOG, "CSeq: [cseq] PRACK", "RAck: [$rseq] 2 INVITE")
    return (_optional(100) + refusals + wanted + f'<label id="{reached}"/>' + _send(prack, retrans=True)
            + '<recv response="200"/>')


def ack(*, sdp: bool = False, number: str = "[cseq]") -> str:
    """``number``: the CSeq of the INVITE, where it is not the last request."""
    return _send(("ACK [next_url] SIP/2.0", _VIA, *_DIALOG, f"CSeq: {number} ACK"), _SDP if sdp else ())


def cancel() -> str:
    """After a provisional answer: the INVITE's refusal follows, and its ACK."""
    request = ("CANCEL [target] SIP/2.0", "[last_Via:]", "From: [from];tag=[call_number]", "To: [to]", *_COMMON,
               "CSeq: [cseq] CANCEL")
    return _send(request) + _optional(*_PROVISIONAL, 200) + '<recv response="487" next="refused"/>'


def bye() -> str:
    """The caller's BYE."""
    return _send(("BYE [next_url] SIP/2.0", _VIA, *_DIALOG, "CSeq: [cseq] BYE"), retrans=True) + '<recv response="200"/>'


def info(keys: str, kind: Literal["dtmf-relay", "dtmf"] = "dtmf-relay") -> str:
    """Keys of 160 ms, each an INFO; by ``dtmf`` FreeSWITCH wants the numbers of their telephone-events."""
    return "".join(
        _send(("INFO [next_url] SIP/2.0", _VIA, *_DIALOG, "CSeq: [cseq] INFO"),
              (f"Signal={key}", "Duration=160") if kind == "dtmf-relay" else (_NUMBERS.get(key, key),), f"application/{kind}", retrans=True)
        + '<recv response="200"/>' for key in keys)


# ---- of what these are made -----------------------------------------------------------------------

_NUMBERS = {"*": "10", "#": "11"}

_TAG = "[pid]-[call_number]"
_VIA = "Via: SIP/2.0/UDP 127.0.0.1:[local_port];branch=[branch];rport"
_COMMON = ("Call-ID: [call_id]", "Max-Forwards: 70")
_DIALOG = ("From: [from];tag=[call_number]", "To: [to][peer_tag_param]", *_COMMON, "Contact: <sip:sipp@127.0.0.1:[local_port]>")


def _scenario(*pieces: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="fsctl">\n{"".join(pieces)}\n</scenario>\n'


def _invite(headers: Sequence[str], sdp: Sequence[str]) -> str:
    return _send((
        "INVITE [target] SIP/2.0", _VIA, "From: [from];tag=[call_number]", "To: [to]", *_COMMON, "CSeq: [cseq] INVITE",
        "Contact: <sip:sipp@127.0.0.1:[local_port]>", *headers), sdp, retrans=True)


def _ack_refusal() -> str:
    return _send((
        "ACK [target] SIP/2.0", "[last_Via:]", "From: [from];tag=[call_number]", "[last_To:]", *_COMMON, "CSeq: [cseq] ACK"))


def _reply(
    status: int, *, number: str = "", headers: Sequence[str] = (), sdp: bool = False, retrans: bool = False
) -> str:
    return _send((
        f"SIP/2.0 {status} {_PHRASES.get(status, 'Told So')}", "[last_Via:]", "[last_From:]",
        "[last_To:]" + (f";tag={_TAG}" if status > 100 else ""), "[last_Call-ID:]",
        f"CSeq: {number}" if number else "[last_CSeq:]",
        *(headers if any(header.startswith("Contact:") for header in headers) else
          (*headers, "Contact: <sip:sipp@127.0.0.1:[local_port]>")),
    ), _SDP if sdp else (), retrans=retrans)


def _send(head: Sequence[str], body: Sequence[str] = (), kind: str = "application/sdp", *, retrans: bool = False) -> str:
    lines = [*head, *([f"Content-Type: {kind}"] if body else []), "Content-Length: [len]", "", *body]
    text = "\n".join(lines).replace("]]>", "]]]]><![CDATA[>")
    again = ' retrans="500"' if retrans else ""
    return f"<send{again}><![CDATA[\n\n{text}\n\n]]></send>\n"


def _receive(request: str, action: str = "", **attributes: str) -> str:
    more = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<recv request="{request}"{more}>{f"<action>{action}</action>" if action else ""}</recv>\n'


def _optional(*statuses: int) -> str:
    return "".join(f'<recv response="{status}" optional="true"/>' for status in statuses)
