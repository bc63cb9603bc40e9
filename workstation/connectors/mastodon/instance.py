"""What a server says of itself: instance v2, else v1, and nodeinfo, brought to one form; pure."""

import msgspec

from workstation.connectors.mastodon.entities import Entity


class StatusLimits(Entity, frozen=True, gc=False):
    """Limits of a post."""

    max_characters: int | None = None
    characters_reserved_per_url: int | None = None


class Urls(Entity, frozen=True, gc=False):
    """Addresses; `streaming` in v2, `streaming_api` in v1."""

    streaming: str | None = ""
    streaming_api: str | None = ""


class Configuration(Entity, frozen=True, gc=False):
    """Configuration, as far as we read it."""

    statuses: StatusLimits | None = None
    urls: Urls | None = None


class InstanceV2(Entity, frozen=True, gc=False):
    """Instance (v2)."""

    domain: str | None = ""
    account_domain: str | None = ""
    """GoToSocial: where accounts are, if that is not where the server is."""
    version: str | None = ""
    title: str | None = ""
    source_url: str | None = ""
    configuration: Configuration | None = None


class InstanceV1(Entity, frozen=True, gc=False):
    """V1::Instance with the additions of other servers: `max_toot_chars` (Pleroma, glitch before 3.5)."""

    uri: str | None = ""
    account_domain: str | None = ""
    version: str | None = ""
    title: str | None = ""
    max_toot_chars: int | str | None = None
    urls: Urls | None = None
    configuration: Configuration | None = None


class NodeSoftware(Entity, frozen=True, gc=False):
    """Software of nodeinfo."""

    name: str = ""
    version: str = ""


class NodeInfo(Entity, frozen=True, gc=False):
    """Nodeinfo 2.x."""

    software: NodeSoftware | None = None


class NodeLink(Entity, frozen=True, gc=False):
    """A link of /.well-known/nodeinfo."""

    href: str = ""
    rel: str = ""


class NodeLinks(Entity, frozen=True, gc=False):
    """/.well-known/nodeinfo."""

    links: tuple[NodeLink, ...] = ()


class Server(msgspec.Struct, frozen=True):
    """A server in one form. `limit` and `url_length` are 0 where it says nothing."""

    domain: str
    version: str
    title: str = ""
    streaming: str = ""
    limit: int = 0
    url_length: int = 0
    source: str = ""
    node: str = ""
    """Software as nodeinfo names it."""


def from_v2(found: InstanceV2) -> Server:
    """The server of an Instance."""
    configuration = found.configuration or Configuration()
    limits = configuration.statuses or StatusLimits()
    return Server(
        domain=bare(found.account_domain or found.domain or ""),
        version=found.version or "",
        title=found.title or "",
        streaming=(configuration.urls or Urls()).streaming or "",
        limit=limits.max_characters or 0,
        url_length=limits.characters_reserved_per_url or 0,
        source=found.source_url or "",
    )


def from_v1(found: InstanceV1) -> Server:
    """The server of a V1::Instance."""
    configuration = found.configuration or Configuration()
    limits = configuration.statuses or StatusLimits()
    stated = str(found.max_toot_chars or "")
    return Server(
        domain=bare(found.account_domain or found.uri or ""),
        version=found.version or "",
        title=found.title or "",
        streaming=(found.urls or Urls()).streaming_api or "",
        limit=limits.max_characters or (int(stated) if stated.isdecimal() else 0),
        url_length=limits.characters_reserved_per_url or 0,
    )


def bare(domain: str) -> str:
    """The domain of accounts: some servers write an address there (Pleroma does)."""
    return domain.removeprefix("https://").removeprefix("http://").split("/", 1)[0].lower()
