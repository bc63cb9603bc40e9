"""Makes channels of this kind and signs in to them."""

from typing import TYPE_CHECKING

from workstation.connectors.mastodon.channel import MastodonChannel
from workstation.connectors.mastodon.manifest import MANIFEST
from workstation.connectors.mastodon.sign_in import Signing
from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_

if TYPE_CHECKING:
    from workstation.connectors.base import Channel, SignIn
    from workstation.domain.channels import ChannelConfig, Manifest
    from workstation.net.client import Client
    from workstation.net.oauth import Pages

NO_TOKEN = N_("the access token is missing")


class MastodonConnector:
    """See `connectors.base.Connector`."""

    manifest: "Manifest" = MANIFEST

    def create(self, config: "ChannelConfig", secret: str, client: "Client") -> "Channel":
        """See Connector."""
        token = secret.strip()
        if not token or not token.isprintable() or " " in token:
            raise ConfigurationError(field="secret", why=NO_TOKEN)
        return MastodonChannel(config, token, client)

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> "SignIn | None":
        """See Connector."""
        return Signing(client, pages)
