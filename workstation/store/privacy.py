"""Forgetting a person in the database: a preview, then many short steps, so that nobody else has to wait.

Tombstones come first, so that nothing can come back meanwhile, and the accounts go last: until then an erasure that
was interrupted is found in `erasures` and finished at the next start.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from workstation.domain.messages import Media, Micros
from workstation.domain.privacy import (
    Known,
    OnHoldError,
    OnItsWayError,
    OurselvesError,
    Person,
    Preview,
    Progress,
    Stage,
    Term,
    TermKind,
)
from workstation.domain.traces import Masker
from workstation.store import changelog, erasure, people_export, people_found, removal, retention, stones, veil
from workstation.store.database import Database, Transaction
from workstation.store.ingest import Intake
from workstation.store.removal import Column, Hit, Key, Reached, Search, Searched
from workstation.store.rows import json_text, media

AT_ONCE = 100
"""Messages or rows in one step of an erasure."""
_STRANGERS = frozenset({TermKind.HANDLE, TermKind.LOCAL, TermKind.ADDRESS})
_people = msgspec.json.Decoder(Person)
_terms = msgspec.json.Decoder(tuple[Term, ...])


class Unfinished(msgspec.Struct, frozen=True):
    """An erasure that began and has not ended."""

    id: int
    person: Person
    terms: tuple[Term, ...]


class Found(msgspec.Struct, frozen=True):
    """What a search through the rows of others found."""

    hits: tuple[Hit, ...]
    kept: int


class Tally(msgspec.Struct):
    """What an erasure has done so far."""

    messages: int = 0
    cases: int = 0
    masked: int = 0


class Privacy:
    """Everything about people as the desk stores them."""

    def __init__(self, database: Database, intake: Intake, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._intake = intake
        self._clock = clock

    # -- who and what ----------------------------------------------------------------------------------------------

    async def find(self, text: str, limit: int = 100) -> tuple[Known, ...]:
        """People whose handle, name or address holds the text."""
        return await self._database.read(lambda c: people_found.find(c, text, limit), lane="search")

    async def named(self, who: str) -> Person | None:
        """The person that a handle or number names."""
        return await self._database.read(lambda c: people_found.named(c, who))

    async def of_author(self, author: int) -> Person | None:
        """The person that an account belongs to."""
        return await self._database.read(lambda c: people_found.of_author(c, author))

    async def preview(self, person: Person, also: Iterable[str] = ()) -> Preview:
        """What erasing this person would take away; `also` are further words that point to them."""
        extra = tuple(text.strip() for text in also if text.strip())

        def begin(c: sqlite3.Connection) -> tuple[Reached, tuple[Term, ...], int, frozenset[str]]:
            reached, found = removal.reach(c, person), people_found.terms(c, person, extra)
            (count,) = c.execute("SELECT count(*) FROM messages").fetchone()
            return reached, found, count, people_found.our_words(c)

        reached, found, messages, ours = await self._database.read(begin, lane="search")
        seen: list[str] = []
        kept = 0
        async for portion in self._searched(reached, found):
            seen += portion.texts
            kept += portion.kept

        def end(connection: sqlite3.Connection) -> Preview:
            hold = people_found.hold_on(connection, person)
            chosen = people_found.counted(found, seen, messages, frozenset(extra), ours)
            masker = Masker(chosen)
            places = people_found.places(connection, reached, sum(masker.found_in_json(text) for text in seen))
            return Preview(person, places, chosen, hold, kept)

        return await self._database.read(end, lane="search")

    async def pictures(self, person: Person | None = None) -> frozenset[str]:
        """Addresses of pictures: avatars and attachments, of one person or of everybody who is here."""

        def job(connection: sqlite3.Connection) -> frozenset[str]:
            if person is None:
                found = {row[0] for row in connection.execute("SELECT avatar_url FROM authors")}
                rows = connection.execute("SELECT media FROM messages WHERE media <> ''")
            else:
                reached = removal.reach(connection, person)
                found = {each.avatar_url for each in person.authors}
                query = f"SELECT media FROM messages WHERE id {erasure.CHOSEN} AND media <> ''"
                rows = connection.execute(query, (json_text([*reached.written, *reached.shared]),))
            for (stored,) in rows:
                attached: tuple[Media, ...] = media(stored)
                found |= {url for each in attached for url in (each.url, each.preview_url)}
            return frozenset(found - {""})

        return await self._database.read(job, lane="search")

    # -- exports that were written ---------------------------------------------------------------------------------

    async def note_export(self, path: Path, authors: Iterable[int] = ()) -> None:
        """Remember a file that was written, so that an erasure finds it; `authors` if it is about them alone."""
        row = (str(path), self._clock(), json_text(sorted(authors)))

        def job(transaction: Transaction) -> None:
            transaction.connection.execute("INSERT OR REPLACE INTO exports (path, at, authors) VALUES (?, ?, ?)", row)

        await self._database.write(job)

    async def exports(self) -> dict[Path, frozenset[int]]:
        """The files that exports wrote, with the accounts that a file is about alone."""

        def job(connection: sqlite3.Connection) -> dict[Path, frozenset[int]]:
            rows = connection.execute("SELECT path, authors FROM exports").fetchall()
            return {Path(path): frozenset(msgspec.json.decode(authors, type=list[int])) for path, authors in rows}

        return await self._database.read(job)

    async def forget_exports(self, paths: Iterable[Path]) -> None:
        """These files are no more."""
        wanted = json_text([str(path) for path in paths])

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(f"DELETE FROM exports WHERE path {erasure.CHOSEN}", (wanted,))

        await self._database.write(job)

    # -- erasing ---------------------------------------------------------------------------------------------------

    async def unfinished(self) -> tuple[Unfinished, ...]:
        """Erasures that were interrupted."""

        def job(connection: sqlite3.Connection) -> tuple[Unfinished, ...]:
            rows = connection.execute("SELECT id, authors, terms FROM erasures WHERE done_at = 0").fetchall()
            return tuple(Unfinished(row[0], _people.decode(row[1]), _terms.decode(row[2])) for row in rows)

        return await self._database.read(job)

    async def begin(self, person: Person, terms: tuple[Term, ...]) -> Unfinished:
        """Raise the tombstones. Raises OnHoldError, OnItsWayError, OurselvesError; then nothing has happened."""

        def job(transaction: Transaction) -> Unfinished:
            connection, now = transaction.connection, self._clock()
            transaction.on_rollback(self._intake.forget)
            _refuse(connection, person)
            secret = stones.key(connection)
            keys = [key for author in person.authors for key in stones.of_author(secret, author)]
            stones.put(connection, keys or [stones.of_handle(secret, person.name)], now)
            veil.raise_over(connection, secret, terms, now)
            row = connection.execute(
                "INSERT INTO erasures (at, done_at, authors, terms, messages, cases, masked)"
                " VALUES (?, 0, ?, ?, 0, 0, 0)",
                (now, json_text(person), json_text(terms)),
            )
            self._intake.forget()
            return Unfinished(row.lastrowid or 0, person, terms)

        return await self._database.write(job, durable=True)

    async def erase(self, begun: Unfinished, told: Callable[[Progress], None]) -> Tally:
        """Take everything out of the database that an erasure is about; `told` hears how far it is."""
        person, tally = begun.person, Tally()
        reached = await self._database.read(lambda c: removal.reach(c, person), lane="search")
        messages = reached.messages
        for start in range(0, len(messages), AT_ONCE):
            told(Progress(Stage.MESSAGES, start, len(messages)))
            tally.messages += await self._drop_messages(messages[start : start + AT_ONCE])
        for start in range(0, len(reached.cases), AT_ONCE):
            tally.cases += await self._drop_cases(reached.cases[start : start + AT_ONCE])
        told(Progress(Stage.MENTIONS, 0, 1))
        found = await self._found(reached, begun.terms)
        for start in range(0, len(found.hits), AT_ONCE):
            told(Progress(Stage.MENTIONS, start, len(found.hits)))
            tally.masked += await self._mask(found.hits[start : start + AT_ONCE], begun.terms)
        await self._drop_accounts(reached)
        return tally

    async def _drop_messages(self, ids: Sequence[int]) -> int:
        def job(transaction: Transaction) -> int:
            connection, now = transaction.connection, self._clock()
            transaction.on_rollback(self._intake.forget)
            rows = connection.execute(
                f"SELECT id, channel, remote_id FROM messages WHERE id {erasure.CHOSEN}", (json_text(ids),)
            ).fetchall()
            faces = connection.execute(
                f"SELECT id FROM cases WHERE face {erasure.CHOSEN}", (json_text(ids),)
            ).fetchall()
            erasure.drop_messages(connection, rows, now)
            moved = [case for (case,) in faces if erasure.move_face(connection, case)]
            self._intake.forget()
            changelog.publish(transaction, now, removed=ids, cases=moved)
            return len(rows)

        return await self._database.write(job)

    async def _drop_cases(self, cases: Sequence[int]) -> int:
        def job(transaction: Transaction) -> int:
            erasure.drop_cases(transaction.connection, cases)
            removal.drop_evidence(transaction.connection, cases)
            changelog.publish(transaction, self._clock(), gone=cases)
            return len(cases)

        return await self._database.write(job)

    async def _mask(self, hits: Sequence[Hit], terms: tuple[Term, ...]) -> int:
        def job(transaction: Transaction) -> int:
            connection, masker, names = transaction.connection, Masker(terms), _names(terms)
            transaction.on_rollback(self._intake.forget)
            changed: set[int] = set()
            cases: set[int] = set()
            for group in removal.groups(connection):
                keys: list[Key] = [hit.key for hit in hits if hit.table == group[0].table]
                changed |= removal.mask_rows(connection, group, keys, masker, names)
                if group[0].table in ("cases", "notes") and keys:
                    cases |= _cases_of(connection, group[0], keys)
            self._intake.forget()
            changelog.publish(transaction, self._clock(), messages=changed, cases=cases)
            return len(hits)

        return await self._database.write(job)

    async def _drop_accounts(self, reached: Reached) -> None:
        def job(transaction: Transaction) -> None:
            transaction.on_rollback(self._intake.forget)
            removal.drop_accounts(transaction.connection, reached.authors)
            self._intake.forget()
            changelog.publish(transaction, self._clock(), reload=True)

        await self._database.write(job, durable=True)

    async def finish(self, begun: Unfinished, tally: Tally) -> None:
        """Note that an erasure has reached everything; of whom it was nothing is kept."""

        def job(transaction: Transaction) -> None:
            transaction.connection.execute(
                "UPDATE erasures SET done_at = ?, authors = '', terms = '', messages = ?, cases = ?, masked = ?"
                " WHERE id = ?",
                (self._clock(), tally.messages, tally.cases, tally.masked, begun.id),
            )

        await self._database.write(job, durable=True)

    # -- looking for the person in the rows of others --------------------------------------------------------------

    async def _searched(self, reached: Reached, terms: tuple[Term, ...]) -> AsyncIterator[Searched]:
        """All rows in which a term is, portion by portion; between two of them others get their turn."""
        search, names = await self._database.read(
            lambda c: (Search(Masker(terms), reached, retention.held_cases(c)), _names(terms)), lane="search"
        )
        for group in await self._database.read(lambda c: tuple(removal.groups(c))):
            after: Key | None = None
            while True:
                portion = await self._database.read(_portion(search, group, after, names), lane="search")
                yield portion
                after = portion.after
                if after is None:
                    break

    async def _found(self, reached: Reached, terms: tuple[Term, ...]) -> Found:
        hits: list[Hit] = []
        kept = 0
        async for portion in self._searched(reached, terms):
            hits += portion.hits
            kept += portion.kept
        return Found(tuple(hits), kept)

    async def is_named(self, person: Person, terms: tuple[Term, ...]) -> bool:
        """Whether anything of the person is still in a row that is not under legal hold."""
        reached = await self._database.read(lambda c: removal.reach(c, person), lane="search")
        return bool(reached.authors or reached.messages or (await self._found(reached, terms)).hits)

    async def unshared(self, terms: tuple[Term, ...]) -> tuple[Term, ...]:
        """The terms that no row holds, not even inside another word: their bytes must be in no file either."""
        return await self._database.read(lambda c: removal.unshared(c, terms), lane="search")

    async def recogniser(self) -> Callable[[str], bool]:
        """What tells whether the network's id of a message is that of an erased one."""

        def job(connection: sqlite3.Connection) -> tuple[bytes, list[int], frozenset[bytes]]:
            keys = frozenset(row[0] for row in connection.execute("SELECT key FROM tombstones"))
            channels = [row[0] for row in connection.execute("SELECT id FROM channels")]
            return stones.key(connection) if keys else b"", channels, keys

        secret, channels, keys = await self._database.read(job)
        return lambda remote_id: any(stones.message(secret, channel, remote_id) in keys for channel in channels)

    async def rows(self, person: Person) -> AsyncIterator[list[people_export.Row]]:
        """Everything kept of a person, in portions."""
        for portion in await self._database.read(lambda c: list(people_export.rows(c, person)), lane="search"):
            yield portion

    # -- the files -------------------------------------------------------------------------------------------------

    async def merge(self, told: Callable[[Progress], None] = lambda _: None) -> None:
        """Merge the search indexes, step by step: until then erased words are in their parts."""
        for index in await self._database.read(erasure.indexes):
            done, more = 0, True
            while more:
                told(Progress(Stage.INDEX, done, 0))
                more = await self._database.write(_merger(index, first=not done))
                done += 1

    async def compact(self) -> None:
        """Write the file anew without free space, and empty the journal."""
        await self._database.compact()

    async def checkpoint(self) -> None:
        """Empty the journal."""
        await self._database.checkpoint()


def _portion(
    search: Search, group: Sequence[Column], after: Key | None, names: Masker
) -> Callable[[sqlite3.Connection], Searched]:
    return lambda connection: search.portion(connection, group, after, names)


def _merger(index: str, *, first: bool) -> Callable[[Transaction], bool]:
    return lambda transaction: erasure.merge_step(transaction.connection, index, first=first)


def _names(terms: tuple[Term, ...]) -> Masker:
    """For where strangers name themselves: the same name may be another human's."""
    return Masker(term for term in terms if term.kind in _STRANGERS)


def _refuse(connection: sqlite3.Connection, person: Person) -> None:
    hold = people_found.hold_on(connection, person)
    if hold is not None:
        raise OnHoldError(who=person.handle, reason=hold.reason or "-")
    if people_found.is_ours(connection, person):
        raise OurselvesError(who=person.handle)
    cases = json_text(removal.reach(connection, person).cases)
    sending = connection.execute(
        f"SELECT 1 FROM outbox WHERE state = 'sending' AND case_id {erasure.CHOSEN} AND case_id > 0", (cases,)
    ).fetchone()
    if sending is not None:
        raise OnItsWayError(who=person.handle)


def _cases_of(connection: sqlite3.Connection, column: Column, keys: Sequence[Key]) -> set[int]:
    if column.table == "cases":
        return {int(key[0]) for key in keys}
    rows = connection.execute(
        f"SELECT case_id FROM notes WHERE id {erasure.CHOSEN}", (json_text([key[0] for key in keys]),)
    )
    return {row[0] for row in rows}
