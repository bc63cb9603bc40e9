"""What a server says of itself: instance v2, else v1, and nodeinfo, brought to one form; pure."""

import msgspec

from workstation.connectors.mastodon.entities import Entity
from workstation.domain.channels import Pictures

PICTURES = 4
KINDS = ("image/png", "image/jpeg", "image/gif")


class StatusLimits(Entity, frozen=True, gc=False):
    """Limits of a post."""

    max_characters: int | None = None
    max_media_attachments: int | None = None
    characters_reserved_per_url: int | None = None


class MediaLimits(Entity, frozen=True, gc=False):
    """Limits of attachments."""

    supported_mime_types: tuple[str, ...] | None = ()
    image_size_limit: int | None = 0
    description_limit: int | None = 0


class Urls(Entity, frozen=True, gc=False):
    """Addresses; `streaming` in v2, `streaming_api` in v1."""

    streaming: str | None = ""
    streaming_api: str | None = ""


class Configuration(Entity, frozen=True, gc=False):
    """Configuration, as far as we read it."""

    statuses: StatusLimits | None = None
    media_attachments: MediaLimits | None = None
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
    pictures: Pictures = Pictures()


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
        pictures=_pictures(configuration),
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
        pictures=_pictures(configuration),
    )


def _pictures(configuration: Configuration) -> Pictures:
    """What pictures posts may have; where the server does not say, what every Mastodon has taken from the beginning."""
    posts, media = configuration.statuses or StatusLimits(), configuration.media_attachments or MediaLimits()
    most = PICTURES if posts.max_media_attachments is None else posts.max_media_attachments
    told = tuple(kind for kind in media.supported_mime_types or () if kind.startswith("image/"))
    size, letters = media.image_size_limit or 0, media.description_limit or 0
    return Pictures(max(0, most), told or KINDS, max(0, size), max(0, letters))


def bare(domain: str) -> str:
    """The domain of accounts: some servers write an address there (Pleroma does)."""
    return domain.removeprefix("https://").removeprefix("http://").split("/", 1)[0].lower()
