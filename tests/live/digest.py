"""The proof of a password that SIP asks for (RFC 7616, by MD5)."""

import hashlib
import re


def authorization(challenge: str, method: str, uri: str, user: str, password: str) -> str:
    """The header that answers a 401 or 407."""
    asked = re.search(r"^\S+-Authenticate: Digest (.*)$", challenge, re.M)
    assert asked, challenge
    found = dict(re.findall(r'(\w+)="([^"]*)"', asked[1]))

    def digest(*parts: str) -> str:
        return hashlib.md5(":".join(parts).encode()).hexdigest()

    who, what = digest(user, found["realm"], password), digest(method, uri)
    response = digest(who, found["nonce"], "00000001", "fsctl", "auth", what)
    name = "Proxy-Authorization" if "Proxy-Authenticate" in challenge else "Authorization"
    return (f'{name}: Digest username="{user}", realm="{found["realm"]}", nonce="{found["nonce"]}", '
            f'uri="{uri}", qop=auth, nc=00000001, cnonce="fsctl", algorithm=MD5, response="{response}"')
