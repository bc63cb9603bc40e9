"""Sources: what is read of a channel, with the cursor where reading goes on."""

import sqlite3

from workstation.domain.messages import Cursor


class Sources:
    """The writer's memory of source ids."""

    def __init__(self) -> None:
        self._ids: dict[tuple[int, str], int] = {}

    def forget(self) -> None:
        """Remember nothing: a transaction was taken back."""
        self._ids.clear()

    def id(self, connection: sqlite3.Connection, channel: int, key: str) -> int:
        """The id of a source, written if it is new."""
        known = self._ids.get((channel, key))
        if known is None:
            connection.execute("INSERT OR IGNORE INTO sources (channel, key) VALUES (?, ?)", (channel, key))
            row = connection.execute("SELECT id FROM sources WHERE channel = ? AND key = ?", (channel, key)).fetchone()
            known = self._ids[channel, key] = int(row[0])
        return known


def cursors(connection: sqlite3.Connection, channel: int) -> dict[str, Cursor]:
    """Where each source of a channel goes on."""
    rows = connection.execute(
        "SELECT key, cursor_version, cursor_value FROM sources WHERE channel = ? AND cursor_value <> ''", (channel,)
    )
    return {key: Cursor(version, value) for key, version, value in rows}
