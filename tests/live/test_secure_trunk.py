"""A trunk by TLS with encrypted audio: the example of docs/freeswitch.md, with a second FreeSWITCH as the provider."""

import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from fsctl.schema import structure
from tests.live.clients import Baresip
from tests.live.lab import Lab
from tests.live.provider import REALM, Provider, trunks
from tests.live.sip_phone import SipLine
from tests.live.test_clients import hear
from tests.live.test_plain_trunk import WITH_AND_WITHOUT
from tests.live.test_trunks import with_trunks

CALLER, MOBILE, ACCOUNT = "+4915112345678", "+491701234567", "secure-1"

OFFICE = with_trunks(trunks("secure"))


@pytest.fixture(scope="module")
def _lab(certificates) -> Iterator[Lab]:
    provider = Provider(certificates)
    provider.another("plain", "secure", {
        "</gateway>": '<variables><variable name="rtp_secure_media_outbound" value="forbidden" direction="outbound"/>'
                      "</variables></gateway>"})
    lab = Lab(Path(os.environ["FREESWITCH"]), structure(tomllib.loads(OFFICE)), provider=provider, environment={
        "FSCTL_TLS": "true", "FSCTL_TLS_CERTIFICATES": f"{certificates}", "FSCTL_TRUNK_SRTP": "mandatory"})
    lab.switch.api("sofia profile trunk register all")  # it was there before its provider
    yield lab
    lab.close()


@pytest.fixture(autouse=True)
def _registered(controller, lab):
    lab.withdraw("103")
    for gateway in ("secure", "plain"):
        lab.wait(lambda: re.search(r"^State\s+REGED$", lab.switch.api(f"sofia status gateway {gateway}"), re.M) is not None,
                 10, f"{gateway} does not register")


def by_provider(lab, called, encryption):
    """The provider calls the account where it is registered."""
    contact = lab.exchange.api(f"sofia_contact accounts/{ACCOUNT}@{REALM}").strip().partition(",")[0]
    assert "transport=tls" in contact
    line = SipLine(lab, str(uuid4()))
    lab.place(line, contact, {
        "sip_invite_to_uri": f"<sip:{called}@{REALM}>", "origination_caller_id_number": CALLER, **encryption})
    return line


def encrypted(lab, line):
    """Whether the provider's audio is, and by which transport its SIP goes."""
    audio, transport = (lab.exchange.api(f"uuid_getvar {line.uuid} {name}").strip() for name in (
        "rtp_secure_audio_confirmed", "sip_via_protocol"))
    return audio == "true", transport


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_it_calls(lab, controller, alive):
    phone = lab.phone("101")
    if not alive:
        controller.kill()
    call = by_provider(lab, "+49305550101", {"rtp_secure_media": "mandatory"})
    line = phone.ringing()
    assert line.shown_number == CALLER
    line.answer()
    call.wait_answered()
    hear(lab, call, line)
    assert encrypted(lab, call)[0]
    line.hang_up()
    call.wait_ended()


def test_it_calls_without_encryption(lab, controller):
    """Which is refused when somebody answers."""
    call = by_provider(lab, "+49305550101", {})
    lab.phone("101").ringing().answer()
    assert call.wait_ended() == "INCOMPATIBLE_DESTINATION" and not call.answered


@pytest.mark.parametrize("encryption", ["", "srtp-mand"])
def test_it_is_called(lab, controller, encryption):
    """By a phone that encrypts and by one that does not."""
    call = Baresip(lab, "103", encryption=encryption).call(MOBILE)
    line = lab.outside(MOBILE).ringing()
    line.answer()
    call.wait_answered()
    hear(lab, call, line)
    assert encrypted(lab, line) == (True, "tls")
    call.hang_up()
    line.wait_ended()


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_it_is_called_for_help(lab, controller, alive):
    phone = lab.phone("101")
    if not alive:
        controller.kill()
    call = phone.call("112")
    line = lab.outside("112").ringing()
    line.answer()
    call.wait_answered()
    hear(lab, call, line)
    assert encrypted(lab, line) == (True, "tls")


def test_one_gateway_without_encryption(lab, controller):
    controller.apply(with_trunks(trunks("secure").replace("gateway/secure", "gateway/plain")))
    try:
        call = lab.phone("101").call(MOBILE)
        line = lab.outside(MOBILE).ringing()
        line.answer()
        call.wait_answered()
        hear(lab, call, line)
        assert encrypted(lab, line) == (False, "tls")
    finally:
        controller.apply(OFFICE)
