"""What a WordPress channel is before it is opened: its form, its badge, how to sign in. Cheap to import."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Field, FieldKind, Manifest
from workstation.domain.forms import PASSWORD_IS_SEEN, insecure, poll_seconds
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector
    from workstation.domain.channels import Capabilities

MANIFEST = Manifest(
    kind="wordpress",
    title="WordPress",
    summary=lazy(N_("The comments on a WordPress site: answered, approved, held, marked as spam, removed.")),
    network="wordpress",
    fields=(
        Field(
            "server",
            lazy(N_("Site")),
            FieldKind.URL,
            help=lazy(N_("The address of the site, as visitors see it.")),
            required=True,
            placeholder="https://blog.example.org",
        ),
        Field("user", lazy(N_("User name")), help=lazy(N_("The one that signs in to the site.")), required=True),
        Field(
            "secret",
            lazy(N_("Application password")),
            FieldKind.SECRET,
            help=lazy(
                N_("Made in the user’s profile on the site; spaces in it do not matter. Not the usual password.")
            ),
            required=True,
        ),
        Field(
            "spam",
            lazy(N_("Comments that the site takes for spam")),
            FieldKind.CHOICE,
            default="read",
            choices=(
                ("read", lazy(N_("are read and marked as such"))),
                ("leave", lazy(N_("are left alone and counted"))),
            ),
        ),
        poll_seconds(lazy(N_("At most; after news it asks sooner. 0: as often as possible.")), "30"),
        Field(
            "idempotency",
            lazy(N_("Protection against sending twice")),
            FieldKind.CHOICE,
            help=lazy(N_("WordPress refuses a comment that is already there, unless an extension permits it.")),
            default="auto",
            choices=(
                ("auto", lazy(N_("as WordPress does it"))),
                ("none", lazy(N_("the site permits the same comment twice"))),
            ),
            advanced=True,
        ),
        insecure(PASSWORD_IS_SEEN),
    ),
    badge="W",
    colour="#21759B",
    sign_in=("password",),
    documentation="https://developer.wordpress.org/rest-api/using-the-rest-api/authentication/",
)


def typical() -> "Capabilities":
    """What a moderator (role editor) can do."""
    from workstation.connectors.wordpress.capabilities import Rights, capabilities

    return capabilities(Rights(moderates=True, edits=True))


def connector() -> "Connector":
    """The connector itself, imported when a channel of this kind is first used."""
    from workstation.connectors.wordpress.connector import WordPressConnector

    return WordPressConnector()
