"""What an e-mail channel is before it is opened: its form, its badge, how to sign in. Cheap to import."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Field, FieldKind, Manifest
from workstation.domain.forms import insecure, poll_seconds
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector
    from workstation.domain.channels import Capabilities

# The servers are no web addresses: what may be entered is checked when the channel is made, and said by field.
MANIFEST = Manifest(
    kind="email",
    title=N_("E-mail"),
    summary=lazy(N_("A mailbox on any server with IMAP and SMTP.")),
    network="email",
    fields=(
        Field(
            "server",
            lazy(N_("Incoming server (IMAP)")),
            help=lazy(N_("imaps:// for TLS at once, imap:// for STARTTLS; with a port where it is not the usual one.")),
            required=True,
            placeholder="imaps://imap.example.org",
        ),
        Field(
            "smtp",
            lazy(N_("Outgoing server (SMTP)")),
            help=lazy(N_("smtps:// for TLS at once, smtp:// for STARTTLS. Empty: guessed from the incoming server.")),
            placeholder="smtps://smtp.example.org",
        ),
        Field(
            "user",
            lazy(N_("User name")),
            help=lazy(N_("Often the whole address.")),
            required=True,
            placeholder="service@example.org",
        ),
        Field(
            "secret",
            lazy(N_("Password or token")),
            FieldKind.SECRET,
            help=lazy(N_("Many providers want a password made for one program only.")),
            required=True,
        ),
        Field(
            "address",
            lazy(N_("Address")),
            help=lazy(N_("Whom answers are from. Empty: the user name.")),
            placeholder="service@example.org",
        ),
        Field("sender", lazy(N_("Name shown to recipients")), placeholder="Acme Service"),
        Field(
            "folders",
            lazy(N_("Folders to read")),
            FieldKind.LIST,
            help=lazy(N_("The first is watched live. Empty: INBOX. The folder of sent mail is always read.")),
            placeholder="INBOX",
        ),
        Field(
            "aliases",
            lazy(N_("Further addresses of this account")),
            FieldKind.LIST,
            advanced=True,
        ),
        Field(
            "auth",
            lazy(N_("Sign-in")),
            FieldKind.CHOICE,
            default="password",
            choices=(
                ("password", lazy(N_("by password"))),
                ("xoauth2", lazy(N_("by OAuth token (XOAUTH2)"))),
            ),
            advanced=True,
        ),
        poll_seconds(lazy(N_("Used for all folders but the first, and where the server cannot send by itself.")), "30"),
        insecure(),
    ),
    badge="@",
    colour="#B4690E",
    sign_in=("password", "token"),
)


def typical() -> "Capabilities":
    """What a mailbox with all the usual folders can do."""
    from workstation.connectors.email.capabilities import capabilities
    from workstation.connectors.email.incoming import Role
    from workstation.connectors.email.session import Folders

    roles = {"Sent": Role.SENT, "Junk": Role.JUNK, "Trash": Role.TRASH, "Archive": Role.ARCHIVE}
    return capabilities(Folders(("INBOX", *roles), roles), idle=True, resync=True, size=25 << 20, server="Dovecot")


def connector() -> "Connector":
    """The connector itself, imported when a channel of this kind is first used."""
    from workstation.connectors.email.connector import EmailConnector

    return EmailConnector()
