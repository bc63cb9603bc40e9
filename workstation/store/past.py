"""How far back a channel's sources are known, how dense they are, and where loading older messages goes on."""

import sqlite3

import msgspec

from workstation.domain.messages import Micros
from workstation.store.database import Database, Transaction

SAMPLE = 5_000
"""Latest messages of a channel from which density is told."""


class Reach(msgspec.Struct, frozen=True):
    """One source: `reached` is the time since which everything is here (0: nothing is), `position` the connector's own
    note of where to go on (empty: never loaded), `oldest` the remote id of the oldest message that is here.

    `counted` messages of a sample lie within `span` microseconds.
    """

    source: str
    reached: Micros = 0
    position: str = ""
    oldest: str = ""
    counted: int = 0
    span: Micros = 0


class Past:
    """Everything about what came before."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reach(self, channel: int) -> tuple[Reach, ...]:
        """The sources of a channel that were ever read."""
        return await self._database.read(lambda connection: _reach(connection, channel), lane="search")

    async def note(self, channel: int, source: str, position: str, reached: Micros) -> None:
        """Remember how far a source was loaded; never less far than before."""

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(
                "UPDATE sources SET past_position = ?1, past_reached = CASE WHEN past_reached = 0 THEN ?2"
                " ELSE min(past_reached, ?2) END WHERE channel = ?3 AND key = ?4",
                (position, reached, channel, source),
            )

        await self._database.write(job)


def _reach(connection: sqlite3.Connection, channel: int) -> tuple[Reach, ...]:
    sampled = {
        source: (count, (newest - oldest) if count else 0)
        for source, count, oldest, newest in connection.execute(
            "SELECT ms.source, count(*), min(m.created_at), max(m.created_at) FROM (SELECT id, created_at FROM messages"
            " WHERE channel = ? ORDER BY id DESC LIMIT ?) AS m JOIN message_sources AS ms ON ms.message = m.id"
            " GROUP BY ms.source",
            (channel, SAMPLE),
        )
    }
    found = []
    rows = connection.execute(
        "SELECT id, key, past_position, past_reached FROM sources WHERE channel = ? ORDER BY id", (channel,)
    ).fetchall()
    for number, key, position, reached in rows:
        first = connection.execute(
            "SELECT m.remote_id, m.created_at FROM messages AS m JOIN message_sources AS ms"
            " ON ms.message = m.id AND ms.source = ? WHERE m.channel = ? ORDER BY m.created_at, m.id LIMIT 1",
            (number, channel),
        ).fetchone()
        oldest, since = first or ("", 0)
        count, span = sampled.get(number, (0, 0))
        found.append(Reach(key, reached or since, position, oldest, count, span))
    return tuple(found)
