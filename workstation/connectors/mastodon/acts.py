"""What each act is in the API: pure. Texts are completed here, so that counting and looking for them agree."""

import re
from collections.abc import Callable, Mapping

import msgspec

from workstation.connectors.mastodon.directory import Seen
from workstation.connectors.mastodon.parse import REPORT, VISIBILITY_NAMES
from workstation.connectors.mastodon.requests import Api, part
from workstation.domain.channels import is_on
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Request

NARROWNESS = (Visibility.PUBLIC, Visibility.UNLISTED, Visibility.FOLLOWERS, Visibility.DIRECT)

STATUS_PATHS = {
    Act.FAVOURITE: "favourite",
    Act.UNFAVOURITE: "unfavourite",
    Act.BOOST: "reblog",
    Act.UNBOOST: "unreblog",
}
ACCOUNT_PATHS = {Act.MUTE: "mute", Act.UNMUTE: "unmute", Act.BLOCK: "block", Act.UNBLOCK: "unblock"}
REPORT_PATHS = {
    Act.ASSIGN_REPORT: "assign_to_self",
    Act.UNASSIGN_REPORT: "unassign",
    Act.RESOLVE_REPORT: "resolve",
    Act.REOPEN_REPORT: "reopen",
}
ACTIONS = {
    Act.WARN_ACCOUNT: "none",
    Act.FREEZE_ACCOUNT: "disable",
    Act.MARK_SENSITIVE: "sensitive",
    Act.LIMIT_ACCOUNT: "silence",
    Act.SUSPEND_ACCOUNT: "suspend",
}
ADMIN_PATHS = {
    Act.UNFREEZE_ACCOUNT: "enable",
    Act.UNMARK_SENSITIVE: "unsensitive",
    Act.UNLIMIT_ACCOUNT: "unsilence",
    Act.UNSUSPEND_ACCOUNT: "unsuspend",
}
ON_ACCOUNT = frozenset({*ACCOUNT_PATHS, *ACTIONS, *ADMIN_PATHS, Act.REPORT})


def narrower(first: Visibility, second: Visibility) -> Visibility:
    """The less public of two, so that an answer is never seen by more people than the question."""
    known = [item for item in (first, second) if item in NARROWNESS]
    return max(known, key=NARROWNESS.index, default=Visibility.DIRECT)


def addressed(text: str, handle: str, domain: str) -> str:
    """The text with a mention of whom it answers: without one, they are not told of it."""
    user, _, server = handle.partition("@")
    local = server in {"", domain}
    pattern = rf"(?<![\w/])@{re.escape(user)}" + (
        rf"(?:@{re.escape(domain)}(?![\w.-]*\w)|(?![\w.-]*[\w@]))" if local else rf"@{re.escape(server)}(?![\w.-]*\w)"
    )
    if re.search(pattern, text, re.IGNORECASE):
        return text
    return f"@{user if local else handle} {text}".rstrip()


def outgoing_text(operation: Operation, target: Seen | None, own: str, domain: str) -> str:
    """The text as it leaves: an answer names its addressee; `own` is our handle, which needs no mention."""
    handle = target.author if target is not None else operation.account
    if operation.act is not Act.REPLY or "@" not in handle or handle == own:
        return operation.text
    return addressed(operation.text, handle, domain)


def status_body(operation: Operation, text: str, target: Seen | None) -> dict[str, object]:
    """The body of POST /api/v1/statuses."""
    visibility = operation.visibility
    if operation.act is Act.REPLY and target is not None:
        visibility = narrower(visibility, target.visibility)
    body: dict[str, object] = {"status": text, "visibility": VISIBILITY_NAMES.get(visibility, "direct")}
    if operation.act is Act.REPLY:
        body["in_reply_to_id"] = operation.target
    if operation.language:
        body["language"] = operation.language.partition("-")[0] or operation.language
    media = [number for number in operation.options.get("media", "").split(",") if number]
    if media:
        body["media_ids"] = media
    if operation.spoiler:
        body["spoiler_text"] = operation.spoiler
        body["sensitive"] = True
    return body


def _on_status(api: Api, operation: Operation, _account: str) -> Request:
    path = f"/api/v1/statuses/{part(operation.target)}/{STATUS_PATHS[operation.act]}"
    return api.write("POST", path)


def _on_account(api: Api, operation: Operation, account: str) -> Request:
    body: dict[str, object] | None = None
    if operation.act is Act.MUTE:
        duration = operation.options.get("duration", "0")
        body = {"notifications": True, "duration": int(duration) if duration.isdecimal() else 0}
    return api.write("POST", f"/api/v1/accounts/{part(account)}/{ACCOUNT_PATHS[operation.act]}", body)


def _on_report(api: Api, operation: Operation, _account: str) -> Request:
    number = operation.target.removeprefix(REPORT)
    return api.write("POST", f"/api/v1/admin/reports/{part(number)}/{REPORT_PATHS[operation.act]}")


def _action(api: Api, operation: Operation, account: str) -> Request:
    body: dict[str, object] = {
        "type": ACTIONS[operation.act],
        "text": operation.options.get("text", ""),
        "send_email_notification": True,
    }
    if operation.target.startswith(REPORT):
        body["report_id"] = operation.target.removeprefix(REPORT)
    return api.write("POST", f"/api/v1/admin/accounts/{part(account)}/action", body)


def _lift(api: Api, operation: Operation, account: str) -> Request:
    return api.write("POST", f"/api/v1/admin/accounts/{part(account)}/{ADMIN_PATHS[operation.act]}")


def _report(api: Api, operation: Operation, account: str) -> Request:
    options = operation.options
    body: dict[str, object] = {
        "account_id": account,
        "comment": options.get("comment", "")[:1_000],
        "category": options.get("category", "other"),
        "forward": is_on(options.get("forward", "")),
    }
    if operation.target and not operation.target.startswith(REPORT):
        body["status_ids"] = [operation.target]
    return api.write("POST", "/api/v1/reports", body)


def _delete(api: Api, operation: Operation, _account: str) -> Request:
    return api.write("DELETE", f"/api/v1/statuses/{part(operation.target)}")


Builder = Callable[[Api, Operation, str], Request]
BUILDERS: Mapping[Act, Builder] = {
    **dict.fromkeys(STATUS_PATHS, _on_status),
    **dict.fromkeys(ACCOUNT_PATHS, _on_account),
    **dict.fromkeys(REPORT_PATHS, _on_report),
    **dict.fromkeys(ACTIONS, _action),
    **dict.fromkeys(ADMIN_PATHS, _lift),
    Act.REPORT: _report,
    Act.DELETE: _delete,
}


def build(api: Api, operation: Operation, account: str) -> Request:
    """The request of every act but those that write a text; `account` is the server's id of whom it is about."""
    return BUILDERS[operation.act](api, operation, account)


def comparable(text: str) -> str:
    """A text reduced to what survives a server's rendering: for recognising one that may have been sent.

    Leading mentions go (servers put their domain in or leave it out), as do white space, case and what is no letter
    or digit within marks of formatting.
    """
    folded = re.sub(r"@([\w.-]+)@[\w.-]+", r"@\1", text.casefold())
    folded = re.sub(r"^(?:\s*@[\w.-]+)+", "", folded)
    return re.sub(r"[\s*_`~>#\\\u200b-\u200f\u2066-\u2069]+", "", folded)


def replace_target(operation: Operation, target: str) -> Operation:
    """The operation about another post: of a boost, the one that is boosted."""
    return msgspec.structs.replace(operation, target=target)
