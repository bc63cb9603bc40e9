"""What each act is in the API: contents and requests; pure."""

from collections.abc import Mapping

from workstation.connectors.matrix.api import Api, room_path
from workstation.connectors.matrix.names import part
from workstation.domain.outbox import Act, Operation
from workstation.net.client import Request

LIKE = "\N{THUMBS UP SIGN}"
REASON_CAP = 500
MEMBERSHIP = {Act.KICK: "kick", Act.BAN: "ban", Act.UNBAN: "unban"}
POWER = {Act.REMOVE: "redact", Act.KICK: "kick", Act.BAN: "ban", Act.UNBAN: "ban"}
Content = Mapping[str, object]


def txn(operation: Operation) -> str:
    """The transaction id: the same at every attempt, and told back with the event."""
    return operation.id


def text_content(text: str, mentions: tuple[str, ...] = ()) -> dict[str, object]:
    """A message of plain text that names these people."""
    return {"msgtype": "m.text", "body": text, "m.mentions": {"user_ids": list(mentions)} if mentions else {}}


def reply_content(text: str, target: str, author: str, thread: str) -> dict[str, object]:
    """An answer, in the thread of what it answers."""
    relation: dict[str, object] = {"m.in_reply_to": {"event_id": target}}
    if thread:
        relation |= {"rel_type": "m.thread", "event_id": thread, "is_falling_back": False}
    return text_content(text, (author,) if author else ()) | {"m.relates_to": relation}


def edit_content(text: str, target: str, kind: str = "m.text") -> dict[str, object]:
    """An edit; who knows of none sees the text again, marked."""
    new = text_content(text) | {"msgtype": kind}
    relation = {"rel_type": "m.replace", "event_id": target}
    return new | {"body": f"* {text}", "m.new_content": new, "m.relates_to": relation}


def like_content(target: str) -> Content:
    """A reaction of favour."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": LIKE}}


def reason(operation: Operation) -> str:
    """Why, for the people in the room."""
    return operation.options.get("reason", "").strip()[:REASON_CAP]


def membership(api: Api, operation: Operation, room: str) -> Request:
    """Put somebody out of a room, ban them, or lift that."""
    body: dict[str, object] = {"user_id": operation.account}
    if reason(operation):
        body["reason"] = reason(operation)
    return api.write("POST", room_path(room, MEMBERSHIP[operation.act]), body)


def report(api: Api, operation: Operation, room: str) -> Request:
    """Tell the server's administrators of a message."""
    given = operation.options.get("score", "").strip()
    score = min(int(given), 100) if given.isdecimal() and len(given) < 4 else 100
    body = {"reason": operation.options.get("comment", "").strip()[:1_000], "score": -score}
    return api.write("POST", room_path(room, "report", operation.target), body)


def ignored_path(user: str) -> str:
    """Where the list of ignored people is kept."""
    return f"/_matrix/client/v3/user/{part(user)}/account_data/m.ignored_user_list"
