"""Makes channels of this kind; an application password takes no browser."""

from typing import TYPE_CHECKING

from workstation.connectors.wordpress.channel import WordPressChannel
from workstation.connectors.wordpress.manifest import MANIFEST
from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Channel, SignIn
    from workstation.domain.channels import ChannelConfig, Manifest
    from workstation.net.client import Client
    from workstation.net.oauth import Pages

NO_SECRET = N_("the application password is missing")
NO_USER = N_("a user name has no colon in it")


class WordPressConnector:
    """See `connectors.base.Connector`."""

    manifest: "Manifest" = MANIFEST

    def create(self, config: "ChannelConfig", secret: str, client: "Client") -> "Channel":
        """See Connector."""
        password = secret.strip()
        if not password or not password.isprintable():
            raise ConfigurationError(field="secret", why=lazy(NO_SECRET))
        if ":" in config.user:
            raise ConfigurationError(field="user", why=lazy(NO_USER))
        return WordPressChannel(config, password, client)

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> "SignIn | None":
        """See Connector."""
        return None
