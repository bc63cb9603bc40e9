"""The hot path: a batch becomes rows, index, cases, ledger, cursor and change log, all in one transaction."""

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.messages import (
    OPENS_CASE,
    Author,
    Batch,
    Deletion,
    IncomingMessage,
    Message,
    Micros,
)
from workstation.store import bulk, changelog, ledger, merging, signing
from workstation.store.authors import Authors
from workstation.store.branches import branches, reroot
from workstation.store.casework import Casework
from workstation.store.database import Transaction
from workstation.store.echoes import settle_echo
from workstation.store.past_cases import Inbound, Outbound
from workstation.store.rows import bits, entries_by_id, json_text, marks
from workstation.store.rules import Ruled, Ruling
from workstation.store.search_text import search_text
from workstation.store.sources import Sources
from workstation.store.veil import Veil

if TYPE_CHECKING:
    from workstation.domain.outbox import Outgoing

HOUR: Micros = 3_600_000_000

_INSERT = (
    "INSERT INTO messages (id, channel, remote_id, kind, author, text, created_at, received_at, case_id, branch,"
    " reply_to, address, language, visibility, spoiler, edited_at, deleted_at, revision, own, marks, media, mentions,"
    " subject, operation)"
)
_SOURCE = "INSERT INTO message_sources (message, source) SELECT id, ? FROM messages WHERE id BETWEEN ? AND ?"
_plain = str.__str__
"""The text of a member of a StrEnum: SQLite's module adapts what is not a str itself, slowly, and enums hash slowly."""


UNSTORABLE = (UnicodeEncodeError, OverflowError, bulk.UnstorableError)
"""What a batch raises that no database holds: lone surrogates, numbers beyond 64 bits, NULs in keys."""


class Intake:
    """The writer thread's state between batches: known authors and sources, and the next id."""

    def __init__(self) -> None:
        self._authors = Authors()
        self._sources = Sources()
        self._veil = Veil()
        self._next = 0
        self._early: bool | None = None
        self.ruling = Ruling()
        """The rules that are asked about what comes."""

    def forget(self) -> None:
        """Remember nothing: a transaction was taken back."""
        self._authors.forget()
        self._sources.forget()
        self._veil.forget()
        self._next = 0
        self._early = None

    def accept(self, transaction: Transaction, channel: int, batch: Batch, now: Micros) -> ChangeSet:
        """Store a batch; see the module's text. Raises one of UNSTORABLE for a batch that has to be cleaned first."""
        transaction.on_rollback(self.forget)
        return _Reception(self, transaction, channel, batch, now).run()

    def withdraw(self, connection: sqlite3.Connection, channel: int, deletion: Deletion, now: Micros) -> int:
        """Note that a message is gone from its network; returns its id, or 0 if it is not here (yet)."""
        number = merging.withdraw(connection, channel, deletion, now)
        self._early = self._early or not number
        return number

    def withdraw_early(self, connection: sqlite3.Connection, channel: int, ids: dict[str, int]) -> set[int]:
        """Mark new messages whose deletion came before them."""
        if self._early is None:
            self._early = merging.any_early(connection)
        return merging.withdraw_early(connection, channel, ids) if self._early else set()

    def take_ids(self, connection: sqlite3.Connection, count: int) -> int:
        """The first of `count` new message ids; ids are never given twice, even after an erasure."""
        if not self._next:
            row = connection.execute(
                "SELECT max((SELECT ifnull(max(id), 0) FROM messages),"
                " (SELECT ifnull(max(CAST(value AS INTEGER)), 0) FROM desk WHERE name = 'last_message'))"
            ).fetchone()
            self._next = int(row[0]) + 1
        first = self._next
        self._next += count
        return first


class _Reception:
    """One batch on its way into the store."""

    def __init__(self, intake: Intake, transaction: Transaction, channel: int, batch: Batch, now: Micros) -> None:
        self.authors = intake._authors  # noqa: SLF001 - the same module's state, kept between batches
        self.sources = intake._sources  # noqa: SLF001
        self.veil = intake._veil  # noqa: SLF001
        self.intake = intake
        self.transaction = transaction
        self.connection = transaction.connection
        self.channel = channel
        self.batch = batch
        self.now = now
        self.casework = Casework(self.connection, now)
        self.changed: set[int] = set()
        self.outbox: list[Outgoing] = []
        self.upgraded: list[tuple[int, IncomingMessage]] = []
        self.edited: set[int] = set()
        self.again: set[int] = set()
        """Messages that have to be read as they are now: what is known of them is not all."""
        self.left = changelog.Now(frozenset(), (), ())
        self.ruled = Ruled()

    def run(self) -> ChangeSet:
        batch = self.batch
        source = self.sources.id(self.connection, self.channel, batch.source)
        fresh, seen, erased = self.sort_out()
        entries = self.insert(fresh, source)
        ids = {entry.message.remote_id: entry.message.id for entry in entries}
        self.merge(seen, source)
        withdrawn = self.withdraw(ids)
        self.work_on_cases(fresh, entries)
        counted = ledger.Counted(
            received=batch.received,
            stored=len(entries),
            merged=len(seen) + withdrawn,
            filtered=batch.filtered + erased + len(batch.deletions) - withdrawn,
            rejected=len(batch.rejects),
            erased=erased,
        )
        rejects = self.veil.rejects(self.connection, self.channel, batch.rejects)
        ledger.enter(self.connection, self.channel, source, batch, rejects, counted, self.now)
        self.count_arrivals(entries)
        self.casework.flush()
        self.judge(entries)
        return self.publish(entries)

    def sort_out(self) -> tuple[dict[str, IncomingMessage], list[IncomingMessage], int]:
        """New messages by remote id, those seen before (in the store or in this batch), and how many are erased."""
        messages, erased = self.veil.over(self.connection, self.channel, self.batch.messages)
        messages = signing.without(self.connection, self.channel, messages)
        known = self.known([message.remote_id for message in messages])
        fresh: dict[str, IncomingMessage] = {}
        seen: list[IncomingMessage] = []
        for message in messages:
            if message.remote_id in known or message.remote_id in fresh:
                seen.append(message)
            else:
                fresh[message.remote_id] = message
        return fresh, seen, erased

    def known(self, remote_ids: list[str]) -> set[str]:
        """Which of these the store has."""
        if not remote_ids:
            return set()
        query = (
            "SELECT json_group_array(m.remote_id) FROM json_each(?) AS j CROSS JOIN messages AS m"
            " ON m.channel = ? AND m.remote_id = j.value"
        )
        return set(bulk.fetch_texts(self.connection, query, (bulk.key_text(remote_ids), self.channel)))

    def insert(self, fresh: dict[str, IncomingMessage], source: int) -> list[Entry]:
        """Rows, sources and index of new messages; returns their entries, cases not yet considered."""
        if not fresh:
            return []
        connection = self.connection
        first = self.intake.take_ids(connection, len(fresh))
        threads = branches(connection, self.channel, fresh)
        self.authors.prepare(connection, (message.author for message in fresh.values()))
        stored = self.authors.stored
        rows: list[tuple[object, ...]] = []
        entries: list[Entry] = []
        key = (self.batch.source,)
        for number, message in enumerate(fresh.values(), first):
            author = stored(connection, message.author)
            entry = Entry(self.message(number, message, author, threads[message.remote_id], key))
            entries.append(entry)
            rows.append(_row(entry.message, message))
        bulk.insert(connection, _INSERT, rows)
        connection.execute(_SOURCE, (source, first, first + len(rows) - 1))
        texts = [(number, search_text(m.text, m.spoiler)) for number, m in enumerate(fresh.values(), first)]
        bulk.insert(connection, "INSERT INTO search (rowid, text)", texts)
        moved = {remote_id: branch for remote_id, branch in threads.items() if fresh[remote_id].reply_to}
        self.casework.changed |= reroot(connection, self.channel, moved)
        return entries

    def message(
        self, number: int, incoming: IncomingMessage, author: Author, branch: str, sources: tuple[str, ...]
    ) -> Message:
        """The stored form of a new message."""
        return Message(
            number, self.channel, incoming.remote_id, incoming.kind, author, incoming.text, incoming.created_at,
            self.now, 0, branch, incoming.reply_to, incoming.address, incoming.language, incoming.visibility,
            incoming.spoiler, incoming.edited_at, 0, 0, incoming.own, marks(bits(incoming.marks)) if incoming.marks
            else (), incoming.media, incoming.mentions, incoming.subject, sources,
        )  # fmt: skip

    def merge(self, seen: list[IncomingMessage], source: int) -> None:
        """Messages that are here already: another source, an edit, new marks, or nothing new."""
        for message in seen:
            found = merging.merge(self.connection, self.channel, message, source, self.batch.live, self.now)
            if found.changed:
                self.changed.add(found.id)
            if found.edited:
                self.edited.add(found.id)
            if found.upgraded:
                self.upgraded.append((found.id, message))
            self.echo(message)

    def echo(self, message: IncomingMessage) -> None:
        """Our own operation seen on the network proves that it was done."""
        if message.operation:
            settled = settle_echo(self.connection, message, self.now)
            if settled is not None:
                self.outbox.append(settled)

    def withdraw(self, ids: dict[str, int]) -> int:
        """Deletions: returns how many were of messages that are here."""
        found = 0
        for deletion in self.veil.deletions(self.connection, self.channel, self.batch.deletions):
            number = self.intake.withdraw(self.connection, self.channel, deletion, self.now)
            if number:
                self.changed.add(number)
                found += 1
        self.changed |= self.intake.withdraw_early(self.connection, self.channel, ids)
        return found

    def work_on_cases(self, fresh: dict[str, IncomingMessage], entries: list[Entry]) -> None:
        """Open, reopen and answer cases, in the order in which people wrote."""
        relevant = [entry.message for entry in entries if _concerns_case(entry.message)]
        relevant.sort(key=lambda message: (message.created_at, message.id))
        opening = {} if self.batch.history else {m.id: _inbound(m) for m in relevant if _opens_case(m)}
        joining = {(m.branch, m.author.id) for m in relevant if not m.own and m.id not in opening}
        self.casework.expect(self.channel, tuple(opening.values()), joining)
        for message in relevant:
            if message.own:
                self.own(message, fresh[message.remote_id])
            elif message.id in opening:
                self.casework.inbound(opening[message.id])
            else:
                self.casework.join(message.id, self.channel, message.branch, message.author.id)
        for number, incoming in self.upgraded:
            row = self.connection.execute("SELECT branch, author FROM messages WHERE id = ?", (number,)).fetchone()
            if self.batch.history:
                self.casework.join(number, self.channel, row[0], row[1])
                continue
            self.casework.inbound(
                Inbound(
                    number, self.channel, incoming.remote_id, row[0], row[1], incoming.created_at,
                    incoming.language, incoming.address,
                )
            )  # fmt: skip

    def own(self, message: Message, incoming: IncomingMessage) -> None:
        """What our account wrote: an echo of the outbox, or something written elsewhere."""
        self.casework.outbound(
            Outbound(
                message.id, self.channel, message.remote_id, message.branch, message.reply_to, message.created_at,
                message.mentions,
            )
        )  # fmt: skip
        self.echo(incoming)

    def judge(self, entries: list[Entry]) -> None:
        """Let the rules see what is new or says something else now, as this transaction leaves it."""
        self.again = self.changed | self.casework.attached
        self.left = changelog.read(self.connection, self.again, self.casework.changed)
        if self.batch.history:
            return
        before = self.edited | {number for number, _ in self.upgraded}
        changed = before | {entry.message.id for entry in entries if entry.message.id in self.again}
        seen = [entry for entry in entries if entry.message.id not in changed]
        seen += [entry for entry in self.left.entries if entry.message.id in changed]
        if changed and not self.left.entries:  # too many to be listed
            seen += entries_by_id(self.connection, changed)
        theirs = sorted((e for e in seen if not e.message.own), key=lambda entry: entry.message.id)
        self.ruled = self.intake.ruling.see(self.transaction, theirs, before, self.now)

    def count_arrivals(self, entries: list[Entry]) -> None:
        """The hourly rollup of demand, kept with the rows it counts."""
        theirs = Counter(entry.message.created_at // HOUR for entry in entries if not entry.message.own)
        hours = {(self.channel, hour): [count, 0] for hour, count in theirs.items()}
        for channel, at in self.casework.requests:
            hours.setdefault((channel, at // HOUR), [0, 0])[1] += 1
        self.connection.executemany(
            "INSERT INTO arrivals (channel, hour, messages, requests) VALUES (?, ?, ?, ?) ON CONFLICT (channel, hour)"
            " DO UPDATE SET messages = messages + excluded.messages, requests = requests + excluded.requests",
            [(channel, hour, count, requests) for (channel, hour), (count, requests) in hours.items()],
        )

    def publish(self, entries: list[Entry]) -> ChangeSet:
        """Tell what changed. New messages without a case need no reading back."""
        again = self.again | self.ruled.messages
        return changelog.publish(
            self.transaction,
            self.now,
            ready=tuple(entry for entry in entries if entry.message.id not in again),
            added=[entry.message.id for entry in entries],
            messages=again,
            cases=self.casework.changed | self.ruled.cases,
            now=None if self.ruled.messages or self.ruled.cases else self.left,
            outbox=tuple(self.outbox),
            fired=self.ruled.fired,
        )


def _concerns_case(message: Message) -> bool:
    return message.own or message.kind in OPENS_CASE or message.branch != message.remote_id


def _opens_case(message: Message) -> bool:
    return message.kind in OPENS_CASE and not message.own


def _inbound(message: Message) -> Inbound:
    return Inbound(
        message.id, message.channel, message.remote_id, message.branch, message.author.id, message.created_at,
        message.language, message.address,
    )  # fmt: skip


def _row(message: Message, incoming: IncomingMessage) -> tuple[object, ...]:
    return (
        message.id, message.channel, message.remote_id, _plain(message.kind), message.author.id, message.text,
        message.created_at, message.received_at, 0, message.branch, message.reply_to, message.address, message.language,
        _plain(message.visibility), message.spoiler, message.edited_at, 0, 0, int(message.own),
        bits(message.marks) if message.marks else 0, json_text(message.media) if message.media else "",
        json_text(message.mentions) if message.mentions else "", message.subject, incoming.operation,
    )  # fmt: skip
