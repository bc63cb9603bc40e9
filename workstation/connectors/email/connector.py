"""Makes channels of this kind."""

from typing import TYPE_CHECKING

from workstation.connectors.email.channel import EmailChannel
from workstation.connectors.email.manifest import MANIFEST

if TYPE_CHECKING:
    from workstation.connectors.base import Channel, SignIn
    from workstation.domain.channels import ChannelConfig, Manifest
    from workstation.net.client import Client
    from workstation.net.oauth import Pages


class EmailConnector:
    """See `connectors.base.Connector`."""

    manifest: "Manifest" = MANIFEST

    def create(self, config: "ChannelConfig", secret: str, client: "Client") -> "Channel":
        """See Connector. Mail does not go through the client: it is no HTTP."""
        return EmailChannel(config, secret)

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> "SignIn | None":
        """See Connector: mailboxes have no common way to sign in through the browser."""
        return None
