"""What is a person's in a file, and the words in other people's rows that point to them: found, then masked.

Finding reads in portions on a reader; masking writes in portions on the writer. Both follow the register in
`personal`, and work on whatever tables a file has.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import msgspec

from workstation.domain.filters import handle_key
from workstation.domain.privacy import Person, Term
from workstation.domain.traces import Masker
from workstation.store import evidence, search_index, stones
from workstation.store.erasure import CHOSEN, owned, tables
from workstation.store.personal import PLACES, Place, Reach
from workstation.store.rows import json_text, texts

PORTION = 500
"""Rows that are read or written in one go."""

Key = tuple[Any, ...]
"""The primary key of a row."""


class Reached(msgspec.Struct, frozen=True):
    """Local ids of what is the person's."""

    authors: tuple[int, ...] = ()
    written: tuple[int, ...] = ()
    """Messages of the person."""
    answers: tuple[int, ...] = ()
    """Our answers in the person's cases."""
    shared: tuple[int, ...] = ()
    """Posts of the person in messages of others, and reports that the person wrote."""
    cases: tuple[int, ...] = ()

    @property
    def messages(self) -> tuple[int, ...]:
        """All messages that go; what is found by way of others goes first, so that it is found again after a crash."""
        return tuple(dict.fromkeys((*self.shared, *self.answers, *self.written)))


def _numbers(connection: sqlite3.Connection, query: str, *values: object) -> tuple[int, ...]:
    return tuple(row[0] for row in connection.execute(query, values))


def reach(connection: sqlite3.Connection, person: Person) -> Reached:
    """What is the person's in this file, by their accounts and by their handle."""
    pairs = json_text([[author.network, author.remote_id] for author in person.authors])
    authors = _numbers(
        connection,
        "SELECT a.id FROM json_each(?) AS j CROSS JOIN authors AS a ON a.network = json_extract(j.value, '$[0]')"
        " AND a.remote_id = json_extract(j.value, '$[1]')",
        pairs,
    )
    wanted = json_text(authors)
    written = _numbers(connection, f"SELECT id FROM messages WHERE author {CHOSEN}", wanted)
    cases = _numbers(connection, f"SELECT id FROM cases WHERE customer {CHOSEN}", wanted)
    answers = _numbers(
        connection, f"SELECT id FROM messages WHERE case_id {CHOSEN} AND case_id > 0 AND own", json_text(cases)
    )
    shared = _numbers(
        connection,
        "SELECT s.id FROM messages AS s WHERE s.kind = 'boost' AND s.subject <> '' AND EXISTS (SELECT 1 FROM messages"
        f" AS m WHERE m.channel = s.channel AND m.remote_id = s.subject AND m.author {CHOSEN})",
        wanted,
    )
    handles = {handle_key(each) for each in (person.name, *(author.handle for author in person.authors)) if each}
    reports = connection.execute("SELECT id, text FROM messages WHERE kind = 'report'").fetchall()
    told = tuple(number for number, text in reports if _reporter(text) in handles)
    return Reached(authors, written, answers, (*shared, *told), cases)


def _reporter(text: str) -> str:
    """Who wrote a report, by the first line that connectors give it."""
    words = text[:400].split(maxsplit=2)
    return handle_key(words[1]) if len(words) > 1 and words[0] == "⚑" else ""


# -- where others name the person --------------------------------------------------------------------------------------


class Column(msgspec.Struct, frozen=True):
    """A column of this file that is masked, and how its rows are told apart."""

    table: str
    column: str
    reach: Reach
    key: tuple[str, ...]


def columns(connection: sqlite3.Connection) -> tuple[Column, ...]:
    """The columns that are masked, as far as the file has them, table by table."""
    known = tables(connection)
    found = []
    for place in PLACES:
        if place.reach not in (Reach.MASK, Reach.MASK_JSON, Reach.SEALED, Reach.ROW) or place.table not in known:
            continue
        if place.table == "authors" and place.column != "name":
            continue
        described = connection.execute(f"PRAGMA table_info({place.table})").fetchall()
        if any(row[1] == place.column for row in described):
            keys = sorted((row[5], row[1]) for row in described if row[5])
            found.append(_column(place, tuple(name for _, name in keys) or ("rowid",)))
    return tuple(sorted(found, key=lambda each: each.table))


def _column(place: Place, key: tuple[str, ...]) -> Column:
    return Column(place.table, place.column, place.reach, key)


class Hit(msgspec.Struct, frozen=True):
    """A row in which the person is named."""

    table: str
    key: Key


class Searched(msgspec.Struct, frozen=True):
    """What one portion of a search found, and where the next one goes on (None: the table is done)."""

    hits: tuple[Hit, ...]
    kept: int
    after: Key | None
    texts: tuple[str, ...] = ()
    """The texts of the hits, for counting."""


class Search:
    """Looks for a person in the rows of others; what is `reached` goes anyway and is passed over."""

    def __init__(self, masker: Masker, reached: Reached, held: frozenset[int]) -> None:
        self._masker = masker
        self._messages, self._cases, self._authors = (
            frozenset(reached.messages), frozenset(reached.cases), frozenset(reached.authors)
        )  # fmt: skip
        self._held = held

    def portion(
        self, connection: sqlite3.Connection, group: Sequence[Column], after: Key | None, names: Masker
    ) -> Searched:
        """The next rows of one table; `names` is used where strangers name themselves."""
        table, key = group[0].table, group[0].key
        listed = ", ".join(key)
        owner = _OWNER.get(table, "0")
        where = f"WHERE ({listed}) > ({', '.join('?' * len(key))})" if after is not None else ""
        rows = connection.execute(
            f"SELECT {owner}, {listed}, {', '.join(each.column for each in group)} FROM {table} {where}"
            f" ORDER BY {listed} LIMIT {PORTION}",
            after or (),
        ).fetchall()
        masker = names if table in ("authors", "channels") else self._masker
        hits, seen, kept = [], [], 0
        for row in rows:
            values = [value for value in row[1 + len(key) :] if isinstance(value, str) and value]
            if self._goes(table, row[0]) or not _found(masker, group, row[1 + len(key) :]):
                continue
            if self._is_held(connection, table, row[0]):
                kept += 1
                continue
            hits.append(Hit(table, tuple(row[1 : 1 + len(key)])))
            seen.append("\n".join(values))
        end = tuple(rows[-1][1 : 1 + len(key)]) if len(rows) == PORTION else None
        return Searched(tuple(hits), kept, end, tuple(seen))

    def _goes(self, table: str, owner: Any) -> bool:
        known = {"message": self._messages, "case": self._cases, "author": self._authors}
        return owner in known.get(_OWNED_BY.get(table, ""), ())

    def _is_held(self, connection: sqlite3.Connection, table: str, owner: Any) -> bool:
        if not self._held or not owner:
            return False
        if _OWNED_BY.get(table) == "case":
            return owner in self._held
        if _OWNED_BY.get(table) == "message":
            row = connection.execute("SELECT case_id FROM messages WHERE id = ?", (owner,)).fetchone()
            return row is not None and row[0] in self._held
        return False


POSITIONS = frozenset({("sources", "cursor_value"), ("sources", "past_position")})
_OWNED_BY = {
    "messages": "message", "revisions": "message", "cases": "case", "notes": "case", "audits": "case",
    "case_tags": "case", "outbox": "case", "evidence": "case", "authors": "author",
}  # fmt: skip
_OWNER = {
    "messages": "id", "revisions": "message", "cases": "id", "notes": "case_id", "audits": "case_id",
    "case_tags": "case_id", "outbox": "case_id", "evidence": "case_id", "authors": "id",
}  # fmt: skip
"""To what the rows of a table belong, and by which column."""


def _found(masker: Masker, group: Sequence[Column], values: Sequence[Any]) -> bool:
    for column, stored in zip(group, values, strict=True):
        value = stored.decode("utf-8", "replace") if isinstance(stored, bytes) else stored
        if isinstance(value, str) and value:
            plain = column.reach in (Reach.MASK, Reach.ROW)
            if masker.found_in(value) if plain else masker.found_in_json(value):
                return True
    return False


def groups(connection: sqlite3.Connection) -> Iterator[tuple[Column, ...]]:
    """The masked columns of each table."""
    for _, group in groupby(columns(connection), key=lambda each: each.table):
        yield tuple(group)


def mask_rows(
    connection: sqlite3.Connection, group: Sequence[Column], keys: Iterable[Key], masker: Masker, names: Masker
) -> set[int]:
    """Mask the person in these rows of one table; returns the messages that changed."""
    table = group[0].table
    changed: set[int] = set()
    for key in keys:
        if table == "messages":
            if _mask_message(connection, int(key[0]), masker):
                changed.add(int(key[0]))
        elif table == "evidence":
            evidence.drop(connection, "id", (int(key[0]),), "erased")
        elif any(column.reach is Reach.ROW for column in group):
            where = " AND ".join(f"{name} = ?" for name in group[0].key)
            connection.execute(f"DELETE FROM {table} WHERE {where}", key)
        else:
            _mask_row(connection, group, key, names if table in ("authors", "channels") else masker)
            if table == "revisions":
                changed.add(int(key[0]))
    return changed


def _mask_row(connection: sqlite3.Connection, group: Sequence[Column], key: Key, masker: Masker) -> None:
    table, where = group[0].table, " AND ".join(f"{name} = ?" for name in group[0].key)
    names = [column.column for column in group]
    row = connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {where}", key).fetchone()
    if row is None:
        return
    after = [_masked(column, value, masker) for column, value in zip(group, row, strict=True)]
    if after == list(row):
        return
    for at, name in enumerate(names):
        if (table, name) in POSITIONS and after[at] != row[at]:
            # Half a position is none: the source is read from its beginning, and what is here is not stored twice.
            after[at] = ""
    sets = ", ".join(f"{name} = ?" for name in names)
    connection.execute(f"UPDATE OR REPLACE {table} SET {sets} WHERE {where}", (*after, *key))


def _masked(column: Column, value: Any, masker: Masker) -> Any:
    if not isinstance(value, str) or not value:
        return value
    return masker.mask(value) if column.reach is Reach.MASK else masker.mask_json(value)


def _mask_message(connection: sqlite3.Connection, number: int, masker: Masker) -> bool:
    """Mask a message, keep the index true, and remember what the network said so that it is no edit when told again."""
    row = connection.execute(
        "SELECT text, spoiler, media, mentions, address FROM messages WHERE id = ?", (number,)
    ).fetchone()
    if row is None:
        return False
    text, spoiler, media, mentions, address = row
    named = tuple(each for each in texts(mentions) if not masker.found_in(each))
    masker = masker.beside(named)
    after = (
        masker.mask(text), masker.mask(spoiler), masker.mask_json(media), json_text(named) if named else "",
        "" if masker.found_in(address) else address,
    )  # fmt: skip
    if after == row:
        return False
    search_index.remove(connection, number)
    connection.execute(
        "UPDATE messages SET text = ?, spoiler = ?, media = ?, mentions = ?, address = ? WHERE id = ?", (*after, number)
    )
    search_index.add(connection, number)
    if "masked" in tables(connection):
        told = stones.content(stones.key(connection), text, spoiler, media)
        connection.execute("INSERT OR IGNORE INTO masked (message, hash) VALUES (?, ?)", (number, told))
    return True


def drop_evidence(connection: sqlite3.Connection, cases: Iterable[int]) -> None:
    """Take away what was kept of these cases."""
    if "evidence" in tables(connection):
        evidence.drop(connection, "case_id", cases, "erased")


def drop_accounts(connection: sqlite3.Connection, authors: Sequence[int]) -> None:
    """Remove accounts with everything that hangs on them, and people who have none left."""
    wanted = json_text(list(authors))
    for table, column in owned(connection, "author"):
        connection.execute(f"DELETE FROM {table} WHERE {column} {CHOSEN}", (wanted,))
    if "evidence" in tables(connection):
        evidence.drop(connection, "author", authors, "erased")
    connection.execute(f"DELETE FROM authors WHERE id {CHOSEN}", (wanted,))
    connection.execute("DELETE FROM people WHERE id NOT IN (SELECT person FROM authors WHERE person IS NOT NULL)")


def unshared(connection: sqlite3.Connection, terms: Iterable[Term]) -> tuple[Term, ...]:
    """The terms that stand in no row at all, not even inside another word."""
    listed: dict[str, list[str]] = {place.table: [] for place in PLACES}
    for place in PLACES:
        if place.reach is not Reach.INDEX:
            listed[place.table].append(place.column)
    known = tables(connection)
    queries = []
    for table, names in listed.items():
        present = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")} if table in known else set()
        test = " OR ".join(f"instr(lower({name}), ?1)" for name in names if name in present)
        if test:
            queries.append(f"SELECT 1 FROM {table} WHERE {test} LIMIT 1")
    return tuple(
        term
        for term in terms
        if not any(connection.execute(query, (_lowered(term.text),)).fetchone() for query in queries)
    )


def _lowered(text: str) -> str:
    """As SQLite's own lower() has it: ASCII alone."""
    return "".join(char.lower() if char.isascii() else char for char in text)
