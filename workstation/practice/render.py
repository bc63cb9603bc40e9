"""The network's things as the Mastodon API writes them (entities of 4.4)."""

from typing import Any

import msgspec

from workstation.practice import markup
from workstation.practice.clock import day, iso
from workstation.practice.model import (
    PUBLIC_VISIBILITIES,
    Account,
    Conversation,
    Mailbox,
    Media,
    Notification,
    Report,
    Status,
    UserList,
)

Json = dict[str, Any]
NOTES_KEPT = 500
ROLES = {
    "Owner": {"id": "3", "name": "Owner", "permissions": "8388607", "color": "", "highlighted": True},
    "Moderator": {"id": "1", "name": "Moderator", "permissions": "1308", "color": "", "highlighted": True},
    "": {"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": False},
}


class Renderer:
    """Builds entities; `resolve` finds the account behind a mention."""

    def __init__(self, base_url: str, resolve: markup.Resolve) -> None:
        self.base_url = base_url
        self._resolve = resolve
        self._notes: dict[str, str] = {}

    def account(self, account: Account) -> msgspec.Raw:
        """Return an Account, encoded once until something it shows changes."""
        if not account.encoded:
            account.encoded = msgspec.json.encode(self.account_fields(account))
        return msgspec.Raw(account.encoded)

    def account_fields(self, account: Account) -> Json:
        """Return an Account."""
        url = markup.account_url(account, self.base_url)
        home = f"https://{account.domain}" if account.domain else self.base_url
        avatar = f"{self.base_url}/avatars/{account.id}.png"
        header = f"{self.base_url}/headers/{account.id}.png"
        role = ROLES[account.role]
        fields: Json = {
            "id": str(account.id),
            "username": account.username,
            "acct": account.acct,
            "display_name": account.display_name,
            "locked": False,
            "bot": account.bot,
            "discoverable": True,
            "indexable": False,
            "group": False,
            "created_at": f"{day(account.created_at)}T00:00:00.000Z",
            "note": self._note(account.note),
            "url": url,
            "uri": f"{home}/users/{account.username}",
            "avatar": avatar,
            "avatar_static": avatar,
            "header": header,
            "header_static": header,
            "followers_count": account.followers,
            "following_count": account.following,
            "statuses_count": account.statuses_count,
            "last_status_at": day(account.last_status_at) if account.last_status_at else None,
            "hide_collections": False,
            "noindex": True,
            "emojis": [],
            "roles": [{"id": role["id"], "name": role["name"], "color": ""}] if account.role else [],
            "fields": [{"name": "Practice", "value": "This account is fictional.", "verified_at": None}],
        }
        if account.suspended:
            fields["suspended"] = True
        if account.silenced:
            fields["limited"] = True
        return fields

    def _note(self, text: str) -> str:
        if len(self._notes) > NOTES_KEPT:
            self._notes.clear()
        if text not in self._notes:  # most customers say the same of themselves
            self._notes[text] = self.html(text) if text else ""
        return self._notes[text]

    def credentials(self, account: Account) -> Json:
        """Return a CredentialAccount: what only its owner sees of an account."""
        return self.account_fields(account) | {
            "source": {
                "privacy": "public",
                "sensitive": False,
                "language": account.language or None,
                "note": account.note,
                "fields": [],
                "follow_requests_count": 0,
                "hide_collections": False,
                "discoverable": True,
                "indexable": False,
                "attribution_domains": [],
            },
            "role": ROLES[account.role],
        }

    def status(self, status: Status, box: Mailbox | None = None) -> Json:
        """Return a Status as the owner of the mailbox sees it, or as nobody in particular."""
        reblog = status.reblog_of
        original = reblog or status
        local = not status.account.domain
        url = markup.account_url(status.account, self.base_url)
        home = f"https://{status.account.domain}" if status.account.domain else self.base_url
        entity: Json = {
            "id": str(status.id),
            "created_at": iso(status.created_at),
            "in_reply_to_id": str(status.in_reply_to) if status.in_reply_to else None,
            "in_reply_to_account_id": str(status.in_reply_to_account) if status.in_reply_to_account else None,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler,
            "visibility": status.visibility,
            "language": status.language,
            "uri": f"{home}/users/{status.account.username}/statuses/{status.id}",
            "url": f"{url}/{status.id}",
            "replies_count": len(status.replies or ()),
            "reblogs_count": len(original.reblogged_by or ()),
            "favourites_count": len(original.favourited_by or ()),
            "quotes_count": 0,
            "edited_at": iso(status.edited_at) if status.edited_at else None,
            "content": "" if reblog else self.content(status),
            "filtered": [],
            "reblog": self.status(reblog, box) if reblog else None,
            "application": {"name": status.application or "Practice scenario", "website": None} if local else None,
            "account": self.account(status.account),
            "media_attachments": [self.media(media) for media in status.media],
            "mentions": [self._mention(account) for account in status.mentions],
            "tags": [{"name": tag, "url": f"{self.base_url}/tags/{tag}"} for tag in status.tags],
            "emojis": [],
            "card": None,
            "poll": None,
            "quote": None,
        }
        return entity | _seen_by(box, status, original)

    def _mention(self, account: Account) -> Json:
        return {
            "id": str(account.id),
            "username": account.username,
            "url": markup.account_url(account, self.base_url),
            "acct": account.acct,
        }

    def content(self, status: Status) -> str:
        """Return the HTML of a status."""
        return status.html if status.html is not None else self.html(status.text)

    def html(self, text: str) -> str:
        """Return a text as HTML."""
        return markup.to_html(text, self._resolve, self.base_url)

    def history(self, status: Status) -> list[Json]:
        """Return the StatusEdits of a status, oldest first, the current version last."""
        account = self.account(status.account)
        versions = [
            {
                "content": self.html(edit.text),
                "spoiler_text": edit.spoiler,
                "sensitive": edit.sensitive,
                "created_at": iso(edit.at),
                "account": account,
                "media_attachments": [self.media(media) for media in edit.media],
                "emojis": [],
            }
            for edit in status.history or ()
        ]
        current = {
            "content": self.content(status),
            "spoiler_text": status.spoiler,
            "sensitive": status.sensitive,
            "created_at": iso(status.edited_at or status.created_at),
            "account": account,
            "media_attachments": [self.media(media) for media in status.media],
            "emojis": [],
        }
        return [*versions, current]

    def media(self, media: Media) -> Json:
        """Return a MediaAttachment."""
        url = f"{self.base_url}/media/{media.id}"
        size = {"width": media.width, "height": media.height, "size": f"{media.width}x{media.height}"}
        size["aspect"] = round(media.width / media.height, 4) if media.height else 1.0
        return {
            "id": str(media.id),
            "type": media.kind,
            "url": url,
            "preview_url": url,
            "remote_url": None,
            "preview_remote_url": None,
            "text_url": None,
            "meta": {"original": size, "small": size},
            "description": media.description,
            "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
        }

    def notification(self, notification: Notification, box: Mailbox, shown: msgspec.Raw | None = None) -> Json:
        """Return a Notification; `shown` is its status if that is already encoded."""
        entity: Json = {
            "id": str(notification.id),
            "type": notification.type,
            "created_at": iso(notification.created_at),
            "group_key": group_key(notification),
            "account": self.account(notification.account),
        }
        if notification.status is not None:
            entity["status"] = shown or self.status(notification.status, box)
        if notification.report is not None:
            entity["report"] = self.report(notification.report)
        return entity

    def conversation(self, conversation: Conversation, last: Status | None, box: Mailbox) -> Json:
        """Return a Conversation."""
        return {
            "id": str(conversation.id),
            "unread": conversation.unread,
            "accounts": [self.account(account) for account in conversation.accounts],
            "last_status": self.status(last, box) if last else None,
        }

    def report(self, report: Report) -> Json:
        """Return a Report as the reporter sees it."""
        return {
            "id": str(report.id),
            "action_taken": report.resolved_at is not None,
            "action_taken_at": iso(report.resolved_at) if report.resolved_at else None,
            "category": report.category,
            "comment": report.comment,
            "forwarded": report.forwarded,
            "created_at": iso(report.created_at),
            "status_ids": [str(item) for item in report.status_ids],
            "rule_ids": list(report.rule_ids) or None,
            "target_account": self.account(report.target),
        }

    def admin_account(self, account: Account) -> Json:
        """Return an Admin::Account."""
        local = not account.domain
        return {
            "id": str(account.id),
            "username": account.username,
            "domain": account.domain or None,
            "created_at": iso(account.created_at),
            "email": f"{account.username}@practice.invalid" if local else None,
            "ip": None,
            "confirmed": local,
            "suspended": account.suspended,
            "silenced": account.silenced,
            "sensitized": account.sensitized,
            "disabled": account.disabled,
            "approved": account.approved,
            "locale": account.language or None,
            "invite_request": None,
            "ips": [],
            "account": self.account(account),
            "role": ROLES[account.role] if local else None,
        }

    def admin_report(self, report: Report, statuses: list[Status]) -> Json:
        """Return an Admin::Report."""
        return {
            "id": str(report.id),
            "action_taken": report.resolved_at is not None,
            "action_taken_at": iso(report.resolved_at) if report.resolved_at else None,
            "category": report.category,
            "comment": report.comment,
            "forwarded": report.forwarded,
            "created_at": iso(report.created_at),
            "updated_at": iso(report.updated_at),
            "account": self.admin_account(report.account),
            "target_account": self.admin_account(report.target),
            "assigned_account": self.admin_account(report.assigned) if report.assigned else None,
            "action_taken_by_account": self.admin_account(report.resolved_by) if report.resolved_by else None,
            "statuses": [self.status(status) for status in statuses],
            "rules": [],
        }

    def list(self, item: UserList) -> Json:
        """Return a List."""
        return {
            "id": str(item.id),
            "title": item.title,
            "replies_policy": item.replies_policy,
            "exclusive": item.exclusive,
        }


def _seen_by(box: Mailbox | None, status: Status, original: Status) -> Json:
    """Return what a Status says of its viewer, the owner of the mailbox; a boost speaks of what it boosts."""
    viewer = box.account.id if box else 0
    seen: Json = {
        "favourited": viewer in (original.favourited_by or ()),
        "reblogged": viewer in (original.reblogged_by or ()),
        "muted": box is not None and original.root in box.muted_threads,
        "bookmarked": box is not None and original.id in box.bookmarks,
    }
    if viewer == status.account.id and status.visibility in PUBLIC_VISIBILITIES:
        seen["pinned"] = status.id in status.account.pinned
    return seen


def group_key(notification: Notification) -> str:
    """Return the key that notifications of one kind about one status share; others stay ungrouped."""
    if notification.type in ("favourite", "reblog") and notification.status is not None:
        hour = notification.created_at // 3_600_000
        return f"{notification.type}-{notification.status.id}-{hour}"
    return f"ungrouped-{notification.id}"
