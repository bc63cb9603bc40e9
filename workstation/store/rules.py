"""Rules in the store: asked in the transaction that takes messages in; what they did, and the past seen again."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from uuid import uuid4

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.messages import Mark, Micros
from workstation.domain.replay import Replay, Report
from workstation.domain.rules import Book, Did, Fired, Judge, changed_case
from workstation.store import changelog, sightings
from workstation.store.casework import Casework
from workstation.store.database import Database, Transaction
from workstation.store.filter_sql import context
from workstation.store.marks import change_marks
from workstation.store.rows import json_text

FIRED = "id, rule, name, message, case_id, at, did"
_did = msgspec.json.Decoder(Did)


class Holding(msgspec.Struct, frozen=True):
    """A holding reply that a rule asked for: decided in the store, once for a case, under an id of its own."""

    case: int
    operation: str
    rule: str
    template: str
    message: int
    at: Micros


class Ruled(msgspec.Struct, frozen=True):
    """What the rules changed in a transaction."""

    cases: frozenset[int] = frozenset()
    messages: frozenset[int] = frozenset()
    fired: tuple[Fired, ...] = ()


class Ruling:
    """The rules in force, as the writer asks them; only its thread uses this."""

    def __init__(self) -> None:
        self.book = Book()

    def see(self, transaction: Transaction, entries: Sequence[Entry], again: Iterable[int], now: Micros) -> Ruled:
        """Note what is seen, ask the rules, and do what follows. `again` are messages that were here before."""
        connection = transaction.connection
        sightings.write(connection, entries, now)
        if not self.book.rules or not entries:
            return Ruled()
        return _Sitting(connection, self.book.judge(context(connection, now)), now).see(entries, set(again))


class _Sitting:
    """The rules over what one batch brought."""

    def __init__(self, connection: sqlite3.Connection, judge: Judge, now: Micros) -> None:
        self.connection, self.judge, self.now = connection, judge, now
        self.work = Casework(connection, now)
        self.messages: set[int] = set()
        self.fired: list[Fired] = []

    def see(self, entries: Sequence[Entry], again: set[int]) -> Ruled:
        acted = self.acted(again)
        for entry in entries:
            number = entry.message.id
            case = self.work.case(entry.case.id) if entry.case is not None else None
            may_hold = case is not None and not self.held(case.id)
            verdict = self.judge.ask(Entry(entry.message, case), acted.get(number, ()), may_hold=may_hold)
            for fired in verdict.fired:
                self.carry_out(fired)
        self.work.flush()
        return Ruled(frozenset(self.work.changed), frozenset(self.messages), tuple(self.fired))

    def acted(self, again: set[int]) -> dict[int, set[str]]:
        """Rules that have acted on messages which were here before."""
        found: dict[int, set[str]] = {}
        if again:
            rows = self.connection.execute(
                "SELECT message, rule FROM firings WHERE message IN (SELECT value FROM json_each(?))",
                (json_text(sorted(again)),),
            )
            for message, rule in rows:
                found.setdefault(message, set()).add(rule)
        return found

    def held(self, case: int) -> bool:
        """Whether the case has had its holding reply."""
        return self.connection.execute("SELECT 1 FROM holdings WHERE case_id = ?", (case,)).fetchone() is not None

    def carry_out(self, fired: Fired) -> None:
        did = fired.did
        row = self.connection.execute(
            "INSERT INTO firings (rule, name, message, case_id, at, did) VALUES (?, ?, ?, ?, ?, ?)",
            (fired.rule, fired.name, fired.message, fired.case, self.now, json_text(did)),
        )
        self.fired.append(msgspec.structs.replace(fired, id=row.lastrowid or 0))
        if did.collapse:
            change_marks(self.connection, fired.message, (Mark.FOLDED,), ())
            self.messages.add(fired.message)
        case = self.work.case(fired.case) if fired.case else None
        if case is not None and did.anything:
            self.work.put(changed_case(case, did), "rule", _told(fired))
        if did.holding:
            self.connection.execute(
                "INSERT OR IGNORE INTO holdings (case_id, operation, rule, template, message, at, state)"
                " VALUES (?, ?, ?, ?, ?, ?, 'due')",
                (fired.case, str(uuid4()), fired.rule, did.holding, fired.message, self.now),
            )


def _told(fired: Fired) -> dict[str, str]:
    """What the timeline says: which rule, and what it did."""
    did = fired.did
    told = {"rule": fired.name, "add": ", ".join(did.add), "remove": ", ".join(did.remove)}
    told |= {"priority": str(did.priority[1]) if did.priority else "", "holding": did.holding}
    told |= {"collapse": "1" if did.collapse else "", "notify": str(did.notify) if did.notify else ""}
    return {name: value for name, value in told.items() if value}


class RuleStore:
    """Everything about rules that is remembered; their text is a file of the profile."""

    def __init__(self, database: Database, ruling: Ruling, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._ruling = ruling
        self._clock = clock

    async def use(self, rules: Book) -> None:
        """Ask these rules from now on: what is committed before is judged by those before."""

        def job(transaction: Transaction) -> None:
            del transaction
            self._ruling.book = rules

        await self._database.write(job)

    async def fired(self, *, case: int = 0, message: int = 0, limit: int = 200) -> tuple[Fired, ...]:
        """What rules did to a case or a message, oldest first."""

        def job(connection: sqlite3.Connection) -> tuple[Fired, ...]:
            rows = connection.execute(
                f"SELECT {FIRED} FROM firings WHERE (case_id = ?1 AND case_id > 0) OR message = ?2"
                " ORDER BY id DESC LIMIT ?3",
                (case, message, limit),
            ).fetchall()
            return tuple(_fired(row) for row in reversed(rows))

        return await self._database.read(job)

    async def firings(self, after: int = 0, limit: int = 10_000) -> tuple[Fired, ...]:
        """Everything that rules did, oldest first."""

        def job(connection: sqlite3.Connection) -> tuple[Fired, ...]:
            query = f"SELECT {FIRED} FROM firings WHERE id > ? ORDER BY id LIMIT ?"
            return tuple(_fired(row) for row in connection.execute(query, (after, limit)).fetchall())

        return await self._database.read(job)

    async def unfold(self, messages: Iterable[int], *, origin: str = "") -> ChangeSet:
        """Show cards in full again."""
        ids = tuple(messages)

        def job(transaction: Transaction) -> ChangeSet:
            for number in ids:
                change_marks(transaction.connection, number, (), (Mark.FOLDED,))
            return changelog.publish(transaction, self._clock(), origin=origin, messages=ids)

        return await self._database.write(job)

    # -- holding replies ---------------------------------------------------------------------------------------------

    async def due(self) -> tuple[Holding, ...]:
        """Holding replies that are still to be put into the outbox, oldest first."""

        def job(connection: sqlite3.Connection) -> tuple[Holding, ...]:
            rows = connection.execute(
                "SELECT case_id, operation, rule, template, message, at FROM holdings WHERE state = 'due'"
                " ORDER BY at, case_id LIMIT 500"
            ).fetchall()
            return tuple(Holding(*row) for row in rows)

        return await self._database.read(job)

    async def held(self, case: int, state: str) -> None:
        """Note what became of a holding reply: "queued", or why not; it is never asked for again."""

        def job(transaction: Transaction) -> None:
            transaction.connection.execute("UPDATE holdings SET state = ? WHERE case_id = ?", (state, case))

        await self._database.write(job)

    async def confirmed(self) -> dict[str, str]:
        """Rules whose holding reply was switched on at this desk, with the template that was agreed to."""

        def job(connection: sqlite3.Connection) -> dict[str, str]:
            rows = connection.execute("SELECT substr(name, 9), value FROM desk WHERE name LIKE 'holding:%'")
            return dict(rows.fetchall())

        return await self._database.read(job)

    async def confirm(self, rule: str, template: str) -> None:
        """Switch a rule's holding reply on, or off with no template."""

        def job(transaction: Transaction) -> None:
            connection = transaction.connection
            connection.execute("DELETE FROM desk WHERE name = ?", (f"holding:{rule}",))
            if template:
                connection.execute("INSERT INTO desk (name, value) VALUES (?, ?)", (f"holding:{rule}", template))

        await self._database.write(job)

    # -- the dry run -------------------------------------------------------------------------------------------------

    async def replay(
        self,
        rules: Book,
        since: Micros,
        progress: Callable[[int, int], object] = lambda _done, _all: None,
        fired: Callable[[Fired], object] = lambda _fired: None,
    ) -> Report:
        """What rules would have done since then; `progress` is told what is done of how much. Cancel the task to stop.

        A portion at a time on the reader of searches and exports, so that no column waits for it; `fired` is called
        there with each rule that would have acted.
        """

        def begin(connection: sqlite3.Connection) -> tuple[tuple[int, int], Replay]:
            return sightings.first(connection, since), Replay(rules, context(connection, since))

        (after, total), replay = await self._database.read(begin, lane="search")
        while True:
            portion = await self._database.read(_portion(replay, after, fired), lane="search")
            if not portion:
                return replay.report(since)
            after = portion
            progress(min(replay.seen, total), total)


def _portion(replay: Replay, after: int, fired: Callable[[Fired], object]) -> Callable[[sqlite3.Connection], int]:
    def job(connection: sqlite3.Connection) -> int:
        last, found = sightings.portion(connection, after)
        for at, entry in found:
            for each in replay.see(entry, at):
                fired(each)
        return last

    return job


def _fired(row: tuple[int, str, str, int, int, Micros, str]) -> Fired:
    number, rule, name, message, case, at, did = row
    return Fired(rule, name, message, case, _did.decode(did), number, at)
