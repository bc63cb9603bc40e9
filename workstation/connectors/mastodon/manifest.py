"""What a Mastodon channel is before it is opened: its form, its badge, how to sign in. Cheap to import."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Field, FieldKind, Manifest
from workstation.domain.forms import insecure, poll_seconds
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector
    from workstation.domain.channels import Capabilities

MANIFEST = Manifest(
    kind="mastodon",
    title="Mastodon",
    summary=lazy(N_("An account on Mastodon, GoToSocial, Pleroma, Akkoma, Takahe or any server with the same API.")),
    network="mastodon",
    fields=(
        Field(
            "server",
            lazy(N_("Server")),
            FieldKind.URL,
            help=lazy(N_("The address of the server that the account is on.")),
            required=True,
            placeholder="https://mastodon.example",
        ),
        Field(
            "secret",
            lazy(N_("Access token")),
            FieldKind.SECRET,
            help=lazy(N_("Sign in through the browser, or enter a token made in the server’s settings.")),
            required=True,
        ),
        Field(
            "sources",
            lazy(N_("Read")),
            FieldKind.LIST,
            help=lazy(
                N_(
                    "home, mentions, direct, local, remote, public, hashtag:NAME, list:ID, reports. "
                    "Empty: home, mentions, direct, and reports where the account may see them."
                )
            ),
            placeholder="home, mentions, direct",
        ),
        Field(
            "streaming_url",
            lazy(N_("Streaming address")),
            FieldKind.URL,
            help=lazy(N_("Only where the server names a wrong one.")),
            placeholder="wss://streaming.mastodon.example",
            advanced=True,
        ),
        Field(
            "transport",
            lazy(N_("Live by")),
            FieldKind.CHOICE,
            default="auto",
            choices=(
                ("auto", lazy(N_("whatever works"))),
                ("websocket", lazy(N_("WebSocket"))),
                ("sse", lazy(N_("server-sent events"))),
                ("poll", lazy(N_("asking again and again"))),
            ),
            advanced=True,
        ),
        poll_seconds(lazy(N_("Used where the server cannot send by itself.")), "30"),
        Field(
            "idempotency",
            lazy(N_("Protection against sending twice")),
            FieldKind.CHOICE,
            help=lazy(N_("Some servers ignore the key that prevents duplicates. When in doubt leave it to Meridian.")),
            default="auto",
            choices=(
                ("auto", lazy(N_("as the software is known"))),
                ("key", lazy(N_("the server honours the key"))),
                ("none", lazy(N_("the server ignores the key"))),
            ),
            advanced=True,
        ),
        insecure(),
    ),
    badge="M",
    colour="#6364FF",
    sign_in=("oauth", "token"),
    documentation="https://docs.joinmastodon.org/client/token/",
)


def typical() -> "Capabilities":
    """What an account with all permissions on Mastodon itself can do."""
    from workstation.connectors.mastodon import capabilities
    from workstation.connectors.mastodon.measure import DEFAULT_LIMIT
    from workstation.connectors.mastodon.software import Software

    rights = capabilities.Rights(frozenset({"read", "write", "admin"}), capabilities.ADMINISTRATOR, admin=True)
    known = Software("mastodon", (4, 4, 0), "Mastodon")
    return capabilities.capabilities(rights, known, ("websocket", "sse", "poll"), DEFAULT_LIMIT)


def connector() -> "Connector":
    """The connector itself, imported when a channel of this kind is first used."""
    from workstation.connectors.mastodon.connector import MastodonConnector

    return MastodonConnector()
