"""Articles with their index, and guidelines: what agents read beside the reply, all of it on this machine."""

import sqlite3
from collections.abc import Callable, Iterable
from unicodedata import combining, normalize

from workstation.domain.knowledge import Article, Guideline, Hit, Shelf, passage
from workstation.domain.messages import Micros
from workstation.store import changelog
from workstation.store.cleaning import clean_struct, clean_text
from workstation.store.database import Database, Transaction
from workstation.store.rows import json_text
from workstation.store.search import match_text
from workstation.store.search_text import search_text

_ARTICLE = "a.id, a.shelf, a.path, a.title, a.text, a.link, a.language, a.updated_at"
_COMMON = 0.4
"""A word that is in more than this share of the articles says nothing."""
_FEW = 8
"""With fewer articles than this no word is common."""


class Knowledge:
    """Everything about articles and guidelines."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    # -- articles --------------------------------------------------------------------------------------------------

    async def shelves(self) -> tuple[Shelf, ...]:
        """The folders that were read in, by name."""

        def job(connection: sqlite3.Connection) -> tuple[Shelf, ...]:
            rows = connection.execute(
                "SELECT s.name, count(a.id), s.imported_at, s.place FROM shelves AS s"
                " LEFT JOIN articles AS a ON a.shelf = s.name GROUP BY s.name ORDER BY s.name"
            )
            return tuple(Shelf(*row) for row in rows)

        return await self._database.read(job)

    async def articles(self, shelf: str = "") -> tuple[Article, ...]:
        """The articles of a shelf, or all, by title."""

        def job(connection: sqlite3.Connection) -> tuple[Article, ...]:
            where = "WHERE a.shelf = ?" if shelf else ""
            rows = connection.execute(
                f"SELECT {_ARTICLE} FROM articles AS a {where} ORDER BY a.title COLLATE NOCASE, a.id",
                (shelf,) if shelf else (),
            )
            return tuple(Article(*row) for row in rows)

        return await self._database.read(job)

    async def article(self, number: int) -> Article | None:
        """One article."""

        def job(connection: sqlite3.Connection) -> Article | None:
            row = connection.execute(f"SELECT {_ARTICLE} FROM articles AS a WHERE a.id = ?", (number,)).fetchone()
            return Article(*row) if row else None

        return await self._database.read(job)

    async def put(self, shelf: Shelf, articles: Iterable[Article], gone: Iterable[int] = ()) -> None:
        """Store the new and changed articles of a shelf and forget those that are gone, in one step."""
        wanted, dropped = tuple(clean_struct(article) for article in articles), tuple(gone)

        def job(transaction: Transaction) -> None:
            connection = transaction.connection
            connection.execute(
                "INSERT INTO shelves (name, place, imported_at) VALUES (?, ?, ?) ON CONFLICT (name)"
                " DO UPDATE SET place = excluded.place, imported_at = excluded.imported_at",
                (clean_text(shelf.name), clean_text(shelf.place), shelf.imported_at),
            )
            for number in dropped:
                _forget(connection, number)
            for article in wanted:
                _put(connection, article)
            changelog.publish(transaction, self._clock(), templates=True)

        await self._database.write(job)

    async def drop_shelf(self, name: str) -> tuple[Article, ...]:
        """Forget a shelf with its articles; returns them, so that they can be put back."""

        def job(transaction: Transaction) -> tuple[Article, ...]:
            connection = transaction.connection
            rows = connection.execute(f"SELECT {_ARTICLE} FROM articles AS a WHERE a.shelf = ?", (name,)).fetchall()
            for row in rows:
                _forget(connection, row[0])
            connection.execute("DELETE FROM shelves WHERE name = ?", (name,))
            changelog.publish(transaction, self._clock(), templates=True)
            return tuple(Article(*row) for row in rows)

        return await self._database.write(job)

    async def find(self, query: str, limit: int = 30) -> tuple[Hit, ...]:
        """Articles that contain all words, the last one perhaps unfinished; best first."""
        match = match_text(query)
        words = tuple(query.casefold().replace('"', " ").split())
        return await self._database.read(lambda c: _hits(c, match, words, limit), lane="search") if match else ()

    async def suggest(self, words: tuple[str, ...], language: str = "", limit: int = 6) -> tuple[Hit, ...]:
        """Articles that speak of what these words are about, those in `language` first.

        One shared word is no reason to suggest an article, unless it is in its title.
        """
        if not words:
            return ()
        return await self._database.read(lambda c: _suggestions(c, words, language, limit), lane="search")

    # -- guidelines ------------------------------------------------------------------------------------------------

    async def guidelines(self) -> tuple[Guideline, ...]:
        """Every guideline, the desk's first."""

        def job(connection: sqlite3.Connection) -> tuple[Guideline, ...]:
            rows = connection.execute("SELECT channel, text, updated_at FROM guidelines ORDER BY channel")
            return tuple(Guideline(*row) for row in rows)

        return await self._database.read(job)

    async def put_guideline(self, guideline: Guideline) -> None:
        """Store a guideline; an empty one is forgotten."""
        text = clean_text(guideline.text)

        def job(transaction: Transaction) -> None:
            if text.strip():
                transaction.connection.execute(
                    "INSERT INTO guidelines (channel, text, updated_at) VALUES (?, ?, ?) ON CONFLICT (channel)"
                    " DO UPDATE SET text = excluded.text, updated_at = excluded.updated_at",
                    (guideline.channel, text, guideline.updated_at),
                )
            else:
                transaction.connection.execute("DELETE FROM guidelines WHERE channel = ?", (guideline.channel,))
            changelog.publish(transaction, self._clock(), templates=True)

        await self._database.write(job)


def _put(connection: sqlite3.Connection, article: Article) -> None:
    row = connection.execute(
        "SELECT id FROM articles WHERE shelf = ? AND path = ?", (article.shelf, article.path)
    ).fetchone()
    if row is not None:
        _forget(connection, row[0])
    number = row[0] if row is not None else article.id or None
    cursor = connection.execute(
        "INSERT INTO articles (id, shelf, path, title, text, link, language, updated_at) VALUES (?,?,?,?,?,?,?,?)",
        (
            number, article.shelf, article.path, article.title, article.text, article.link, article.language,
            article.updated_at,
        ),
    )  # fmt: skip
    connection.execute(
        "INSERT INTO article_index (rowid, title, text) VALUES (?, ?, ?)",
        (number or cursor.lastrowid, search_text(article.title, ""), search_text(article.text, "")),
    )


def _forget(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("DELETE FROM article_index WHERE rowid = ?", (number,))
    connection.execute("DELETE FROM articles WHERE id = ?", (number,))


def _hits(connection: sqlite3.Connection, match: str, words: tuple[str, ...], limit: int) -> tuple[Hit, ...]:
    rows = connection.execute(
        f"SELECT {_ARTICLE} FROM article_index AS i CROSS JOIN articles AS a ON a.id = i.rowid"
        " WHERE article_index MATCH ? ORDER BY bm25(article_index, 6.0, 1.0), a.id LIMIT ?",
        (match, limit),
    )
    return tuple(_hit(Article(*row), words) for row in rows)


def _hit(article: Article, words: tuple[str, ...]) -> Hit:
    whole = f"{article.title}\n{article.text}".casefold()
    return Hit(article, passage(article.text, words), tuple(word for word in words if word in whole))


def _telling(connection: sqlite3.Connection, words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that are in some articles and not in nearly all: that is what tells them apart in any language."""
    total = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    terms = {word: _terms(word) for word in words}
    every = sorted({term for pieces in terms.values() for term in pieces})
    counts = dict(
        connection.execute(
            "SELECT term, doc FROM article_words WHERE term IN (SELECT value FROM json_each(?))", (json_text(every),)
        ).fetchall()
    )
    most = total * _COMMON if total >= _FEW else total
    return tuple(word for word in words if any(0 < counts.get(piece, 0) <= most for piece in terms[word]))


def _terms(word: str) -> list[str]:
    """A word as the index keeps it: small, without accents, in pairs where the script has no blanks."""
    plain = "".join(sign for sign in normalize("NFD", search_text(word, "").lower()) if not combining(sign))
    return normalize("NFC", plain).split()


def _suggestions(connection: sqlite3.Connection, words: tuple[str, ...], language: str, limit: int) -> tuple[Hit, ...]:
    telling = _telling(connection, words)
    matches = [match_text(f"{word} ") for word in telling]
    if not telling or not any(matches):
        return ()
    found = _hits(connection, " OR ".join(f"({match})" for match in matches if match), telling, limit * 4)
    fitting = [hit for hit in found if len(hit.words) > 1 or _in_title(hit)]
    # A stable order: within a language, the better match stays first.
    fitting.sort(key=lambda hit: not _speaks(hit.article.language, language))
    return tuple(fitting[:limit])


def _in_title(hit: Hit) -> bool:
    title = hit.article.title.casefold()
    return any(len(word) > 3 and word in title for word in hit.words)


def _speaks(article: str, wanted: str) -> bool:
    return not article or not wanted or article.split("-", 1)[0].lower() == wanted.split("-", 1)[0].lower()
