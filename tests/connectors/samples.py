"""Invented entities for tests; every test changes what it is about."""

import json
from typing import Any

OWN = "100"
DOMAIN = "home.example"


def account(**changes: Any) -> dict[str, Any]:
    """An Account on another server."""
    return {
        "id": "200",
        "username": "anna",
        "acct": "anna@far.example",
        "display_name": "Anna",
        "locked": False,
        "bot": False,
        "created_at": "2026-01-01T00:00:00.000Z",
        "note": "<p>hello</p>",
        "url": "https://far.example/@anna",
        "avatar": "https://far.example/a.png",
        "avatar_static": "https://far.example/a.png",
        "followers_count": 3,
        "emojis": [],
        "fields": [],
    } | changes


def status(number: int | str = 1, **changes: Any) -> dict[str, Any]:
    """A public Status of that account."""
    return {
        "id": str(number),
        "created_at": "2026-08-02T05:25:00.223Z",
        "in_reply_to_id": None,
        "sensitive": False,
        "spoiler_text": "",
        "visibility": "public",
        "language": "en",
        "uri": f"https://far.example/users/anna/statuses/{number}",
        "url": f"https://far.example/@anna/{number}",
        "edited_at": None,
        "favourited": False,
        "reblogged": False,
        "content": f"<p>post {number}</p>",
        "reblog": None,
        "account": account(),
        "media_attachments": [],
        "mentions": [],
        "poll": None,
    } | changes


def mention_of_us() -> dict[str, Any]:
    """A Status::Mention of our account."""
    return {"id": OWN, "username": "shop", "acct": "shop", "url": f"https://{DOMAIN}/@shop"}


def notification(number: int, found: dict[str, Any] | None = None, kind: str = "mention") -> dict[str, Any]:
    """A Notification."""
    return {
        "id": str(number),
        "type": kind,
        "created_at": "2026-08-02T05:25:00.223Z",
        "account": account(),
        "status": found or status(number, mentions=[mention_of_us()]),
    }


def report(number: int = 7, **changes: Any) -> dict[str, Any]:
    """An Admin::Report of a post by anna, made by ben."""
    return {
        "id": str(number),
        "action_taken": False,
        "category": "spam",
        "comment": "always the same",
        "created_at": "2026-08-02T05:25:00.223Z",
        "updated_at": "2026-08-02T05:25:00.223Z",
        "account": {"id": "300", "account": account(id="300", acct="ben", username="ben")},
        "target_account": {"id": "200", "account": account()},
        "assigned_account": None,
        "statuses": [status(55)],
        "rules": [{"id": "1", "text": "No spam"}],
    } | changes


def encoded(found: object) -> bytes:
    """As it comes over the wire."""
    return json.dumps(found).encode()
