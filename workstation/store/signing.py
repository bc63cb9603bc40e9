"""What replies are signed with stays out of what is stored of them: no search finds it, no export holds it."""

import sqlite3
from collections.abc import Sequence

import msgspec

from workstation.domain.messages import IncomingMessage
from workstation.domain.outbox import SIGNED, Operation

_BETWEEN = " \t\r\n\u200e\u200f"


def note(connection: sqlite3.Connection, channel: int, operation: Operation) -> None:
    """Know a sign-off when it is queued: the reply that ends with it will come back from the network."""
    line = operation.options.get(SIGNED, "").strip(_BETWEEN)
    if line:
        connection.execute("INSERT OR IGNORE INTO signed (channel, text) VALUES (?, ?)", (channel, line))


def unsigned(operation: Operation) -> str:
    """What was written, without the sign-off under it."""
    return operation.text.removesuffix(operation.options.get(SIGNED, ""))


def without(
    connection: sqlite3.Connection, channel: int, messages: Sequence[IncomingMessage]
) -> Sequence[IncomingMessage]:
    """The messages, our own ones without their sign-off; one that is stored as it is stays so."""
    if not any(message.own for message in messages):
        return messages
    rows = connection.execute("SELECT text FROM signed WHERE channel = ? ORDER BY length(text) DESC", (channel,))
    known = tuple(row[0] for row in rows)
    if not known:
        return messages
    return [_without(connection, channel, message, known) if message.own else message for message in messages]


def _without(
    connection: sqlite3.Connection, channel: int, message: IncomingMessage, known: tuple[str, ...]
) -> IncomingMessage:
    text = message.text.rstrip()
    line = next((each for each in known if text.endswith(each)), "")
    head = text[: len(text) - len(line)]
    if not line or (head and head[-1] not in _BETWEEN):
        return message
    stored = connection.execute(
        "SELECT 1 FROM messages WHERE channel = ? AND remote_id = ? AND text = ?",
        (channel, message.remote_id, message.text),
    ).fetchone()
    # Signed by hand before: to store it otherwise now would look like an edit.
    return message if stored else msgspec.structs.replace(message, text=head.rstrip(_BETWEEN))
