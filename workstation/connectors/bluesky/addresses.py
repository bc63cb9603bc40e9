"""Addresses of the AT Protocol: `at://DID/COLLECTION/RKEY`, the web page that shows it, what a DID may look like."""

import re
from urllib.parse import quote, urlsplit

import msgspec

from workstation.domain.errors import GoneError
from workstation.net.messages import typed_server

POST = "app.bsky.feed.post"
REPOST = "app.bsky.feed.repost"
LIKE = "app.bsky.feed.like"
BLOCK = "app.bsky.graph.block"
THREADGATE = "app.bsky.feed.threadgate"
REPORT = "report:"
"""Prefix of the remote ids of reports, followed by the number of Ozone's event."""

ENTRYWAY = "https://bsky.social"
WEB = "https://bsky.app/profile/"
UNKNOWN_HANDLE = "handle.invalid"
"""What the network writes for a handle that no longer leads to its account."""

DID = re.compile(r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,2000}")
HANDLE = re.compile(r"(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")
PART = re.compile(r"[A-Za-z0-9._~:-]{1,512}")


class Place(msgspec.Struct, frozen=True):
    """Where a record is."""

    repo: str
    collection: str
    rkey: str

    @property
    def uri(self) -> str:
        """Its address."""
        return f"at://{self.repo}/{self.collection}/{self.rkey}"


def place(uri: str) -> Place | None:
    """The parts of a record's address; None where it is none."""
    if not uri.startswith("at://") or len(uri) > 3_000:
        return None
    parts = uri[5:].split("/")
    if len(parts) != 3 or not all(map(PART.fullmatch, parts)):
        return None
    return Place(*parts)


def known_place(uri: str) -> Place:
    """The parts of an address that must be one; GoneError: there can be no such record."""
    found = place(uri)
    if found is None:
        raise GoneError
    return found


def repo(uri: str) -> str:
    """The DID in an address, or empty."""
    return uri[5:].partition("/")[0] if uri.startswith("at://") else ""


def web_address(uri: str) -> str:
    """The page of a post or repost; the same whoever looks, because it names the account by its DID."""
    found = place(uri)
    if found is None or found.collection != POST:
        return ""
    return f"{WEB}{found.repo}/post/{found.rkey}"


def profile_address(did: str) -> str:
    """The page of an account."""
    return f"{WEB}{quote(did, safe=':.')}"


def from_web(address: str) -> tuple[str, str] | None:
    """Account (DID or handle) and record key of a post's page; None for any other address."""
    if address.startswith("at://"):
        found = place(address)
        return (found.repo, found.rkey) if found is not None and found.collection == POST else None
    parts = urlsplit(address).path.strip("/").split("/")
    if len(parts) != 4 or parts[0] != "profile" or parts[2] != "post":
        return None
    return (parts[1], parts[3]) if PART.fullmatch(parts[1]) and PART.fullmatch(parts[3]) else None


def base_address(server: str) -> str:
    """Scheme, host and port of what was typed; empty: where most accounts sign in. ConfigurationError."""
    return typed_server(server.strip() or ENTRYWAY)[0]
