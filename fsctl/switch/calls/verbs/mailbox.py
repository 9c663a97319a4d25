"""Mailboxes, which FreeSWITCH's mod_voicemail has."""

from fsctl.model.actions import Hangup, Mailbox
from fsctl.model.outcomes import CallerGone
from fsctl.switch.calls.control import CallControl
from fsctl.switch.calls.verbs.hangup import hang_up
from fsctl.switch.session.call_session import CallerGone as SessionGone

#: Longest stay in a mailbox, in seconds.
MAILBOX_SECONDS = 3600


def mailbox(control: CallControl, action: Mailbox) -> CallerGone:
    """The mailbox goes on without this process; the fail-safe ends a call that comes out of it.

    That its owner needs no PIN is said of the channel and not to the application: a phone that takes the channel's
    place by INVITE with Replaces runs the same application, with the same words (sofia.c,
    sofia_handle_sip_i_invite_replaces).
    """
    what, authorized = ("check", ";voicemail_authorized=true") if action.fetch else ("", "")
    site = control.office.site_of(action.user)
    told = f"fsctl_done=true;default_language={action.language}{f';timezone={site.timezone}' if site else ''}"
    with control.session.batch():
        control.lease(MAILBOX_SECONDS)
        control.session.execute("multiset", f"^^;{told}{authorized}")
        control.session.execute("answer")  # mod_voicemail would record early media
        control.hear_keys()
        stay = control.session.execute("voicemail", f"{what} default ${{domain}} {action.user}".strip())
    try:
        control.ownership.heard(stay.wait(MAILBOX_SECONDS))
    except SessionGone:  # as most do who have left their message
        return CallerGone()
    return hang_up(control, Hangup("normal"))
