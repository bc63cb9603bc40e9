"""What providers of translations answered, so that the same is not asked and paid twice, and how much was asked."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping

from workstation.domain.messages import Micros
from workstation.store.cleaning import clean_text
from workstation.store.database import Database, Transaction

MOST = 20_000
"""Answers that are kept; the oldest go first."""
DAY: Micros = 86_400_000_000
KEPT: Micros = 30 * DAY
"""How long an answer is used: providers get better."""


class Translations:
    """Answers by a hash of what was asked, masked as they came, and characters by day."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def known(self, keys: Iterable[bytes]) -> Mapping[bytes, str]:
        """The answers that are here, by key."""
        wanted, since = tuple(keys), self._clock() - KEPT

        def job(connection: sqlite3.Connection) -> dict[bytes, str]:
            found: dict[bytes, str] = {}
            for key in wanted:
                row = connection.execute(
                    "SELECT text FROM translations WHERE key = ? AND at > ?", (key, since)
                ).fetchone()
                if row is not None:
                    found[key] = row[0]
            return found

        return await self._database.read(job)

    async def keep(self, provider: str, answers: Mapping[bytes, str]) -> None:
        """Keep answers, masked."""
        rows = [(key, provider, clean_text(text), self._clock()) for key, text in answers.items()]

        def job(transaction: Transaction) -> None:
            connection = transaction.connection
            connection.executemany(
                "INSERT OR REPLACE INTO translations (key, provider, text, at) VALUES (?, ?, ?, ?)", rows
            )
            count = connection.execute("SELECT count(*) FROM translations").fetchone()[0]
            if count > MOST:
                connection.execute(
                    "DELETE FROM translations WHERE key IN (SELECT key FROM translations ORDER BY at LIMIT ?)",
                    (count - MOST,),
                )

        await self._database.write(job)

    async def forget(self) -> None:
        """Forget all answers."""
        await self._database.write(lambda transaction: transaction.connection.execute("DELETE FROM translations"))

    async def spent(self, provider: str, characters: int) -> None:
        """Count what was sent to a provider today (UTC)."""
        row = (provider, self._clock() // DAY, max(0, characters))

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(
                "INSERT INTO provider_usage (provider, day, characters, requests) VALUES (?, ?, ?, 1)"
                " ON CONFLICT (provider, day) DO UPDATE SET"
                " characters = characters + excluded.characters, requests = requests + 1",
                row,
            )

        await self._database.write(job)

    async def since(self, provider: str, day: int) -> tuple[int, int]:
        """Characters and requests since a day (number of days since 1970, UTC), that day included."""

        def job(connection: sqlite3.Connection) -> tuple[int, int]:
            row = connection.execute(
                "SELECT coalesce(sum(characters), 0), coalesce(sum(requests), 0) FROM provider_usage"
                " WHERE provider = ? AND day >= ?",
                (provider, day),
            ).fetchone()
            return int(row[0]), int(row[1])

        return await self._database.read(job)
