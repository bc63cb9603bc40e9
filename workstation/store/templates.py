"""Template families with their variants."""

import sqlite3
from collections.abc import Callable, Iterable

import msgspec

from workstation.domain.cases import REOPEN_WITHIN
from workstation.domain.changes import ChangeSet
from workstation.domain.filters import fold
from workstation.domain.messages import Micros
from workstation.domain.templates import Family, Formality, Variant
from workstation.store import changelog
from workstation.store.database import Database, Transaction
from workstation.store.rows import json_text, texts
from workstation.store.schema import FamilyRow, VariantRow, run


class Templates:
    """Everything about templates."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def list(self) -> tuple[Family, ...]:
        """Every family, most used first."""
        return await self._database.read(_families)

    async def search(self, text: str, limit: int = 50) -> tuple[Family, ...]:
        """Families in which every word occurs: in the title, key, tags or a variant; most used first."""
        words = fold(text).split()
        found = [family for family in await self.list() if _has(family, words)]
        return tuple(found[:limit])

    async def save(self, family: Family, *, origin: str = "") -> Family:
        """Store a family, new if its id is 0 and its key unknown; returns it with its id."""

        def job(transaction: Transaction) -> Family:
            stored = _save(transaction.connection, family)
            changelog.publish(transaction, self._clock(), origin=origin, templates=True)
            return stored

        return await self._database.write(job)

    async def save_many(self, families: Iterable[Family]) -> tuple[Family, ...]:
        """Store several in one step."""
        return await self.swap((), families)

    async def swap(self, gone: Iterable[int], families: Iterable[Family]) -> tuple[Family, ...]:
        """Forget some and store others in one step: all of it is done, or nothing."""
        dropped, wanted = tuple(gone), tuple(families)

        def job(transaction: Transaction) -> tuple[Family, ...]:
            for number in dropped:
                _forget(transaction.connection, number)
            # Shortcuts may change places among them: none is taken while they are written.
            for family in wanted:
                run(transaction.connection, FamilyRow.update(shortcut="").where(FamilyRow.key == family.key))
            stored = tuple(_save(transaction.connection, family) for family in wanted)
            changelog.publish(transaction, self._clock(), templates=True)
            return stored

        return await self._database.write(job)

    async def remove(self, number: int) -> ChangeSet:
        """Forget a family."""

        def job(transaction: Transaction) -> ChangeSet:
            _forget(transaction.connection, number)
            return changelog.publish(transaction, self._clock(), templates=True)

        return await self._database.write(job)

    async def used(self, number: int, case: int = 0) -> None:
        """Count one use; the lists order by it. With a case, that is watched for a week: see `reopened`."""

        def job(transaction: Transaction) -> None:
            run(transaction.connection, FamilyRow.update(used=FamilyRow.used + 1).where(FamilyRow.id == number))
            if case:
                _watch(transaction.connection, number, case, self._clock())
            changelog.publish(transaction, self._clock(), templates=True)

        await self._database.write(job)


_FORGET = "DELETE FROM family_replies WHERE at < ?"
_WATCH = "INSERT OR REPLACE INTO family_replies (case_id, family, at) VALUES (?, ?, ?)"
_COUNT = (
    "UPDATE families SET reopened = reopened + 1"
    " WHERE id IN (SELECT family FROM family_replies WHERE case_id = ? AND at >= ?)"
)
_COUNTED = "DELETE FROM family_replies WHERE case_id = ?"


def _watch(connection: sqlite3.Connection, number: int, case: int, now: Micros) -> None:
    connection.execute(_FORGET, (now - REOPEN_WITHIN,))
    connection.execute(_WATCH, (case, number, now))


def reopened(connection: sqlite3.Connection, case: int, at: Micros) -> None:
    """A customer reopened a case: count it for the families that it was answered from within a week, once each."""
    connection.execute(_COUNT, (case, at - REOPEN_WITHIN))
    connection.execute(_COUNTED, (case,))


def _has(family: Family, words: list[str]) -> bool:
    about = (family.title, family.key, family.folder, family.shortcut, *family.tags)
    text = "\n".join((*about, *(variant.text for variant in family.variants)))
    folded = fold(text)
    return all(word in folded for word in words)


def _forget(connection: sqlite3.Connection, number: int) -> None:
    run(connection, VariantRow.delete().where(VariantRow.family == number))
    run(connection, FamilyRow.delete().where(FamilyRow.id == number))


def _save(connection: sqlite3.Connection, family: Family) -> Family:
    """Write a family; its counts are those of `used` and `reopened` alone, and kept of one that comes back."""
    values = {
        "key": family.key, "title": family.title, "source": family.source, "tags": json_text(family.tags),
        "folder": family.folder, "shortcut": family.shortcut,
    }  # fmt: skip
    number = family.id
    if not number:
        row = run(connection, FamilyRow.select(FamilyRow.id).where(FamilyRow.key == family.key)).fetchone()
        number = row[0] if row else 0
    changed = run(connection, FamilyRow.update(values).where(FamilyRow.id == number)).rowcount if number else 0
    if not changed:
        known = {"id": number} if number else {}
        counts = {"used": family.used, "reopened": family.reopened}
        number = run(connection, FamilyRow.insert(values | known | counts)).lastrowid or 0
    run(connection, VariantRow.delete().where(VariantRow.family == number))
    for position, variant in enumerate(family.variants):
        run(
            connection,
            VariantRow.insert(
                family=number,
                position=position,
                language=variant.language,
                formality=str(variant.formality),
                text=variant.text,
                updated_at=variant.updated_at,
                made_for=variant.made_for,
                machine=int(variant.machine),
            ),
        )
    return msgspec.structs.replace(family, id=number)


def _families(connection: sqlite3.Connection) -> tuple[Family, ...]:
    variants: dict[int, list[Variant]] = {}
    rows = run(connection, VariantRow.select().order_by(VariantRow.family, VariantRow.position))
    for number, _position, language, formality, text, updated_at, made_for, machine in rows.fetchall():
        variant = Variant(language, text, Formality(formality), updated_at, made_for, bool(machine))
        variants.setdefault(number, []).append(variant)
    families = run(connection, FamilyRow.select().order_by(FamilyRow.used.desc(), FamilyRow.title, FamilyRow.id))
    return tuple(
        Family(number, key, title, tuple(variants.get(number, ())), source, texts(tags), used, folder, shortcut, again)
        for number, key, title, source, tags, used, folder, shortcut, again in families.fetchall()
    )
