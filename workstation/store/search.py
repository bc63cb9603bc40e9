"""Search: words and phrases in messages, and handles; newest first, prefixes included, on a thread of its own."""

import re
import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from workstation.domain.filters import handle_key
from workstation.store import changelog
from workstation.store.database import Database
from workstation.store.pages import Key, Page
from workstation.store.rows import json_text, select_entries
from workstation.store.search_text import SPACELESS, normalised
from workstation.store.search_words import INDEXED, Folding, words_from

if TYPE_CHECKING:
    from workstation.domain.cases import Entry

LONGEST = 500
MOST_TERMS = 12
MOST_AUTHORS = 10
_AFTER_ALL = 2**63 - 1
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_RUN = re.compile(f"[{SPACELESS}]+")
_SPLIT = re.compile(f"([{SPACELESS}]+)")


class Part(NamedTuple):
    """A word, a phrase, or the beginning of a word, that must occur."""

    text: str
    beginning: bool = False


def parts_of(query: str) -> list[Part]:
    """What must occur; empty if nothing can be looked for.

    Words must all occur; the last one may be the beginning of a word, from two letters on; "a phrase" occurs as it
    is. Runs of Thai or CJK become phrases of pairs, so that they are found wherever they stand.
    """
    parts: list[Part] = []
    found = list(_TERM.finditer(query[:LONGEST].encode("utf-8", "replace").decode()))[:MOST_TERMS]
    for place, term in enumerate(found):
        phrase = term[1] is not None
        unfinished = place == len(found) - 1 and not phrase and not query[-1:].isspace()
        parts += _pieces(normalised(term[1] if phrase else term[2]), unfinished)
    return parts


def _asked(part: Part) -> str:
    return _quoted(part.text) + ("*" if part.beginning else "")


def match_text(query: str, asked: Callable[[Part], str] = _asked) -> str:
    """The query in the index's own language; empty if nothing can be looked for."""
    return " AND ".join(map(asked, parts_of(query)))


def handle_of(query: str) -> str:
    """The beginning of a handle, if the query can be one; empty otherwise."""
    key = handle_key(query.strip())
    return key if len(key) > 1 and not any(character.isspace() or character == '"' for character in key) else ""


def _authors(connection: sqlite3.Connection, handle: str) -> list[int]:
    """Authors whose handle begins so; an index range, and no more than can be looked through at once."""
    if not handle:
        return []
    rows = connection.execute(
        "SELECT id FROM authors WHERE folded >= ? AND folded < ? ORDER BY folded LIMIT ?",
        (handle, handle + "\U0010ffff", MOST_AUTHORS),
    )
    return [row[0] for row in rows]


def _pieces(text: str, unfinished: bool) -> list[Part]:
    parts: list[Part] = []
    pieces = [piece for piece in _SPLIT.split(text) if piece.strip()]
    for place, piece in enumerate(pieces):
        last = unfinished and place == len(pieces) - 1
        if _RUN.fullmatch(piece):
            # One character alone is stored alone or begins a pair; both are found by the beginning.
            pairs = [piece[i : i + 2] for i in range(len(piece) - 1)]
            parts.append(Part(" ".join(pairs)) if pairs else Part(piece, beginning=True))
        elif any(character.isalnum() for character in piece):
            # One letter begins half of all words: as a beginning it would say nothing, and cost most.
            parts.append(Part(piece, last and len(piece) > 1))
    return parts


def _quoted(text: str) -> str:
    return '"' + text.replace('"', " ").replace("\0", " ").strip() + '"'


class Search:
    """Full text search."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._folding = Folding()
        database.at_end(self._folding.close)

    async def find(self, query: str, limit: int = 50, before: Key | None = None) -> Page:
        """Messages that match, newest stored first; `before` is the `next` of the page before."""
        handle = handle_of(query)

        def job(connection: sqlite3.Connection) -> Page:
            return _find(connection, lazy_match(connection, self._folding, query), handle, limit, before)

        return await self._database.read(job, lane="search")


def lazy_match(connection: sqlite3.Connection, folding: Folding, query: str) -> str:
    """What `match_text` asks, so that a connection with `add_words` reads no more of the index than a page needs."""
    return match_text(query, lambda part: _lazily(connection, folding, part))


def _lazily(connection: sqlite3.Connection, folding: Folding, part: Part) -> str:
    """A part as the index is asked for it; a beginning as the words that begin so, where they are few."""
    beginning = folding.token(part.text) if part.beginning else ""
    words = words_from(connection, beginning) if beginning and len(beginning) != INDEXED else None
    return f"({' OR '.join(map(_quoted, words))})" if words else _asked(part)


def _find(connection: sqlite3.Connection, match: str, handle: str, limit: int, before: Key | None) -> Page:
    last = before[0] if before else _AFTER_ALL
    found: set[int] = set()
    if match:
        rows = connection.execute(
            "SELECT rowid FROM search WHERE search MATCH ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
            (match, last, limit),
        )
        found.update(row[0] for row in rows)
    for author in _authors(connection, handle):
        rows = connection.execute(
            "SELECT id FROM messages WHERE author = ? AND id < ? ORDER BY created_at DESC, id DESC LIMIT ?",
            (author, last, limit),
        )
        found.update(row[0] for row in rows)
    ids = sorted(found, reverse=True)[:limit]
    entries: tuple[Entry, ...] = select_entries(
        connection,
        "WHERE m.id IN (SELECT value FROM json_each(?)) AND m.deleted_at = 0 ORDER BY m.id DESC",
        (json_text(ids),),
    )
    return Page(entries, changelog.latest(connection), (ids[-1],) if len(ids) == limit else None)
