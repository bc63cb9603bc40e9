"""The languages of messages after their commit: what was detected, what a person corrected, and what it rests on.

The network's hint stays in `detected_languages.hint`; what holds is the message's own language, by which columns and
rules go. What a person said is never overwritten by a detection or by the network.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import msgspec

from workstation.domain.changes import ChangeSet
from workstation.domain.languages import Prior, Told, named
from workstation.domain.messages import Mark, Message, Micros
from workstation.store import bulk, changelog
from workstation.store.database import Database, Transaction
from workstation.store.rows import MARK_BITS, entries_by_id, json_text
from workstation.store.rules import Ruling

_GUESSED = MARK_BITS[Mark.GUESSED]
_SAID = 5
"""What an agent said of an author's language counts as so many of their messages."""
_PAST = 40
"""Messages of an author that are looked at."""
_CHANNEL_PAST = 400
_PORTION = 2_000
"""Messages that one look for older ones goes through."""
_FLOOR = "languages_examined"
_standing = msgspec.json.Decoder(list[tuple[int, str, int, int, str | None, int]]).decode
_written = msgspec.json.Decoder(list[tuple[int, list[str], list[tuple[str, int]]]]).decode


class Finding(msgspec.Struct, frozen=True):
    """What was found of a message's text as it was at `revision`; `confidence` from 0 to 1."""

    message: int
    revision: int
    language: str
    confidence: float
    sure: bool
    why: str


class Spoken:
    """Everything about the languages of messages."""

    def __init__(self, database: Database, ruling: Ruling, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._ruling = ruling
        self._clock = clock

    async def decide(self, findings: Sequence[Finding]) -> ChangeSet | None:
        """Note what was found, let rules and columns see it; None if nothing changed for anybody."""

        def job(transaction: Transaction) -> ChangeSet | None:
            connection = transaction.connection
            changed = _decide(connection, findings)
            return self._publish(transaction, changed) if changed else None

        return await self._database.write(job)

    async def correct(self, message: int, language: str, *, origin: str = "") -> Told:
        """A person says what language a message is in; "" takes that back. Returns what was before."""

        def job(transaction: Transaction) -> Told:
            connection = transaction.connection
            before = _told(connection, message)
            row = connection.execute("SELECT author FROM messages WHERE id = ?", (message,)).fetchone()
            if row is None:
                return before
            if before.corrected:
                _count(connection, row[0], before.corrected, -1)
            if language:
                _count(connection, row[0], language, 1)
                connection.execute(
                    "INSERT INTO corrected_languages (message, language, was, at) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (message) DO UPDATE SET language = excluded.language, at = excluded.at",
                    (message, language, before.language, self._clock()),
                )
                _set(connection, message, language, sure=True)
            elif before.corrected:
                was = connection.execute(
                    "DELETE FROM corrected_languages WHERE message = ? RETURNING was", (message,)
                ).fetchone()[0]
                _set(connection, message, was, sure=before.sure or not before.found)
            self._publish(transaction, {message}, origin)
            return before

        return await self._database.write(job)

    def _publish(self, transaction: Transaction, changed: set[int], origin: str = "") -> ChangeSet:
        """Columns see the messages and their cases; rules that act on a language act now."""
        connection, now = transaction.connection, self._clock()
        cases = _follow(connection, changed)
        theirs = [entry for entry in entries_by_id(connection, changed) if not entry.message.own]
        ruled = self._ruling.see(transaction, theirs, changed, now)
        return changelog.publish(
            transaction, now, origin=origin, messages=changed | ruled.messages, cases=cases | ruled.cases,
            fired=ruled.fired,
        )  # fmt: skip

    async def told(self, message: int) -> Told:
        """Where a message's language comes from."""
        return await self._database.read(lambda connection: _told(connection, message))

    async def priors(self, messages: Sequence[Message]) -> tuple[Prior, ...]:
        """What is known of each message's language before its text is read."""
        asked = [(m.id, m.author.id, m.channel, m.language) for m in messages]

        def job(connection: sqlite3.Connection) -> tuple[Prior, ...]:
            hints = _hints(connection, [number for number, *_ in asked])
            authors = _past(connection, sorted({row[1] for row in asked}))
            channels = {channel: _channel(connection, channel) for channel in {row[2] for row in asked}}
            return tuple(
                Prior(hints.get(number, language), authors[author], channels[channel])
                for number, author, channel, language in asked
            )

        return await self._database.read(job, lane="search")

    async def waiting(self, below: int = 0) -> tuple[tuple[Message, ...], int]:
        """Older messages nobody has looked at, newest first, below an id (0: any); and the id to go on below, or 0."""

        def job(connection: sqlite3.Connection) -> tuple[tuple[Message, ...], int]:
            floor = _floor(connection)
            top = below or 1 + int(connection.execute("SELECT ifnull(max(id), 0) FROM messages").fetchone()[0])
            rows = connection.execute(
                "SELECT m.id, m.own OR d.message IS NOT NULL OR c.message IS NOT NULL FROM messages AS m"
                " LEFT JOIN detected_languages AS d ON d.message = m.id"
                " LEFT JOIN corrected_languages AS c ON c.message = m.id"
                " WHERE m.id < ? AND m.id > ? ORDER BY m.id DESC LIMIT ?",
                (top, floor, _PORTION),
            ).fetchall()
            found = entries_by_id(connection, [number for number, done in rows if not done])
            return tuple(entry.message for entry in reversed(found)), rows[-1][0] if len(rows) == _PORTION else 0

        return await self._database.read(job, lane="search")

    async def examined(self, up_to: int) -> None:
        """Every message up to an id has been looked at: a later start begins after it."""

        def job(transaction: Transaction) -> None:
            connection = transaction.connection
            if up_to > _floor(connection):
                connection.execute("DELETE FROM desk WHERE name = ?", (_FLOOR,))
                connection.execute("INSERT INTO desk (name, value) VALUES (?, ?)", (_FLOOR, str(up_to)))

        await self._database.write(job)

    async def doubtful(self, author: int, limit: int = 200) -> tuple[Message, ...]:
        """The messages of an author whose language was guessed or is not known, the newest first."""

        def job(connection: sqlite3.Connection) -> tuple[Message, ...]:
            rows = connection.execute(
                "SELECT id FROM messages WHERE author = ? AND own = 0 AND (marks & ? OR language IN ('', 'und'))"
                " ORDER BY created_at DESC, id DESC LIMIT ?",
                (author, _GUESSED, limit),
            )
            return tuple(entry.message for entry in entries_by_id(connection, [row[0] for row in rows]))

        return await self._database.read(job, lane="search")


def hinted(connection: sqlite3.Connection, message: int, hint: str) -> bool:
    """The network tells a hint again; whether it only becomes one, because the language was decided or corrected."""
    noted = connection.execute("UPDATE detected_languages SET hint = ? WHERE message = ?", (hint, message)).rowcount
    if noted:
        return True
    row = connection.execute("SELECT 1 FROM corrected_languages WHERE message = ?", (message,)).fetchone()
    return row is not None


def _decide(connection: sqlite3.Connection, findings: Sequence[Finding]) -> set[int]:
    """Note findings; the messages whose language, or how sure it is, changed by them."""
    found = {each.message: each for each in findings}
    rows = connection.execute(
        "SELECT json_group_array(json_array(m.id, m.language, m.marks, m.revision, d.hint,"
        " c.message IS NOT NULL)) FROM json_each(?) AS j CROSS JOIN messages AS m ON m.id = j.value"
        " LEFT JOIN detected_languages AS d ON d.message = m.id"
        " LEFT JOIN corrected_languages AS c ON c.message = m.id",
        (json_text(list(found)),),
    ).fetchone()[0]
    notes: list[bulk.Row] = []
    changed: list[tuple[int, str, int]] = []
    for number, language, marks, revision, told, corrected in _standing(rows):
        each = found[number]
        if revision != each.revision:
            continue
        hint = language if told is None and not corrected else told or ""
        notes.append((number, each.language, round(100 * each.confidence), int(each.sure), hint, each.why))
        if not corrected and (language, not marks & _GUESSED) != (each.language, each.sure):
            changed.append((number, each.language, 0 if each.sure else _GUESSED))
    bulk.insert(
        connection,
        "INSERT OR REPLACE INTO detected_languages (message, language, confidence, sure, hint, why)",
        notes,
    )
    connection.execute(
        "UPDATE messages SET language = json_extract(j.value, '$[1]'), marks = (marks & ~?1) |"
        " json_extract(j.value, '$[2]') FROM json_each(?2) AS j WHERE messages.id = json_extract(j.value, '$[0]')",
        (_GUESSED, json_text(changed)),
    )
    return {number for number, _, _ in changed}


def _set(connection: sqlite3.Connection, message: int, language: str, *, sure: bool) -> None:
    connection.execute(
        "UPDATE messages SET language = ?, marks = (marks & ~?) | ? WHERE id = ?",
        (language, _GUESSED, 0 if sure else _GUESSED, message),
    )


def _follow(connection: sqlite3.Connection, changed: Iterable[int]) -> set[int]:
    """Cases whose latest message is among these: they speak its language from now on, where it is one."""
    rows = connection.execute(
        "SELECT c.id, c.language, m.language FROM json_each(?) AS j CROSS JOIN messages AS m ON m.id = j.value"
        " CROSS JOIN cases AS c ON c.id = m.case_id AND c.face = m.id WHERE m.case_id > 0",
        (json_text(sorted(changed)),),
    ).fetchall()
    new = [(named(spoken), number) for number, before, spoken in rows if named(spoken) and spoken != before]
    # No version: what somebody is about to do to the case is as right as before.
    connection.executemany("UPDATE cases SET language = ? WHERE id = ?", new)
    return {number for number, _, _ in rows}


def _count(connection: sqlite3.Connection, author: int, language: str, by: int) -> None:
    connection.execute(
        "INSERT INTO author_languages (author, language, count) VALUES (?, ?, ?)"
        " ON CONFLICT (author, language) DO UPDATE SET count = max(0, count + excluded.count)",
        (author, language, by),
    )


def _told(connection: sqlite3.Connection, message: int) -> Told:
    row = connection.execute(
        "SELECT m.language, d.hint, d.language, d.confidence, d.sure, d.why, c.language FROM messages AS m"
        " LEFT JOIN detected_languages AS d ON d.message = m.id"
        " LEFT JOIN corrected_languages AS c ON c.message = m.id WHERE m.id = ?",
        (message,),
    ).fetchone()
    if row is None:
        return Told("")
    language, hint, found, confidence, sure, why, corrected = row
    if found is None:
        return Told(language, "" if corrected else language, corrected=corrected or "")
    return Told(language, hint, found, confidence, bool(sure), why, corrected or "")


def _hints(connection: sqlite3.Connection, messages: Sequence[int]) -> dict[int, str]:
    rows = connection.execute(
        "SELECT message, hint FROM detected_languages WHERE message IN (SELECT value FROM json_each(?))",
        (json_text(messages),),
    )
    return dict(rows.fetchall())


def _past(connection: sqlite3.Connection, authors: Sequence[int]) -> dict[int, dict[str, int]]:
    """How often each of these people wrote in which language, by their latest messages and by what agents said."""
    rows = connection.execute(
        "SELECT json_group_array(json_array(j.value, json((SELECT json_group_array(language) FROM (SELECT language"
        " FROM messages WHERE author = j.value AND language NOT IN ('', 'und', 'mul') AND NOT marks & ?1"
        " ORDER BY created_at DESC, id DESC LIMIT ?2))), json((SELECT json_group_array(json_array(language, count))"
        " FROM author_languages WHERE author = j.value AND count > 0)))) FROM json_each(?3) AS j",
        (_GUESSED, _PAST, json_text(authors)),
    ).fetchone()[0]
    found: dict[int, dict[str, int]] = {}
    for author, written, said in _written(rows):
        found[author] = dict(Counter(written))
        for language, count in said:
            found[author][language] = found[author].get(language, 0) + _SAID * count
    return found


def _channel(connection: sqlite3.Connection, channel: int) -> dict[str, int]:
    rows = connection.execute(
        "SELECT language, count(*) FROM (SELECT language FROM messages WHERE channel = ? ORDER BY created_at DESC,"
        " id DESC LIMIT ?) WHERE language NOT IN ('', 'und', 'mul') GROUP BY language",
        (channel, _CHANNEL_PAST),
    )
    return dict(rows.fetchall())


def _floor(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT CAST(value AS INTEGER) FROM desk WHERE name = ?", (_FLOOR,)).fetchone()
    return 0 if row is None else int(row[0])
