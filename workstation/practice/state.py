"""A network's memory in a file, so that it is the same after a restart: accounts, statuses, tokens, what was told.

One JSON document, replaced atomically. Traffic goes on where the script stood.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from workstation.practice.model import Account, Notification, Status

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
    """A notification of one mailbox."""

    owner: int
    type: str
    created_at: int
    account: int
    status: int | None = None


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
    network = practice.network
    statuses = [item for item in network.statuses.values() if not item.media or item.text]
    saved = Saved(
        found=True, port=practice.port, turns=practice.script.turns, tokens=practice.tokens,
        accounts=[_saved_account(account) for account in network.accounts.values()],
        statuses=[_saved_status(status) for status in statuses[-STATUSES_SAVED:]],
        notifications=[
            SavedNotification(
                owner=box.account.id, type=item.type, created_at=item.created_at, account=item.account.id,
                status=item.status.id if item.status else None,
            )
            for box in network.boxes.values()
            for item in box.notifications.values()
            if item.report is None
        ],
        relations=[
            SavedRelations(
                owner=box.account.id, following=sorted(box.relations.following),
                followed_by=sorted(box.relations.followed_by), muting=sorted(box.relations.muting),
                blocking=sorted(box.relations.blocking),
            )
            for box in network.boxes.values()
        ],
        keys=practice.desk.keys(),
    )
    path = Path(practice.options.state)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(msgspec.json.encode(saved))
    os.replace(fresh, path)  # noqa: PTH105 - the one call that replaces atomically on every platform


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
    for status in saved.statuses:
        _restore_status(status, practice)
    for told in saved.notifications:
        account, owner = network.accounts.get(told.account), network.accounts.get(told.owner)
        shown = network.statuses.get(told.status or 0)
        if account is not None and owner is not None and (shown is not None or told.status is None):
            network.delivery.recall(owner, Notification(0, told.type, told.created_at, account, shown))
    practice.desk.restore_keys(saved.keys)
    practice.script.skip(saved.turns)


def _saved_account(account: Account) -> SavedAccount:
    return SavedAccount(
        id=account.id, username=account.username, display_name=account.display_name, created_at=account.created_at,
        domain=account.domain, note=account.note, language=account.language, role=account.role,
        followers=account.followers, following=account.following,
        marks=[mark for mark in _MARKS if getattr(account, mark)],
    )


def _saved_status(status: Status) -> SavedStatus:
    return SavedStatus(
        id=status.id, account=status.account.id, text=status.text, created_at=status.created_at,
        visibility=status.visibility, language=status.language, kind=status.kind, in_reply_to=status.in_reply_to,
        spoiler=status.spoiler, sensitive=status.sensitive,
        reblog_of=status.reblog_of.id if status.reblog_of else None, application=status.application, html=status.html,
        edited_at=status.edited_at, favourited_by=sorted(status.favourited_by or ()),
    )


def _restore_account(item: SavedAccount, practice: "Practice") -> None:
    network = practice.network
    account = network.accounts.get(item.id) or network.add_account(
        item.username, item.display_name, domain=item.domain, note=item.note, language=item.language, role=item.role,
        created_at=item.created_at, identifier=item.id,
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
        id=item.id, account=account, text=item.text, created_at=item.created_at, visibility=item.visibility,
        language=item.language, kind=item.kind, in_reply_to=parent.id if parent else None,
        in_reply_to_account=parent.account.id if parent else None, root=parent.root if parent else item.id,
        spoiler=item.spoiler, sensitive=item.sensitive, reblog_of=reblog, application=item.application,
        html=item.html, edited_at=item.edited_at, favourited_by=set(item.favourited_by) or None,
    )
    if reblog is not None:
        reblog.reblogged_by = {**(reblog.reblogged_by or {}), account.id: item.id}
    if parent is not None:
        parent.replies = [*(parent.replies or ()), status.id]
    network.recall(status)
