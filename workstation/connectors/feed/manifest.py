"""What a feed channel is before it is opened: its form, its badge. Cheap to import."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Field, FieldKind, Manifest
from workstation.domain.forms import insecure, poll_seconds
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector
    from workstation.domain.channels import Capabilities

MANIFEST = Manifest(
    kind="feed",
    title="RSS/Atom",
    summary=lazy(N_("What a site publishes as RSS, Atom or JSON Feed: each new item opens a case.")),
    network="feed",
    fields=(
        Field(
            "server",
            lazy(N_("Site or feed")),
            FieldKind.URL,
            help=lazy(N_("The address of the feed, or of a page that names it.")),
            required=True,
            placeholder="https://news.example.org",
        ),
        poll_seconds(lazy(N_("Empty: as the feed asks, and never less than a minute. 0: as often as possible."))),
        insecure(
            lazy(N_("Everyone on the way can see what is read, and change it. Some old feeds have nothing else."))
        ),
    ),
    badge="R",
    colour="#B3541E",
    sign_in=(),
)


def typical() -> "Capabilities":
    """What every feed can do."""
    from workstation.connectors.feed.capabilities import capabilities

    return capabilities("")


def connector() -> "Connector":
    """The connector itself, imported when a channel of this kind is first used."""
    from workstation.connectors.feed.connector import FeedConnector

    return FeedConnector()
