"""A trunk by TLS with encrypted audio: the example of docs/freeswitch.md, with a second FreeSWITCH as the provider."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from fsctl.schema import structure
from tests.live.clients import Baresip
from tests.live.controller import WITH_AND_WITHOUT
from tests.live.lab import Lab
from tests.live.provider import Provider, trunks
from tests.live.test_clients import talk
from tests.live.test_trunks import CALLER, MOBILE, by_account, contact_of, registered, with_trunks

ACCOUNT = "secure-1"

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
        registered(lab, gateway)


def by_provider(lab, called, **encryption):
    assert "transport=tls" in contact_of(lab, ACCOUNT)
    return by_account(lab, ACCOUNT, called, **encryption)


def to_provider(lab, phone, number):
    """Somebody calls outside and talks; the lines of both."""
    call = phone.call(number)
    line = lab.outside(number).ringing()
    talk(lab, call, line)
    return call, line


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
    call = by_provider(lab, "+49305550101", rtp_secure_media="mandatory")
    line = phone.ringing()
    assert line.shown_number == CALLER
    talk(lab, call, line)
    assert encrypted(lab, call)[0]
    line.hang_up()
    call.wait_ended()


def test_it_calls_without_encryption(lab, controller):
    """Which is refused when somebody answers."""
    call = by_provider(lab, "+49305550101")
    lab.phone("101").ringing().answer()
    assert call.wait_ended() == "INCOMPATIBLE_DESTINATION" and not call.answered


@pytest.mark.parametrize("encryption", ["", "srtp-mand"])
def test_it_is_called(lab, controller, encryption):
    """By a phone that encrypts and by one that does not."""
    call, line = to_provider(lab, Baresip(lab, "103", encryption=encryption), MOBILE)
    assert encrypted(lab, line) == (True, "tls")
    call.hang_up()
    line.wait_ended()


@pytest.mark.apart
@WITH_AND_WITHOUT
def test_it_is_called_for_help(lab, controller, alive):
    phone = lab.phone("101")
    if not alive:
        controller.kill()
    _, line = to_provider(lab, phone, "112")
    assert encrypted(lab, line) == (True, "tls")


def test_one_gateway_without_encryption(lab, controller):
    controller.apply(with_trunks(trunks("secure").replace("gateway/secure", "gateway/plain")))
    try:
        _, line = to_provider(lab, lab.phone("101"), MOBILE)
        assert encrypted(lab, line) == (False, "tls")
    finally:
        controller.apply(OFFICE)
