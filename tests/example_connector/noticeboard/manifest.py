"""What a notice board is before it is opened."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Capabilities, Field, FieldKind, Idempotency, LengthUnit, Manifest, Offer, Resume
from workstation.domain.outbox import Act
from workstation.domain.text import lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector

LIMIT = 280
MANIFEST = Manifest(
    kind="noticeboard",
    title="Notice board",
    summary=lazy("Notes on a board, and answers to them."),
    network="noticeboard",
    fields=(
        Field("server", lazy("Address"), FieldKind.URL, required=True),
        Field("secret", lazy("Key"), FieldKind.SECRET, required=True),
        Field("poll_seconds", lazy("Seconds between two questions"), FieldKind.TEXT, default="30", advanced=True),
    ),
    badge="N",
    colour="#7A5C00",
)


def typical() -> Capabilities:
    """All boards are alike."""
    return Capabilities(
        transport=("poll",),
        resume=Resume.EXACT,
        idempotency=Idempotency.UPSERT,
        offers=(Offer(Act.REPLY, lazy("Reply")),),
        edits="poll",
        deletions="none",
        length_limit=LIMIT,
        length_unit=LengthUnit.CHARACTERS,
    )


def connector() -> "Connector":
    """Imported when a board is first used."""
    from noticeboard.board import Noticeboard

    return Noticeboard()
