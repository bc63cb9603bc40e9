"""Which software a server runs, and what that means where the API itself does not tell; pure.

A server counts as Mastodon proper only where nodeinfo or the form of its version says so. Everything else is
assumed to ignore what protects against doing a thing twice, because some do.
"""

import re

import msgspec

from workstation.connectors.mastodon.instance import Server
from workstation.domain.channels import Idempotency, LengthUnit

COMPATIBLE = re.compile(r"compatible;\s*([A-Za-z]+)[ /]?v?([0-9][^)\s]*)?", re.IGNORECASE)
PLAIN_VERSION = re.compile(r"v?(\d{1,3})\.(\d{1,4})(?:\.(\d{1,4}))?")
NAMED = re.compile(r"^\s*([A-Za-z]+)[ /-]v?\d")

# Forks that keep Mastodon's code for posting and counting.
MASTODON_FORKS = {"mastodon", "glitchcafe", "hometown", "ecko", "fedibird", "kmyblue", "chuckya", "glitchsoc"}
GRAPHEME_COUNTERS = MASTODON_FORKS | {"pleroma", "akkoma"}
# Whose `min_id` is known to give the oldest page first.
PAGES_FORWARD = MASTODON_FORKS | {"pleroma", "akkoma", "gotosocial"}
MULTIPLEXES = MASTODON_FORKS | {"gotosocial"}
KEY_SINCE = (2, 7, 0)
"""Idempotency-Key is documented for POST statuses since 1.x; older servers than this are not trusted."""


class Software(msgspec.Struct, frozen=True):
    """Name in lower case and version numbers; the name is empty where nothing can be told."""

    name: str
    version: tuple[int, int, int] = (0, 0, 0)
    label: str = ""
    """For people, such as "Mastodon 4.4.1"."""

    @property
    def proper(self) -> bool:
        """Mastodon's own code, or a fork that keeps it."""
        return self.name in MASTODON_FORKS

    @property
    def idempotency(self) -> Idempotency:
        """Whether a repeated `Idempotency-Key` is known to be honoured."""
        return Idempotency.KEY if self.proper and self.version >= KEY_SINCE else Idempotency.NONE

    @property
    def counts(self) -> LengthUnit:
        """What the length limit counts."""
        return LengthUnit.GRAPHEMES if self.name in GRAPHEME_COUNTERS else LengthUnit.CHARACTERS

    @property
    def weighs(self) -> bool:
        """Addresses count a fixed length and remote mentions without their domain."""
        return self.proper

    @property
    def pages_forward(self) -> bool:
        """Trusted to answer `min_id` with the oldest page."""
        return self.name in PAGES_FORWARD

    @property
    def multiplexes(self) -> bool:
        """Several streams over one WebSocket, told apart by the field `stream`."""
        return self.name in MULTIPLEXES and (self.name != "mastodon" or self.version >= (3, 3, 0))


def detect(server: Server) -> Software:
    """The software: nodeinfo first, then what the version admits, then its form."""
    text = server.version
    compatible = COMPATIBLE.search(text)
    named = NAMED.match(text)
    if compatible:
        name, version = compatible.group(1), compatible.group(2) or ""
    elif named:
        name, version = named.group(1), text[named.end(1) :]
    else:
        name, version = _by_source(server, text), text
    name = (server.node or name).lower()
    label = f"{name.capitalize() or 'Server'} {version.strip(' /-')}".strip()
    return Software(name, numbers(version), label[:80])


def _by_source(server: Server, version: str) -> str:
    source = server.source.lower()
    if "gotosocial" in source:
        return "gotosocial"
    if not PLAIN_VERSION.match(version.strip()):
        return ""
    return "mastodon" if "mastodon" in source else ""


def numbers(version: str) -> tuple[int, int, int]:
    """Major, minor, patch; zeros where there are none."""
    found = PLAIN_VERSION.search(version)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else (0, 0, 0)
