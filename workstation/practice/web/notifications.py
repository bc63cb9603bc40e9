"""Notifications, one by one (v1) and grouped (v2)."""

from workstation.practice.clock import iso
from workstation.practice.model import Notification
from workstation.practice.render import group_key
from workstation.practice.timeline import Page
from workstation.practice.web.call import Answer, Call, Route, not_found

SAMPLE = 8
POLICY = {
    "for_not_following": "accept",
    "for_not_followers": "accept",
    "for_new_accounts": "accept",
    "for_private_mentions": "accept",
    "for_limited_accounts": "accept",
    "for_bots": "accept",
    "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
}


def _chosen(call: Call, page: Page) -> list[Notification]:
    box, given = call.own, call.given
    only, without = set(given.many("types")), set(given.many("exclude_types"))
    sender = given.identifier("account_id")
    found: list[Notification] = []
    for identifier in box.order.candidates(page):
        item = box.notifications.get(identifier)
        if item is None or (only and item.type not in only) or item.type in without:
            continue
        if sender is not None and item.account.id != sender:
            continue
        found.append(item)
        if len(found) >= page.limit:
            break
    return found[::-1] if page.min_id is not None else found


def read_many(call: Call) -> Answer:
    """Return a page of notifications."""
    page = call.given.page(40, 80)
    found = _chosen(call, page)
    return call.paged(
        [call.network.render.notification(item, call.own) for item in found], [item.id for item in found], page
    )


def _one(call: Call) -> Notification:
    item = call.own.notifications.get(call.named())
    if item is None:
        raise not_found()
    return item


def read(call: Call) -> Answer:
    """Return one notification."""
    return Answer(call.network.render.notification(_one(call), call.own))


def dismiss(call: Call) -> Answer:
    """Throw one notification away."""
    identifier = call.named() if "id" in call.path else call.given.identifier("id")
    if identifier in call.own.notifications:
        del call.own.notifications[identifier]
        call.own.order.discard(identifier)
    return Answer({})


def clear(call: Call) -> Answer:
    """Throw all notifications away."""
    for identifier in list(call.own.notifications):
        call.own.order.discard(identifier)
    call.own.notifications.clear()
    return Answer({})


def unread(call: Call) -> Answer:
    """Return how many notifications are newer than the marker, at most 100."""
    marker = call.own.markers.get("notifications")
    last = int(marker[0]) if marker else 0
    count = sum(1 for identifier in call.own.notifications if identifier > last)
    return Answer({"count": min(count, call.given.integer("limit", 100))})


def grouped(call: Call) -> Answer:
    """Return a page of groups with the accounts and statuses they speak of, each once."""
    page = call.given.page(40, 80)
    found = _chosen(call, page)
    groups: dict[str, list[Notification]] = {}
    for item in found:
        groups.setdefault(group_key(item), []).append(item)
    body = _grouped_body(call, groups)
    return call.paged(body, [item.id for item in found], page)


def _grouped_body(call: Call, groups: dict[str, list[Notification]]) -> dict[str, object]:
    render = call.network.render
    samples = {item.account.id: item.account for members in groups.values() for item in members[:SAMPLE]}
    statuses = {item.status.id: item.status for members in groups.values() for item in members if item.status}
    return {
        "accounts": [render.account(account) for account in samples.values()],
        "partial_accounts": [],
        "statuses": [render.status(status, call.box) for status in statuses.values()],
        "notification_groups": [_group(call, key, members) for key, members in groups.items()],
    }


def _group(call: Call, key: str, members: list[Notification]) -> dict[str, object]:
    newest, oldest = members[0], members[-1]
    group: dict[str, object] = {
        "group_key": key,
        "notifications_count": len(members),
        "type": newest.type,
        "most_recent_notification_id": newest.id,
        "page_min_id": str(oldest.id),
        "page_max_id": str(newest.id),
        "latest_page_notification_at": iso(newest.created_at),
        "sample_account_ids": [str(item.account.id) for item in members[:SAMPLE]],
        "status_id": str(newest.status.id) if newest.status else None,
    }
    if newest.report is not None:
        group["report"] = call.network.render.report(newest.report)
    return group


def _members(call: Call) -> list[Notification]:
    key = call.path["group_key"]
    found = [item for item in call.own.notifications.values() if group_key(item) == key]
    if not found:
        raise not_found()
    return found[::-1]


def group(call: Call) -> Answer:
    """Return one group."""
    return Answer(_grouped_body(call, {call.path["group_key"]: _members(call)}))


def group_accounts(call: Call) -> Answer:
    """Return everybody in a group."""
    return Answer([call.network.render.account(item.account) for item in _members(call)])


def group_dismiss(call: Call) -> Answer:
    """Throw a group away."""
    for item in _members(call):
        del call.own.notifications[item.id]
        call.own.order.discard(item.id)
    return Answer({})


ROUTES = (
    Route("GET", "/api/v1/notifications", read_many, "read:notifications"),
    Route("GET", "/api/v1/notifications/unread_count", unread, "read:notifications"),
    Route("GET", "/api/v1/notifications/requests", lambda _call: Answer([]), "read:notifications"),
    Route("POST", "/api/v1/notifications/clear", clear, "write:notifications"),
    Route("POST", "/api/v1/notifications/dismiss", dismiss, "write:notifications"),
    Route("GET", "/api/v1/notifications/{id}", read, "read:notifications"),
    Route("POST", "/api/v1/notifications/{id}/dismiss", dismiss, "write:notifications"),
    Route("GET", "/api/v2/notifications", grouped, "read:notifications"),
    Route("GET", "/api/v2/notifications/policy", lambda _call: Answer(POLICY), "read:notifications"),
    Route("GET", "/api/v2/notifications/unread_count", unread, "read:notifications"),
    Route("GET", "/api/v2/notifications/{group_key}", group, "read:notifications"),
    Route("GET", "/api/v2/notifications/{group_key}/accounts", group_accounts, "read:notifications"),
    Route("POST", "/api/v2/notifications/{group_key}/dismiss", group_dismiss, "write:notifications"),
)
