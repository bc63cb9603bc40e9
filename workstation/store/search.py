"""Search: words and phrases in messages, newest first, prefixes included, on a reader thread of its own."""

import re
import sqlite3
from typing import TYPE_CHECKING

from workstation.store import changelog
from workstation.store.database import Database
from workstation.store.pages import Key, Page
from workstation.store.rows import json_text, select_entries
from workstation.store.search_text import SPACELESS, normalised

if TYPE_CHECKING:
    from workstation.domain.cases import Entry

LONGEST = 500
MOST_TERMS = 12
_TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')
_RUN = re.compile(f"[{SPACELESS}]+")
_SPLIT = re.compile(f"([{SPACELESS}]+)")


def match_text(query: str) -> str:
    """The query in the index's own language; empty if nothing can be looked for.

    Words must all occur; the last one may be the beginning of a word; "a phrase" occurs as it is. Runs of Thai or CJK
    become phrases of pairs, so that they are found wherever they stand.
    """
    parts: list[str] = []
    found = list(_TERM.finditer(query[:LONGEST].encode("utf-8", "replace").decode()))[:MOST_TERMS]
    for place, term in enumerate(found):
        phrase = term[1] is not None
        unfinished = place == len(found) - 1 and not phrase and not query[-1:].isspace()
        parts += _pieces(normalised(term[1] if phrase else term[2]), unfinished)
    return " AND ".join(parts)


def _pieces(text: str, unfinished: bool) -> list[str]:
    parts: list[str] = []
    pieces = [piece for piece in _SPLIT.split(text) if piece.strip()]
    for place, piece in enumerate(pieces):
        last = unfinished and place == len(pieces) - 1
        if _RUN.fullmatch(piece):
            # One character alone is stored alone or begins a pair; both are found by the beginning.
            pairs = [piece[i : i + 2] for i in range(len(piece) - 1)]
            parts.append(_quoted(" ".join(pairs)) if pairs else _quoted(piece) + "*")
        elif any(character.isalnum() for character in piece):
            parts.append(_quoted(piece) + ("*" if last else ""))
    return parts


def _quoted(text: str) -> str:
    return '"' + text.replace('"', " ").replace("\0", " ").strip() + '"'


class Search:
    """Full text search."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, query: str, limit: int = 50, before: Key | None = None) -> Page:
        """Messages that match, newest stored first; `before` is the `next` of the page before."""
        match = match_text(query)
        if not match:
            return await self._database.read(lambda c: Page((), changelog.latest(c), None), lane="search")
        return await self._database.read(lambda c: _find(c, match, limit, before), lane="search")


def _find(connection: sqlite3.Connection, match: str, limit: int, before: Key | None) -> Page:
    condition, values = ("AND rowid < ?", (before[0],)) if before else ("", ())
    rows = connection.execute(
        f"SELECT rowid FROM search WHERE search MATCH ? {condition} ORDER BY rowid DESC LIMIT ?",
        (match, *values, limit),
    ).fetchall()
    ids = [row[0] for row in rows]
    entries: tuple[Entry, ...] = select_entries(
        connection,
        "WHERE m.id IN (SELECT value FROM json_each(?)) AND m.deleted_at = 0 ORDER BY m.id DESC",
        (json_text(ids),),
    )
    return Page(entries, changelog.latest(connection), (ids[-1],) if len(ids) == limit else None)
