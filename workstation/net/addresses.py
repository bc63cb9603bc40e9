"""Which machines may be spoken to: loopback without TLS, and never a private network on a stranger's behalf."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from workstation.domain.errors import ConfigurationError, TransientError
from workstation.net.errors import PLAIN_HTTP, PRIVATE_ADDRESS, UNREACHABLE
from workstation.net.messages import Request, origin

SECURE = {"https", "wss"}
PLAIN = {"http", "ws"}
NUMERIC = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}")
"""A host that some systems read as an address, in the ways of old: `127.1`, `0x7f000001`."""
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses behind a translator (RFC 6052)."""


def is_loopback(host: str) -> bool:
    """Whether the name can only mean this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_scheme(url: str, insecure: bool) -> None:
    """Raise ConfigurationError unless the address is TLS, loopback, or plain http with permission."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018 - raises on a port that is no number
    except ValueError:
        raise ConfigurationError(field="server", why=UNREACHABLE) from None
    if not host or parts.scheme not in SECURE | PLAIN:
        raise ConfigurationError(field="server", why=UNREACHABLE)
    if parts.scheme in PLAIN and not insecure and not is_loopback(host):
        raise ConfigurationError(field="server", why=PLAIN_HTTP)


def check_public(request: Request, url: str) -> None:
    """Raise TransientError where the host is written as the number of a private network."""
    if not request.public_only or origin(url) == request.home:
        return
    host = _asked(url)
    if is_loopback(host) or not _is_public(host, otherwise=not NUMERIC.fullmatch(host)):
        raise TransientError(why=PRIVATE_ADDRESS)


def _asked(url: str) -> str:
    """The host that is really asked: wide digits and dots become ordinary ones, and numbers are never looked up."""
    try:
        return (URL(url).raw_host or "").rstrip(".")
    except ValueError:
        raise TransientError(why=UNREACHABLE) from None


def _is_public(host: str, *, otherwise: bool) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return otherwise
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
    return address.is_global and not address.is_multicast


class PublicResolver(AbstractResolver):
    """Resolves names and drops answers that point into private networks: a name can be made to point anywhere."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Public addresses only; OSError if none is left."""
        found = await self._inner.resolve(host, port, family)
        public = [item for item in found if _is_public(item["host"], otherwise=False)]
        if not public:
            raise OSError(PRIVATE_ADDRESS)
        return public

    async def close(self) -> None:
        """Let go of the resolver underneath."""
        await self._inner.close()
