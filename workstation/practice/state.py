"""A network's memory in a file, so that it is the same after a restart: accounts, statuses, tokens, what was told.

One JSON document, replaced atomically. Traffic goes on where the script stood.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workstation.practice.model import Account, Application, Mailbox, Notification, Report, Status, Token, UserList

if TYPE_CHECKING:
    from workstation.practice.server import Practice

VERSION = 1
STATUSES_SAVED = 20_000


class SavedAccount(msgspec.Struct, kw_only=True, omit_defaults=True):
    """An account; numbers are ids and milliseconds UTC."""

    id: int
    username: str
    display_name: str
    created_at: int
    domain: str = ""
    note: str = ""
    language: str = ""
    role: str = ""
    followers: int = 0
    following: int = 0
    marks: list[str] = []


class SavedStatus(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A status without its media."""

    id: int
    account: int
    text: str
    created_at: int
    visibility: str = "public"
    language: str | None = None
    kind: str = ""
    in_reply_to: int | None = None
    spoiler: str = ""
    sensitive: bool = False
    reblog_of: int | None = None
    application: str = ""
    html: str | None = None
    edited_at: int | None = None
    favourited_by: list[int] = []


class SavedNotification(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A notification of one mailbox; its id must not change, for clients resume by it."""

    id: int
    owner: int
    type: str
    created_at: int
    account: int
    status: int | None = None
    report: int | None = None


class SavedReport(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A report with what moderators did about it."""

    id: int
    account: int
    target: int
    category: str
    comment: str
    created_at: int
    updated_at: int
    status_ids: tuple[int, ...] = ()
    assigned: int | None = None
    resolved_by: int | None = None
    resolved_at: int | None = None


class SavedList(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A list of one account."""

    id: int
    owner: int
    title: str
    members: list[int] = []


class SavedToken(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A token that a client was given."""

    value: str
    account: int | None
    scopes: list[str]
    application: str
    created_at: int


class SavedRelations(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What an account thinks of the others."""

    owner: int
    following: list[int] = []
    followed_by: list[int] = []
    muting: list[int] = []
    blocking: list[int] = []


class Saved(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The whole file."""

    version: int = VERSION
    found: bool = False
    port: int = 0
    turns: int = 0
    tokens: dict[str, str] = {}
    accounts: list[SavedAccount] = []
    statuses: list[SavedStatus] = []
    notifications: list[SavedNotification] = []
    relations: list[SavedRelations] = []
    reports: list[SavedReport] = []
    lists: list[SavedList] = []
    grants: list[SavedToken] = []
    applications: list[Application] = []
    keys: list[tuple[int, str, int, int]] = []


_MARKS = ("suspended", "silenced", "sensitized", "disabled")


def load(path: str) -> Saved:
    """Read a file; an absent or unreadable one is an empty memory."""
    if not path:
        return Saved()
    try:
        saved = msgspec.json.decode(Path(path).read_bytes(), type=Saved)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        return Saved()
    return saved if saved.version == VERSION else Saved()


def save(practice: "Practice") -> None:
    """Write the file; what was there before stays until the new one is whole."""
    path = Path(practice.options.state)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(msgspec.json.encode(_remembered(practice)))
    os.replace(fresh, path)  # noqa: PTH105 - the one call that replaces atomically on every platform


def _remembered(practice: "Practice") -> Saved:
    network = practice.network
    statuses = [item for item in network.statuses.values() if not item.media or item.text]
    boxes = network.boxes.values()
    return Saved(
        found=True,
        port=practice.port,
        turns=practice.script.turns,
        tokens=practice.tokens,
        accounts=[_saved_account(account) for account in network.accounts.values()],
        statuses=[_saved_status(status) for status in statuses[-STATUSES_SAVED:]],
        notifications=[_saved_notification(item, box) for box in boxes for item in box.notifications.values()],
        reports=[_saved_report(report) for report in practice.moderation.reports.values()],
        lists=[_saved_list(item) for item in network.lists.values()],
        grants=[_saved_token(token) for token in practice.credentials.tokens.values()],
        applications=list(practice.credentials.applications.values()),
        relations=[_saved_relations(box) for box in boxes],
        keys=practice.desk.keys(),
    )


def restore(saved: Saved, practice: "Practice") -> None:
    """Bring a network back to where it was."""
    network = practice.network
    for item in saved.accounts:
        _restore_account(item, practice)
    for relation in saved.relations:
        if relation.owner in network.accounts:
            relations = network.mailbox(network.accounts[relation.owner]).relations
            relations.following.update(relation.following)
            relations.followed_by.update(relation.followed_by)
            relations.muting.update(dict.fromkeys(relation.muting))
            relations.blocking.update(relation.blocking)
    for kept in saved.lists:
        network.lists[kept.id] = UserList(kept.id, kept.owner, kept.title, members=set(kept.members))
    for status in saved.statuses:
        _restore_status(status, practice)
    for filed in saved.reports:
        _restore_report(filed, practice)
    for told in sorted(saved.notifications, key=lambda item: item.id):
        _restore_notification(told, practice)
    for grant in saved.grants:
        token = Token(grant.value, grant.account, frozenset(grant.scopes), grant.application, grant.created_at)
        practice.credentials.tokens.setdefault(token.value, token)
    practice.credentials.applications.update({item.client_id: item for item in saved.applications})
    practice.desk.restore_keys(saved.keys)
    practice.script.skip(saved.turns)


def _saved_account(account: Account) -> SavedAccount:
    return SavedAccount(
        id=account.id,
        username=account.username,
        display_name=account.display_name,
        created_at=account.created_at,
        domain=account.domain,
        note=account.note,
        language=account.language,
        role=account.role,
        followers=account.followers,
        following=account.following,
        marks=[mark for mark in _MARKS if getattr(account, mark)],
    )


def _saved_status(status: Status) -> SavedStatus:
    return SavedStatus(
        id=status.id,
        account=status.account.id,
        text=status.text,
        created_at=status.created_at,
        visibility=status.visibility,
        language=status.language,
        kind=status.kind,
        in_reply_to=status.in_reply_to,
        spoiler=status.spoiler,
        sensitive=status.sensitive,
        reblog_of=status.reblog_of.id if status.reblog_of else None,
        application=status.application,
        html=status.html,
        edited_at=status.edited_at,
        favourited_by=sorted(status.favourited_by or ()),
    )


def _saved_relations(box: Mailbox) -> SavedRelations:
    relations = box.relations
    return SavedRelations(
        owner=box.account.id,
        following=sorted(relations.following),
        followed_by=sorted(relations.followed_by),
        muting=sorted(relations.muting),
        blocking=sorted(relations.blocking),
    )


def _saved_list(item: UserList) -> SavedList:
    return SavedList(id=item.id, owner=item.owner, title=item.title, members=sorted(item.members))


def _saved_token(token: Token) -> SavedToken:
    return SavedToken(
        value=token.value,
        account=token.account_id,
        scopes=sorted(token.scopes),
        application=token.application,
        created_at=token.created_at,
    )


def _restore_account(item: SavedAccount, practice: "Practice") -> None:
    network = practice.network
    account = network.accounts.get(item.id) or network.add_account(
        item.username,
        item.display_name,
        domain=item.domain,
        note=item.note,
        language=item.language,
        role=item.role,
        created_at=item.created_at,
        identifier=item.id,
    )
    account.followers, account.following = item.followers, item.following
    for mark in item.marks:
        if mark in _MARKS:
            setattr(account, mark, True)
    network.touch(account)


def _restore_status(item: SavedStatus, practice: "Practice") -> None:
    network = practice.network
    account, reblog = network.accounts.get(item.account), network.statuses.get(item.reblog_of or 0)
    if account is None or (item.reblog_of is not None and reblog is None):
        return
    parent = network.statuses.get(item.in_reply_to or 0)
    status = Status(
        id=item.id,
        account=account,
        text=item.text,
        created_at=item.created_at,
        visibility=item.visibility,
        language=item.language,
        kind=item.kind,
        in_reply_to=parent.id if parent else None,
        in_reply_to_account=parent.account.id if parent else None,
        root=parent.root if parent else item.id,
        spoiler=item.spoiler,
        sensitive=item.sensitive,
        reblog_of=reblog,
        application=item.application,
        html=item.html,
        edited_at=item.edited_at,
        favourited_by=set(item.favourited_by) or None,
    )
    if reblog is not None:
        reblog.reblogged_by = {**(reblog.reblogged_by or {}), account.id: item.id}
    if parent is not None:
        parent.replies = [*(parent.replies or ()), status.id]
    network.recall(status)


def _saved_report(report: Report) -> SavedReport:
    return SavedReport(
        id=report.id,
        account=report.account.id,
        target=report.target.id,
        category=report.category,
        comment=report.comment,
        created_at=report.created_at,
        updated_at=report.updated_at,
        status_ids=report.status_ids,
        assigned=report.assigned.id if report.assigned else None,
        resolved_by=report.resolved_by.id if report.resolved_by else None,
        resolved_at=report.resolved_at,
    )


def _restore_report(item: SavedReport, practice: "Practice") -> None:
    accounts = practice.network.accounts
    reporter, target = accounts.get(item.account), accounts.get(item.target)
    if reporter is None or target is None:
        return
    practice.moderation.recall(
        Report(
            item.id,
            reporter,
            target,
            item.category,
            item.comment,
            item.created_at,
            item.updated_at,
            item.status_ids,
            assigned=accounts.get(item.assigned or 0),
            resolved_by=accounts.get(item.resolved_by or 0),
            resolved_at=item.resolved_at,
        )
    )


def _saved_notification(item: Notification, box: Mailbox) -> SavedNotification:
    return SavedNotification(
        id=item.id,
        owner=box.account.id,
        type=item.type,
        created_at=item.created_at,
        account=item.account.id,
        status=item.status.id if item.status else None,
        report=item.report.id if item.report else None,
    )


def _restore_notification(item: SavedNotification, practice: "Practice") -> None:
    network = practice.network
    account, owner = network.accounts.get(item.account), network.accounts.get(item.owner)
    status = network.statuses.get(item.status or 0)
    report = practice.moderation.reports.get(item.report or 0)
    complete = (status is not None or item.status is None) and (report is not None or item.report is None)
    if account is not None and owner is not None and complete:
        network.delivery.recall(owner, Notification(item.id, item.type, item.created_at, account, status, report))
