"""Copies of the database from before a change of format: a person is erased from them as from the database."""

import contextlib
import sqlite3
from pathlib import Path

from workstation.domain.messages import Micros
from workstation.domain.privacy import Person, Term, TermKind
from workstation.domain.traces import Masker
from workstation.store import erasure, removal, stones
from workstation.store.connections import connect, prepare_writer
from workstation.store.removal import Key, Search


def copies(database: Path) -> tuple[Path, ...]:
    """The copies beside a database, half-made ones too."""
    return tuple(sorted((*database.parent.glob(f"{database.name}*.bak"), *database.parent.glob("*.bak.part"))))


def erase_from_copy(path: Path, person: Person, terms: tuple[Term, ...], now: Micros) -> bool:
    """Erase a person from a copy; False: it is no readable database, and was deleted instead."""
    try:
        connection = connect(path)
        try:
            prepare_writer(connection)
            connection.execute("BEGIN IMMEDIATE")
            _erase(connection, person, terms, now)
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        finally:
            connection.close()
    except sqlite3.Error:
        for suffix in ("", "-wal", "-shm", "-journal"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).unlink()
        return False
    return True


def _erase(connection: sqlite3.Connection, person: Person, terms: tuple[Term, ...], now: Micros) -> None:
    reached = removal.reach(connection, person)
    secret = stones.key(connection)
    stones.put(connection, [key for author in person.authors for key in stones.of_author(secret, author)], now)
    rows = [
        connection.execute("SELECT id, channel, remote_id FROM messages WHERE id = ?", (number,)).fetchone()
        for number in reached.messages
    ]
    if rows:
        erasure.drop_messages(connection, rows, now)
    erasure.drop_cases(connection, reached.cases)
    removal.drop_evidence(connection, reached.cases)
    for (case,) in connection.execute("SELECT id FROM cases WHERE face NOT IN (SELECT id FROM messages)").fetchall():
        erasure.move_face(connection, case)
    masker = Masker(terms)
    names = Masker(term for term in terms if term.kind is not TermKind.WORD)
    search = Search(masker, reached, frozenset())
    for group in removal.groups(connection):
        keys: list[Key] = []
        after: Key | None = None
        while True:
            portion = search.portion(connection, group, after, names)
            keys += [hit.key for hit in portion.hits]
            after = portion.after
            if after is None:
                break
        removal.mask_rows(connection, group, keys, masker, names)
    removal.drop_accounts(connection, reached.authors)
    erasure.merge_index(connection)
