"""What a Bluesky channel is before it is opened: its form, its badge, how to sign in. Cheap to import."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Field, FieldKind, Manifest
from workstation.domain.forms import insecure, poll_seconds
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector
    from workstation.domain.channels import Capabilities

MANIFEST = Manifest(
    kind="bluesky",
    title="Bluesky",
    summary=lazy(N_("An account on Bluesky or on any other server of the AT Protocol.")),
    network="bluesky",
    fields=(
        Field(
            "server",
            lazy(N_("Server")),
            FieldKind.URL,
            help=lazy(N_("Empty: bsky.social. Otherwise the server that the account is on.")),
            placeholder="https://bsky.social",
        ),
        Field(
            "user",
            lazy(N_("Handle")),
            help=lazy(N_("Such as shop.bsky.social, or the account’s DID.")),
            required=True,
            placeholder="shop.bsky.social",
        ),
        Field(
            "secret",
            lazy(N_("App password")),
            FieldKind.SECRET,
            help=lazy(N_("Sign in through the browser, or enter an app password made in the account’s settings.")),
            required=True,
        ),
        Field(
            "sources",
            lazy(N_("Read")),
            FieldKind.LIST,
            help=lazy(
                N_(
                    "mentions, own, home, search:WORDS, hashtag:TAG, list:ADDRESS, feed:ADDRESS, reports. "
                    "Empty: mentions, own, home, and reports where the account is a moderator."
                )
            ),
            placeholder="mentions, own, home",
        ),
        Field(
            "jetstream",
            lazy(N_("Jetstream server")),
            FieldKind.URL,
            help=lazy(N_("Reads all that is posted on the network, live, and keeps what the next fields ask for.")),
            placeholder="wss://jetstream2.us-east.bsky.network/subscribe",
        ),
        Field(
            "jetstream_words",
            lazy(N_("Words to look for")),
            FieldKind.LIST,
            help=lazy(N_("Words, phrases or #tags; * for everything.")),
        ),
        Field(
            "jetstream_dids",
            lazy(N_("Only from these accounts (DIDs)")),
            FieldKind.LIST,
            advanced=True,
        ),
        Field(
            "jetstream_languages",
            lazy(N_("Only in these languages")),
            FieldKind.LIST,
            placeholder="de, en",
            advanced=True,
        ),
        Field(
            "jetstream_replies",
            lazy(N_("Replies as well")),
            FieldKind.FLAG,
            default="1",
            advanced=True,
        ),
        Field(
            "jetstream_collections",
            lazy(N_("Further collections to receive")),
            FieldKind.LIST,
            help=lazy(N_("They are counted, not kept; posts are always received.")),
            advanced=True,
        ),
        Field(
            "labeler",
            lazy(N_("Moderation service (DID)")),
            help=lazy(N_("Whose reports are read, where the account is its moderator. Empty: found by itself.")),
            placeholder="did:plc:…",
            advanced=True,
        ),
        poll_seconds(lazy(N_("For notifications; other lists are asked for less often.")), "5"),
        Field(
            "edits",
            lazy(N_("The network shows edits of posts")),
            FieldKind.FLAG,
            help=lazy(N_("Bluesky does not; networks with an app view of their own may.")),
            advanced=True,
        ),
        insecure(),
    ),
    badge="B",
    colour="#0A7AFF",
    sign_in=("oauth", "password"),
    documentation="https://bsky.app/settings/app-passwords",
)


def typical() -> "Capabilities":
    """What an account that moderates a service can do on Bluesky itself, with Jetstream."""
    from workstation.connectors.bluesky.capabilities import Rights, capabilities

    return capabilities(Rights(moderator=True, jetstream=True), "bsky.social")


def connector() -> "Connector":
    """The connector itself, imported when a channel of this kind is first used."""
    from workstation.connectors.bluesky.connector import BlueskyConnector

    return BlueskyConnector()
