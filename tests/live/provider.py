"""What makes the lab's exchange a provider of accounts: a profile where they register, and the lines of the examples in
docs/freeswitch.md.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import quoteattr

from tests.ports import free_port

PAGE = (Path(__file__).parents[2] / "docs" / "freeswitch.md").read_text("utf-8")

REALM = "provider.example"


def gateways() -> dict[str, str]:
    """The gateway files on the page, by the gateways' names."""
    return {_gateway(text).attrib["name"]: text for text in re.findall(r"^```xml\n(.*?)^```$", PAGE, re.M | re.S)}


def trunks(*names: str) -> str:
    """What the page's office files say of these trunks, which stand there together."""
    for text in re.findall(r"^```toml\n(.*?)^```$", PAGE, re.M | re.S):
        if tuple(tomllib.loads(text)["trunks"]) == names:
            return str(text)
    raise KeyError(names)


class Provider:
    """Of all accounts on the page. ``port`` is where they register, ``line_port`` where who has a fixed address calls, and
    ``first_port`` where the first of two trunks leads, which is the test's own. Those by TLS are there with
    ``certificates`` only.
    """

    def __init__(self, certificates: Path | None = None) -> None:
        self.port, self.line_port, self.first_port, self._tls_port = free_port(), free_port(), free_port(), free_port()
        self._certificates = certificates
        self.gateways = {name: self._filled(text) for name, text in gateways().items() if certificates or "tls" not in text}
        self.accounts = {
            params["username"]: params["password"] for params in map(_params, gateways().values()) if "password" in params}

    def another(self, name: str, like: str, changes: Mapping[str, str]) -> None:
        """One more gateway, of which some text differs."""
        text = self.gateways[like].replace(f'name="{like}"', f'name="{name}"')
        for old, new in changes.items():
            assert old in text
            text = text.replace(old, new)
        self.gateways[name] = text

    def profile(self) -> str:
        """Who calls here has to log in, as has who registers."""
        params = {
            "context": "phones", "dialplan": "XML", "sip-ip": "127.0.0.1", "sip-port": self.port, "rtp-ip": "127.0.0.1",
            "auth-calls": "true", "accept-blind-reg": "false", "challenge-realm": REALM, "force-register-domain": REALM,
            "force-register-db-domain": REALM, "inbound-codec-prefs": "PCMU", "outbound-codec-prefs": "PCMU",
            "rtp-timer-name": "soft", "disable-srv": "true", "disable-naptr": "true",
        }
        if self._certificates:
            params |= {"tls": "true", "tls-sip-port": self._tls_port, "tls-cert-dir": self._certificates}
        return f'<profile name="accounts"><settings>{_xml("param", params.items())}</settings></profile>'

    def directory(self) -> str:
        users = "".join(
            f'<user id={quoteattr(name)}><params><param name="password" value={quoteattr(password)}/></params></user>'
            for name, password in self.accounts.items())
        return f'<section name="directory"><domain name="{REALM}"><users>{users}</users></domain></section>'

    def _filled(self, text: str) -> str:
        """With the ports of the lab; and no answer to a ping counts unless a test wants that."""
        port = self.port if "password" in _params(text) else self.line_port
        return (text.replace("sip.provider.example:5061", f"127.0.0.1:{self._tls_port}").replace(
            "sip.provider.example", f"127.0.0.1:{port}").replace("sip.first.example", f"127.0.0.1:{self.first_port}").replace('"ping" value="25"', '"ping" value="3600"'))


def _gateway(text: str) -> ElementTree.Element:
    gateway = ElementTree.fromstring(text).find("gateway")
    assert gateway is not None
    return gateway


def _params(text: str) -> dict[str, str]:
    return {param.attrib["name"]: param.attrib["value"] for param in _gateway(text).findall("param")}


def _xml(tag: str, pairs: Iterable[tuple[str, object]]) -> str:
    return "".join(f"<{tag} name={quoteattr(name)} value={quoteattr(str(value))}/>" for name, value in pairs)
