"""Which branch of a conversation a message belongs to, when its network does not say.

A branch is named by the remote id of its first message. An answer is on the branch of what it answers; only under a
post of our own does each answer start a branch, so that a thread with a thousand commenters is not one conversation.
"""

import sqlite3
from collections.abc import Iterable, Mapping

from workstation.domain.messages import IncomingMessage
from workstation.store.rows import json_text

Parent = tuple[str, bool]
"""A stored message: its branch, and whether it is a post of our own that starts a thread."""


def branches(connection: sqlite3.Connection, channel: int, fresh: Mapping[str, IncomingMessage]) -> dict[str, str]:
    """The branch of each new message, by remote id."""
    wanted = {m.reply_to for m in fresh.values() if m.reply_to and not m.branch and m.reply_to not in fresh}
    stored = _stored(connection, channel, wanted) if wanted else {}
    found: dict[str, str] = {}
    for remote_id, message in fresh.items():
        if message.branch or not message.reply_to:
            found[remote_id] = message.branch or remote_id
        elif remote_id not in found:
            _walk(message, fresh, stored, found)
    return found


def _stored(connection: sqlite3.Connection, channel: int, wanted: Iterable[str]) -> dict[str, Parent]:
    rows = connection.execute(
        "SELECT m.remote_id, m.branch, m.own AND m.reply_to = '' FROM json_each(?) AS j CROSS JOIN messages AS m"
        " ON m.channel = ? AND m.remote_id = j.value",
        (json_text(list(wanted)), channel),
    )
    return {remote_id: (branch, bool(starts)) for remote_id, branch, starts in rows}


def _walk(
    message: IncomingMessage,
    fresh: Mapping[str, IncomingMessage],
    stored: Mapping[str, Parent],
    found: dict[str, str],
) -> None:
    """Go up from a message until its branch is known, then name it for everything on the way."""
    way: dict[str, None] = {}
    branch = ""
    current = message
    while not branch:
        way[current.remote_id] = None
        parent = fresh.get(current.reply_to)
        if current.branch or not current.reply_to:
            branch = current.branch or current.remote_id
        elif parent is None:
            branch, starts = stored.get(current.reply_to, (current.reply_to, False))
            branch = current.remote_id if starts else branch
        elif parent.own and not parent.reply_to and not parent.branch:
            branch = current.remote_id
        elif parent.remote_id in found:
            branch = found[parent.remote_id]
        elif parent.remote_id in way:
            branch = current.remote_id  # a circle: no honest network sends one
        else:
            current = parent
    for remote_id in way:
        found[remote_id] = branch


def reroot(connection: sqlite3.Connection, channel: int, moved: Mapping[str, str]) -> set[int]:
    """Move what was filed under a message, before it was here, to the branch it turned out to be on.

    `moved` maps the remote ids of new messages to their branch. Returns the cases that moved with it; one that would
    meet a case of the same customer there stays where it is, and both are shown side by side.
    """
    changed: set[int] = set()
    for old, new in moved.items():
        if old == new:
            continue
        update = connection.execute(
            "UPDATE messages SET branch = ? WHERE channel = ? AND branch = ? AND branch <> remote_id",
            (new, channel, old),
        )
        if not update.rowcount:
            continue
        rows = connection.execute(
            "UPDATE OR IGNORE cases SET branch = ?, version = version + 1 WHERE channel = ? AND branch = ?"
            " AND NOT EXISTS (SELECT 1 FROM cases AS other WHERE other.channel = cases.channel"
            " AND other.branch = ? AND other.customer = cases.customer) RETURNING id",
            (new, channel, old, new),
        ).fetchall()
        changed.update(row[0] for row in rows)
    return changed
