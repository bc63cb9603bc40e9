"""What a Matrix channel is before it is opened: its form, its badge, how to sign in. Cheap to import."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Field, FieldKind, Manifest
from workstation.domain.forms import insecure
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector
    from workstation.domain.channels import Capabilities

MANIFEST = Manifest(
    kind="matrix",
    title="Matrix",
    summary=lazy(N_("An account on a Matrix homeserver: its rooms and its direct conversations.")),
    network="matrix",
    fields=(
        Field(
            "server",
            lazy(N_("Server")),
            FieldKind.URL,
            help=lazy(N_("The homeserver, or the domain of the account: it says where its homeserver is.")),
            required=True,
            placeholder="https://matrix.example",
        ),
        Field(
            "user",
            lazy(N_("User")),
            help=lazy(N_("Whole, such as @support:example.org, or the part before the colon.")),
            placeholder="@support:example.org",
        ),
        Field(
            "secret",
            lazy(N_("Access token or password")),
            FieldKind.SECRET,
            help=lazy(N_("Choose below which of them it is.")),
            required=True,
        ),
        Field(
            "auth",
            lazy(N_("Sign in by")),
            FieldKind.CHOICE,
            default="token",
            choices=(("token", lazy(N_("access token"))), ("password", lazy(N_("password")))),
        ),
        Field(
            "join",
            lazy(N_("Invitations")),
            FieldKind.CHOICE,
            help=lazy(N_("Whoever may write to this account may invite it into a room.")),
            default="ask",
            choices=(
                ("ask", lazy(N_("open a case"))),
                ("always", lazy(N_("are accepted at once"))),
                ("ignore", lazy(N_("are left alone"))),
            ),
        ),
        Field(
            "cases",
            lazy(N_("Cases")),
            FieldKind.CHOICE,
            help=lazy(N_("Direct conversations always open cases.")),
            default="mentions",
            choices=(
                ("mentions", lazy(N_("for mentions and answers to us"))),
                ("all", lazy(N_("for everything that others write"))),
            ),
        ),
        Field(
            "post_room",
            lazy(N_("Room for new posts")),
            help=lazy(N_("Its id or address. Without one, new posts cannot be made.")),
            placeholder="#news:example.org",
        ),
        insecure(),
    ),
    badge="m",
    colour="#0DBD8B",
    sign_in=("token", "password"),
    documentation="https://spec.matrix.org/latest/client-server-api/",
)


def typical() -> "Capabilities":
    """What a moderator of its rooms can do."""
    from workstation.connectors.matrix import capabilities

    return capabilities.capabilities(capabilities.EVERYTHING, "")


def connector() -> "Connector":
    """The connector itself, imported when a channel of this kind is first used."""
    from workstation.connectors.matrix.connector import MatrixConnector

    return MatrixConnector()
