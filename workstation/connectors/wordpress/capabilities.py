"""What an account can do: from the rights of its role on the site; pure."""

import msgspec

from workstation.connectors.wordpress.measure import LIMIT
from workstation.domain.channels import Capabilities, Field, Idempotency, LengthUnit, Offer, Resume, Scope
from workstation.domain.outbox import Act
from workstation.domain.text import N_, LazyText, lazy

NO_MODERATOR = N_("This account’s role does not moderate comments on this site.")
NO_ARTICLES = N_("Articles are written in WordPress itself.")


class Rights(msgspec.Struct, frozen=True):
    """What a role permits: moderating all comments, or those below the account's own articles."""

    moderates: bool = False
    edits: bool = False
    """Has articles of its own and moderates below them."""


class Plan(msgspec.Struct, frozen=True):
    """How an act is offered to those who may do it."""

    act: Act
    label: LazyText
    undone_by: Act | None = None
    scope: Scope = Scope.ANY
    danger: bool = False
    fields: tuple[Field, ...] = ()


MODERATION = (
    Plan(Act.EDIT, lazy(N_("Edit")), scope=Scope.OWN),
    Plan(Act.DELETE, lazy(N_("Delete")), scope=Scope.OWN, danger=True),
    Plan(Act.APPROVE, lazy(N_("Approve")), Act.HOLD),
    Plan(Act.HOLD, lazy(N_("Take back the approval")), Act.APPROVE),
    Plan(Act.JUNK, lazy(N_("Mark as spam")), Act.UNJUNK, Scope.OTHERS),
    Plan(Act.UNJUNK, lazy(N_("Not spam")), Act.JUNK, Scope.OTHERS),
    Plan(Act.TRASH, lazy(N_("Move to trash")), Act.RESTORE),
    Plan(Act.RESTORE, lazy(N_("Back from the trash")), Act.TRASH),
    Plan(Act.REMOVE, lazy(N_("Delete for good")), scope=Scope.OTHERS, danger=True),
)


def offers(rights: Rights) -> tuple[Offer, ...]:
    """Every act, each possible or with the reason why not."""
    able = rights.moderates or rights.edits
    post = Offer(Act.POST, lazy(N_("Post")), available=False, reason=lazy(NO_ARTICLES))
    moderation = (
        Offer(
            plan.act,
            plan.label,
            scope=plan.scope,
            available=able,
            reason=None if able else lazy(NO_MODERATOR),
            undone_by=plan.undone_by,
            danger=plan.danger,
        )
        for plan in MODERATION
    )
    return (post, Offer(Act.REPLY, lazy(N_("Reply"))), *moderation)


def capabilities(rights: Rights, *, dedupes: bool = True, server: str = "WordPress") -> Capabilities:
    """All of it; `dedupes`: whether the site refuses a comment that is already there."""
    return Capabilities(
        transport=("poll",),
        resume=Resume.EXACT,
        idempotency=Idempotency.DEDUPE if dedupes else Idempotency.NONE,
        offers=offers(rights),
        edits="poll",
        deletions="poll",
        length_limit=LIMIT,
        length_unit=LengthUnit.BYTES,
        server=server,
    )
