"""Keeping the search index true: a contentless index forgets a text only when it is given the very same text."""

import sqlite3


def remove(connection: sqlite3.Connection, message: int) -> None:
    """Take a message out of the index; call it while its row still has the text that was indexed."""
    connection.execute(
        "INSERT INTO search (search, rowid, text) SELECT 'delete', id, search_text(text, spoiler) FROM messages"
        " WHERE id = ? AND deleted_at = 0",
        (message,),
    )


def add(connection: sqlite3.Connection, message: int) -> None:
    """Put a message into the index; it must not be there."""
    connection.execute(
        "INSERT INTO search (rowid, text) SELECT id, search_text(text, spoiler) FROM messages"
        " WHERE id = ? AND deleted_at = 0",
        (message,),
    )
