"""What an account can do: from the folders that it has and what its servers offer; pure."""

import msgspec

from workstation.connectors.email.incoming import Role
from workstation.connectors.email.session import Folders
from workstation.domain.channels import Capabilities, Field, Idempotency, LengthUnit, Offer, Resume, Scope
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import N_, LazyText, lazy

NO_FOLDER = N_("The mailbox has no folder for that ({folder}).")
SENT_FOR_GOOD = N_("A mail that was sent cannot be taken back.")
NO_FLAGS = N_("This mailbox cannot be changed by this account.")
HEAD_ROOM = 8 << 10
"""Bytes of a mail that are not its text."""

TO = Field("to", lazy(N_("To")), required=True, help=lazy(N_("Addresses, separated by commas.")))
SUBJECT = Field("subject", lazy(N_("Subject")))


class Plan(msgspec.Struct, frozen=True):
    """How an act is offered; `folder` is what it needs."""

    act: Act
    label: LazyText
    folder: Role = Role.NONE
    undone_by: Act | None = None
    scope: Scope = Scope.ANY
    fields: tuple[Field, ...] = ()


PLANS = (
    Plan(Act.REPLY, lazy(N_("Reply"))),
    Plan(Act.POST, lazy(N_("New mail")), fields=(TO, SUBJECT)),
    Plan(Act.JUNK, lazy(N_("Move to junk")), Role.JUNK, Act.UNJUNK, Scope.OTHERS),
    Plan(Act.UNJUNK, lazy(N_("Not junk")), Role.JUNK, Act.JUNK, Scope.OTHERS),
    Plan(Act.ARCHIVE, lazy(N_("Archive")), Role.ARCHIVE, Act.UNARCHIVE),
    Plan(Act.UNARCHIVE, lazy(N_("Back from the archive")), Role.ARCHIVE, Act.ARCHIVE),
    Plan(Act.TRASH, lazy(N_("Move to trash")), Role.TRASH, Act.RESTORE),
    Plan(Act.RESTORE, lazy(N_("Back from the trash")), Role.TRASH, Act.TRASH),
    Plan(Act.FAVOURITE, lazy(N_("Flag")), undone_by=Act.UNFAVOURITE),
    Plan(Act.UNFAVOURITE, lazy(N_("Remove flag")), undone_by=Act.FAVOURITE),
)
FOLDER_NAMES = {Role.JUNK: "Junk", Role.ARCHIVE: "Archive", Role.TRASH: "Trash"}


def offers(folders: Folders) -> tuple[Offer, ...]:
    """Every act, each possible or with the reason why not."""
    made = [_offer(plan, folders) for plan in PLANS]
    taken_back = Offer(
        Act.DELETE,
        lazy(N_("Delete")),
        scope=Scope.OWN,
        available=False,
        reason=lazy(SENT_FOR_GOOD),
        danger=True,
    )
    return (*made, taken_back)


def _offer(plan: Plan, folders: Folders) -> Offer:
    missing = plan.folder is not Role.NONE and not folders.of(plan.folder)
    return Offer(
        plan.act,
        plan.label,
        scope=plan.scope,
        available=not missing,
        reason=lazy(NO_FOLDER, folder=FOLDER_NAMES[plan.folder]) if missing else None,
        undone_by=plan.undone_by,
        fields=plan.fields,
    )


def capabilities(folders: Folders, *, idle: bool, resync: bool, size: int, server: str) -> Capabilities:
    """All of it; `size` is the largest mail that the server takes, 0 where it does not say."""
    return Capabilities(
        transport=("idle", "poll") if idle else ("poll",),
        resume=Resume.EXACT,
        idempotency=Idempotency.MESSAGE_ID,
        offers=offers(folders),
        edits="none",
        deletions="event" if idle or resync else "poll",
        length_limit=text_limit(size),
        length_unit=LengthUnit.BYTES,
        visibilities=(Visibility.DIRECT,),
        server=server,
    )


def text_limit(size: int) -> int:
    """Bytes of text that fit into a mail of a size; packing makes them three times as many at worst."""
    return max(0, size - HEAD_ROOM) // 3 if size else 0
