"""Authors as they are written: unique by network and remote id, kept up to date, remembered by the writer thread."""

import sqlite3

import msgspec

from workstation.domain.filters import handle_key
from workstation.domain.messages import Author
from workstation.store.rows import author

REMEMBERED = 50_000
"""Authors that the writer thread remembers."""

_COLUMNS = "id, network, remote_id, handle, name, url, avatar_url, bot, followers"


class Authors:
    """The writer's memory of authors: what the network said last, and the stored struct."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Author, Author]] = {}

    def forget(self) -> None:
        """Remember nothing: a transaction was taken back."""
        self._known.clear()

    def stored(self, connection: sqlite3.Connection, told: Author) -> Author:
        """The author as stored, written or updated if the network tells something new."""
        key = (told.network, told.remote_id)
        known = self._known.get(key)
        if known is not None and (known[0] is told or known[0] == told):
            return known[1]
        row = connection.execute(f"SELECT {_COLUMNS} FROM authors WHERE network = ? AND remote_id = ?", key).fetchone()
        if row is None:
            stored = self._insert(connection, told)
        else:
            stored = author(row)
            if msgspec.structs.replace(told, id=stored.id) != stored:
                stored = self._update(connection, told, stored.id)
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[key] = (told, stored)
        return stored

    def _insert(self, connection: sqlite3.Connection, told: Author) -> Author:
        row = connection.execute(
            "INSERT INTO authors (network, remote_id, handle, name, url, avatar_url, bot, followers, folded)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                told.network, told.remote_id, told.handle, told.name, told.url, told.avatar_url, told.bot,
                told.followers, handle_key(told.handle),
            ),
        )  # fmt: skip
        return msgspec.structs.replace(told, id=row.lastrowid or 0)

    def _update(self, connection: sqlite3.Connection, told: Author, number: int) -> Author:
        connection.execute(
            "UPDATE authors SET handle = ?, name = ?, url = ?, avatar_url = ?, bot = ?, followers = ?, folded = ?"
            " WHERE id = ?",
            (
                told.handle, told.name, told.url, told.avatar_url, told.bot, told.followers,
                handle_key(told.handle), number,
            ),
        )  # fmt: skip
        return msgspec.structs.replace(told, id=number)
