"""Drafts, journalled as they are typed."""

import sqlite3

import msgspec

from workstation.domain.drafts import Draft, Written
from workstation.domain.messages import Visibility
from workstation.store.cleaning import clean_text
from workstation.store.database import Database, Transaction
from workstation.store.schema import DraftRow, run

_beside = msgspec.json.Decoder(Written)
DraftKey = int | str
"""A case's id, or the name of a composer that belongs to no case."""


def _key(key: DraftKey) -> str:
    return f"case:{key}" if isinstance(key, int) else key


def _columns(written: Written | None) -> dict[str, str]:
    """The agent's own words in a column of their own, because they are what an erasure looks into."""
    if written is None:
        return {"written": "", "beside": "{}"}
    beside = msgspec.json.encode(msgspec.structs.replace(written, text="")).decode()
    return {"written": clean_text(written.text), "beside": beside}


def _written(words: str, beside: str) -> Written | None:
    found = _beside.decode(beside)
    return msgspec.structs.replace(found, text=words) if words or found.language else None


def _was_erased(connection: sqlite3.Connection, key: str) -> bool:
    """Whether what the draft belongs to was erased under an open editor: then its text must not come back."""
    kind, _, number = key.partition(":")
    if kind == "case":
        query = (
            "SELECT seq >= ?1 AND NOT EXISTS (SELECT 1 FROM cases WHERE id = ?1) FROM sqlite_sequence"
            " WHERE name = 'cases'"
        )
    elif kind in ("reply", "edit") and number.isdecimal():
        query = "SELECT NOT EXISTS (SELECT 1 FROM messages WHERE id = ?1)"
    else:
        return False
    row = connection.execute(query, (int(number),)).fetchone()
    return row is not None and bool(row[0])


class Drafts:
    """Everything about drafts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, key: DraftKey, draft: Draft) -> None:
        """Keep a draft in place of the one before."""
        values = {
            "key": _key(key), "text": clean_text(draft.text), "language": draft.language,
            "visibility": str(draft.visibility), "family": draft.family, "caret": draft.caret,
            "updated_at": draft.updated_at, "spoiler": clean_text(draft.spoiler), **_columns(draft.written),
        }  # fmt: skip
        query = DraftRow.insert(values).on_conflict_replace()

        def job(transaction: Transaction) -> None:
            if not _was_erased(transaction.connection, _key(key)):
                run(transaction.connection, query)

        await self._database.write(job)

    async def load(self, key: DraftKey) -> Draft | None:
        """The draft of a composer."""

        def job(connection: sqlite3.Connection) -> Draft | None:
            row = run(connection, DraftRow.select().where(DraftRow.key == _key(key))).fetchone()
            if row is None:
                return None
            _, text, language, visibility, family, caret, updated_at, spoiler, words, beside = row
            kept = Draft(text, language, Visibility(visibility), family, caret, updated_at, spoiler)
            return msgspec.structs.replace(kept, written=_written(words, beside))

        return await self._database.read(job)

    async def discard(self, key: DraftKey) -> None:
        """Forget a draft."""

        def job(transaction: Transaction) -> None:
            run(transaction.connection, DraftRow.delete().where(DraftRow.key == _key(key)))

        await self._database.write(job)

    async def keys(self) -> tuple[str, ...]:
        """Every composer with a draft, latest first; those of cases are "case:ID"."""

        def job(connection: sqlite3.Connection) -> tuple[str, ...]:
            rows = run(connection, DraftRow.select(DraftRow.key).order_by(DraftRow.updated_at.desc()))
            return tuple(row[0] for row in rows)

        return await self._database.read(job)
