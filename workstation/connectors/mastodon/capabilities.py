"""What an account can do: from its token's scopes, its role and the server's software; pure.

Everything is offered; what is not possible here is disabled with the reason that people are shown.
"""

import msgspec

from workstation.connectors.mastodon.software import Software
from workstation.domain.channels import (
    Capabilities,
    Field,
    FieldKind,
    Idempotency,
    Offer,
    Pictures,
    Resume,
    Scope,
)
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import N_, LazyText, lazy

NO_SCOPE = N_("The sign-in does not include the permission “{scope}”.")
NOT_MODERATOR = N_("This account is not a moderator of the server.")
NOT_OFFERED = N_("This server does not offer that.")
VISIBILITIES = (Visibility.PUBLIC, Visibility.UNLISTED, Visibility.FOLLOWERS, Visibility.DIRECT)

NO_PICTURES = Pictures()

MANAGE_REPORTS = 1 << 4
MANAGE_USERS = 1 << 10
ADMINISTRATOR = 1
ADMIN_SCOPES = ("admin:read:reports", "admin:write:reports", "admin:write:accounts")
SCOPES = ("read", "write", "push")
"""Asked for at sign-in, with the administrative ones where the account may use them."""

COMMENT = Field("comment", lazy(N_("Comment")), help=lazy(N_("What the moderators should know.")))
DURATION = Field(
    "duration",
    lazy(N_("For how long")),
    FieldKind.CHOICE,
    default="0",
    choices=(
        ("0", lazy(N_("until it is undone"))),
        ("3600", lazy(N_("one hour"))),
        ("86400", lazy(N_("one day"))),
        ("604800", lazy(N_("one week"))),
    ),
)
CATEGORY = Field(
    "category",
    lazy(N_("Category")),
    FieldKind.CHOICE,
    default="other",
    choices=(
        ("spam", lazy(N_("Spam"))),
        ("violation", lazy(N_("Breaks a rule"))),
        ("other", lazy(N_("Something else"))),
    ),
)
FORWARD = Field("forward", lazy(N_("Also tell the server of that account")), FieldKind.FLAG)
WARNING = Field("text", lazy(N_("Message to the account")))


class Plan(msgspec.Struct, frozen=True):
    """How an act is offered where it is possible."""

    act: Act
    label: LazyText
    scope: str
    whose: Scope = Scope.ANY
    undone_by: Act | None = None
    fields: tuple[Field, ...] = ()
    danger: bool = False
    on: str = "message"
    permission: int = 0
    proper_only: bool = False


STATUSES, ACCOUNTS, ADMIN_REPORTS, ADMIN_ACCOUNTS = (
    "write:statuses",
    "write:accounts",
    "admin:write:reports",
    "admin:write:accounts",
)
PLANS = (
    Plan(Act.POST, lazy(N_("Post")), STATUSES),
    Plan(Act.REPLY, lazy(N_("Reply")), STATUSES),
    Plan(Act.EDIT, lazy(N_("Edit")), STATUSES, Scope.OWN),
    Plan(Act.DELETE, lazy(N_("Delete")), STATUSES, Scope.OWN, danger=True),
    Plan(Act.FAVOURITE, lazy(N_("Favourite")), "write:favourites", undone_by=Act.UNFAVOURITE),
    Plan(Act.UNFAVOURITE, lazy(N_("Remove favourite")), "write:favourites", undone_by=Act.FAVOURITE),
    Plan(Act.BOOST, lazy(N_("Boost")), STATUSES, undone_by=Act.UNBOOST),
    Plan(Act.UNBOOST, lazy(N_("Remove boost")), STATUSES, undone_by=Act.BOOST),
    Plan(Act.MUTE, lazy(N_("Mute")), "write:mutes", Scope.OTHERS, Act.UNMUTE, (DURATION,), on="account"),
    Plan(Act.UNMUTE, lazy(N_("Unmute")), "write:mutes", Scope.OTHERS, Act.MUTE, on="account"),
    Plan(Act.BLOCK, lazy(N_("Block")), "write:blocks", Scope.OTHERS, Act.UNBLOCK, danger=True, on="account"),
    Plan(Act.UNBLOCK, lazy(N_("Unblock")), "write:blocks", Scope.OTHERS, Act.BLOCK, on="account"),
    Plan(
        Act.REPORT,
        lazy(N_("Report to the server’s moderators")),
        "write:reports",
        Scope.OTHERS,
        fields=(CATEGORY, COMMENT, FORWARD),
    ),
    Plan(
        Act.ASSIGN_REPORT,
        lazy(N_("Assign the report to this account")),
        ADMIN_REPORTS,
        undone_by=Act.UNASSIGN_REPORT,
        on="report",
        permission=MANAGE_REPORTS,
    ),
    Plan(
        Act.UNASSIGN_REPORT,
        lazy(N_("Give the report back")),
        ADMIN_REPORTS,
        undone_by=Act.ASSIGN_REPORT,
        on="report",
        permission=MANAGE_REPORTS,
    ),
    Plan(
        Act.RESOLVE_REPORT,
        lazy(N_("Close the report")),
        ADMIN_REPORTS,
        undone_by=Act.REOPEN_REPORT,
        on="report",
        permission=MANAGE_REPORTS,
    ),
    Plan(
        Act.REOPEN_REPORT,
        lazy(N_("Reopen the report")),
        ADMIN_REPORTS,
        undone_by=Act.RESOLVE_REPORT,
        on="report",
        permission=MANAGE_REPORTS,
    ),
    Plan(
        Act.WARN_ACCOUNT,
        lazy(N_("Warn the account")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        fields=(WARNING,),
        on="account",
        permission=MANAGE_USERS | MANAGE_REPORTS,
        proper_only=True,
    ),
    Plan(
        Act.FREEZE_ACCOUNT,
        lazy(N_("Freeze the account")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.UNFREEZE_ACCOUNT,
        (WARNING,),
        danger=True,
        on="account",
        permission=MANAGE_USERS,
        proper_only=True,
    ),
    Plan(
        Act.UNFREEZE_ACCOUNT,
        lazy(N_("Unfreeze the account")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.FREEZE_ACCOUNT,
        on="account",
        permission=MANAGE_USERS,
        proper_only=True,
    ),
    Plan(
        Act.MARK_SENSITIVE,
        lazy(N_("Mark all its media as sensitive")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.UNMARK_SENSITIVE,
        (WARNING,),
        on="account",
        permission=MANAGE_USERS,
        proper_only=True,
    ),
    Plan(
        Act.UNMARK_SENSITIVE,
        lazy(N_("Media no longer sensitive")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.MARK_SENSITIVE,
        on="account",
        permission=MANAGE_USERS,
        proper_only=True,
    ),
    Plan(
        Act.LIMIT_ACCOUNT,
        lazy(N_("Limit the account")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.UNLIMIT_ACCOUNT,
        (WARNING,),
        danger=True,
        on="account",
        permission=MANAGE_USERS,
        proper_only=True,
    ),
    Plan(
        Act.UNLIMIT_ACCOUNT,
        lazy(N_("Lift the limit")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.LIMIT_ACCOUNT,
        on="account",
        permission=MANAGE_USERS,
        proper_only=True,
    ),
    Plan(
        Act.SUSPEND_ACCOUNT,
        lazy(N_("Suspend the account")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.UNSUSPEND_ACCOUNT,
        (WARNING,),
        danger=True,
        on="account",
        permission=MANAGE_USERS,
    ),
    Plan(
        Act.UNSUSPEND_ACCOUNT,
        lazy(N_("Lift the suspension")),
        ADMIN_ACCOUNTS,
        Scope.OTHERS,
        Act.SUSPEND_ACCOUNT,
        on="account",
        permission=MANAGE_USERS,
    ),
)


def covers(granted: frozenset[str], scope: str) -> bool:
    """Whether the granted scopes include one such as `admin:write:reports`; none known: assumed.

    Scopes are a hierarchy: `write` includes `write:statuses`, `admin:write` includes `admin:write:reports`.
    """
    if not granted:
        return not scope.startswith("admin")
    parts = scope.split(":")
    return any(":".join(parts[:length]) in granted for length in range(1, len(parts) + 1))


class Rights(msgspec.Struct, frozen=True):
    """What is known of a token: scopes (empty: unknown), permissions of its account (-1: unknown), admin API there."""

    scopes: frozenset[str] = frozenset()
    permissions: int = -1
    admin: bool = False


def _refusal(plan: Plan, rights: Rights, software: Software) -> LazyText | None:
    if plan.proper_only and not software.proper:
        return lazy(NOT_OFFERED)
    if rights.scopes and not covers(rights.scopes, plan.scope):
        return lazy(NO_SCOPE, scope=plan.scope)
    if plan.permission:
        if rights.permissions >= 0 and not rights.permissions & (plan.permission | ADMINISTRATOR):
            return lazy(NOT_MODERATOR)
        if not rights.admin:
            return lazy(NOT_MODERATOR if rights.permissions < 0 else NOT_OFFERED)
    if plan.act is Act.EDIT and software.proper and software.version < (3, 5, 0):
        return lazy(NOT_OFFERED)
    return None


def offers(rights: Rights, software: Software) -> tuple[Offer, ...]:
    """Every act, each possible or with the reason why not."""
    return tuple(_offer(plan, _refusal(plan, rights, software)) for plan in PLANS)


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


def capabilities(
    rights: Rights,
    software: Software,
    transport: tuple[str, ...],
    limit: int,
    override: str = "auto",
    pictures: Pictures = NO_PICTURES,
) -> Capabilities:
    """All of it; `override` is the setting on duplicates: auto, key or none."""
    idempotency = {"key": Idempotency.KEY, "none": Idempotency.NONE}.get(override, software.idempotency)
    live = transport[:1] != ("poll",)
    return Capabilities(
        transport=transport,
        resume=Resume.EXACT if software.pages_forward else Resume.OVERLAP,
        idempotency=idempotency,
        offers=offers(rights, software),
        edits="event" if live else "poll",
        deletions="event" if live else "none",
        length_limit=limit,
        length_unit=software.counts,
        visibilities=VISIBILITIES,
        server=software.label,
        pictures=pictures if not rights.scopes or covers(rights.scopes, "write:media") else NO_PICTURES,
    )
