"""What is remembered between languages: segments, agreed words, words of the speller, learned languages, sign-offs."""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from workstation.domain.memory import Segment, SignOff, SignOffPolicy, Term
from workstation.domain.messages import Micros
from workstation.store.cleaning import clean_struct, clean_text
from workstation.store.database import Database, Transaction
from workstation.store.rows import json_text, texts

MOST_SEGMENTS = 200_000
"""What was not used for longest is forgotten beyond this."""
_SEGMENT = "source_language, target_language, source, target, uses, used_at, id"
_TERM = "source_language, target_language, source, target, note, forbidden, id"


class Languages:
    """Everything about the words of several languages."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    # -- memory ----------------------------------------------------------------------------------------------------

    async def segments(self, source: str = "", target: str = "") -> tuple[Segment, ...]:
        """The segments of a pair (exactly these languages), or all; the latest used first."""

        def job(connection: sqlite3.Connection) -> tuple[Segment, ...]:
            where, values = ("WHERE source_language = ? AND target_language = ?", (source, target)) if source else (
                "", ()
            )  # fmt: skip
            rows = connection.execute(f"SELECT {_SEGMENT} FROM segments {where} ORDER BY used_at DESC, id DESC", values)
            return tuple(Segment(*row) for row in rows)

        return await self._database.read(job, lane="search")

    async def pairs(self) -> tuple[tuple[str, str, int], ...]:
        """Which pairs of languages there are, and how many segments of each; the most first."""

        def job(connection: sqlite3.Connection) -> tuple[tuple[str, str, int], ...]:
            rows = connection.execute(
                "SELECT source_language, target_language, count(*) FROM segments"
                " GROUP BY source_language, target_language ORDER BY 3 DESC, 1, 2"
            )
            return tuple((row[0], row[1], row[2]) for row in rows)

        return await self._database.read(job)

    async def remember(self, segments: Iterable[Segment]) -> tuple[Segment, ...]:
        """Store segments; one that is there already is counted once more. Returns them as they are stored now."""
        wanted = tuple(clean_struct(segment) for segment in segments)

        def job(transaction: Transaction) -> tuple[Segment, ...]:
            stored = tuple(_remember(transaction.connection, segment) for segment in wanted)
            _trim(transaction.connection)
            return stored

        return await self._database.write(job)

    async def forget(self, numbers: Iterable[int]) -> None:
        """Forget segments."""
        wanted = json_text(sorted(numbers))

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(
                "DELETE FROM segments WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
            )

        await self._database.write(job)

    # -- terms -----------------------------------------------------------------------------------------------------

    async def terms(self) -> tuple[Term, ...]:
        """Every agreed word, by its source."""

        def job(connection: sqlite3.Connection) -> tuple[Term, ...]:
            rows = connection.execute(f"SELECT {_TERM} FROM terms ORDER BY source COLLATE NOCASE, id")
            return tuple(_term(row) for row in rows)

        return await self._database.read(job)

    async def swap_terms(self, gone: Iterable[int], terms: Iterable[Term]) -> tuple[Term, ...]:
        """Forget some and store others in one step; one of the same languages, source and target is replaced.

        A term with an id takes its place, wherever it was. Returns the stored ones with their ids.
        """
        dropped, wanted = json_text(sorted(gone)), tuple(clean_struct(term) for term in terms)

        def job(transaction: Transaction) -> tuple[Term, ...]:
            connection = transaction.connection
            connection.execute("DELETE FROM terms WHERE id IN (SELECT value FROM json_each(?))", (dropped,))
            return tuple(_put_term(connection, term) for term in wanted)

        return await self._database.write(job)

    # -- spelling --------------------------------------------------------------------------------------------------

    async def own_words(self) -> tuple[tuple[str, str], ...]:
        """Words that the speller was taught, as (language, word); language "" is every one."""

        def job(connection: sqlite3.Connection) -> tuple[tuple[str, str], ...]:
            return tuple(connection.execute("SELECT language, word FROM own_words ORDER BY language, word").fetchall())

        return await self._database.read(job)

    async def learn_word(self, language: str, word: str) -> None:
        """Teach the speller a word."""
        row = (language, clean_text(word))
        await self._database.write(
            lambda t: t.connection.execute("INSERT OR IGNORE INTO own_words (language, word) VALUES (?, ?)", row)
        )

    async def unlearn_word(self, language: str, word: str) -> None:
        """Take a word back."""
        row = (language, clean_text(word))
        await self._database.write(
            lambda t: t.connection.execute("DELETE FROM own_words WHERE language = ? AND word = ?", row)
        )

    # -- languages of people ---------------------------------------------------------------------------------------

    async def learn_language(self, author: int, language: str, count: int = 1) -> None:
        """Count a language that an author was seen to write in."""

        def job(transaction: Transaction) -> None:
            _learn(transaction.connection, author, language, count)

        await self._database.write(job)

    async def learned(self, author: int) -> dict[str, int]:
        """How often an author was seen to write in which language."""

        def job(connection: sqlite3.Connection) -> dict[str, int]:
            rows = connection.execute(
                "SELECT language, count FROM author_languages WHERE author = ? AND count > 0", (author,)
            )
            return dict(rows.fetchall())

        return await self._database.read(job)

    # -- sign-offs -------------------------------------------------------------------------------------------------

    async def sign_offs(self) -> tuple[SignOffPolicy, ...]:
        """How the replies of each channel are signed; channels that are not named are not signed."""

        def job(connection: sqlite3.Connection) -> tuple[SignOffPolicy, ...]:
            rows = connection.execute("SELECT channel, kind, text FROM sign_offs ORDER BY channel")
            return tuple(SignOffPolicy(channel, _kind(kind), text) for channel, kind, text in rows)

        return await self._database.read(job)

    async def put_sign_off(self, policy: SignOffPolicy) -> None:
        """Store how a channel's replies are signed."""
        row = (policy.channel, policy.kind.value, clean_text(policy.text))

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(
                "INSERT INTO sign_offs (channel, kind, text) VALUES (?, ?, ?) ON CONFLICT (channel)"
                " DO UPDATE SET kind = excluded.kind, text = excluded.text",
                row,
            )

        await self._database.write(job)


def _kind(stored: str) -> SignOff:
    return SignOff(stored) if stored in tuple(SignOff) else SignOff.NONE


def _remember(connection: sqlite3.Connection, segment: Segment) -> Segment:
    row = connection.execute(
        "INSERT INTO segments (source_language, target_language, source, target, uses, used_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source_language, target_language, source, target)"
        f" DO UPDATE SET uses = uses + excluded.uses, used_at = max(used_at, excluded.used_at) RETURNING {_SEGMENT}",
        (
            segment.source_language, segment.target_language, segment.source, segment.target, segment.uses,
            segment.used_at,
        ),
    ).fetchone()  # fmt: skip
    return Segment(*row)


def _trim(connection: sqlite3.Connection) -> None:
    count = connection.execute("SELECT count(*) FROM segments").fetchone()[0]
    if count > MOST_SEGMENTS:
        connection.execute(
            "DELETE FROM segments WHERE id IN (SELECT id FROM segments ORDER BY used_at, id LIMIT ?)",
            (count - MOST_SEGMENTS,),
        )


def _term(row: tuple[Any, ...]) -> Term:
    source_language, target_language, source, target, note, forbidden, number = row
    return Term(source_language, target_language, source, target, note, texts(forbidden), number)


def _put_term(connection: sqlite3.Connection, term: Term) -> Term:
    if term.id:
        connection.execute("DELETE FROM terms WHERE id = ?", (term.id,))
    connection.execute(
        "DELETE FROM terms WHERE source_language = ? AND target_language = ? AND source = ? AND target = ?",
        (term.source_language, term.target_language, term.source, term.target),
    )
    row = connection.execute(
        "INSERT INTO terms (id, source_language, target_language, source, target, note, forbidden)"
        f" VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING {_TERM}",
        (
            term.id or None, term.source_language, term.target_language, term.source, term.target, term.note,
            json_text(term.forbidden),
        ),
    ).fetchone()  # fmt: skip
    return _term(row)


def _learn(connection: sqlite3.Connection, author: int, language: str, count: int) -> None:
    connection.execute(
        "INSERT INTO author_languages (author, language, count) VALUES (?, ?, ?)"
        " ON CONFLICT (author, language) DO UPDATE SET count = count + excluded.count",
        (author, language, count),
    )
