"""What an account can do; pure. Everything is offered; what is not possible here is disabled with the reason."""

import msgspec

from workstation.connectors.bluesky import pictures
from workstation.connectors.bluesky.measure import GRAPHEMES
from workstation.connectors.bluesky.records import MOST_PICTURES
from workstation.domain.channels import (
    Capabilities,
    Field,
    FieldKind,
    Idempotency,
    LengthUnit,
    Offer,
    Pictures,
    Resume,
    Scope,
)
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import N_, LazyText, lazy

NO_EDITS = N_("Bluesky does not show edits of posts. Delete the post and write it anew.")
NOT_MODERATOR = N_("This account is not a moderator of a moderation service (Ozone).")
NOT_REOPENED = N_("A moderation service cannot reopen a report. Escalate it instead.")

COMMENT = Field("comment", lazy(N_("Comment")), help=lazy(N_("What the moderators should know.")))
CATEGORY = Field(
    "category",
    lazy(N_("Category")),
    FieldKind.CHOICE,
    default="other",
    choices=(
        ("spam", lazy(N_("Spam"))),
        ("violation", lazy(N_("Breaks a law or a rule"))),
        ("misleading", lazy(N_("Misleading"))),
        ("sexual", lazy(N_("Unwanted sexual content"))),
        ("rude", lazy(N_("Rude or harassing"))),
        ("other", lazy(N_("Something else"))),
    ),
)
WHOLE = Field("whole_account", lazy(N_("The whole account, not only this message")), FieldKind.FLAG)
LABEL = Field(
    "label",
    lazy(N_("Label")),
    FieldKind.LIST,
    help=lazy(N_("Such as spam, rude, porn, graphic-media, or one of your service’s own.")),
    required=True,
)
HOURS = Field("hours", lazy(N_("Hours until it ends")), FieldKind.NUMBER, help=lazy(N_("Empty: for good.")))


class Rights(msgspec.Struct, frozen=True):
    """What is known of an account: whether it moderates a service, and whether its network shows edits."""

    moderator: bool = False
    edits: bool = False
    jetstream: bool = False


class Plan(msgspec.Struct, frozen=True):
    """How an act is offered where it is possible; `needs`: "moderator", "edits", "never" or nothing."""

    act: Act
    label: LazyText
    whose: Scope = Scope.ANY
    undone_by: Act | None = None
    fields: tuple[Field, ...] = ()
    danger: bool = False
    on: str = "message"
    needs: str = ""


PLANS = (
    Plan(Act.POST, lazy(N_("Post"))),
    Plan(Act.REPLY, lazy(N_("Reply"))),
    Plan(Act.EDIT, lazy(N_("Edit")), Scope.OWN, needs="edits"),
    Plan(Act.DELETE, lazy(N_("Delete")), Scope.OWN, danger=True),
    Plan(Act.FAVOURITE, lazy(N_("Like")), undone_by=Act.UNFAVOURITE),
    Plan(Act.UNFAVOURITE, lazy(N_("Remove like")), undone_by=Act.FAVOURITE),
    Plan(Act.BOOST, lazy(N_("Repost")), undone_by=Act.UNBOOST),
    Plan(Act.UNBOOST, lazy(N_("Remove repost")), undone_by=Act.BOOST),
    Plan(Act.HIDE, lazy(N_("Hide this reply in our thread")), Scope.OTHERS, Act.UNHIDE),
    Plan(Act.UNHIDE, lazy(N_("Show this reply again")), Scope.OTHERS, Act.HIDE),
    Plan(Act.MUTE, lazy(N_("Mute")), Scope.OTHERS, Act.UNMUTE, on="account"),
    Plan(Act.UNMUTE, lazy(N_("Unmute")), Scope.OTHERS, Act.MUTE, on="account"),
    Plan(Act.BLOCK, lazy(N_("Block")), Scope.OTHERS, Act.UNBLOCK, danger=True, on="account"),
    Plan(Act.UNBLOCK, lazy(N_("Unblock")), Scope.OTHERS, Act.BLOCK, on="account"),
    Plan(Act.REPORT, lazy(N_("Report to the moderators")), Scope.OTHERS, fields=(CATEGORY, COMMENT, WHOLE)),
    Plan(Act.RESOLVE_REPORT, lazy(N_("Close the report")), fields=(COMMENT,), on="report", needs="moderator"),
    Plan(Act.REOPEN_REPORT, lazy(N_("Reopen the report")), on="report", needs="never"),
    Plan(Act.ESCALATE_REPORT, lazy(N_("Escalate the report")), fields=(COMMENT,), on="report", needs="moderator"),
    Plan(
        Act.LABEL,
        lazy(N_("Label it")),
        undone_by=Act.UNLABEL,
        fields=(LABEL, COMMENT, WHOLE),
        needs="moderator",
    ),
    Plan(
        Act.UNLABEL,
        lazy(N_("Remove a label")),
        undone_by=Act.LABEL,
        fields=(LABEL, COMMENT, WHOLE),
        needs="moderator",
    ),
    Plan(
        Act.TAKE_DOWN,
        lazy(N_("Take down")),
        Scope.OTHERS,
        Act.REVERSE_TAKE_DOWN,
        (COMMENT, HOURS, WHOLE),
        danger=True,
        needs="moderator",
    ),
    Plan(
        Act.REVERSE_TAKE_DOWN,
        lazy(N_("Put back what was taken down")),
        Scope.OTHERS,
        Act.TAKE_DOWN,
        (COMMENT, WHOLE),
        needs="moderator",
    ),
)


def _refusal(plan: Plan, rights: Rights) -> LazyText | None:
    if plan.needs == "moderator" and not rights.moderator:
        return lazy(NOT_MODERATOR)
    if plan.needs == "edits" and not rights.edits:
        return lazy(NO_EDITS)
    if plan.needs == "never":
        return lazy(NOT_REOPENED if rights.moderator else NOT_MODERATOR)
    return None


def _offer(plan: Plan, refusal: LazyText | None) -> Offer:
    return Offer(
        plan.act,
        plan.label,
        scope=plan.whose,
        available=refusal is None,
        reason=refusal,
        undone_by=plan.undone_by,
        fields=plan.fields,
        danger=plan.danger,
        on=plan.on,
    )


def capabilities(rights: Rights, server: str) -> Capabilities:
    """All of it; `server` is the host that people know it by."""
    return Capabilities(
        transport=("jetstream", "poll") if rights.jetstream else ("poll",),
        resume=Resume.OVERLAP,
        idempotency=Idempotency.RKEY,
        offers=tuple(_offer(plan, _refusal(plan, rights)) for plan in PLANS),
        edits="event" if rights.jetstream else "poll",
        deletions="event" if rights.jetstream else "poll",
        length_limit=GRAPHEMES,
        length_unit=LengthUnit.GRAPHEMES,
        visibilities=(Visibility.PUBLIC,),
        server=server,
        pictures=Pictures(MOST_PICTURES, pictures.KINDS, pictures.LARGEST, 2_000),
    )
