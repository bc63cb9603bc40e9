"""Cases as messages move them: opening, reopening, answering; one object per transaction, written at its end."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from workstation.domain.cases import Case, Holder, Status, after_inbound, after_reply, starts_new_episode
from workstation.domain.messages import OPENS_CASE, Micros
from workstation.domain.outbox import HOLDING
from workstation.store import bulk
from workstation.store.past_cases import LAST, Branch, Inbound, Known, Outbound, look_up
from workstation.store.rows import case_by_id, json_text
from workstation.store.templates import reopened as families_reopened

_plain = str.__str__  # SQLite's module adapts what is not a str itself, slowly
_INSERT = (
    "INSERT INTO cases (id, channel, branch, customer, episode, status, outcome, holder, tags, opened_at, inbound_at,"
    " waiting_since, replied_at, answered_at, solved_at, snoozed_until, due_at, priority, language, notes,"
    " version, issue, escalated_at, face)"
)
_AUDIT = "INSERT INTO audits (case_id, at, what, detail)"
_JOIN = (
    "UPDATE messages SET case_id = json_extract(j.value, '$[1]') FROM json_each(?) AS j"
    " WHERE messages.id = json_extract(j.value, '$[0]')"
)
_UPDATED = (
    " ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, branch = excluded.branch,"
    " customer = excluded.customer, episode = excluded.episode, status = excluded.status, outcome = excluded.outcome,"
    " holder = excluded.holder, tags = excluded.tags, opened_at = excluded.opened_at,"
    " inbound_at = excluded.inbound_at, waiting_since = excluded.waiting_since, replied_at = excluded.replied_at,"
    " answered_at = excluded.answered_at, solved_at = excluded.solved_at, snoozed_until = excluded.snoozed_until,"
    " due_at = excluded.due_at, priority = excluded.priority, language = excluded.language, notes = excluded.notes,"
    " version = excluded.version, issue = excluded.issue, escalated_at = excluded.escalated_at"
)
"""Everything but the face, which is kept beside the case."""


class Casework:
    """The cases that one transaction touches, each read once and written once, new ones and what they hold together."""

    def __init__(self, connection: sqlite3.Connection, now: Micros) -> None:
        self._connection = connection
        self._now = now
        self._cases: dict[int, Case] = {}
        self._stored: dict[int, Case] = {}
        """Cases as their rows are."""
        self._faces: dict[int, int] = {}
        self.changed: set[int] = set()
        self.attached: set[int] = set()
        """Messages whose case was set."""
        self.requests: list[tuple[int, Micros]] = []
        """Channel and time of every new episode."""
        self._next = 0
        self._new: dict[int, int] = {}  # cases that are not written yet, with their face
        self._audits: list[bulk.Row] = []
        self._joining: dict[int, int] = {}
        self._known = Known()

    def expect(self, channel: int, opening: Sequence[Inbound], joining: Iterable[Branch]) -> None:
        """Look up at once what `inbound` and `join` ask about each: a step of SQLite waits for Python's lock."""
        asked = list({*((message.branch, message.author) for message in opening), *joining})
        if not asked:
            return
        self._next, latest, self._known = look_up(self._connection, channel, opening, asked)
        for found in latest:
            self._cases[found.id] = self._stored[found.id] = found

    def case(self, number: int) -> Case | None:
        """A case as it is in this transaction."""
        if number not in self._cases:
            found = case_by_id(self._connection, number)
            if found is None:
                return None
            self._cases[number] = self._stored[number] = found
        return self._cases[number]

    def put(self, changed: Case, what: str, detail: dict[str, str] | None = None) -> None:
        """Remember the case as changed, with a line for its timeline."""
        self._cases[changed.id] = changed
        self.changed.add(changed.id)
        line = (changed.id, self._now, what, json_text(detail or {}))
        if changed.id in self._new or self._known.messages:
            self._audits.append(line)  # a batch: nobody else writes lines between these
        else:
            bulk.insert(self._connection, _AUDIT, (line,))

    def latest(self, channel: int, branch: str, customer: int) -> Case | None:
        """The latest episode of that customer on that branch."""
        known = self._known.latest.get((channel, branch, customer))
        if known is not None:
            return self.case(known) if known else None
        row = self._connection.execute(
            "SELECT id FROM cases WHERE channel = ? AND branch = ? AND customer = ? ORDER BY episode DESC LIMIT 1",
            (channel, branch, customer),
        ).fetchone()
        return None if row is None else self.case(row[0])

    def inbound(self, message: Inbound) -> None:
        """The customer wrote what opens a case: open, reopen or go on with one."""
        found = self.latest(message.channel, message.branch, message.author)
        if found is None and (twin := self._seen_elsewhere(message)):
            self.attach(message.id, twin)
            return
        if found is None or starts_new_episode(found, message.at):
            opened = self._open(message, 1 if found is None else found.episode + 1)
        else:
            if message.at >= found.inbound_at:
                self._faces[found.id] = message.id
            opened = after_inbound(found, message.at)
            if message.language and message.at >= found.inbound_at:
                opened = msgspec.structs.replace(opened, language=message.language)
            again = found.status is Status.SOLVED
            if again:
                families_reopened(self._connection, found.id, message.at)
            self.put(opened, "reopened" if again else "inbound")
        self.attach(message.id, opened.id)
        self._answers_found_before(message, opened.id)

    def open_by_hand(self, message: Inbound) -> Case:
        """A case for a message that opens none by itself, because an agent took it up."""
        found = self.latest(message.channel, message.branch, message.author)
        if found is None or found.status is Status.SOLVED:
            found = self._open(message, 1 if found is None else found.episode + 1)
        self.attach(message.id, found.id)
        return found

    def outbound(self, message: Outbound) -> None:
        """Our account wrote: join the case it belongs to, and count it if it answers the customer."""
        sent = self._connection.execute(
            "SELECT case_id FROM outbox WHERE channel = ? AND remote_id = ? AND remote_id <> '' AND case_id > 0",
            (message.channel, message.remote_id),
        ).fetchone()
        if sent is not None:
            self.attach(message.id, sent[0])  # the outbox counted it
            return
        self._settle()
        parent = self._connection.execute(
            "SELECT case_id, author, own FROM messages WHERE channel = ? AND remote_id = ?",
            (message.channel, message.reply_to),
        ).fetchone()
        if parent is not None and parent[0]:
            answered = self.case(parent[0])
            if answered is not None:
                self.attach(message.id, answered.id)
                if not parent[2] and parent[1] == answered.customer and not self._is_holding(answered.id):
                    self.replied(answered.id, message.at)
            return
        if parent is None and message.branch != message.remote_id:
            self._answer_on_branch(message)

    def _is_holding(self, number: int) -> bool:
        """Whether what was seen may be a holding reply that is on its way: it is no answer."""
        query = (
            "SELECT 1 FROM outbox WHERE case_id = ? AND case_id > 0 AND state IN ('sending', 'unknown')"
            " AND options LIKE ?"
        )
        return self._connection.execute(query, (number, f'%"{HOLDING}"%')).fetchone() is not None

    def replied(self, number: int, at: Micros) -> None:
        """Our answer of that time is out there; an answer counted before changes nothing."""
        answered = self.case(number)
        if answered is None or at <= answered.answered_at:
            return
        after = after_reply(answered, at)
        if at < answered.inbound_at:
            after = msgspec.structs.replace(after, waiting_since=self._first_after(number, at) or after.waiting_since)
        self.put(after, "replied")

    def _first_after(self, number: int, at: Micros) -> Micros:
        """The customer's first message after that time: since then they wait; 0 for none."""
        self._settle()
        kinds = ", ".join(f"'{kind}'" for kind in sorted(OPENS_CASE))
        row = self._connection.execute(
            "SELECT min(created_at) FROM messages WHERE case_id = ? AND case_id > 0 AND created_at > ? AND own = 0"
            f" AND kind IN ({kinds})",
            (number, at),
        ).fetchone()
        return int(row[0] or 0)

    def join(self, message: int, channel: int, branch: str, customer: int) -> None:
        """A customer's message that opens no case joins the one it continues, if there is one."""
        found = self.latest(channel, branch, customer)
        if found is not None:
            self.attach(message, found.id)

    def attach(self, message: int, number: int) -> None:
        """Make the message part of the case."""
        self._joining[message] = number
        self.attached.add(message)
        self.changed.add(number)

    def flush(self) -> None:
        """Write what changed."""
        self._settle()
        self._write([case for number, case in self._cases.items() if self._stored.get(number) is not case])
        if self._faces:
            faces = [(face, number) for number, face in self._faces.items()]
            self._connection.executemany("UPDATE cases SET face = ? WHERE id = ?", faces)

    def _write(self, changed: Sequence[Case]) -> None:
        """Cases that have a row already: their fields, their tags, and that nobody holds the free ones."""
        if not changed:
            return
        bulk.insert(self._connection, _INSERT, [(case.id, *_values(case), 0) for case in changed], _UPDATED)
        for case in changed:
            before = self._stored[case.id]
            gone, new = set(before.tags) - set(case.tags), sorted(set(case.tags) - set(before.tags))
            if gone:
                rows = [(tag, case.id) for tag in gone]
                self._connection.executemany("DELETE FROM case_tags WHERE tag = ? AND case_id = ?", rows)
            if new:
                rows = [(tag, case.id) for tag in new]
                self._connection.executemany("INSERT INTO case_tags (tag, case_id) VALUES (?, ?)", rows)
            if case.holder is Holder.FREE and before.holder is not Holder.FREE:
                self._connection.execute("DELETE FROM claims WHERE case_id = ?", (case.id,))
            self._stored[case.id] = case

    def _settle(self) -> None:
        """Write new cases, timelines, and who joined which, so that SQL sees them."""
        if self._new:
            cases = [(self._cases[number], face) for number, face in self._new.items()]
            bulk.insert(self._connection, _INSERT, [(new.id, *_values(new), face) for new, face in cases])
            for new, _ in cases:
                self._stored[new.id] = msgspec.structs.replace(new, tags=()) if new.tags else new
            self._new = {}
        if self._audits:
            bulk.insert(self._connection, _AUDIT, self._audits)
            self._audits = []
        if self._joining:
            self._connection.execute(_JOIN, (json_text(list(self._joining.items())),))
            self._joining = {}

    def _open(self, message: Inbound, episode: int) -> Case:
        opened = Case(
            0,
            message.channel,
            message.branch,
            message.author,
            episode,
            opened_at=message.at,
            inbound_at=message.at,
            waiting_since=message.at,
            language=message.language,
        )
        if not self._next:
            self._next = int(self._connection.execute(LAST).fetchone()[0])
        self._next += 1
        opened = msgspec.structs.replace(opened, id=self._next)
        self._new[opened.id] = message.id
        self._known.latest[opened.channel, opened.branch, opened.customer] = opened.id
        self.requests.append((message.channel, message.at))
        self.put(opened, "opened")
        return opened

    def _seen_elsewhere(self, message: Inbound) -> int:
        """The case of the same post seen through another account; 0 for none."""
        if not message.address:
            return 0
        if message.id in self._known.messages:
            return self._known.elsewhere.get(message.address, 0)
        row = self._connection.execute(
            "SELECT case_id FROM messages WHERE address = ? AND address <> '' AND case_id > 0 AND channel <> ? LIMIT 1",
            (message.address, message.channel),
        ).fetchone()
        return 0 if row is None else int(row[0])

    def _answers_found_before(self, message: Inbound, number: int) -> None:
        """Our answers may have been read before what they answer: a thread or another source brought them."""
        if message.id in self._known.messages:
            answers = self._known.answers.get(message.remote_id, ())
        else:
            self._settle()
            answers = self._connection.execute(
                "SELECT id, created_at FROM messages WHERE channel = ? AND reply_to = ? AND reply_to <> '' AND own = 1"
                " AND case_id = 0",
                (message.channel, message.remote_id),
            ).fetchall()
        for answer, at in answers:
            if answer not in self.attached:
                self.attach(answer, number)
                self.replied(number, at)

    def _answer_on_branch(self, message: Outbound) -> None:
        """Our answer to a message that is not here: its branch tells the case, if it has only one customer."""
        self._settle()
        rows = self._connection.execute(
            "SELECT max(c.id), a.handle FROM cases AS c JOIN authors AS a ON a.id = c.customer"
            " WHERE c.channel = ? AND c.branch = ? GROUP BY c.customer LIMIT 2",
            (message.channel, message.branch),
        ).fetchall()
        if len(rows) == 1:
            number, handle = rows[0]
            self.attach(message.id, number)
            if handle in message.mentions:
                self.replied(number, message.at)


def _values(new: Case) -> tuple[object, ...]:
    return (
        new.channel, new.branch, new.customer, new.episode, _plain(new.status), new.outcome, _plain(new.holder),
        json_text(new.tags) if new.tags else "[]",
        new.opened_at, new.inbound_at, new.waiting_since, new.replied_at, new.answered_at, new.solved_at,
        new.snoozed_until, new.due_at, new.priority, new.language, new.notes, new.version, new.issue,
        new.escalated_at,
    )  # fmt: skip


def keep_claim(connection: sqlite3.Connection, number: int, token: str) -> None:
    """Hold a case with a token; the hash is what a team's store would see, the token stays on this desk."""
    connection.execute(
        "INSERT INTO claims (case_id, hash, token, lease_until) VALUES (?, ?, ?, 0)"
        " ON CONFLICT (case_id) DO UPDATE SET hash = excluded.hash, token = excluded.token",
        (number, hashlib.sha256(token.encode()).digest(), token),
    )


def claim_token(connection: sqlite3.Connection, number: int) -> str:
    """This desk's token of a case; empty if it holds none."""
    row = connection.execute("SELECT token FROM claims WHERE case_id = ?", (number,)).fetchone()
    return "" if row is None else str(row[0])
