"""Proofs of possession (RFC 9449): a key of our own signs each request, so that a stolen token is of no use; ES256."""

import base64
import hashlib
import secrets
from urllib.parse import urlsplit, urlunsplit

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from workstation.domain.messages import Micros

SIZE = 32
"""Bytes of a coordinate, and of each half of a signature, on the curve P-256."""
SECOND: Micros = 1_000_000


def b64(data: bytes) -> str:
    """Base64 for addresses, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of it; ValueError."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Key:
    """A private key; its representation shows nothing of it."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        public = private.public_key().public_numbers()
        self.jwk = {
            "crv": "P-256",
            "kty": "EC",
            "x": b64(public.x.to_bytes(SIZE)),
            "y": b64(public.y.to_bytes(SIZE)),
        }

    @classmethod
    def fresh(cls) -> "Key":
        """A new one."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def of(cls, text: str) -> "Key":
        """The key that `text` of another one says; ValueError."""
        try:
            return cls(ec.derive_private_key(int.from_bytes(unb64(text)), ec.SECP256R1()))
        except UnsupportedAlgorithm:
            raise ValueError("no such curve") from None

    @property
    def text(self) -> str:
        """The private key, to be kept as a secret."""
        return b64(self._private.private_numbers().private_value.to_bytes(SIZE))

    def proof(self, method: str, url: str, now: Micros, *, nonce: str = "", token: str = "") -> str:
        """The header for one request; `token` is the access token that goes with it."""
        said: dict[str, object] = {
            "jti": secrets.token_urlsafe(18),
            "htm": method,
            "htu": _bare(url),
            "iat": now // SECOND,
        }
        if nonce:
            said["nonce"] = nonce
        if token:
            said["ath"] = b64(hashlib.sha256(token.encode()).digest())
        head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": self.jwk}
        body = ".".join(b64(msgspec.json.encode(part)) for part in (head, said))
        r, s = decode_dss_signature(self._private.sign(body.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{body}.{b64(r.to_bytes(SIZE) + s.to_bytes(SIZE))}"

    def __repr__(self) -> str:
        return "Key()"


def _bare(url: str) -> str:
    """The address without query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
