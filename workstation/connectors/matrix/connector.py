"""Makes channels of this kind; signing in takes no browser."""

from typing import TYPE_CHECKING

from workstation.connectors.matrix.channel import MatrixChannel
from workstation.connectors.matrix.manifest import MANIFEST
from workstation.domain.errors import ConfigurationError
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Channel, SignIn
    from workstation.domain.channels import ChannelConfig, Manifest
    from workstation.net.client import Client
    from workstation.net.oauth import Pages

NO_SECRET = N_("the access token or the password is missing")
NO_TOKEN = N_("it is no access token; is it a password?")
NEEDS_USER = N_("signing in by password needs the user")


class MatrixConnector:
    """See `connectors.base.Connector`."""

    manifest: "Manifest" = MANIFEST

    def create(self, config: "ChannelConfig", secret: str, client: "Client") -> "Channel":
        """See Connector."""
        by_password = config.settings.get("auth", "") == "password"
        given = secret if by_password else secret.strip()
        if not given:
            raise ConfigurationError(field="secret", why=lazy(NO_SECRET))
        if by_password and not config.user.strip():
            raise ConfigurationError(field="user", why=lazy(NEEDS_USER))
        if not by_password and not given.startswith("{") and (" " in given or not given.isprintable()):
            raise ConfigurationError(field="secret", why=lazy(NO_TOKEN))
        return MatrixChannel(config, given, client)

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> "SignIn | None":
        """See Connector."""
        return None
