"""Makes channels of this kind, which share what they know of hosts."""

from typing import TYPE_CHECKING

from workstation.connectors.feed.channel import FeedChannel
from workstation.connectors.feed.hosts import Hosts
from workstation.connectors.feed.manifest import MANIFEST

if TYPE_CHECKING:
    from workstation.connectors.base import Channel, SignIn
    from workstation.domain.channels import ChannelConfig, Manifest
    from workstation.net.client import Client
    from workstation.net.oauth import Pages


class FeedConnector:
    """See `connectors.base.Connector`."""

    manifest: "Manifest" = MANIFEST

    def __init__(self) -> None:
        self._hosts = Hosts()

    def create(self, config: "ChannelConfig", secret: str, client: "Client") -> "Channel":
        """See Connector."""
        return FeedChannel(config, client, self._hosts)

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> "SignIn | None":
        """See Connector."""
        return None
