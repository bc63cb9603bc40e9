"""Authors as they are written: unique by network and remote id, kept up to date, remembered by the writer thread."""

import sqlite3
from collections.abc import Iterable

import msgspec

from workstation.domain.filters import handle_key
from workstation.domain.messages import Author
from workstation.store import bulk
from workstation.store.rows import author

REMEMBERED = 50_000
"""Authors that the writer thread remembers."""

_COLUMNS = "id, network, remote_id, handle, name, url, avatar_url, bot, followers"
_FIND = (
    "SELECT json_group_array(json_array(a.id, a.network, a.remote_id, a.handle, a.name, a.url, a.avatar_url, a.bot,"
    " a.followers)) FROM json_each(?) AS j CROSS JOIN authors AS a ON a.network = json_extract(j.value, '$[0]')"
    " AND a.remote_id = json_extract(j.value, '$[1]')"
)


class Authors:
    """The writer's memory of authors: what the network said last, and the stored struct."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Author, Author]] = {}
        self._next = 0

    def forget(self) -> None:
        """Remember nothing: a transaction was taken back."""
        self._known.clear()
        self._next = 0

    def prepare(self, connection: sqlite3.Connection, told: Iterable[Author]) -> None:
        """Get to know all these authors, in a few steps for the whole batch; new ones are written."""
        unknown: dict[tuple[str, str], Author] = {}
        for author_ in told:
            key = (author_.network, author_.remote_id)
            if key not in self._known:
                unknown.setdefault(key, author_)
        if not unknown:
            return
        if len(self._known) + len(unknown) > REMEMBERED:
            self._known.clear()
        for row in bulk.fetch_rows(connection, _FIND, (bulk.key_text(list(unknown)),)):
            stored = author(tuple(row))
            self._known[stored.network, stored.remote_id] = (msgspec.structs.replace(stored, id=0), stored)
        new = [author_ for key, author_ in unknown.items() if key not in self._known]
        self._insert(connection, new)

    def stored(self, connection: sqlite3.Connection, told: Author) -> Author:
        """The author as stored, written or updated if the network tells something new."""
        key = (told.network, told.remote_id)
        known = self._known.get(key)
        if known is None:
            self.prepare(connection, (told,))
            known = self._known[key]
        if known[0] is told or known[0] == told:
            return known[1]
        stored = self._update(connection, told, known[1].id)
        self._known[key] = (told, stored)
        return stored

    def _insert(self, connection: sqlite3.Connection, new: list[Author]) -> None:
        if not new:
            return
        if not self._next:
            self._next = int(connection.execute("SELECT ifnull(max(id), 0) FROM authors").fetchone()[0]) + 1
        first = self._next
        self._next += len(new)
        rows: list[bulk.Row] = []
        for number, told in enumerate(new, first):
            rows.append(
                (
                    number, told.network, told.remote_id, told.handle, told.name, told.url, told.avatar_url,
                    int(told.bot), told.followers, handle_key(told.handle),
                )
            )  # fmt: skip
            self._known[told.network, told.remote_id] = (told, msgspec.structs.replace(told, id=number))
        bulk.insert(connection, f"INSERT INTO authors ({_COLUMNS}, folded)", rows)

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
