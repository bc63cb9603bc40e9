"""Makes channels of this kind and signs in to them."""

from typing import TYPE_CHECKING

from workstation.connectors.bluesky.addresses import DID, HANDLE, base_address
from workstation.connectors.bluesky.channel import BlueskyChannel
from workstation.connectors.bluesky.manifest import MANIFEST
from workstation.connectors.bluesky.session import PasswordSignIn
from workstation.connectors.bluesky.xrpc import Api
from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_

if TYPE_CHECKING:
    from workstation.connectors.base import Channel, SignIn
    from workstation.domain.channels import ChannelConfig, Manifest
    from workstation.net.client import Client
    from workstation.net.oauth import Pages

NO_USER = N_("it must be a handle such as shop.bsky.social, or a DID")
NO_PASSWORD = N_("the app password is missing")


class BlueskyConnector:
    """See `connectors.base.Connector`."""

    manifest: "Manifest" = MANIFEST

    def create(self, config: "ChannelConfig", secret: str, client: "Client") -> "Channel":
        """See Connector."""
        secret = secret.strip()
        if not secret or not secret.isprintable():
            raise ConfigurationError(field="secret", why=NO_PASSWORD)
        if secret.startswith("{"):
            from workstation.connectors.bluesky.oauth import BrowserSignIn

            return BlueskyChannel(config, BrowserSignIn.of(secret, client, insecure=config.is_on("insecure")), client)
        user = config.user.strip().removeprefix("@")
        if not (HANDLE.fullmatch(user) or DID.fullmatch(user)):
            raise ConfigurationError(field="user", why=NO_USER)
        home = Api(base_address(config.server), config.is_on("insecure"))
        return BlueskyChannel(config, PasswordSignIn(home, user, secret), client)

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> "SignIn | None":
        """See Connector."""
        from workstation.connectors.bluesky.sign_in import Signing

        return Signing(client, pages)
